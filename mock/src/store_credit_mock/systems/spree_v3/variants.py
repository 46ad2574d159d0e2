"""What a shop sells: variants with a price per currency."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import orjson

from store_credit_mock.systems.call import Call
from store_credit_mock.systems.spree_v3.tables import next_id

__all__ = ["Variant", "add", "find", "name_of"]

_FIND: Final = "SELECT id, name, slug, prices FROM spree_v3_variant WHERE sandbox = ? AND id = ?"


@dataclass(frozen=True, slots=True)
class Variant:
    """A row; prices are ten-thousandths by currency."""

    id: int
    name: str
    slug: str
    prices: Mapping[str, int]


def find(call: Call, number: int) -> Variant | None:
    """A variant by its number."""
    row = call.db.one(_FIND, (call.sandbox.name, number))
    return None if row is None else Variant(row[0], row[1], row[2], orjson.loads(row[3]))


def name_of(call: Call, number: int) -> str:
    """What a variant is called; empty for one that is gone."""
    found = find(call, number)
    return "" if found is None else found.name


def add(call: Call, name: str, prices: Mapping[str, int]) -> Variant:
    """Offer something at prices in ten-thousandths by currency."""
    slug = "-".join("".join(letter if letter.isalnum() else " " for letter in name.lower()).split())
    variant = Variant(next_id(call, "variant"), name, slug, prices)
    call.db.run(
        "INSERT INTO spree_v3_variant (sandbox, id, name, slug, prices) VALUES (?, ?, ?, ?, ?)",
        (call.sandbox.name, variant.id, name, slug, orjson.dumps(dict(prices)).decode()),
    )
    return variant
