"""The control plane's own document: nothing in it is untyped, and every response is one that it has."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import jsonschema_rs
import orjson
import pytest

from benches import Bench, Maker
from control_document import ResponseValidator
from store_credit_mock import Fault, Request
from store_credit_mock.control import Control
from store_credit_mock.control.dispatcher import OPEN, ControlPlane

OTHERS = {"Document", "Snapshot", "CartDocument", "Fixtures"}
"""Schemas of what is not the control plane's to close: other documents, and rows as they are stored."""


def objects(schema: Any, place: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every schema of an object, with its place."""
    if isinstance(schema, dict):
        if schema.get("type") == "object":
            yield place, schema
        for name, inner in schema.items():
            yield from objects(inner, f"{place}/{name}")
    elif isinstance(schema, list):
        for number, inner in enumerate(schema):
            yield from objects(inner, f"{place}/{number}")


def test_every_body_parameter_and_response_is_typed(bench: Bench) -> None:
    """Bodies and responses have names, or are lists of what has; parameters have types; errors have their schema."""
    document = bench.control.document()
    operations = [operation for item in document["paths"].values() for operation in item.values()]
    for operation in operations:
        name = operation["operationId"]
        assert operation["tags"] == [name.rpartition(".")[0]]
        assert operation["security"] == ([] if name in OPEN else [{"controlToken": []}, {"inspector": []}]), name
        assert all("type" in one["schema"] for one in operation.get("parameters", [])), name
        contents = [operation["requestBody"]["content"]] if "requestBody" in operation else []
        success, response = next(iter(operation["responses"].items()))
        contents += [response["content"]] if success != "204" else []
        for content in contents:
            schema = content["application/json"]["schema"]
            assert "$ref" in schema or (schema["type"] == "array" and "$ref" in schema["items"]), name
        assert operation["responses"]["4XX"] == {"$ref": "#/components/responses/Refused"}
    assert len({operation["operationId"] for operation in operations}) == len(operations) > 60
    for component, schema in document["components"]["schemas"].items():
        assert schema["description"], component
        for place, one in objects(schema, component):
            if component not in OTHERS:
                assert "additionalProperties" in one, f"{place} is open"
                assert one["additionalProperties"] is not False or "properties" in one, f"{place} is untyped"
            for name, member in one.get("properties", {}).items():
                if component not in OTHERS:
                    assert "description" in member or "$ref" in member, f"{place}/{name} is not described"


def everything(bench: Bench) -> None:
    """Call each operation, so that it succeeds."""
    control, vinr, spree = bench.control, bench.control.vinr, bench.control.spree
    control.health()
    control.document()
    control.operations()
    control.freeze("2030-01-01T00:00:00Z")
    control.advance(1)
    control.resume()
    control.clock()
    fault = control.add_fault(Fault("vinr.*", nth=1, status=500))
    bench.send("GET", "/v1/store-credit?limit=0")
    control.faults()
    control.remove_fault(fault.id)
    control.clear_faults()
    control.count_coverage()
    control.coverage()
    control.clear_coverage()
    control.invariants()
    control.open_inspector()
    control.brief_exchanges(violations=True)
    control.count_exchanges(status="4xx")
    control.verify("vinr.store_credit.list", times=1)
    control.exchange(control.exchanges(limit=1).data[0].number)
    control.clear_exchanges()
    control.seed({"vinr": {"customers": [{"id": "cust_x", "email": "x@example.com"}]}})
    control.save_snapshot("clean")
    control.snapshots()
    control.restore_snapshot("clean")
    control.remove_snapshot("clean")
    Control.inside(bench.engine.control, sandbox="other").clock()
    control.sandboxes()
    control.reset_sandbox("other")
    control.remove_sandbox("other")

    endpoint = vinr.add_endpoint("http://127.0.0.1:9/")
    vinr.change_endpoint(endpoint.id, enabled_events=["*"])
    vinr.endpoints()
    credit = bench.issue()
    vinr.add_customer()
    vinr.customers()
    vinr.change_key(vinr.issue_key().key, "expire")
    vinr.rate_limit(1000)
    purchase = vinr.buy("cust_8aZ2", 1, "USD")
    vinr.purchase(purchase.id)
    vinr.refund(purchase.id)
    vinr.credits()
    vinr.entries(credit["id"])
    vinr.duplicate(vinr.events()[0].id)
    vinr.redeliver(vinr.deliveries().data[0].id)
    vinr.reorder("shuffled")
    vinr.hold()
    vinr.remove_endpoint(endpoint.id)

    user = spree.add_user("new@example.com")
    token = spree.issue_token(user_id=user.id)
    spree.expire_tokens(token=token.token)
    spree.revoke_tokens(user_id=user.id)
    spree.set_password(user.id, "a password")
    spree.add_application("Till", "read", "till-id", "till-secret")
    spree.applications()
    spree.add_store("Third")
    spree.add_variant("Hat", {"USD": "5.00"})
    method = spree.payment_methods()[0]
    spree.set_payment_method(method.id, active=True)
    spree.set_payment_method(3, auto_capture=False)
    spree.change_settings(repair_leaks=True)
    control.seed({"spree": {"store_credits": [{"user_id": 2, "amount": "100.00"}]}})
    for _ in range(3):
        cart = spree.create_cart(user_id=2)
        line = spree.add_item(cart.number, price="10.00").line_items[0]
        spree.set_quantity(cart.number, line.id, 2)
        bench.engine.handle(
            Request.build(
                "POST", "/api/v2/storefront/checkout/add_store_credit", {"X-Spree-Order-Token": cart.token}, b"{}"
            )
        )
        spree.set_address(cart.number, email="new@example.com")
        spree.cart_document(cart.number, include="line_items")
        spree.next(cart.number)
        spree.complete(cart.number)
        spree.cart(cart.number)
    first, second, third = (cart.number for cart in _orders(bench))
    spree.capture(first, "20.00")
    spree.refund(first, 1)
    spree.void(second)
    spree.cancel(third)
    other = spree.create_cart()
    spree.add_item(other.number, variant_id=1)
    spree.set_address(other.number, email="guest@example.com")
    spree.pay(other.number, method.id)
    shown = spree.credits(user_id=2)
    spree.entries(shown[0].id)
    spree.destroy_store_credits(currency="EUR")
    everything_of_v3(bench)
    control.restore(control.snapshot())
    control.reset()


def everything_of_v3(bench: Bench) -> None:
    """The same of Spree's API v3."""
    v3 = bench.control.spree_v3
    customer = v3.add_customer("new@example.com")
    v3.add_staff("clerk@example.com")
    v3.revoke_key(v3.issue_key("till").id)
    v3.issue_customer_token(customer.id)
    endpoint = v3.add_webhook_endpoint("http://127.0.0.1:9/", ["store_credit.*"])
    v3.change_webhook_endpoint(endpoint.id, active=True)
    v3.webhook_endpoints()
    v3.entries(v3.give_credit("new@example.com", "5.00").id)
    v3.webhook_deliveries()
    v3.remove_webhook_endpoint(endpoint.id)
    cart = v3.fill_cart(customer_id=customer.id)
    v3.hold_row(cart.id)
    v3.release_row(cart.id)


def _orders(bench: Bench) -> list[Any]:
    rows = bench.engine.storage.all("SELECT number FROM spree_order WHERE state = 'complete' ORDER BY id")
    return [bench.control.spree.cart(row[0]) for row in rows]


def test_every_response_is_one_of_the_document(bench_of: Maker, control_responses: ResponseValidator) -> None:
    """Each operation succeeds once and is refused once; `control_responses` validates both, closed."""
    bench = bench_of(strict=False)
    control_responses.seen.clear()
    everything(bench)
    for route in bench.engine.control.routes:
        path = route.path.replace("{number}", "1").replace("{id}", "1").replace("{line_id}", "1")
        headers = {"Authorization": f"Bearer {bench.engine.control.token}"}
        refused = bench.engine.handle(Request.build(route.method, path + "?zzz=1", headers, b""))
        assert refused.status == 400, route.id
        if route.body is not None:
            refused = bench.engine.handle(Request.build(route.method, path, headers, b'{"zzz": []}'))
            assert refused.status == 400, route.id

    for route in bench.engine.control.routes:
        statuses = control_responses.seen[route.id]
        assert min(statuses) < 300 <= max(statuses), (route.id, statuses)


def test_what_the_document_lacks_is_noticed(bench: Bench, control_responses: ResponseValidator) -> None:
    """The validator of these tests is closed: a member, a type or a status that the document lacks fails."""
    plane: ControlPlane = bench.engine.control
    request = Request.build("GET", "/_mock/clock", {"Authorization": f"Bearer {plane.token}"})
    response = plane.handle(request)
    clock = orjson.loads(response.body)
    for change in ({**clock, "more": 1}, {**clock, "now": "1"}, {"now": 1}):
        response.body = orjson.dumps(change)
        with pytest.raises((AssertionError, jsonschema_rs.ValidationError)):
            control_responses.check(plane, request, response)
    response.status, response.body = 202, orjson.dumps(clock)
    with pytest.raises(AssertionError, match="no response 202"):
        control_responses.check(plane, request, response)
