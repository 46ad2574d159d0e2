"""What `serve --samples` adds to a sandbox of v3: all that the samples of the reference pages name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from store_credit_mock.sandbox import Sandbox
from store_credit_mock.systems.spree_v3 import web_tokens
from store_credit_mock.systems.spree_v3.seeding import PEOPLE

__all__ = ["SAMPLES", "SAMPLE_WEBHOOK_SECRET", "sample_environment"]

SAMPLE_WEBHOOK_SECRET: Final = "0123456789abcdef" * 4
"""What the samples of webhooks sign with; known to everybody."""

_PASSWORD: Final = "example-password"  # noqa: S105 - the samples sign in with it
_NORA: Final = "nora@shop.example"
# Each pays a purchase from a credit of their own, as a capture changes what the next one can take from a credit.
_BUYERS: Final = ("alice@example.com", "bob@example.com", "carol@example.com", "dave@example.com")


def _paid(customer: str, *, completed: bool = False) -> dict[str, Any]:
    items = [{"variant_id": 2}]
    return {"customer": customer, "items": items, "address": True, "store_credit": True, "completed": completed}


SAMPLES: Final = {
    "customers": [{"email": _NORA, "first_name": "Nora", "last_name": "Lind", "password": _PASSWORD}],
    "staff": [{"email": "desk@shop.example", "password": _PASSWORD}],
    "store_credits": [
        {"customer": _NORA, "amount": "25.00", "currency": "USD", "memo": "Late parcel"},
        {"customer": _NORA, "amount": "20.00", "currency": "EUR", "memo": "Goodwill"},
        # One to be changed and two to be deleted, as the first is spent by the samples that complete a purchase.
        {"customer": _NORA, "amount": "10.00", "currency": "USD", "memo": "Late parcel"},
        {"customer": _NORA, "amount": "5.00", "currency": "USD", "memo": "Issued by mistake"},
        {"customer": _NORA, "amount": "5.00", "currency": "USD", "memo": "Issued twice"},
        *({"customer": one, "amount": "100.00", "currency": "USD", "memo": "Goodwill"} for one in _BUYERS),
    ],
    # A purchase for each sample that ends one, so that none depends on the others: the first stays a cart, the second
    # (by the shopper) and the third are completed, the fourth is cancelled; the payment of the fifth is captured,
    # that of the sixth voided.
    "carts": [
        {"customer": _NORA, "items": [{"variant_id": 1}], "address": True},
        _paid(_NORA),
        _paid(_BUYERS[0]),
        *(_paid(one, completed=True) for one in _BUYERS[1:]),
    ],
}
"""What `serve --samples` holds: all that the samples of the reference pages name."""


def sample_environment(sandbox: Sandbox) -> Mapping[str, str]:
    """The variables, besides the address and the keys, that samples read: nothing where a sandbox lacks `SAMPLES`."""
    if not sandbox.options.samples:
        return {}
    # The customer that SAMPLES adds comes after those of every sandbox.
    token = web_tokens.issue_lasting(sandbox, len(PEOPLE) + 1)
    return {"SPREE_SHOPPER_TOKEN": token, "SPREE_WEBHOOK_SECRET": SAMPLE_WEBHOOK_SECRET}
