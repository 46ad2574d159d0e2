"""Every example in the document is valid, and the amounts in it add up."""

import hashlib
import hmac
import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from store_credit_mock.contract import Document, ExchangeValidator
from store_credit_mock.contract.document import fragment, join


def _media(document: Document) -> Iterator[tuple[str, str, bool]]:
    """Name, location and direction (is it a response or an event?) of every media type of the document."""
    for operation in [*document.operations.values(), *document.webhooks.values()]:
        event = operation.pointer.startswith("#/webhooks/")
        bodies = [join(operation.pointer, "requestBody")] if "requestBody" in operation.definition else []
        answers = [join(operation.pointer, "responses", status) for status in operation.definition["responses"]]
        for location, received in [*((body, event) for body in bodies), *((answer, not event) for answer in answers)]:
            place, definition = document.resolve(location)
            for media_type in definition.get("content", {}):
                yield (
                    f"{operation.id} {location.rpartition('/')[2]} {media_type}",
                    join(place, "content", media_type),
                    received,
                )


MEDIA = list(_media(Document.read()))


@pytest.mark.parametrize(("location", "received"), [case[1:] for case in MEDIA], ids=[case[0] for case in MEDIA])
def test_every_body_has_valid_examples(
    location: str, received: bool, document: Document, validator: ExchangeValidator
) -> None:
    """A request example is allowed; a response or event fits the closed copy. Each has a summary."""
    examples = document.at(location).get("examples", {})

    assert examples, "has no example"
    for name in examples:
        _, example = document.resolve(join(location, "examples", name))
        assert example["summary"]
        schema = join(location, "schema")
        assert validator.closed.check_value(schema, example["value"], request=not received) == (), name


def _values(document: Document) -> Iterator[tuple[str, str, Any]]:
    """Every example of a parameter or header: name, location of its schema, value."""
    found = {location for operation in document.operations.values() for location, _ in operation.parameters}
    found |= {location for operation in document.webhooks.values() for location, _ in operation.parameters}
    found |= {fragment("components", "headers", name) for name in document.data["components"]["headers"]}
    for location in sorted(found):
        definition = document.at(location)
        values = [definition["example"]] if "example" in definition else []
        values += [example["value"] for example in definition.get("examples", {}).values()]
        yield location.removeprefix("#/components/"), location, values


VALUES = list(_values(Document.read()))


@pytest.mark.parametrize(("location", "values"), [case[1:] for case in VALUES], ids=[case[0] for case in VALUES])
def test_every_parameter_and_header_has_valid_examples(
    location: str, values: list[Any], validator: ExchangeValidator
) -> None:
    """Each parameter and each header shows at least one value, and each fits its schema."""
    assert values, "has no example"
    for value in values:
        assert validator.closed.check_value(join(location, "schema"), value, request=True) == ()


def test_every_named_example_is_shown(document: Document) -> None:
    """No example lies in the components without an operation that shows it."""
    shown = set()
    for _, location, _ in MEDIA:
        for name in document.at(location).get("examples", {}):
            shown.add(document.resolve(join(location, "examples", name))[0].rpartition("/")[2])

    assert shown == set(document.data["components"]["examples"])


def test_spree_amounts_add_up(document: Document) -> None:
    """What is used and authorized of a Spree credit is never more than was issued; Spree's own example fails this."""
    checked = 0
    for credit in _spree_credits(document):
        used, authorized = (Decimal(str(credit.get(name, 0))) for name in ("amount_used", "amount_authorized"))
        if "amount" in credit:
            checked += 1
            assert used + authorized <= Decimal(str(credit["amount"]))
    assert checked > 10


def _spree_credits(document: Document) -> Iterator[dict[str, Any]]:
    for name, example in document.data["components"]["examples"].items():
        value = example["value"]
        if not name.startswith("Spree") or not isinstance(value, dict):
            continue
        if name.startswith("SpreeV3"):
            yield from _flat_credits(value)
            continue
        yield value.get("store_credit", {})
        data = value.get("data", [])
        for resource in [*(data if isinstance(data, list) else [data]), *value.get("included", [])]:
            if resource["type"] == "store_credit":
                yield resource["attributes"]


