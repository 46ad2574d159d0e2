"""The SDK on the mock of both systems, which keeps real state and breaks a connection on purpose."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from store_credit import OutcomeUnknownError, ValidationError, to_minor_units, webhooks

if TYPE_CHECKING:
    from rich.console import Console

    from store_credit_mock.mock import Mock
    from store_credit_tools.demo.wire_log import Narrator

__all__ = ["spree", "summary", "vinr"]

CUSTOMER = "cust_8aZ2"


def vinr(console: Console, mock: Mock, narrator: Narrator) -> None:
    """Issue, lose a response, list, spend, expire, update, refund and be refused on VINR; verify the webhooks."""
    console.rule("[bold]4. VINR on the mock: issue, spend, refund and expire credit, and verify the webhooks")
    events: list[str] = []

    def receive(body: bytes, headers: Mapping[str, str]) -> int:
        event = webhooks.parse(body, headers, secret)
        if event.type != "unknown":
            events.append(f"{event.type}, {event.data.object.balance_remaining} left")
        return 200

    secret = mock.receive(receive)
    records = mock.vinr.store_credit
    console.print(
        "  Issue USD 10.00; the first response is lost after the credit is created, and the SDK sends the request "
        "again:"
    )
    mock.fault("vinr.store_credit.create", nth=1, drop=True, when="after")
    credit = records.create(customer=CUSTOMER, amount=to_minor_units("10.00", "USD"), currency="USD")
    mock.engine.faults.clear()
    there = [one.id for one in records.list(customer=CUSTOMER)]
    narrator.say(f"{len(there)} credit exists, {credit.id}: issued once\n")
    assert there == [credit.id]

    console.print("  Spend USD 6.00 of it (VINR has no operation for this, but the mock's control plane does):")
    purchase = mock.control.vinr.buy(CUSTOMER, 600, "USD")
    narrator.say(f"{purchase.paid_by_credit} paid by credit; {records.retrieve(credit.id).balance_remaining} left")
    console.print("  Refund USD 2.50 of the purchase:")
    mock.control.vinr.refund(purchase.id, 250)
    narrator.say(f"{records.retrieve(credit.id).balance_remaining} left\n")

    console.print("  Set it to expire in two days, and let three days pass:")
    now = mock.control.clock().now // 1000
    records.update(credit.id, expires_at=now + 2 * 86400)
    mock.advance(timedelta(days=3).total_seconds())
    refused = mock.control.vinr.buy(CUSTOMER, 100, "USD").paid_by_credit
    narrator.say(f"a purchase of 100 gets {refused} from credit; the balance stays as it was")
    revived = records.update(credit.id, expires_at=None)
    again = mock.control.vinr.buy(CUSTOMER, 100, "USD").paid_by_credit
    narrator.say(f"without an expiry ({revived.expires_at}) the same purchase gets {again}\n")
    assert (refused, again) == (0, 100)

    console.print("  Have a request refused; the error names the parameter:")
    try:
        records.create(customer=CUSTOMER, amount=1000, currency="USD", expires_at=1_700_000_000)
    except ValidationError as error:
        narrator.say(f"{type(error).__name__}: {error}\n")

    console.print("  The webhooks for these actions, each with a signature that the SDK verifies:")
    mock.deliver()
    for event in events:
        narrator.say(event)
    console.print()


def spree(console: Console, mock: Mock, narrator: Narrator) -> None:
    """Issue, read, pay a cart, complete, be refused, refund, and lose a response on Spree."""
    console.rule("[bold]5. Spree on the mock: pay an order, refund it, lose a response")
    client, control = mock.spree, mock.control.spree
    credit = client.store_credits.create(
        user_id="2", category_id="1", created_by_id="1", currency="USD", amount=Decimal(150)
    )
    narrator.say(f"credit {credit.id}: {credit.display_amount} for user {credit.user and credit.user.id}\n")

    console.print("  Pay for a cart with it, as its customer, and complete the order:")
    cart = control.create_cart(user_id=2)
    control.add_item(cart.number, variant_id=1, quantity=2)
    control.set_address(cart.number)
    for _ in range(3):
        cart = control.cart(cart.number)
        if cart.state == "payment":
            break
        control.next(cart.number)
    paying = client.checkout.add_store_credit(order_token=cart.token, include=["payments"])
    paid = sum((payment.amount for payment in paying.payments), Decimal(0))
    narrator.say(f"{paid} of {paying.total} {paying.currency} will be paid by store credit")
    control.complete(cart.number)
    used = client.store_credits.retrieve(credit.id, include=["store_credit_events"])
    narrator.say(
        f"after the order, {used.display_amount_used} is used: "
        + ", ".join(f"{event.action} {event.amount}" for event in used.store_credit_events)
        + "\n"
    )

    console.print("  Have a request refused; the error lists each field:")
    try:
        client.store_credits.delete(credit.id)
    except ValidationError as error:
        narrator.say(f"{type(error).__name__}: {error}\n  {dict(error.errors)}\n")

    console.print("  Refund the payment:")
    control.refund(cart.number)
    narrator.say(f"{client.store_credits.retrieve(credit.id).display_amount_used} are used\n")

    console.print(
        "  Lose the response to a create, for which Spree has no key: the SDK never sends it twice, and never "
        "reports it as failed:"
    )
    mock.fault("spree.store_credits.create", nth=1, drop=True, when="after")
    try:
        client.store_credits.create(user_id="2", category_id="1", created_by_id="1", currency="USD", amount=Decimal(25))
    except OutcomeUnknownError as error:
        narrator.say(f"{type(error).__name__}: {error}")
    amounts = [str(one.amount) for one in client.store_credits.list()]
    narrator.say(f"unknown to the caller, but created exactly once: {', '.join(amounts)}\n")
    assert amounts.count("25.0") == 1


def summary(console: Console, mock: Mock, narrator: Narrator) -> None:
    """Say what was exercised, and that the books are right."""
    console.rule("[bold]6. What was exercised on the mock")
    narrator.tell()
    for operation, times in sorted(narrator.operations.items()):
        console.print(f"  {operation}: {times}", highlight=False)
    found = mock.control.invariants()
    broken = len(mock.violations)
    console.print(
        f"  {len(mock.exchanges)} exchanges validated against openapi.yaml on both sides, {broken} broke it; the books"
        f" {'are right' if found.holds else 'ARE WRONG'}\n",
        highlight=False,
    )
    assert found.holds
