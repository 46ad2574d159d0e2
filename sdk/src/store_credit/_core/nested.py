"""Fields that are records themselves."""

from __future__ import annotations

from typing import Any

from store_credit._core.fields import Codec
from store_credit._core.json_values import copied, is_object
from store_credit._core.model import Model

__all__ = ["one_of"]


def one_of(*models: type[Model]) -> Codec:
    """Make a codec for an object of one of several models, or a plain value such as an id in its place."""
    model = models[0]
    decode = model._decode  # pyright: ignore[reportPrivateUsage]

    def given(value: Any) -> Any:
        if is_object(value) and "additional_properties" in value:
            return model(**value)
        return decode(copied(value)) if is_object(value) else value

    return Codec(
        lambda value: decode(value) if is_object(value) else value,
        lambda value: value.to_dict() if isinstance(value, Model) else value,
        "an object",
        schema={"type": ["object", "string"]},
        given=given,
    )
