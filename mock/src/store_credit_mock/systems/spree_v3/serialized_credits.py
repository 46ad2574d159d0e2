"""Credits as JSON that was made and checked before: see `contract.serialization_cache`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from store_credit_mock.contract import Schema, SerializedPage, SerializedRecord
from store_credit_mock.storage import Row
from store_credit_mock.systems.call import Call
from store_credit_mock.systems.spree_v3 import categories, serializers, store_credits
from store_credit_mock.systems.spree_v3.profiles import profile_of
from store_credit_mock.systems.spree_v3.state import state_of
from store_credit_mock.systems.spree_v3.store_credits import Credit

__all__ = ["alone", "page"]

Show = Callable[[Call, Credit], dict[str, Any]]
"""Serializes a credit: as the admin side sees it, or its owner."""


def alone(call: Call, credit: Credit, show: Show) -> SerializedRecord | dict[str, Any]:
    """One credit, as far as `fields` and `expand` leave it."""
    schema = _schema(call)
    found = None if schema is None else _records(call, [store_credits.row(credit)], schema, show)
    return serializers.chosen_fields(call, show(call, credit)) if found is None else found[0]


def page(call: Call, rows: Sequence[Row], envelope: dict[str, Any], show: Show) -> SerializedPage | dict[str, Any]:
    """A page of credits.

    Args:
        call: The request.
        rows: In the order of `store_credits.COLUMNS`.
        envelope: The whole body with `data` empty, which comes first.
        show: Serializes a credit.
    """
    whole = _schema(call)
    schema = None if whole is None else whole.items
    found = None if schema is None else _records(call, rows, schema, show)
    if found is not None and schema is not None:
        return SerializedPage(envelope, found, schema)
    records = map(store_credits.read, rows)
    return {**envelope, "data": [serializers.chosen_fields(call, show(call, credit)) for credit in records]}


def _schema(call: Call) -> Schema | None:
    """The schema of the response; None where its records are cut or grown, and so are none of the cache's."""
    sent = state_of(call).parameters(call)
    if call.operation is None or sent.get("fields") or sent.get("expand"):
        return None
    return call.operation.schema(200, "application/json")


def _records(call: Call, rows: Sequence[Row], schema: Schema, show: Show) -> list[SerializedRecord] | None:
    """The records by everything they depend on: version, locale, row, and the name of the category."""
    version = profile_of(call)
    world = (show.__name__, version.name, state_of(call).numbers(call))
    if not version.categories:
        keys = [(world, row, None) for row in rows]
    else:
        found = {number: categories.find(call, number) for number in {row[3] for row in rows}}
        names = {number: None if one is None else one.name for number, one in found.items()}
        keys = [(world, row, names[row[3]]) for row in rows]
    return schema.cache.get_all(keys, lambda key: show(call, store_credits.read(key[1])))
