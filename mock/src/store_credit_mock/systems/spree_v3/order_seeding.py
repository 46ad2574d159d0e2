"""What a fresh sandbox sells, and how it is paid."""

from __future__ import annotations

from typing import Final

from store_credit_mock.systems.call import Call
from store_credit_mock.systems.spree_v3 import money, payments, variants
from store_credit_mock.systems.spree_v3.stores import DEFAULT_STORE

__all__ = ["seed_orders"]

_OUTLET: Final = 2
_VARIANTS: Final = (
    ("Classic T-Shirt", {"USD": 1999, "EUR": 1799, "JPY": 299_800, "KWD": 600}),
    ("Coffee Mug", {"USD": 1000, "EUR": 900, "JPY": 150_000, "KWD": 300}),
    ("Winter Coat", {"USD": 25_000, "EUR": 22_500, "JPY": 3_750_000, "KWD": 7500}),
)
"""Names, and prices in hundredths."""


def seed_orders(call: Call) -> None:
    """Add what the recorded scripts buy, and the payment methods: store credit of the other store comes last."""
    for name, prices in _VARIANTS:
        variants.add(call, name, {currency: price * money.SCALE // 100 for currency, price in prices.items()})
    text = "Store Credit"
    payments.add_method(call, "store_credit", text, text, DEFAULT_STORE, captures=True, position=1)
    payments.add_method(call, "store_credit", text, text, _OUTLET, captures=True, position=3)
    payments.add_method(call, "check", "Check", None, DEFAULT_STORE, captures=False, position=2)
