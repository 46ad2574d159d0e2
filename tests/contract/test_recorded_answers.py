"""Every recorded response of an operation in the document is one the document describes."""

import copy
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import pytest

from store_credit_mock.contract import Document, ExchangeValidator, OperationMatch, ValidationResult
from store_credit_mock.recording import ExchangeFile

from .conftest import step_of

# How many recordings there are of each operation. A recording that is lost, or no longer recognised, changes a number.
COUNTS = {
    "spree.store_credits.list": 129,
    "spree.store_credits.create": 127,
    "spree.store_credits.retrieve": 73,
    "spree.store_credits.update": 76,
    "spree.store_credits.delete": 21,
    "spree.store_credit_categories.list": 6,
    "spree.store_credit_categories.create": 20,
    "spree.store_credit_categories.retrieve": 12,
    "spree.store_credit_categories.update": 14,
    "spree.store_credit_categories.delete": 6,
    "spree.store_credit_types.list": 10,
    "spree.store_credit_types.create": 12,
    "spree.store_credit_types.retrieve": 4,
    "spree.store_credit_types.update": 8,
    "spree.store_credit_types.delete": 6,
    "spree.orders.use_store_credit": 24,
    "spree.checkout.add_store_credit": 59,
    "spree.checkout.remove_store_credit": 10,
    "spree.account.retrieve": 22,
    "spree.oauth.token": 25,
}

# What the other recordings are of: operations this document leaves out, and requests no operation answers.
ELSEWHERE = {
    "POST /hook": 1,
    "GET /api/v2/platform/orders/{}": 4,
    "GET /api/v2/platform/users/{}": 4,
    "POST /api/v2/platform/users": 2,
    "PATCH /api/v2/platform/payment_methods/{}": 2,
    "POST /api/v2/platform/webhooks/subscribers": 1,
    "GET /api/v2/storefront/account/orders/{}": 4,
    "GET /api/v2/storefront/cart": 4,
    "POST /api/v2/storefront/cart": 6,
    "POST /api/v2/storefront/cart/add_item": 6,
    "PATCH /api/v2/storefront/checkout": 2,
    "PATCH /api/v2/storefront/checkout/next": 2,
    "PATCH /api/v2/storefront/checkout/complete": 7,
    "GET /api/v2/storefront/checkout/payment_methods": 2,
    "GET /api/v2/platform/store_credit": 4,
    "DELETE /api/v2/platform/store_credits": 2,
    "POST /api/v2/platform/store_credits/{}": 4,
    "POST /api/v2/platform/orders/{}/use_store_credit": 2,
}

# The requests that reach an operation by another method: whether it is HEAD, and the alias.
SPELLINGS = {
    "platform.categories.update_put": (False, "PUT"),
    "platform.store_credits.retrieve_head": (True, None),
}

# Objects of a response that take anything.
OPEN = {"public_metadata", "private_metadata", "errors"}

Matched = Sequence[tuple[ExchangeFile, OperationMatch]]


@pytest.fixture(scope="module")
def matched(validator: ExchangeValidator, exchanges: Sequence[ExchangeFile]) -> Matched:
    found = [(exchange, validator.locate(exchange.method, exchange.path)) for exchange in exchanges]
    return [(exchange, located) for exchange, located in found if located.match]


def validated(validator: ExchangeValidator, exchange: ExchangeFile, located: OperationMatch) -> ValidationResult:
    response = exchange.response()
    return validator.response(located, response.status, response.headers, response.body)


def test_every_recording_is_accounted_for(exchanges: Sequence[ExchangeFile], matched: Matched) -> None:
    """Each of the 723 files is of one operation of the document, or is on the list of those that are of none."""
    known = {exchange.name for exchange, _ in matched}
    left = Counter(_place(exchange) for exchange in exchanges if exchange.name not in known)

    assert len(exchanges) == 723
    assert Counter(located.operation.id for _, located in matched if located.operation) == COUNTS
    assert left == ELSEWHERE
    assert sum(COUNTS.values()) + sum(ELSEWHERE.values()) == 723


def test_every_spree_operation_was_recorded(document: Document) -> None:
    """No operation of Spree rests on reading alone, but the revocation of a token."""
    assert set(COUNTS) | {"spree.oauth.revoke"} == {name for name in document.operations if name.startswith("spree.")}


def test_other_spellings_are_known(matched: Matched) -> None:
    """An alias and HEAD are recognised as such, never taken for the operation's own method."""
    found = {e.name: (located.head, located.match.alias) for e, located in matched if located.match}
    assert {step_of(name): spelling for name, spelling in found.items() if any(spelling)} == SPELLINGS


def test_every_recorded_answer_validates(
    matched: Matched, validator: ExchangeValidator, capsys: pytest.CaptureFixture[str]
) -> None:
    """Status, content type, documented headers and body of all 664: nothing is wrong, nothing is not mentioned."""
    results = {e.name: validated(validator, e, located) for e, located in matched}

    assert {name: one for name, one in results.items() if one.violations or one.notes} == {}
    assert len(results) == sum(COUNTS.values())
    with capsys.disabled():
        print(f" {len(results)} recorded responses of {len(COUNTS)} operations", end=" ")


def test_an_unknown_member_of_an_answer_is_noticed(matched: Matched, validator: ExchangeValidator) -> None:
    """In every object of any recorded response an undescribed member is a note at its place, and no violation."""
    tried = 0
    for exchange, located in matched:
        if located.head:
            continue
        body = copy.deepcopy(exchange.response_body)
        places = list(_objects(body))
        for place in places:
            _at(body, place)["not_described"] = 1
        result = validated(validator, replace(exchange, response_body=body), located)
        tried += len(places)
        assert {note.pointer for note in result.notes} == {
            "".join(f"/{step}" for step in ("body", *at)) for at in places
        }
        assert not result.violations, exchange.name
    assert tried > 6_000


def test_what_is_always_present_was_always_there(document: Document, matched: Matched) -> None:
    """`x-always-present` holds in every recorded response that did not ask for less with `fields`."""
    schemas = document.data["components"]["schemas"]
    seen: Counter[str] = Counter()
    for exchange, _ in matched:
        if not isinstance(exchange.response_body, dict) or "data" not in exchange.response_body:
            continue
        storefront = "/storefront/" in exchange.path
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
    marked = {name for name, one in schemas.items() if "x-always-present" in one and not name.startswith("SpreeV3")}
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


def _place(exchange: ExchangeFile) -> str:
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
