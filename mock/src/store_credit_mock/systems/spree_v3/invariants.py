"""What must always hold of v3's credits and orders, and what the real servers let happen, by name (spree-v3.md 11)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from store_credit_mock.ledger import Entry, InvariantViolation, check_account
from store_credit_mock.systems.call import Call
from store_credit_mock.systems.ledger_store import read_entries
from store_credit_mock.systems.rails.postings import AUTHORIZED, REMAINING, USED
from store_credit_mock.systems.spree_v3 import store_credits
from store_credit_mock.systems.spree_v3.money import plain
from store_credit_mock.systems.spree_v3.profiles import profile_of
from store_credit_mock.systems.spree_v3.store_credits import GIFT_CARD, Credit, account_name

__all__ = ["check"]

_LEAKS: Final = {
    "completed": ("partial_capture_authorizes_again", "read from code: the rest is authorized while still locked"),
    "void": (
        "cancelled_order_keeps_authorization",
        "recorded: cancelling gives back what was captured (trap 17)",
    ),
}
_LEAK: Final = ("authorization_without_payment", "read from code: a remainder that is declined stays locked")
_VOIDED: Final = "read from code: voiding a captured payment unlocks what was locked no more"
_UNORDERED: Final = "recorded: a completion that fails after the capture keeps it (trap 14)"
_UNPAID: Final = "recorded: 6.0-alpha captures and leaves the payment processing (trap 15)"
_SHARED: Final = "read from code: of two completions at once 5.x captures the second by the first one's code"
_TWICE: Final = "read from code: 5.x refunds a payment that was given back whole when its order was cancelled"
_KEPT: Final = "recorded: cancelling after a partial refund gives nothing more back (trap 17)"
_SHRUNK: Final = "recorded: applied payments lock nothing, so the credit may shrink or be spent below them"
_ACCOUNTS: Final = account_name(0)[:-1]


def check(call: Call) -> Iterator[InvariantViolation]:
    """Check every credit against its entries and its events, holdings against credits, payments against both.

    Rules besides the ledger's own: `used_within_amount`, `used_and_authorized_within_amount`, `used_as_captured`,
    `authorized_as_locked`, `holdings_add_up`, `codes_pay_once` (on 6.0), `orders_are_paid_as_said`; and, allowed as the
    servers do them, `authorized_not_negative`, `credited_within_captured`, `captured_without_an_order`,
    `captured_by_no_payment`, `cancelled_order_keeps_capture`, `cancelled_order_keeps_authorization`,
    `partial_capture_authorizes_again`, `authorization_without_payment`, `applied_within_remaining`.
    """
    sandbox, db = call.sandbox.name, call.db
    entries: dict[str, list[Entry]] = {}
    for entry in read_entries(db, sandbox):
        if entry.account.startswith(_ACCOUNTS):
            entries.setdefault(entry.account, []).append(entry)
    moved = _moved(call)
    held: dict[tuple[int, int, str], tuple[int, int]] = {}
    rows = db.all(f"SELECT {store_credits.COLUMNS} FROM spree_v3_credit WHERE sandbox = ? ORDER BY id", (sandbox,))  # noqa: S608
    for row in rows:
        credit = store_credits.read(row)
        own = entries.pop(account_name(credit.id), [])
        if credit.deleted_at is not None:
            yield from check_account(account_name(credit.id), own, {}, credit.currency)
            continue
        yield from _credit(credit, own, moved.get(credit.id, (0, 0)))
        if credit.customer_id is not None and credit.originator_type != GIFT_CARD:
            key = (credit.customer_id, credit.store_id, credit.currency)
            number, remaining = held.get(key, (0, 0))
            held[key] = (number + 1, remaining + credit.remaining)
    for name, own in entries.items():
        yield from check_account(name, own, {}, own[-1].currency)
    kept = {
        (customer, store, currency): (number, remaining)
        for customer, store, currency, number, remaining in db.all(
            "SELECT customer_id, store_id, currency, credits, remaining FROM spree_v3_holding WHERE sandbox = ?",
            (sandbox,),
        )
        if number or remaining
    }
    if kept != held:
        yield InvariantViolation("holdings_add_up", "spree_v3", f"{kept} is kept, {held} was counted")
    yield from _codes(call)
    yield from _purchases(call)


def _moved(call: Call) -> dict[int, tuple[int, int]]:
    """What the events of each credit say is used and authorized."""
    sums: dict[int, tuple[int, int]] = {}
    for credit_id, action, amount in call.db.all(
        "SELECT credit_id, action, SUM(amount) FROM spree_v3_event WHERE sandbox = ? GROUP BY credit_id, action",
        (call.sandbox.name,),
    ):
        used = {"capture": amount, "credit": -amount}.get(action, 0)
        authorized = {"authorize": amount, "capture": -amount, "void": -amount}.get(action, 0)
        before = sums.get(credit_id, (0, 0))
        sums[credit_id] = (before[0] + int(used), before[1] + int(authorized))
    return sums


def _credit(credit: Credit, own: list[Entry], moved: tuple[int, int]) -> Iterator[InvariantViolation]:
    name = account_name(credit.id)
    kept = {REMAINING: credit.remaining, USED: credit.used, AUTHORIZED: credit.authorized}
    yield from check_account(name, own, kept, credit.currency, (USED,))
    if not 0 <= credit.used <= credit.amount:
        yield InvariantViolation("used_within_amount", name, f"{plain(credit.used)} of {plain(credit.amount)} used")
    if credit.remaining < 0:
        yield InvariantViolation("used_and_authorized_within_amount", name, f"{plain(credit.remaining)} remains")
    if credit.authorized < 0:
        yield InvariantViolation("authorized_not_negative", name, f"{plain(credit.authorized)} authorized", _VOIDED)
    for rule, amount, by_events in (
        ("used_as_captured", credit.used, moved[0]),
        ("authorized_as_locked", credit.authorized, moved[1]),
    ):
        if amount != by_events:
            yield InvariantViolation(rule, name, f"{plain(amount)} is kept, events add up to {plain(by_events)}")


def _codes(call: Call) -> Iterator[InvariantViolation]:
    """Check what was moved under each authorization code against the payments that have it."""
    sandbox, db = call.sandbox.name, call.db
    locked: dict[str, tuple[int, int]] = {}
    taken: dict[str, tuple[int, int]] = {}
    for credit_id, action, amount, code in db.all(
        "SELECT e.credit_id, e.action, e.amount, e.code FROM spree_v3_event e JOIN spree_v3_credit c"
        " ON c.sandbox = e.sandbox AND c.id = e.credit_id WHERE e.sandbox = ? AND c.deleted_at IS NULL"
        " AND e.action IN ('authorize', 'capture', 'void', 'credit') ORDER BY e.id",
        (sandbox,),
    ):
        if action in {"capture", "credit"}:
            taken[code] = (credit_id, taken.get(code, (0, 0))[1] + (amount if action == "capture" else -amount))
        if action != "credit":
            locked[code] = (credit_id, locked.get(code, (0, 0))[1] + (amount if action == "authorize" else -amount))
    pending: dict[str, int] = {}
    statuses: dict[str, str] = {}
    paid: set[str] = set()
    applied: dict[int, int] = {}
    for credit_id, code, amount, status in db.all(
        "SELECT credit_id, code, amount, status FROM spree_v3_payment WHERE sandbox = ? AND credit_id IS NOT NULL"
        " ORDER BY id",
        (sandbox,),
    ):
        if status in {"pending", "completed"}:
            if code in paid:
                text = f"two payments were made by {code}"
                allowed = "" if profile_of(call).is_v6 else _SHARED
                yield InvariantViolation("codes_pay_once", account_name(credit_id), text, allowed)
            paid.add(code)
        if status == "pending":
            pending[code] = pending.get(code, 0) + amount
        if status == "checkout":
            applied[credit_id] = applied.get(credit_id, 0) + amount
        if code not in paid or status in {"pending", "completed"}:
            statuses[code] = status
    for code, (credit_id, amount) in taken.items():
        name = account_name(credit_id)
        if amount < 0:
            text = f"{plain(-amount)} more was given back by {code} than was taken"
            yield InvariantViolation("credited_within_captured", name, text, _TWICE)
        elif amount > 0 and statuses.get(code) not in {"completed", "void"}:
            text = f"{plain(amount)} was taken by {code}, which no payment has that is completed"
            yield InvariantViolation("captured_by_no_payment", name, text, _UNPAID)
    for code, (credit_id, amount) in locked.items():
        excess = amount - pending.get(code, 0)
        if excess > 0:
            rule, allowed = _LEAKS.get(statuses.get(code, ""), _LEAK)
            text = f"{plain(excess)} stays authorized by {code}, which no pending payment has"
            yield InvariantViolation(rule, account_name(credit_id), text, allowed)
    for credit_id, amount in applied.items():
        credit = store_credits.find(call, credit_id)
        remaining = 0 if credit is None else credit.remaining
        if amount > remaining:
            text = f"{plain(amount)} is applied, {plain(remaining)} remains"
            yield InvariantViolation("applied_within_remaining", account_name(credit_id), text, _SHRUNK)


def _purchases(call: Call) -> Iterator[InvariantViolation]:
    """Check what carts and orders say was paid against their payments."""
    for kind, number, status, completed_at, said, paid, refunded in call.db.all(
        "SELECT p.kind, p.id, p.status, p.completed_at, p.payment_total, COALESCE(SUM(y.amount), 0),"
        " COALESCE(SUM((SELECT SUM(r.amount) FROM spree_v3_refund r WHERE r.sandbox = y.sandbox"
        " AND r.payment_id = y.id)), 0) FROM spree_v3_purchase p LEFT JOIN spree_v3_payment y"
        " ON y.sandbox = p.sandbox AND y.kind = p.kind AND y.owner_id = p.id AND y.status = 'completed'"
        " WHERE p.sandbox = ? GROUP BY p.kind, p.id, p.status, p.completed_at, p.payment_total ORDER BY p.kind, p.id",
        (call.sandbox.name,),
    ):
        subject, net = f"{kind} {number}", int(paid) - int(refunded)
        if said != net:
            text = f"{plain(said)} is kept as paid, payments add up to {plain(net)}"
            yield InvariantViolation("orders_are_paid_as_said", subject, text)
        if net > 0 and completed_at is None:
            text = f"{plain(net)} was captured, and there is no order"
            yield InvariantViolation("captured_without_an_order", subject, text, _UNORDERED)
        if net > 0 and status == "canceled":
            text = f"{plain(net)} was captured, and the order is cancelled"
            yield InvariantViolation("cancelled_order_keeps_capture", subject, text, _KEPT)
