"""Logging is off until the program turns it on, and the log never contains a credential or a body.

The logger is `store_credit`. INFO logs one line for each response and each retry; DEBUG adds the request's headers,
with credentials replaced. `STORE_CREDIT_LOG=debug` (or `info`) sends the log to stderr without any code.
"""

from __future__ import annotations

import logging
import os
import re
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
        "x-spree-api-key",
        "x-spree-order-token",
        "x-spree-token",
        "x-spree-webhook-signature",
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

LONGEST: Final = 2000
"""Characters of an error's or a log line's text that are kept."""

_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")

logger = logging.getLogger("store_credit")


def shown(text: str) -> str:
    """A text that cannot forge a line of a log or move a terminal's cursor, and is not endless."""
    return cut(_CONTROL.sub(lambda found: f"\\x{ord(found[0]):02x}", text), LONGEST)


def cut(text: str, longest: int = 1000) -> str:
    """The beginning of a long text."""
    return text if len(text) <= longest else f"{text[: longest - 20]} ... ({len(text)} long)"


def is_secret(name: bytes) -> bool:
    """Whether a header carries a credential."""
    return name.decode("latin-1").lower().replace("_", "-") in SECRET_HEADERS


def only_plain(headers: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """Request headers fit for a log: of a header that is not known to be harmless, only the name is shown."""
    shown: dict[str, str] = {}
    for raw_name, value in headers:
        name = raw_name.decode("latin-1")
        shown[name] = value.decode("latin-1") if name.lower() in _PLAIN_HEADERS else "***"
    return shown


def redacted(headers: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Headers fit for a log: the values of those that carry credentials are replaced."""
    return {name: "***" if str(name).lower().replace("_", "-") in SECRET_HEADERS else value for name, value in headers}


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
