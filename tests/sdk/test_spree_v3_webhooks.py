"""Webhooks of Spree's API v3: what a real server sent verifies, and whose credit it is about can be found."""

import asyncio
import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

import spree_v3
from spree_v3 import CREDIT, CUSTOMER
from store_credit import (
    ConfigurationError,
    InvalidArgumentError,
    NotFoundError,
    WebhookVerificationError,
    models,
    spree_webhooks,
    webhooks,
)
from together import together

SECRET = "ab" * 32
NOW = 1795885276
DATA = {
    "id": "credit_zNcwP3ZbDr",
    "amount": "80.0",
    "currency": "USD",
    "amount_used": "0.0",
    "display_amount": "$80.00",
    "amount_remaining": "58.01",
    "display_amount_used": "$0.00",
    "display_amount_remaining": "$58.01",
}
"""As Spree 5.6.1 sent it (recorded)."""


def body(name: str = "store_credit.updated", data: Any = DATA) -> bytes:
    """The body of an event."""
    said = {"id": "4eb984fe-3e1a-4ae6-9b11-c9ac4d08d68b", "data": data, "name": name}
    return json.dumps(said | {"metadata": {"spree_version": "5.6.1"}, "created_at": "2026-11-28T17:01:13Z"}).encode()


def parsed(name: str = "store_credit.updated", data: Any = DATA) -> Any:
    """An event as it is read."""
    payload = body(name, data)
    headers = spree_webhooks.test_headers(payload, SECRET, name, timestamp=NOW)
    return spree_webhooks.parse(payload, headers, SECRET, now=NOW)


def test_the_signature_is_the_hex_of_an_hmac_over_time_and_body() -> None:
    """Under the text of the secret, not the bytes that its digits stand for; the value was made with openssl."""
    expected = "9839ffdf2a1f602b547808ae0b6d9f23cd16162abfd6ece532e224a2a7135681"

    assert spree_webhooks.sign(b'{"name":"x"}', NOW, SECRET) == expected


@together(
    ("name", "kind"),
    [
        ("store_credit.created", models.SpreeV3StoreCreditCreatedEvent),
        ("store_credit.updated", models.SpreeV3StoreCreditUpdatedEvent),
        ("store_credit.deleted", models.SpreeV3StoreCreditDeletedEvent),
    ],
)
def test_an_event_is_read_by_its_name(name: str, kind: type[Any]) -> None:
    """Amounts exactly; what the payload leaves out has no attribute."""
    event = parsed(name)

    assert type(event) is kind
    assert (event.name, event.data.amount, event.data.amount_remaining) == (name, Decimal("80.0"), Decimal("58.01"))
    assert event.metadata.spree_version == "5.6.1"
    assert not hasattr(event.data, "customer_id")


@together("data", [{"id": "or_UkLWZg9DAJ"}, {}, None, [1]])
def test_an_event_of_another_name_stays_readable(data: Any) -> None:
    """Whatever it is about."""
    event = parsed("order.completed", data)

    assert (event.name, event.raw_name) == ("unknown", "order.completed")
    assert event.to_dict()["data"] == data


def test_what_is_said_beside_the_body_decides_nothing() -> None:
    """The name in the header is not signed."""
    payload = body("store_credit.created")
    headers = spree_webhooks.test_headers(payload, SECRET, "store_credit.deleted", timestamp=NOW)

    assert spree_webhooks.parse(payload, headers, SECRET, now=NOW).name == "store_credit.created"


@together(
    ("changed", "check"),
    [
        ({"X-Spree-Webhook-Signature": "0" * 64}, "signature"),
        ({"X-Spree-Webhook-Timestamp": str(NOW + 1)}, "signature"),
        ({"X-Spree-Webhook-Timestamp": "2026-11-28T17:01:13Z"}, "timestamp"),
        ({"X-Spree-Webhook-Signature": None}, "headers"),
        ({"X-Spree-Webhook-Timestamp": None}, "headers"),
    ],
)
def test_what_is_not_from_the_shop_is_refused(changed: dict[str, Any], check: str) -> None:
    """It says which check failed, and shows no secret."""
    payload = body()
    headers = spree_webhooks.test_headers(payload, SECRET, "store_credit.updated", timestamp=NOW) | changed
    given = {name: value for name, value in headers.items() if value is not None}
    with pytest.raises(WebhookVerificationError) as raised:
        spree_webhooks.parse(payload, given, SECRET, now=NOW)

    assert raised.value.check == check
    assert SECRET not in str(raised.value)


