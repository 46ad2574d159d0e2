"""What Spree can be told at the start."""

from __future__ import annotations

from typing import Any, Final

from store_credit_mock.systems.spree.versions import PROFILES
from store_credit_mock.systems.system_option import SystemOption, token

__all__ = ["OPTIONS"]


def _profile(value: Any) -> str:
    if value not in PROFILES:
        raise ValueError(f"profile is one of {', '.join(PROFILES)}, not {value!r}")
    return value


OPTIONS: Final = (
    SystemOption("profile", "version of Spree (default: 4.5)", _profile, default="4.5", choices=tuple(PROFILES)),
    SystemOption(
        "spree_token",
        "admin bearer of Spree (made up and printed if not given)",
        token("spree_token"),
        metavar="TOKEN",
        secret=True,
    ),
)
