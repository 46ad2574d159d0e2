"""What must always hold of Spree's credits, and the leaks the real server allows, by name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from store_credit_mock.ledger import Entry, InvariantViolation, check_account
from store_credit_mock.systems.call import Call
from store_credit_mock.systems.ledger_store import read_entries
from store_credit_mock.systems.rails.money import decimal_text
from store_credit_mock.systems.rails.postings import AUTHORIZED, REMAINING, USED
from store_credit_mock.systems.spree import store_credits
from store_credit_mock.systems.spree.postings import account_name
from store_credit_mock.systems.spree.store_credits import Credit

__all__ = ["check"]

_LEAKS: Final = {
    "completed": (
        "partial_capture_authorizes_again",
        "recorded: lifecycle.authorised.after_partial_capture; spree.md 13.14",
    ),
    "void": ("cancelled_order_keeps_authorization", "spree.md 13.14: cancelling an authorised order releases nothing"),
}
_LEAK: Final = ("authorization_without_payment", "spree.md 13.14")
_NEGATIVE: Final = "recorded: platform.store_credits.create_negative_authorized; spree.md 13.9"
_BY_HAND: Final = "spree.md section 5: amounts may be changed by hand while a payment holds some of them"
_AT_ONCE: Final = "R26: nothing locks a cart, so two applications at once both stay (seen on Spree 5.3.6)"
_SHRUNK: Final = "spree.md section 7: applied payments lock nothing, so the credit may shrink below them"


def check(call: Call) -> Iterator[InvariantViolation]:
    """Check every credit against its entries, what users hold against their credits, authorisations against payments.

    Rules besides the ledger's own: `used_within_amount`, `used_and_authorized_within_amount`, `holdings_add_up`,
    `credited_within_captured`, `captured_within_authorized`, `codes_pay_once`, `live_credits_counted`;
    `authorized_not_negative`, `applied_within_remaining` and `applied_once_to_a_cart`, all allowed; and the leaks of
    spree.md 13.14: `partial_capture_authorizes_again`, `cancelled_order_keeps_authorization`,
    `authorization_without_payment`, `payment_without_authorization` (all allowed).
    """
    sandbox, db = call.sandbox.name, call.db
    entries: dict[str, list[Entry]] = {}
    for entry in read_entries(db, sandbox):
        if entry.account.startswith("spree:"):
            entries.setdefault(entry.account, []).append(entry)
    held: dict[tuple[int, str], tuple[int, int]] = {}
    live = 0
    rows = db.all(f"SELECT {store_credits.COLUMNS} FROM spree_credit WHERE sandbox = ? ORDER BY id", (sandbox,))  # noqa: S608
    for row in rows:
        credit = store_credits.read(row)
        own = entries.pop(account_name(credit.id), [])
        if credit.deleted_at is not None:
            yield from check_account(account_name(credit.id), own, {}, credit.currency or "")
            continue
        live += 1
        yield from _credit(credit, own)
        if credit.user_id is not None:
            key = (credit.user_id, credit.currency or "")
            number, remaining = held.get(key, (0, 0))
            held[key] = (number + 1, remaining + credit.remaining)
    for name, own in entries.items():
        yield from check_account(name, own, {}, own[-1].currency)
    kept = {
        (user, currency): (number, remaining)
        for user, currency, number, remaining in db.all(
            "SELECT user_id, currency, credits, remaining FROM spree_holding WHERE sandbox = ?", (sandbox,)
        )
        if number or remaining
    }
    if kept != held:
        yield InvariantViolation("holdings_add_up", "spree", f"{kept} is kept, {held} was counted")
    if store_credits.live(call) != live:
        yield InvariantViolation(
            "live_credits_counted", "spree", f"{store_credits.live(call)} is kept, {live} was counted"
        )
    yield from _payments(call)


def _credit(credit: Credit, own: list[Entry]) -> Iterator[InvariantViolation]:
    name = account_name(credit.id)
    kept = {REMAINING: credit.remaining, USED: credit.used, AUTHORIZED: credit.authorized}
    yield from check_account(name, own, kept, credit.currency or "", (USED,))
    if not 0 <= credit.used <= credit.amount:
        text = f"{decimal_text(credit.used)} of {decimal_text(credit.amount)} used"
        yield InvariantViolation("used_within_amount", name, text)
    if credit.remaining < 0:
        text = f"{decimal_text(credit.remaining)} remains"
        yield InvariantViolation("used_and_authorized_within_amount", name, text)
    if credit.authorized < 0:
        yield InvariantViolation(
            "authorized_not_negative", name, f"{decimal_text(credit.authorized)} authorised", _NEGATIVE
        )


def _payments(call: Call) -> Iterator[InvariantViolation]:
    sandbox, db = call.sandbox.name, call.db
    locked: dict[str, tuple[int, int]] = {}
    taken: dict[str, tuple[int, int]] = {}
    for credit_id, action, amount, code in db.all(
        "SELECT e.credit_id, e.action, e.amount, e.code FROM spree_event e JOIN spree_credit c"
        " ON c.sandbox = e.sandbox AND c.id = e.credit_id WHERE e.sandbox = ? AND c.deleted_at IS NULL"
        " AND e.action IN ('authorize', 'capture', 'void', 'credit') ORDER BY e.id",
        (sandbox,),
    ):
        if action in {"capture", "credit"}:
            sign = 1 if action == "capture" else -1
            taken[code] = (credit_id, taken.get(code, (0, 0))[1] + sign * amount)
        if action != "credit":
            sign = 1 if action == "authorize" else -1
            locked[code] = (credit_id, locked.get(code, (0, 0))[1] + sign * amount)
    for code, (credit_id, amount) in taken.items():
        if amount < 0:
            text = f"{decimal_text(-amount)} more was given back under {code} than was taken"
            yield InvariantViolation("credited_within_captured", account_name(credit_id), text)
    pending: dict[str, int] = {}
    applied: dict[int, int] = {}
    carts: dict[tuple[int, int], int] = {}
    states: dict[str, str] = {}
    paid: set[str] = set()
    for order_id, credit_id, code, amount, state in db.all(
        "SELECT order_id, credit_id, code, amount, state FROM spree_payment"
        " WHERE sandbox = ? AND credit_id IS NOT NULL",
        (sandbox,),
    ):
        states[code] = state
        if state in {"pending", "completed"}:
            if code in paid:
                yield InvariantViolation(
                    "codes_pay_once", account_name(credit_id), f"two payments were made under {code}"
                )
            paid.add(code)
        if state == "pending":
            pending[code] = pending.get(code, 0) + amount
        elif state == "checkout":
            applied[credit_id] = applied.get(credit_id, 0) + amount
            carts[order_id, credit_id] = carts.get((order_id, credit_id), 0) + 1
    for code, (credit_id, amount) in locked.items():
        excess = amount - pending.get(code, 0)
        if amount < 0:
            text = f"{decimal_text(-amount)} more was captured or voided under {code} than was authorised"
            yield InvariantViolation("captured_within_authorized", account_name(credit_id), text)
        elif excess > 0:
            text = f"{decimal_text(excess)} stays authorised under {code}, which no pending payment has"
            rule, allowed = _LEAKS.get(states.get(code, ""), _LEAK)
            yield InvariantViolation(rule, account_name(credit_id), text, allowed)
        elif excess < 0:
            text = f"{decimal_text(-excess)} of a pending payment is not authorised under {code}"
            yield InvariantViolation("payment_without_authorization", account_name(credit_id), text, _BY_HAND)
    for (order_id, credit_id), number in carts.items():
        if number > 1:
            text = f"{number} payments of order {order_id} wait to be paid with it"
            yield InvariantViolation("applied_once_to_a_cart", account_name(credit_id), text, _AT_ONCE)
    for credit_id, amount in applied.items():
        credit = store_credits.find(call, credit_id)
        remaining = 0 if credit is None else credit.remaining
        if amount > remaining:
            text = f"{decimal_text(amount)} is applied, {decimal_text(remaining)} remains"
            yield InvariantViolation("applied_within_remaining", account_name(credit_id), text, _SHRUNK)