def _flat_credits(value: Any) -> Iterator[dict[str, Any]]:
    """The records of v3 that keep three amounts, wherever they stand."""
    if isinstance(value, dict):
        if "amount_used" in value:
            yield value
        for member in value.values():
            yield from _flat_credits(member)
    elif isinstance(value, list):
        for one in value:
            yield from _flat_credits(one)


def test_what_remains_and_what_pays_add_up_in_v3(document: Document) -> None:
    """What remains is what was issued less the rest; the payments of a cart make its store credit."""
    examples = document.data["components"]["examples"]
    values = [one["value"] for name, one in examples.items() if name.startswith("SpreeV3")]
    found = [one for value in values for one in _flat_credits(value) if "amount_remaining" in one]
    for credit in found:
        amount, used, left = (Decimal(credit[name]) for name in ("amount", "amount_used", "amount_remaining"))
        assert amount - used - left in {Decimal(0), Decimal(credit.get("amount_authorized", amount - used - left))}
    assert len(found) > 20
    whole = {"payments", "store_credit_total"}
    carts = [value for value in values if isinstance(value, dict) and whole <= value.keys()]
    for cart in carts:
        live = [one for one in cart["payments"] if one["status"] not in {"invalid", "failed", "void"}]
        paid, total = Decimal(cart["store_credit_total"]), Decimal(cart["total"])
        assert sum(Decimal(one["amount"]) for one in live) == paid
        assert cart["covered_by_store_credit"] == (paid == total)
    assert len(carts) >= 4


def test_included_resources_are_the_ones_named(document: Document) -> None:
    """What an example includes is what its relationships name, as far as the type was asked for."""
    for name, example in document.data["components"]["examples"].items():
        value = example["value"]
        if not isinstance(value, dict) or not value.get("included"):
            continue
        there = {(resource["type"], resource["id"]) for resource in value["included"]}
        types = {kind for kind, _ in there}
        data = value["data"] if isinstance(value["data"], list) else [value["data"]]
        named = {
            (target["type"], target["id"])
            for resource in [*data, *value["included"]]
            for relationship in resource.get("relationships", {}).values()
            for target in _targets(relationship["data"])
        }
        assert {target for target in named if target[0] in types} == there, name


def _targets(data: Any) -> list[dict[str, str]]:
    if data is None:
        return []
    return data if isinstance(data, list) else [data]


def test_vinr_amounts_and_times_are_plausible(document: Document) -> None:
    """A balance lies between nothing and what was issued, and a credit expires after it was issued."""
    records = list(_vinr_credits(document))

    assert len(records) > 8
    for record in records:
        assert 0 <= record["balance_remaining"] <= record["amount"]
        assert record["expires_at"] is None or record["expires_at"] > record["created"]


def _vinr_credits(document: Document) -> Iterator[dict[str, Any]]:
    for name, example in document.data["components"]["examples"].items():
        value = example["value"]
        if name.startswith("Vinr") and name.endswith("Event"):
            value = value["data"]["object"]
        for record in value.get("data", [value]) if name.startswith("Vinr") else []:
            if "balance_remaining" in record:
                yield record


def test_the_example_signature_is_a_true_one(document: Document) -> None:
    """V39: the header's example signs the event's example, as its description says."""
    parameters = document.data["components"]["parameters"]
    event = document.data["components"]["examples"]["VinrStoreCreditCreatedEvent"]["value"]
    (shown,) = parameters["VinrSignature"]["examples"].values()
    raw = json.dumps(event, separators=(",", ":")).encode()
    signed = f"{parameters['VinrTimestamp']['example']}.".encode() + raw

    assert hmac.new(b"whsec_example", signed, hashlib.sha256).hexdigest() == shown["value"]
