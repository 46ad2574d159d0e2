"""What Spree can be told at the start."""

from __future__ import annotations

from typing import Any, Final

from store_credit_mock.systems.spree.locales import locales
from store_credit_mock.systems.spree.versions import PROFILES
from store_credit_mock.systems.system_option import SystemOption, token

__all__ = ["OPTIONS"]


def _profile(value: Any) -> str:
    if value not in PROFILES:
        raise ValueError(f"profile is one of {', '.join(PROFILES)}, not {value!r}")
    return value


def _database(value: Any) -> str:
    if value not in DATABASES:
        raise ValueError(f"spree_database is one of {', '.join(DATABASES)}, not {value!r}")
    return value


def _switch(value: Any) -> str:
    chosen = {True: "on", False: "off"}.get(value, value)
    if chosen not in {"on", "off"}:
        raise ValueError(f"spree_response_cache is on or off, not {value!r}")
    return chosen


DATABASES: Final = ("postgresql", "sqlite")
OPTIONS: Final = (
    SystemOption("profile", "version of Spree (default: 4.5)", _profile, default="4.5", choices=tuple(PROFILES)),
    SystemOption(
        "spree_database",
        "database of the Spree shop, which decides what is spent first (default: postgresql from 5.3 on, else sqlite)",
        _database,
        choices=DATABASES,
    ),
    SystemOption(
        "spree_locales",
        "locales of the Spree shop, its own first, whose numbers 5.3 reads and writes (default: en)",
        locales,
        default="en",
        metavar="LOCALE,...",
    ),
    SystemOption(
        "spree_response_cache",
        "respond from Spree's response cache, which mixes up serializers and shows old records (default: off)",
        _switch,
        default="off",
        flag_value="on",
        choices=("on", "off"),
    ),
    SystemOption(
        "spree_token",
        "Spree's admin bearer token (generated and printed if not set)",
        token("spree_token"),
        metavar="TOKEN",
        secret=True,
    ),
)
