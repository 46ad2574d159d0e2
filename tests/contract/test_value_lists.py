"""Descriptions that list the values of an enumeration: each value once, and all of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from store_credit_mock.contract import Document

SCHEMAS: Mapping[str, Any] = Document.read().data["components"]["schemas"]
LISTED = re.compile(r"^- `(\w+)`", re.MULTILINE)
EXPLAINED = {
    "SpreePaymentAttributes.state", "SpreeCartPaymentAttributes.state", "SpreeStoreCreditEventAttributes.action",
    "SpreeCartStoreCreditEventAttributes.action", "SpreeV3StoreCreditEvent.action", "SpreeV3Payment.status",
    "SpreeV3AdminPayment.status", "SpreeV3AdminOrder.payment_status", "SpreeV3Order.payment_status",
    "SpreeV3Fulfillment.status",
}  # fmt: skip
"""Those whose values a reader cannot guess."""


def members() -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every member of a named schema."""
    for name, schema in SCHEMAS.items():
        for member, definition in schema.get("properties", {}).items():
            yield f"{name}.{member}", definition


LISTS = {
    name: (LISTED.findall(definition.get("description", "")), definition.get("x-extensible-enum", []))
    for name, definition in members()
    if LISTED.search(definition.get("description", "")) and "x-extensible-enum" in definition
}


def test_states_and_actions_are_explained() -> None:
    """One line for each value, in the description, so that every tool shows it."""
    assert LISTS.keys() >= EXPLAINED


@pytest.mark.parametrize("name", LISTS)
def test_a_list_has_each_value_once(name: str) -> None:
    """In the order of the enumeration: a value that is added without a line is noticed, and so is a misspelt one."""
    listed, known = LISTS[name]

    assert listed == known
