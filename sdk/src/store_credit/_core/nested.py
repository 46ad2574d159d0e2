"""Fields that are records themselves."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

from store_credit._core.fields import Codec
from store_credit._core.json_values import copied, is_object
from store_credit._core.model import Model

__all__ = ["Later", "later", "marked", "one_of", "tagged"]


class Later:
    """A model that leads back to the one it is a field of, so that it cannot be imported before that is made."""

    __slots__ = ("_found", "_module", "_name")

    def __init__(self, module: str, name: str) -> None:
        self._module = module
        self._name = name
        self._found: type[Model] | None = None

    @property
    def model(self) -> type[Model]:
        """The model itself."""
        if self._found is None:
            self._found = getattr(import_module(self._module), self._name)
            assert self._found is not None
        return self._found


def later(module: str, name: str) -> Later:
    """Name a model of a module that is imported when a value of it is first read."""
    return Later(module, name)


def one_of(model: type[Model] | Later) -> Codec:
    """Make a codec for an object of a model, or a plain value such as an id in its place."""

    def kind() -> type[Model]:
        return model.model if isinstance(model, Later) else model

    def read(value: Any) -> Any:
        return kind()._decode(value) if is_object(value) else value  # pyright: ignore[reportPrivateUsage]

    def given(value: Any) -> Any:
        if is_object(value) and "additional_properties" in value:
            return kind()(**value)
        return read(copied(value)) if is_object(value) else value

    return Codec(
        read,
        lambda value: value.to_dict() if isinstance(value, Model) else value,
        "an object",
        schema={"type": ["object", "string"]},
        given=given,
    )


def tagged(member: str, models: Mapping[str | int, type[Model] | Later], other: type[Model] | Later = Model) -> Codec:
    """Make a codec for an object of one of several models, or a plain value in its place.

    Args:
        member: The member of the object that says which it is.
        models: The model by the values of that member.
        other: The model of an object whose member has another value.
    """
    codecs = {tag: one_of(model) for tag, model in models.items()}
    rest = one_of(other)

    def chosen(value: Any) -> Codec:
        tag = value.get(member) if is_object(value) else None
        return codecs.get(tag, rest) if isinstance(tag, str | int) else rest

    return _chosen(chosen, rest)


def marked(models: Mapping[str, type[Model] | Later], other: type[Model] | Later = Model) -> Codec:
    """Make a codec for an object of one of several models, or a plain value in its place.

    Args:
        models: The model by the member that its objects alone have.
        other: The model of an object that has none of these members.
    """
    codecs = {name: one_of(model) for name, model in models.items()}
    rest = one_of(other)

    def chosen(value: Any) -> Codec:
        found = (codec for name, codec in codecs.items() if name in value) if is_object(value) else ()
        return next(iter(found), rest)

    return _chosen(chosen, rest)


def _chosen(chosen: Callable[[Any], Codec], rest: Codec) -> Codec:
    return Codec(
        lambda value: chosen(value).read(value),
        rest.write,
        "an object",
        schema={"type": ["object", "string"]},
        given=lambda value: chosen(value).given(value),
    )
