"""Whether the attributes of the SDK's models hold what the recorded JSON stands for.

What type a value should have is read from the document, not from the models: `format: decimal` is a Decimal of the same
digits, `date-time` and `unix-time` are aware times in UTC, a relationship leads to the record it names.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from store_credit import UNSET, MissingFieldError, Model, Resource
from store_credit_mock.contract.document import join
from store_credit_tools.replay.differences import Difference, as_list, as_object, compare, pointer, shown
from store_credit_tools.replay.sdk.expectations import Promises

__all__ = ["Values", "given_back"]

SIDE = "value"
_NOTHING = object()


@dataclass(frozen=True)
class Values:
    """Compares the records of one response.

    Attributes:
        promises: The document.
        answer: Where the schema of the response stands.
        body: The recorded response.
    """

    promises: Promises
    answer: str
    body: Mapping[str, Any]

    def resource(self, record: Any, wire: Any, where: str) -> Iterator[Difference]:
        """Compare a JSON:API resource: id and type, every attribute, every relationship."""
        if not isinstance(record, Resource) or not isinstance(wire, Mapping):
            yield Difference(SIDE, where, f"reads as {_kind(record)} where {shown(wire)} was recorded")
            return
        members = as_object(wire)
        for name in ("id", "type"):
            yield from compare(SIDE, pointer(where, name), members.get(name), getattr(record, name, None))
        kind = self.promises.resources(self.answer).get(str(members.get("type")))
        schemas = {} if kind is None else self.promises.properties(kind)
        yield from self._attributes(record, members.get("attributes"), schemas.get("attributes"), where)
        yield from self._relationships(record, members.get("relationships"), schemas.get("relationships"), where)

    def record(self, record: Any, wire: Any, schema: str, where: str) -> Iterator[Difference]:
        """Compare a plain JSON object with its model."""
        if not isinstance(record, Model) or not isinstance(wire, Mapping):
            yield Difference(SIDE, where, f"reads as {_kind(record)} where {shown(wire)} was recorded")
            return
        known = self.promises.properties(schema)
        for name, value in as_object(wire).items():
            yield from self._value(getattr(record, name, _NOTHING), value, known.get(name), pointer(where, name))

    def _attributes(self, record: Resource, wire: Any, schema: str | None, where: str) -> Iterator[Difference]:
        attributes = as_object(wire)
        known = {} if schema is None else self.promises.properties(schema)
        place = pointer(where, "attributes")
        for name, value in attributes.items():
            # An attribute the document does not name may be called as something every model has.
            if name in known or not hasattr(type(record), name):
                yield from self._value(getattr(record, name, _NOTHING), value, known.get(name), pointer(place, name))
        if schema is None or not isinstance(wire, Mapping):
            return
        promised = self.promises.document.at(schema).get("x-always-present", [])
        for name in known:
            if name not in attributes:
                yield from self._absent(record, name, pointer(place, name), raises=name in promised)

    def _absent(self, record: Resource, name: str, where: str, *, raises: bool) -> Iterator[Difference]:
        """What the response left out: an error if the server always sends it unless asked for less, else UNSET."""
        try:
            value = getattr(record, name)
        except MissingFieldError:
            if not raises:
                yield Difference(SIDE, where, "reading it raises MissingFieldError, though a response may lack it")
        except AttributeError:
            # A response that gives it another type than the document's makes it a record without declared fields.
            if type(record) is not Resource:
                raise
        else:
            if value is not UNSET or raises:
                yield Difference(SIDE, where, f"reads as {shown(value)} though nothing was recorded")

    def _relationships(self, record: Resource, wire: Any, schema: str | None, where: str) -> Iterator[Difference]:
        known = {} if schema is None else self.promises.properties(schema)
        for name in known if isinstance(wire, Mapping) else ():
            if name not in wire:
                yield from self._absent(record, name, pointer(where, "relationships", name), raises=True)
        for name, relationship in as_object(wire).items():
            # One the document does not name can be read from `to_dict()` only.
            if name not in known or "data" not in as_object(relationship):
                continue
            linkage = relationship["data"]
            place = pointer(where, "relationships", name, "data")
            related = getattr(record, name, _NOTHING)
            if isinstance(linkage, list):
                identifiers = as_list(linkage)
                if not isinstance(related, list):
                    yield Difference(SIDE, place, f"reads as {_kind(related)} where a list was recorded")
                    continue
                records = as_list(related)
                yield from compare(SIDE, place, len(identifiers), len(records))
                for number, (one, identifier) in enumerate(zip(records, identifiers, strict=False)):
                    yield from self._related(one, identifier, pointer(place, number))
            else:
                yield from self._related(related, linkage, place)

    def _related(self, record: Any, identifier: Any, where: str) -> Iterator[Difference]:
        """A related record is the included one, or knows at least its id and type."""
        if not isinstance(record, Resource):
            # What names no record is given back as it came.
            names_one = all(isinstance(as_object(identifier).get(name), str) for name in ("id", "type"))
            if names_one or compare(SIDE, where, identifier, record):
                yield Difference(SIDE, where, f"reads as {_kind(record)} where {shown(identifier)} was recorded")
            return
        wanted = as_object(identifier)
        for name in ("id", "type"):
            yield from compare(SIDE, pointer(where, name), wanted.get(name), getattr(record, name, None))
        included = self._find(wanted)
        if included is not None:
            yield from compare(SIDE, where, included, given_back(record))

    def _find(self, identifier: Mapping[str, Any]) -> Mapping[str, Any] | None:
        """The whole record a resource identifier stands for, if it is in the response."""
        data: Any = self.body.get("data")
        for one in [data, *as_list(data), *as_list(self.body.get("included"))]:
            record = as_object(one)
            if (record.get("type"), record.get("id")) == (identifier.get("type"), identifier.get("id")):
                return record
        return None

    def _value(self, value: Any, wire: Any, schema: str | None, where: str) -> Iterator[Difference]:
        if value is _NOTHING:
            yield Difference(SIDE, where, f"cannot be read; {shown(wire)} was recorded")
            return
        branches = [] if schema is None else self.promises.branches(schema)
        if isinstance(wire, Mapping) and isinstance(value, Model):
            fitting = [one for one in branches if not self.promises.validator.open.check_value(one, wire)] or branches
            if fitting:
                yield from self.record(value, wire, fitting[0], where)
            yield from compare(SIDE, where, wire, value.to_dict())
            return
        if isinstance(wire, list) and isinstance(value, list) and len(branches) == 1:
            items = self.promises.document.at(branches[0]).get("items")
            wires, values = as_list(wire), as_list(value)
            yield from compare(SIDE, where, len(wires), len(values))
            inner = None if items is None else join(branches[0], "items")
            for number, (one, other) in enumerate(zip(values, wires, strict=False)):
                yield from self._value(one, other, inner, pointer(where, number))
            return
        form = None if schema is None else self.promises.format(schema)
        meant = _meant(form, wire)
        if meant is None:
            yield from compare(SIDE, where, wire, value)
        elif not _is_the_same(value, meant):
            yield Difference(SIDE, where, f"reads as {shown(value)} where {shown(wire)} was recorded")


def given_back(record: Any) -> Any:
    """The JSON a record came as; what is not a record stands for itself."""
    return record.to_dict() if isinstance(record, Model) else record


def _meant(form: str | None, wire: Any) -> Decimal | datetime | None:
    """What a value of a format stands for, or None if it stands for itself."""
    try:
        if form == "decimal" and isinstance(wire, str | int | Decimal) and not isinstance(wire, bool):
            return Decimal(wire)
        if form == "date-time" and isinstance(wire, str):
            moment = datetime.fromisoformat(wire)
            return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
        if form == "unix-time" and isinstance(wire, int) and not isinstance(wire, bool):
            return datetime.fromtimestamp(wire, UTC)
    except (ArithmeticError, OSError, ValueError):
        return None
    return None


def _is_the_same(value: Any, meant: Decimal | datetime) -> bool:
    if isinstance(value, datetime) and value.utcoffset() != timedelta(0):
        return False
    return type(value) is type(meant) and value == meant


def _kind(value: object) -> str:
    return "nothing" if value is _NOTHING else f"a {type(value).__name__}"
