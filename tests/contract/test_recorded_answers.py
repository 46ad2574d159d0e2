"""Every recorded response of an operation in the document is one the document describes."""

import copy
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import pytest

from store_credit_tools.contract import Checker, Document, Exchange, Match, find

# How many recordings there are of each operation. A recording that is lost, or no longer recognised, changes a number.
COUNTS = {
    "spree.store_credits.list": 69,
    "spree.store_credits.create": 68,
    "spree.store_credits.retrieve": 38,
    "spree.store_credits.update": 40,
    "spree.store_credits.delete": 11,
    "spree.store_credit_categories.list": 3,
    "spree.store_credit_categories.create": 10,
    "spree.store_credit_categories.retrieve": 6,
    "spree.store_credit_categories.update": 7,
    "spree.store_credit_categories.delete": 3,
    "spree.store_credit_types.list": 5,
    "spree.store_credit_types.create": 6,
    "spree.store_credit_types.retrieve": 2,
    "spree.store_credit_types.update": 4,
    "spree.store_credit_types.delete": 3,
    "spree.orders.use_store_credit": 10,
    "spree.checkout.add_store_credit": 27,
    "spree.checkout.remove_store_credit": 5,
    "spree.account.retrieve": 12,
}

# What the other recordings are of: operations this document leaves out, and requests no operation answers.
ELSEWHERE = {
    "POST /spree_oauth/token": 13,
    "POST /hook": 1,
    "GET /api/v2/platform/orders/{}": 2,
    "GET /api/v2/platform/users/{}": 2,
    "POST /api/v2/platform/users": 1,
    "PATCH /api/v2/platform/payment_methods/{}": 1,
    "POST /api/v2/platform/webhooks/subscribers": 1,
    "GET /api/v2/storefront/account/orders/{}": 3,
    "GET /api/v2/storefront/cart": 2,
    "POST /api/v2/storefront/cart": 3,
    "POST /api/v2/storefront/cart/add_item": 3,
    "PATCH /api/v2/storefront/checkout": 1,
    "PATCH /api/v2/storefront/checkout/next": 1,
    "PATCH /api/v2/storefront/checkout/complete": 4,
    "GET /api/v2/storefront/checkout/payment_methods": 1,
    "GET /api/v2/platform/store_credit": 2,
    "DELETE /api/v2/platform/store_credits": 1,
    "POST /api/v2/platform/store_credits/{}": 2,
    "POST /api/v2/platform/orders/{}/use_store_credit": 1,
}

# The requests that reach an operation by another spelling.
SPELLINGS = {
    "platform.categories.update_put": ("PUT", None),
    "platform.store_credits.retrieve_head": ("HEAD", None),
    "platform.store_credits.retrieve_json_suffix": (None, ".json"),
    "platform.store_credits.retrieve_xml_suffix": (None, ".xml"),
}

# Objects of a response that take anything.
OPEN = {"public_metadata", "private_metadata", "errors"}

Matched = Sequence[tuple[Exchange, Match]]


@pytest.fixture(scope="module")
def matched(document: Document, exchanges: Sequence[Exchange]) -> Matched:
    found = [(exchange, find(document, exchange.method, exchange.path)) for exchange in exchanges]
    return [(exchange, match) for exchange, match in found if match]


def test_every_recording_is_accounted_for(exchanges: Sequence[Exchange], document: Document, matched: Matched) -> None:
    """Each of the 374 files is of one operation of the document, or is on the list of those that are of none."""
    left = Counter(_place(exchange) for exchange in exchanges if not find(document, exchange.method, exchange.path))

    assert len(exchanges) == 374
    assert Counter(match.operation.id for _, match in matched) == COUNTS
    assert left == ELSEWHERE
    assert sum(COUNTS.values()) + sum(ELSEWHERE.values()) == 374


def test_every_spree_operation_was_recorded(document: Document) -> None:
    """No operation of Spree rests on reading alone."""
    assert set(COUNTS) == {name for name in document.operations if name.startswith("spree.")}


def test_other_spellings_are_known(matched: Matched) -> None:
    """An alias or a suffix is recognised as such, never taken for the operation's own spelling."""
    assert {e.name: (m.alias, m.suffix) for e, m in matched if not m.plain} == SPELLINGS


def test_every_recorded_answer_validates(
    matched: Matched, closed_checker: Checker, capsys: pytest.CaptureFixture[str]
) -> None:
    """Status, content type, documented headers and body of all 329 recorded responses, against the closed copy."""
    wrong = {e.name: [str(v) for v in closed_checker.check_response(e, m)] for e, m in matched}

    assert {name: found for name, found in wrong.items() if found} == {}
    assert len(wrong) == sum(COUNTS.values())
    with capsys.disabled():
        print(f" {len(wrong)} recorded responses of {len(COUNTS)} operations", end=" ")


