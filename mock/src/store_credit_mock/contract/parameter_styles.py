"""What OpenAPI calls styles: how arrays and objects are written in one text, and how a text is taken apart again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

import orjson

from store_credit_mock.contract.body import is_json, media_type
from store_credit_mock.contract.text_schema import TextSchema

__all__ = ["QUERY_STYLES", "Reader", "Unreadable", "content_reader", "delimited", "reader_of"]

QUERY_STYLES: Final = {"form": ",", "spaceDelimited": " ", "pipeDelimited": "|"}
"""What stands between the items of an array that is one text in the query."""


class Unreadable:
    """Stands where a value could not be read at all.

    Attributes:
        keyword: `style`, or `json` of a parameter with content.
        expected: What the document asks for.
        got: The text.
        reason: A sentence.
    """

    __slots__ = ("expected", "got", "keyword", "reason")

    def __init__(self, keyword: str, expected: str, got: str, reason: str) -> None:
        self.keyword = keyword
        self.expected = expected
        self.got = got
        self.reason = reason


Reader = Callable[[str], Any]
"""Makes the value of a text; an `Unreadable` if it is none."""


def delimited(delimiter: str) -> Callable[[str], list[str]]:
    """Take texts apart at a delimiter."""

    def split(text: str) -> list[str]:
        return text.split(delimiter)

    return split


def _reader(name: str, schema: TextSchema, style: str, *, explode: bool) -> Reader:
    """Return what reads a parameter in the path or in a header.

    Args:
        name: Its name.
        schema: What it is read by.
        style: `simple`, `label` or `matrix`.
        explode: Whether each item and member is written on its own.

    Raises:
        KeyError: The style is not one of these.
    """
    if style == "simple" and not (schema.takes_lists or schema.takes_objects):
        return schema.scalar
    read: Callable[[str, TextSchema, str, bool], Any] = {"simple": _simple, "label": _label, "matrix": _matrix}[style]
    return lambda text: read(text, schema, name, explode)


def content_reader(kind: str, schema: TextSchema) -> Reader:
    """Return what reads a parameter whose content has a media type: JSON by its rules, everything else as text."""
    if not is_json(media_type(kind.encode())):
        return schema.scalar

    def read(text: str) -> Any:
        try:
            return orjson.loads(text)
        except orjson.JSONDecodeError as error:
            return Unreadable("json", kind, text, f"the value is not valid JSON: {error}")

    return read


def _simple(text: str, schema: TextSchema, name: str, explode: bool) -> Any:
    del name
    if schema.takes_objects and explode:
        members = _pairs(text.split(","))
        if members is not None:
            return schema.object(members)
    return _value(schema, [text], _comma_list)


def _label(text: str, schema: TextSchema, name: str, explode: bool) -> Any:
    if not text.startswith("."):
        return _unlike("label", name, f".{name}", text)
    inner = text[1:]
    if schema.takes_objects and explode:
        members = _pairs(inner.split("."))
        if members is not None:
            return schema.object(members)
    # OpenAPI showed points until 3.1.0 where RFC 6570 has commas; both are in use.
    return _value(schema, [inner], delimited("." if explode or "," not in inner else ","))


def _matrix(text: str, schema: TextSchema, name: str, explode: bool) -> Any:
    if not text.startswith(";"):
        return _unlike("matrix", name, f";{name}=", text)
    parts = [part.partition("=") for part in text[1:].split(";")]
    if schema.takes_objects and explode and (len(parts) > 1 or parts[0][0] != name):
        return schema.object((key, value) for key, _, value in parts)
    if any(key != name for key, _, _ in parts) and not (explode and text == ";"):
        return _unlike("matrix", name, f";{name}=", text)
    return _value(schema, [value for _, _, value in parts], None if explode else _comma_list)


def _value(schema: TextSchema, texts: list[str], split: Callable[[str], list[str]] | None) -> Any:
    """Read a text that may be an array; of an empty one nothing is left."""
    return [] if texts == [""] and schema.takes_lists and not schema.takes_scalars else schema.value(texts, split)


def _comma_list(text: str) -> list[str]:
    return [part.strip(" \t") for part in text.split(",")]


def _pairs(parts: list[str]) -> list[tuple[str, str]] | None:
    """Read `x=1` of each part; None if one is not of this form."""
    found = [part.partition("=") for part in parts]
    return [(key.strip(), value.strip()) for key, _, value in found] if all(mark for _, mark, _ in found) else None


def _unlike(style: str, name: str, example: str, text: str) -> Unreadable:
    return Unreadable("style", style, text, f"{name} must be written in the style {style}, as in {example}...")


def reader_of(definition: Mapping[str, Any], schema: TextSchema, name: str, default: str) -> Reader:
    """Return what reads a parameter or a header as its definition says."""
    content: Mapping[str, Any] = definition.get("content") or {}
    for kind in content:
        return content_reader(kind, schema)
    return _reader(name, schema, definition.get("style", default), explode=bool(definition.get("explode", False)))
