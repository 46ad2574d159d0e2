"""What models are made with: relationships as attributes, and what attrs and cattrs find of a record."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, Self, TypeVar, cast, overload

import attrs

from store_credit._core.fields import READ_ERRORS, Codec
from store_credit._core.json_values import described, is_array, is_object

__all__ = ["AttrsName", "Related", "converted", "prepare"]

T = TypeVar("T")


class Related(Generic[T]):
    """A relationship as an attribute. It is followed each time it is read: most never are.

    Set to another record, it gives that one from then on; `to_dict()` keeps what the server sent.

    Args:
        member: The relationship's name in JSON, where that cannot be an attribute's.
    """

    __slots__ = ("_member", "_name")

    def __init__(self, member: str | None = None) -> None:
        self._member = member

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name
        self._member = self._member or name

    @overload
    def __get__(self, record: None, owner: type) -> Self: ...
    @overload
    def __get__(self, record: object, owner: type) -> T: ...
    def __get__(self, record: Any, owner: type) -> Any:
        if record is None:
            return self
        set_to = record._related
        if set_to is not None and self._name in set_to:
            return set_to[self._name]
        try:
            linkage = record._raw["relationships"][self._member]["data"]
        except (LookupError, TypeError):
            # Python asks Resource.__getattr__ next, which says why.
            raise AttributeError(self._name) from None
        document = record._document or record._alone()
        if type(linkage) is list:
            find = document.find
            return [find(one) for one in cast("list[Any]", linkage)]
        return document.find(linkage)

    def __set__(self, record: Any, value: T) -> None:
        record._related = {**(record._related or {}), self._name: value}


class AttrsName(str):
    """The name of an attribute as attrs knows it.

    `attrs.asdict` and `attrs.evolve` ask for every attribute under its name, also for those that a response left out:
    asked for under a name of this class, an attribute that is absent is UNSET and not an error.
    """

    __slots__ = ()


def converted(label: str, codec: Codec, value: Any) -> Any:
    """Read a value that is passed as JSON; give back any other.

    Raises:
        ValueError: The field is strict, and the value is not valid.
    """
    if not isinstance(value, str | int | float) and not is_object(value) and not is_array(value):
        return value
    try:
        return codec.given(value)
    except READ_ERRORS:
        if codec.strict:
            raise ValueError(f"{label} is {described(value)}, not {codec.wanted}") from None
        return value


def prepare(kind: type, found: list[attrs.Attribute[Any]]) -> list[attrs.Attribute[Any]]:
    """Prepare the attributes of a model: attrs calls it as the class's `field_transformer`."""
    fields: dict[str, Codec] = kind.__dict__.get("_fields", {})

    def converter(name: str) -> Callable[[Any], Any]:
        return lambda value: converted(f"{kind.__name__}.{name}", fields[name], value)

    kept: list[attrs.Attribute[Any]] = []
    for one in found:
        default: Any = one.default
        if isinstance(default, Related):
            # Declared as an attribute for type checkers. To attrs it is none: it may lead back to the record.
            setattr(kind, one.name, default)
            continue
        own = converter(one.name) if one.name in fields else cast("Any", one).converter
        # Of type Any, a value is left to the converter by cattrs, which has no rule for most of our types.
        # attrs would drop the underscore of `_links` from the argument's name, which may be another attribute's.
        kept.append(one.evolve(name=AttrsName(one.name), alias=one.name, type=Any, converter=own))
    return kept
