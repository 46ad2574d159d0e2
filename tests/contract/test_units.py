"""Each amount says its unit: minor units on VINR, major units on Spree. A wrong word is a hundred times the money."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from store_credit_mock.contract import Document
from store_credit_mock.contract.document import fragment

Location = tuple[str, ...]


def texts(value: Any, location: Location = ()) -> Iterator[tuple[Location, str]]:
    """Every text a reader sees, with its place; examples are left out."""
    if isinstance(value, str):
        if location[-1] in {"description", "summary", "title", "x-remedy"}:
            yield location, value
    elif isinstance(value, Mapping):
        for name, member in value.items():
            if name not in {"example", "examples"}:
                yield from texts(member, (*location, name))
    elif isinstance(value, list):
        for number, member in enumerate(value):
            name = member.get("name", member.get("operationId")) if isinstance(member, Mapping) else None
            yield from texts(member, (*location, str(name or number)))


def system(location: Location) -> str | None:
    """Which system a text is about, by the names on the way to it."""
    way = "/".join(location)
    if re.search(r"/v1/|/Vinr|^webhooks/store_credit|^tags/vinr|^x-systems/vinr|/vinr", way):
        return "vinr"
    if re.search(r"/api/v[23]/|/Spree|^webhooks/spree|^tags/spree|^x-systems/spree|/spree", way):
        return "spree"
    return None


def amounts(document: Document) -> Iterator[tuple[str, str, Mapping[str, Any], str]]:
    """Each amount among the schemas: its system, its place, its schema, and the texts a reader finds with it."""
    for name, schema in document.data["components"]["schemas"].items():
        around = str(schema.get("description", ""))
        for member, node in schema.get("properties", {}).items():
            _, resolved = document.resolve(fragment("components", "schemas", name, "properties", member))
            text = f"{node.get('description', resolved.get('description', ''))}"
            if name.startswith("Vinr") and re.search(r"amount|balance", member):
                yield "vinr", f"{name}.{member}", resolved, text
            elif name.startswith("Spree") and (resolved.get("format") == "decimal" or member == "amount"):
                yield "spree", f"{name}.{member}", resolved, " ".join(f"{text} {around}".split())


def test_each_amount_of_vinr_counts_minor_units(document: Document) -> None:
    """Whole numbers, and the text beside each says of what."""
    found = {place: (schema, text) for kind, place, schema, text in amounts(document) if kind == "vinr"}

    assert {"VinrStoreCredit.amount", "VinrStoreCredit.balance_remaining", "VinrStoreCreditCreate.amount"} <= set(found)
    for place, (schema, text) in found.items():
        assert schema["type"] == "integer", place
        assert "minor units" in text, place


def test_each_amount_of_spree_is_in_major_units(document: Document) -> None:
    """By its own text, or by that of the schema around it; never in minor units."""
    found = {place: text for kind, place, _, text in amounts(document) if kind == "spree"}

    assert len(found) > 30
    for place, text in found.items():
        assert "major units" in text, place
        assert "minor" not in text, place


@pytest.mark.parametrize(("kind", "wrong"), [("vinr", "major unit"), ("spree", "minor unit")])
def test_no_text_of_one_system_speaks_of_the_others_unit(document: Document, kind: str, wrong: str) -> None:
    """Operations, parameters, schemas and shared responses; Spree's `_cents` are the exception and say so."""
    seen = [(place, text) for place, text in texts(document.data) if system(place) == kind]

    assert len(seen) > 60
    assert [place for place, text in seen if wrong in text and "_cents" not in text] == []


def test_the_introduction_says_both(document: Document) -> None:
    """First thing, with an example of each."""
    introduction = " ".join(document.data["info"]["description"].split())
    vinr, spree = introduction.split("- **")[1:3]

    assert "integers in minor units of the currency (`1000` with `USD` is USD 10.00)" in vinr
    assert 'decimals in major units of the currency (`"25.0"` with `USD` is USD 25.00)' in spree
