"""What Spree's API v3 can be told at the start."""

from __future__ import annotations

from typing import Any, Final

from store_credit_mock.systems.spree_v3.profiles import DEFAULT, PROFILES
from store_credit_mock.systems.system_option import SystemOption, token

__all__ = ["OPTIONS", "PUBLISHABLE_KEY", "SECRET_KEY"]

SECRET_KEY: Final = "sk_full"  # noqa: S105 - the mock's own, made to be read
"""The documented secret key, which opens everything."""
PUBLISHABLE_KEY: Final = "pk_shop"
"""The documented publishable key."""


def _profile(value: Any) -> str:
    if value not in PROFILES:
        raise ValueError(f"spree_v3_profile is one of {', '.join(PROFILES)}, not {value!r}")
    return value


def _switch(value: Any) -> str:
    chosen = {True: "on", False: "off"}.get(value, value)
    if chosen not in {"on", "off"}:
        raise ValueError(f"spree_v3_private_webhooks is on or off, not {value!r}")
    return chosen


def _key(name: str, prefix: str) -> Any:
    check = token(name)

    def checked(value: Any) -> str:
        text = check(value)
        if not text.startswith(prefix) or text == prefix:
            raise ValueError(f"{name} begins with {prefix}, as every key of its kind does")
        return text

    return checked


OPTIONS: Final = (
    SystemOption(
        "spree_v3_profile",
        f"version of Spree for its API v3 (default: {DEFAULT})",
        _profile,
        default=DEFAULT,
        choices=tuple(PROFILES),
    ),
    SystemOption(
        "spree_v3_secret_key",
        f"secret key of Spree's API v3, with all scopes (default: {SECRET_KEY})",
        _key("spree_v3_secret_key", "sk_"),
        default=SECRET_KEY,
        metavar="KEY",
        secret=True,
    ),
    SystemOption(
        "spree_v3_publishable_key",
        f"publishable key of Spree's API v3 (default: {PUBLISHABLE_KEY})",
        _key("spree_v3_publishable_key", "pk_"),
        default=PUBLISHABLE_KEY,
        metavar="KEY",
    ),
    SystemOption(
        "spree_v3_private_webhooks",
        "let the API register webhook endpoints inside a network, such as this machine's (default: off)",
        _switch,
        default="off",
        flag_value="on",
        choices=("on", "off"),
    ),
)
