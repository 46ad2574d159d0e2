"""Gift cards: each application to a cart makes a store credit of its own, which pays (spree-v3.md section 3)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from store_credit_mock.systems.call import Call
from store_credit_mock.systems.rails.datetimes import shown
from store_credit_mock.systems.spree_v3 import credit_events, ids, money, payments
from store_credit_mock.systems.spree_v3.profiles import profile_of
from store_credit_mock.systems.spree_v3.purchases import Purchase
from store_credit_mock.systems.spree_v3.store_credits import GIFT_CARD
from store_credit_mock.systems.spree_v3.tables import next_id

__all__ = ["GiftCard", "add", "applied", "draw", "find", "find_code", "redeem", "shape"]

_COLUMNS: Final = "id, store_id, customer_id, code, amount, used, currency, status, created_at, updated_at"
_FIND: Final = f"SELECT {_COLUMNS} FROM spree_v3_gift_card WHERE sandbox = ?"  # noqa: S608


@dataclass(slots=True)
class GiftCard:
    """A row; amounts are ten-thousandths, times Unix milliseconds, `status` is `active`, `partially_redeemed`, ..."""

    id: int
    store_id: int
    customer_id: int | None
    code: str
    amount: int
    used: int
    currency: str
    status: str
    created_at: int
    updated_at: int

    @property
    def remaining(self) -> int:
        """What it can still pay."""
        return self.amount - self.used


def find(call: Call, number: int) -> GiftCard | None:
    """A gift card by its number."""
    row = call.db.one(_FIND + " AND id = ?", (call.sandbox.name, number))
    return None if row is None else GiftCard(*row)


def find_code(call: Call, store_id: int, code: str) -> GiftCard | None:
    """A store's gift card by its code, in letters of either size."""
    row = call.db.one(_FIND + " AND store_id = ? AND code = ?", (call.sandbox.name, store_id, code.lower()))
    return None if row is None else GiftCard(*row)


def add(call: Call, store_id: int, amount: int, currency: str, code: str | None, customer_id: int | None) -> GiftCard:
    """Issue a gift card; its code is made up if none is given."""
    made = (code or call.sandbox.random_id("v3 gift card", length=16)).lower()
    card = GiftCard(
        next_id(call, "gift_card"), store_id, customer_id, made, amount, 0, currency, "active", call.now, call.now
    )
    call.db.run(
        f"INSERT INTO spree_v3_gift_card (sandbox, {_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608
        (
            call.sandbox.name, card.id, store_id, customer_id, made, amount, 0, currency, card.status, call.now,
            call.now,
        ),
    )  # fmt: skip
    return card


def draw(call: Call, card: GiftCard, change: int) -> None:
    """Take from a gift card, or give back with a change below zero."""
    card.used += change
    _keep(call, card)


def redeem(call: Call, purchase: Purchase) -> None:
    """Note on the card that pays a placed order whether something is left on it."""
    card = None if purchase.gift_card_id is None else find(call, purchase.gift_card_id)
    if card is not None:
        card.status = "partially_redeemed" if card.remaining > 0 else "redeemed"
        _keep(call, card)


def applied(call: Call, purchase: Purchase) -> int:
    """What the gift card pays of a purchase."""
    if purchase.gift_card_id is None:
        return 0
    total = 0
    for payment in payments.of_purchase(call, purchase):
        credit = credit_events.find_any(call, payment.credit_id) if payment.valid else None
        if credit is not None and (credit.originator_type, credit.originator_id) == (GIFT_CARD, purchase.gift_card_id):
            total += credit.amount
    return total


def shape(call: Call, card: GiftCard, *, admin: bool = False) -> dict[str, Any]:
    """A gift card as carts and the back office show it."""
    named = (("amount", card.amount), ("amount_used", card.used), ("amount_remaining", card.remaining))
    body: dict[str, Any] = {
        "id": ids.shown(call, "gift_card", card.id),
        "code": card.code.upper(),
        "status": card.status,
        "currency": card.currency,
        **{name: money.amount_shown(call, amount, card.currency) for name, amount in named},
        "amount_authorized": money.amount_shown(call, 0, card.currency),
    }
    if not admin or profile_of(call).admin_display:
        body |= {"display_" + name: money.display(call, amount, card.currency) for name, amount in named}
    body |= {
        "expires_at": None, "redeemed_at": None, "expired": False,
        "active": card.status in {"active", "partially_redeemed"},
    }  # fmt: skip
    if admin:
        body |= {
            "created_at": shown(card.created_at),
            "updated_at": shown(card.updated_at),
            "customer_id": ids.shown(call, "customer", card.customer_id),
            "created_by_id": None,
        }
    return body


def _keep(call: Call, card: GiftCard) -> None:
    card.updated_at = call.now
    call.db.run(
        "UPDATE spree_v3_gift_card SET used = ?, status = ?, updated_at = ? WHERE sandbox = ? AND id = ?",
        (card.used, card.status, call.now, call.sandbox.name, card.id),
    )