def test_an_old_event_is_refused_and_a_new_secret_may_come_beside_the_old() -> None:
    """300 seconds, in both directions; VINR's header is not Spree's."""
    payload = body()
    headers = spree_webhooks.test_headers(payload, SECRET, "store_credit.updated", timestamp=NOW)
    spree_webhooks.parse(payload, headers, ["cd" * 32, SECRET], now=NOW + 300)
    spree_webhooks.parse(payload, headers, SECRET, None, now=NOW + 10**6)
    for now in (NOW + 301, NOW - 301):
        with pytest.raises(WebhookVerificationError) as raised:
            spree_webhooks.parse(payload, headers, SECRET, now=now)
        assert raised.value.check == "tolerance"
    with pytest.raises(
        WebhookVerificationError, match=r"x-spree-webhook-signature is missing; .* store_credit\.webhooks"
    ):
        spree_webhooks.parse(payload, {"X-Vinr-Signature": "0", "X-Vinr-Timestamp": "1"}, SECRET)
    with pytest.raises(WebhookVerificationError, match=r"store_credit\.spree_webhooks"):
        webhooks.parse(payload, headers, SECRET)


def test_the_secret_is_in_the_environment(environment: pytest.MonkeyPatch) -> None:
    """Under a name of its own: a shop's secret is not VINR's."""
    payload = body()
    headers = spree_webhooks.test_headers(payload, SECRET, "store_credit.updated", timestamp=NOW)
    environment.setenv("VINR_WEBHOOK_SECRET", SECRET)
    with pytest.raises(ConfigurationError, match="pass secret= or set SPREE_WEBHOOK_SECRET"):
        spree_webhooks.parse(payload, headers, now=NOW)
    environment.setenv("SPREE_WEBHOOK_SECRET", SECRET)
    assert spree_webhooks.parse(payload, headers, now=NOW).id == "4eb984fe-3e1a-4ae6-9b11-c9ac4d08d68b"


def whole(**changed: Any) -> dict[str, Any]:
    """The credit of the event, as the back office sees it."""
    return CREDIT | {"id": DATA["id"]} | changed


OWNER = {"id": CUSTOMER, "email": "a@example.com"}


def test_the_customer_is_found_by_way_of_the_credit(serve: Callable[..., Any]) -> None:
    """In two calls, which only servers of 6.0 and later take."""
    server = serve(whole(), OWNER)
    customer = spree_webhooks.fetch_customer(parsed(), spree_v3.admin())

    assert customer is not None
    assert customer.id == CUSTOMER
    assert [request.url.path for request in server.requests] == [
        f"/api/v3/admin/store_credits/{DATA['id']}",
        f"/api/v3/admin/customers/{CUSTOMER}",
    ]


def test_a_credit_without_a_customer_has_none(serve: Callable[..., Any]) -> None:
    """That of a gift card on a guest's cart (recorded on the overlay)."""
    server = serve(whole(customer_id=None))

    assert spree_webhooks.fetch_customer(parsed(), spree_v3.admin()) is None
    assert len(server.requests) == 1


def test_a_server_that_cannot_find_a_credit_alone_is_told_from_one_that_has_it_no_more(
    serve: Callable[..., Any],
) -> None:
    """Rails' own body for a missing route has no code (recorded on 5.6.1 and the alpha)."""
    serve((404, {"status": 404, "error": "Not Found"}))
    with pytest.raises(ConfigurationError, match="Spree has that from 6"):
        spree_webhooks.fetch_customer(parsed(), spree_v3.admin())
    server = serve((404, spree_v3.refusal("record_not_found", "Store credit not found")))
    with pytest.raises(NotFoundError, match="Store credit not found"):
        spree_webhooks.fetch_customer(parsed(), spree_v3.admin())
    before = len(server.requests)
    with pytest.raises(ConfigurationError, match=r"6\.0.*5\.6"):
        spree_webhooks.fetch_customer(parsed(), spree_v3.admin(server="5.6"))
    assert len(server.requests) == before


@together("name", ["store_credit.deleted", "order.completed"])
def test_of_what_is_gone_or_no_credit_nothing_is_asked(serve: Callable[..., Any], name: str) -> None:
    """It says what to do instead."""
    server = serve(whole())
    with pytest.raises(InvalidArgumentError, match=r"keep the customer|'order\.completed', not one of a store credit"):
        spree_webhooks.fetch_customer(parsed(name), spree_v3.admin())
    assert not server.requests


def test_the_async_client_finds_it_as_well(serve: Callable[..., Any]) -> None:
    """With the same two calls."""
    server = serve(whole(), OWNER)

    async def main() -> Any:
        async with spree_v3.async_admin() as admin:
            return await spree_webhooks.fetch_customer_async(parsed(), admin)

    assert asyncio.run(main()).email == "a@example.com"
    assert len(server.requests) == 2
