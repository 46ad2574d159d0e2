"""Records as fields of pydantic's models, and in FastAPI as bodies and responses. Imported by pydantic's own call."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, cast

from store_credit._core.json_values import described

__all__ = ["core_schema", "json_schema"]


def core_schema(model: type[Any]) -> Any:
    """Describe a model to pydantic: validated from its JSON object or from a record, written as its JSON object."""
    # The package does not depend on pydantic: whoever calls this has it.
    from pydantic_core import core_schema as pydantic

    return pydantic.no_info_plain_validator_function(
        _validator(model),
        serialization=pydantic.plain_serializer_function_ser_schema(model.to_dict),
    )


def _validator(model: type[Any]) -> Callable[[Any], Any]:
    def validate(value: Any) -> Any:
        if isinstance(value, model):
            return value
        if not isinstance(value, Mapping):
            raise ValueError(f"a {model.__name__} must be created from a JSON object, not from {described(value)}")
        # As strict as the client is with a response.
        record = model.from_dict(cast("Mapping[str, Any]", value))
        record._validate()
        return record

    return validate


def json_schema(model: type[Any]) -> dict[str, Any]:
    """Write the JSON Schema of a model's JSON object, for the pages FastAPI makes."""
    fields, optional, wire = model._fields, model._optional | model._sparse, model._wire
    members = {wire.get(name, name): dict(codec.schema) for name, codec in fields.items()}
    required = sorted({wire.get(name, name) for name in fields.keys() - optional})
    schema: dict[str, Any] = {"title": model.__name__, "type": "object"}
    if model._is_resource:
        identifier = {name: members.pop(name) for name in ("id", "type")}
        attributes = {"type": "object", "properties": members}
        return schema | {
            "properties": identifier | {"attributes": attributes, "relationships": {"type": "object"}},
            "required": list(identifier),
        }
    return schema | {"properties": members, "required": required}
