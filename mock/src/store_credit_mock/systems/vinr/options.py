"""What VINR can be told at the start."""

from __future__ import annotations

from typing import Any, Final, cast

from store_credit_mock.systems.system_option import SystemOption

__all__ = ["OPTIONS"]


def _rate_limit(value: Any) -> tuple[float, int]:
    if isinstance(value, str):
        rate, _, size = value.partition(":")
        try:
            value = (float(rate), int(size or 50))
        except ValueError:
            value = ()
    if isinstance(value, tuple | list) and len(cast("list[Any]", value)) == 2:
        rate, size = cast("list[Any]", value)
        if isinstance(rate, int | float) and isinstance(size, int | float) and 0 < rate < float("inf") and size >= 1:
            return float(rate), int(size)
    raise ValueError(
        f"rate_limit is requests per second and the size of the bucket, such as 25:50 or (25, 50); not {value!r}"
    )


OPTIONS: Final = (
    SystemOption(
        "rate_limit",
        "limit each VINR key to RATE requests per second, bucket SIZE (default: 25:50, VINR's sandbox)",
        _rate_limit,
        metavar="RATE[:SIZE]",
        flag_value="25:50",
    ),
)
