"""Logging: silent until the program asks, and never a credential or a body.

The logger is `store_credit`. INFO tells each answer and each retry in one line; DEBUG adds the request's headers, with
credentials replaced. `STORE_CREDIT_LOG=debug` (or `info`) sends it to stderr without a line of code.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterable, Mapping
from typing import Final, cast

__all__: list[str] = []

SECRET_HEADERS: Final = frozenset(
    {
        "authorization",
        "cookie",
        "proxy-authorization",
        "set-cookie",
        "x-api-key",
        "x-spree-order-token",
        "x-vinr-signature",
    }
)

_PLAIN_HEADERS: Final = frozenset(
    {
        "accept",
        "accept-encoding",
        "content-length",
        "content-type",
        "host",
        "idempotency-key",
        "if-none-match",
        "user-agent",
        "vinr-version",
        "x-request-id",
    }
)

logger = logging.getLogger("store_credit")


def is_secret(name: bytes) -> bool:
    """Whether a header carries a credential."""
    return name.decode("latin-1").lower() in SECRET_HEADERS


def only_plain(headers: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """Request headers fit for a log: of a header that is not known to be harmless, only the name is shown."""
    shown: dict[str, str] = {}
    for raw_name, value in headers:
        name = raw_name.decode("latin-1")
        shown[name] = value.decode("latin-1") if name.lower() in _PLAIN_HEADERS else "***"
    return shown


def redacted(headers: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Headers fit for a log: the values of those that carry credentials are replaced."""
    return {name: "***" if str(name).lower() in SECRET_HEADERS else value for name, value in headers}


class _Redaction(logging.Filter):
    """Replaces credentials in any mapping of headers that is logged through this logger, whoever logs it."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, Mapping):
            record.args = dict(redacted(cast("Mapping[str, str]", record.args).items()))
        elif isinstance(record.args, tuple):
            record.args = tuple(
                redacted(cast("Mapping[str, str]", arg).items()) if isinstance(arg, Mapping) else arg
                for arg in record.args
            )
        return True


logger.addHandler(logging.NullHandler())
logger.addFilter(_Redaction())

_level = os.environ.get("STORE_CREDIT_LOG", "").upper()
if _level in ("DEBUG", "INFO"):
    _handler = logging.StreamHandler()
    _handler.setFormatter(logging.Formatter("%(asctime)s %(name)s %(levelname)s %(message)s"))
    logger.addHandler(_handler)
    logger.setLevel(_level)
