"""The SDK on known traffic: Spree's answers were recorded from a running server, VINR's are the document's examples."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from store_credit import OutcomeUnknownError, SpreeClient, ValidationError, VinrClient, to_minor_units, webhooks
from store_credit_tools.demo.recorded_transport import Lost, Player, document_examples, recorded

if TYPE_CHECKING:
    from rich.console import Console

__all__ = ["spree", "vinr"]

ROOT = Path(__file__).parents[3]
DOCUMENT = ROOT / "openapi.yaml"
RECORDINGS = ROOT / "tests" / "recordings"
HEADERS = {"content-type": "application/json", "x-vinr-request-id": "req_8aQ2xL0fK"}


def vinr(console: Console) -> None:
    """Issue, lose a response, read, change, list and be refused on VINR."""
    console.rule("[bold]2. VINR, with the examples from openapi.yaml as responses")
    player = Player(console)
    create = document_examples(DOCUMENT, "vinr.store_credit.create")
    update = document_examples(DOCUMENT, "vinr.store_credit.update")
    listing = document_examples(DOCUMENT, "vinr.store_credit.list")
    with VinrClient(api_key="sk_test_demo", http_client=player.client()) as client:
        console.print(
            "  Issue USD 10.00; the first response is lost, and the SDK sends the request again with the same key:"
        )
        player.will(Lost(), (201, HEADERS, create[201, "expiring"]))
        ten = to_minor_units("10.00", "USD")
        expiry = create[201, "expiring"]["expires_at"]
        credit = client.store_credit.create(customer="cust_8aZ2", amount=ten, currency="USD", expires_at=expiry)
        assert credit.last_response is not None
        one_key = len({request.headers["idempotency-key"] for request in player.requests}) == 1
        console.print(
            f"  {credit.id}: {credit.balance_remaining} {credit.currency} minor units left, issued once: "
            f"{credit.last_response.attempts} attempts, {'one key' if one_key else 'DIFFERENT KEYS'}\n",
            highlight=False,
        )
        console.print("  Change its expiry:")
        later = datetime.fromtimestamp(update[200, "extended"]["expires_at"], UTC)
        player.will((200, HEADERS, update[200, "extended"]))
        console.print(f"  it now expires at {client.store_credit.update(credit.id, expires_at=later).expires_at}\n")
        console.print("  Go through a customer's credits:")
        player.will((200, HEADERS, listing[200, "page"]), (200, HEADERS, listing[200, "empty"]))
        for one in client.store_credit.list(customer="cust_8aZ2"):
            console.print(f"  {one.id}: {one.balance_remaining} of {one.amount} {one.currency}", highlight=False)
        console.print("\n  Have a request refused; the error names the parameter:")
        player.will((400, HEADERS, create[400, "parameter_invalid"]))
        try:
            client.store_credit.create(customer="cust_8aZ2", amount=ten, currency="USD", expires_at=1_700_000_000)
        except ValidationError as error:
            console.print(f"  {type(error).__name__}: {error}\n", highlight=False, markup=False)
    secret, now = "whsec_demo", create[201, "expiring"]["created"]
    data = {"object": create[201, "expiring"]}
    payload = json.dumps({"id": "evt_1", "type": "store_credit.created", "data": data, "created": now}).encode()
    headers = {"X-Vinr-Signature": webhooks.sign(payload, now, secret), "X-Vinr-Timestamp": str(now)}
    event = webhooks.parse(payload, headers, secret, now=now)
    if event.type == "store_credit.created":
        console.print(f"  Verified webhook {event.type} for {event.data.object.id}\n", highlight=False)


def spree(console: Console) -> None:
    """Issue, read, apply, and be refused on Spree; every response was recorded from a real server."""
    console.rule("[bold]3. Spree, answered as a running Spree 4.5.5 was recorded")
    player = Player(console)
    client = SpreeClient("https://shop.example.com", "demo-token", http_client=player.client())
    player.will(recorded(RECORDINGS, "platform.store_credits.create_minimal"))
    credit = client.store_credits.create(
        user_id="2", category_id="1", created_by_id="1", currency="USD", amount=Decimal(150)
    )
    console.print(f"  credit {credit.id}: {credit.display_amount} for user {credit.user and credit.user.id}\n")
    console.print("  Read it with all related records:")
    player.will(recorded(RECORDINGS, "platform.store_credits.retrieve_include_all"))
    include = ["user", "created_by", "store_credit_category", "store_credit_type", "store_credit_events"]
    full = client.store_credits.retrieve("2", include=include)
    assert full.user is not None
    for event in full.store_credit_events:
        console.print(
            f"  {event.display_action} {event.display_amount}; {full.user.email} has "
            f"{event.display_user_total_amount} in all\n",
            highlight=False,
        )
    console.print("  Pay for a cart with it, as its customer (without the admin token):")
    player.will(recorded(RECORDINGS, "storefront.apply.all"))
    cart = client.checkout.add_store_credit(order_token="order-token", include=["payments"])  # noqa: S106
    paid = sum((payment.amount for payment in cart.payments), Decimal(0))
    console.print(f"  {paid} of {cart.total} {cart.currency} will be paid by store credit\n", highlight=False)
    console.print("  Have a request refused; the error lists each field:")
    player.will(recorded(RECORDINGS, "platform.store_credits.delete_used"))
    try:
        client.store_credits.delete("2")
    except ValidationError as error:
        console.print(f"  {type(error).__name__}: {error}\n  {dict(error.errors)}\n", highlight=False, markup=False)
    console.print(
        "  Lose the response to a create, for which Spree has no key: the SDK never sends it twice, and never "
        "reports it as failed:"
    )
    player.will(Lost())
    try:
        client.store_credits.create(user_id="2", category_id="1", created_by_id="1", currency="USD", amount=Decimal(25))
    except OutcomeUnknownError as error:
        console.print(f"  {type(error).__name__}: {error}\n", highlight=False, markup=False)