def test_an_unknown_member_of_an_answer_is_noticed(matched: Matched, closed_checker: Checker, checker: Checker) -> None:
    """In any object of any recorded response the closed copy refuses an undescribed member; the document bears it."""
    tried = 0
    for exchange, match in matched:
        for place in _objects(exchange.response_body):
            body = copy.deepcopy(exchange.response_body)
            _at(body, place)["not_described"] = 1
            changed = replace(exchange, response_body=body)
            tried += 1
            assert closed_checker.check_response(changed, match), f"{exchange.name}: nothing said at {place}"
            assert not checker.check_response(changed, match), (
                f"{exchange.name}: refused by the open document at {place}"
            )
    assert tried > 5_000


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"status": 418}, "response.status"),
        (
            {"response_headers": {"Content-Type": "text/plain", "X-Request-Id": "1", "ETag": "1"}},
            "response.headers.Content-Type",
        ),
        (
            {"response_headers": {"Content-Type": "application/vnd.api+json", "ETag": "1"}},
            "response.headers.X-Request-Id",
        ),
        (
            {"response_headers": {"Content-Type": "application/vnd.api+json", "X-Request-Id": "1"}},
            "response.headers.ETag",
        ),
        ({"response_body": None}, "response.body"),
        ({"response_body": {"data": []}}, "response.body.data"),
    ],
)
def test_a_wrong_answer_is_noticed(
    change: dict[str, Any], where: str, matched: Matched, closed_checker: Checker
) -> None:
    """A change of status, content type, required header or body of a recorded response is a violation."""
    exchange, match = next((e, m) for e, m in matched if e.name == "platform.store_credits.retrieve")

    assert where in {found.where for found in closed_checker.check_response(replace(exchange, **change), match)}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("amount", 150.0),
        ("amount", "1,500.50"),
        ("amount", None),
        ("created_at", "yesterday"),
        ("created_at", 1795305600),
        ("public_metadata", "text"),
        ("memo", 7),
    ],
)
def test_a_wrong_attribute_is_noticed(name: str, value: Any, matched: Matched, closed_checker: Checker) -> None:
    """Types and formats of attributes are checked, `decimal` and `date-time` among them."""
    exchange, match = next((e, m) for e, m in matched if e.name == "platform.store_credits.retrieve")
    body = copy.deepcopy(exchange.response_body)
    body["data"]["attributes"][name] = value

    found = closed_checker.check_response(replace(exchange, response_body=body), match)

    assert [violation.where for violation in found] == [f"response.body.data.attributes.{name}"]


def test_what_is_always_present_was_always_there(document: Document, matched: Matched) -> None:
    """`x-always-present` holds in every recorded response that did not ask for less with `fields`."""
    schemas = document.data["components"]["schemas"]
    seen: Counter[str] = Counter()
    for exchange, match in matched:
        if not isinstance(exchange.response_body, dict) or "data" not in exchange.response_body:
            continue
        storefront = "/storefront/" in match.operation.path
        data = exchange.response_body["data"]
        for resource in [*(data if isinstance(data, list) else [data]), *exchange.response_body.get("included", [])]:
            if f"fields[{resource['type']}]" in exchange.query:
                continue
            name = SCHEMAS[storefront].get(resource["type"])
            for member in ("attributes", "relationships"):
                schema = schemas.get(f"{name}{member.capitalize()}")
                if schema is None:
                    continue
                seen[f"{name}.{member}"] += 1
                missing = set(schema["x-always-present"]) - set(resource[member])
                assert not missing, f"{exchange.name}: {resource['type']} {resource['id']} lacks {missing}"
    marked = {name for name, schema in schemas.items() if "x-always-present" in schema}
    assert {
        name.replace(".attributes", "Attributes").replace(".relationships", "Relationships") for name in seen
    } == marked


# Which schema describes a type, on the Platform API (False) and on the Storefront API (True).
SCHEMAS = {
    False: {
        "store_credit": "SpreeStoreCredit",
        "store_credit_category": "SpreeStoreCreditCategory",
        "store_credit_type": "SpreeStoreCreditType",
        "store_credit_event": "SpreeStoreCreditEvent",
        "user": "SpreeUser",
        "admin_user": "SpreeUser",
        "order": "SpreeOrder",
        "payment": "SpreePayment",
    },
    True: {
        "cart": "SpreeCart",
        "payment": "SpreeCartPayment",
        "store_credit": "SpreeCartStoreCredit",
        "store_credit_category": "SpreeCartStoreCreditCategory",
        "store_credit_type": "SpreeCartStoreCreditType",
        "store_credit_event": "SpreeCartStoreCreditEvent",
        "user": "SpreeAccount",
    },
}


def _place(exchange: Exchange) -> str:
    parts = exchange.path.split("/")
    return f"{exchange.method} " + "/".join(
        "{}" if any(c.isdigit() for c in part) and part != "v2" else part for part in parts
    )


def _objects(value: Any, place: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Places of the objects in a body whose members the document lists."""
    if isinstance(value, dict):
        # The relationships of a resource without a schema are named by nobody.
        yield place
        for name, member in value.items():
            if name not in OPEN:
                yield from _objects(member, (*place, name))
    elif isinstance(value, list):
        for number, member in enumerate(value):
            yield from _objects(member, (*place, number))


def _at(value: Any, place: tuple[Any, ...]) -> Any:
    for name in place:
        value = value[name]
    return value
