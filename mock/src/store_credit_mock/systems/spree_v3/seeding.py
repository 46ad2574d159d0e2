"""What a fresh sandbox holds: what the recorded scripts start from, and the keys that open it."""

from __future__ import annotations

from typing import Final

from store_credit_mock.systems.call import Call
from store_credit_mock.systems.spree_v3 import api_keys, categories, customers, staff, stores, web_tokens
from store_credit_mock.systems.spree_v3.order_seeding import seed_orders
from store_credit_mock.systems.spree_v3.passwords import PASSWORD
from store_credit_mock.systems.spree_v3.stores import DEFAULT_STORE

__all__ = ["KEYS", "PEOPLE", "admit", "seed"]

PEOPLE: Final = (
    ("alice@example.com", "Alice", "Archer"),
    ("bob@example.com", "Bob", "Baker"),
    ("carol@example.com", "Carol", "Cole"),
    ("dave@example.com", "Dave", "Dunn"),
    ("erin@example.com", "Erin", "Elk"),
    ("frank@example.com", "Frank", "Fox"),
)
_STAFF: Final = (
    ("admin@example.com", "Spree", "Admin", (1, 2)),
    ("limited@example.com", "Lim", "Ited", ()),
)
_CURRENCIES: Final = ["USD", "EUR", "JPY", "KWD", "GBP"]
_LOCALES: Final = ["en", "de", "fr"]
_CATEGORIES: Final = ("Default", "Non-expiring", "Expiring")
_OUTLET: Final = 2
KEYS: Final = {
    "sk_readsc": (DEFAULT_STORE, ("read_store_credits",)),
    "sk_writesc": (DEFAULT_STORE, ("write_store_credits",)),
    "sk_orders": (DEFAULT_STORE, ("read_orders",)),
    "sk_readall": (DEFAULT_STORE, ("read_all",)),
    "sk_outlet": (_OUTLET, ("write_all",)),
    "sk_revoked": (DEFAULT_STORE, ("write_all",)),
    "sk_rate": (DEFAULT_STORE, ("write_all",)),
    "sk_settings": (DEFAULT_STORE, ("read_settings",)),
    "pk_outlet": (_OUTLET, ()),
}
"""The documented keys of a fresh sandbox besides the one that opens everything: store and scopes."""

_OPENING: Final = (("secret", api_keys.EVERYTHING), ("publishable", ()))
"""The keys of the options, and what they may do."""


def seed(call: Call) -> None:
    """Add what the recorded scripts start from."""
    stores.add(call, "shop", "Shop", "USD", _CURRENCIES, _LOCALES)
    stores.add(call, "outlet", "Outlet", "USD", ["USD"], ["en"])
    for email, first, last in PEOPLE:
        customers.add(call, email, first, last, password=PASSWORD)
    for email, first, last, roles in _STAFF:
        staff.add(call, email, first, last, PASSWORD, roles)
    for name in _CATEGORIES:
        categories.add(call, name)
    seed_orders(call)
    web_tokens.make_secret(call)
    for kind, scopes in _OPENING:
        api_keys.add(call, kind, call.sandbox.of_systems[f"spree_v3_{kind}_key"], scopes)
    for token, (store_id, scopes) in KEYS.items():
        added = api_keys.add(call, token[3:], token, scopes, store_id=store_id)
        if token == "sk_revoked":  # noqa: S105 - a documented key
            api_keys.revoke(call, added)


def admit(call: Call) -> None:
    """Let the keys of the options in, on a sandbox that was made with others, or before there was v3."""
    if not stores.every(call):
        seed(call)
    for kind, scopes in _OPENING:
        token: str = call.sandbox.of_systems[f"spree_v3_{kind}_key"]
        if not api_keys.known(call, token):
            api_keys.add(call, kind, token, scopes)
