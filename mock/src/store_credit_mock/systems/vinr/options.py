"""What VINR can be told at the start."""

from __future__ import annotations

import ssl
from typing import Any, Final, cast

from store_credit_mock.systems.system_option import SystemOption
from store_credit_mock.systems.vinr.rate_limiting import SANDBOX_BUCKET

__all__ = ["OPTIONS"]


def _rate_limit(value: Any) -> tuple[float, int]:
    try:
        pair = cast("list[Any]", value.split(":") if isinstance(value, str) else list(value))
        if isinstance(value, str) and len(pair) == 1:
            pair.append(SANDBOX_BUCKET[1])
        rate, size = float(pair[0]), int(pair[1])
        if len(pair) == 2 and 0 < rate < float("inf") and size >= 1:
            return rate, size
    except (IndexError, TypeError, ValueError, OverflowError):
        pass
    raise ValueError(
        f"rate_limit is requests per second and the size of the bucket, such as 25:50 or (25, 50), not {value!r}"
    )


def _certificates(value: Any) -> str:
    try:
        ssl.create_default_context(cafile=value)
    except (OSError, TypeError) as error:
        # An SSLError is an OSError too.
        raise ValueError(f"webhook_ca is a file of certificates (PEM); {value}: {error}") from error
    return str(value)


OPTIONS: Final = (
    SystemOption(
        "rate_limit",
        "limit each VINR key to RATE requests per second, bucket SIZE (default: 25:50, VINR's sandbox)",
        _rate_limit,
        metavar="RATE[:SIZE]",
        flag_value="25:50",
    ),
    SystemOption(
        "webhook_ca",
        "also trust the certificates in this file (PEM) when webhooks are delivered over https",
        _certificates,
        metavar="FILE",
    ),
)
