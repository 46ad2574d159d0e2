"""A value of the document as the bytes of a body, by its content type."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator
from typing import Any, Final, cast
from urllib.parse import urlencode
from xml.sax.saxutils import escape

import orjson

from store_credit_mock.contract.body import FORM, is_json

__all__ = ["encoded"]

_TEXTUAL: Final = ("text/", "application/xml", "application/javascript", "application/yaml", "application/x-ndjson")


def encoded(media_type: str, value: Any) -> bytes:
    """Write a value.

    JSON as JSON, a form as a form, XML by the names of the members. Where another content type has a text, that is sent
    as it is, or what it is in base64 for what is no text at all; anything else is sent as JSON.

    Args:
        media_type: With parameters or without.
        value: What JSON can say.
    """
    plain = media_type.partition(";")[0].strip().lower()
    if is_json(plain):
        return orjson.dumps(value)
    if isinstance(value, str):
        return value.encode() if plain.startswith(_TEXTUAL) or plain.endswith("+xml") else _decoded(value)
    if plain == FORM and isinstance(value, dict):
        return urlencode(list(_pairs(cast("dict[str, Any]", value)))).encode()
    if plain.endswith(("/xml", "+xml")):
        return ('<?xml version="1.0" encoding="UTF-8"?>\n' + "".join(_elements("root", value))).encode()
    return b"" if value is None else orjson.dumps(value)


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return text.encode()


def _pairs(members: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for name, value in members.items():
        for one in cast("list[Any]", value) if isinstance(value, list) else [value]:
            yield name, one if isinstance(one, str) else orjson.dumps(one).decode()


def _elements(name: str, value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for item in cast("list[Any]", value):
            yield from _elements(name, item)
        return
    yield f"<{name}>"
    if isinstance(value, dict):
        for key, inner in cast("dict[str, Any]", value).items():
            yield from _elements(key, inner)
    elif value is not None:
        yield escape(value if isinstance(value, str) else orjson.dumps(value).decode())
    yield f"</{name}>"
