"""A value of the document as the bytes of a body, by its content type."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import Any, cast
from urllib.parse import urlencode

import orjson

from store_credit_mock.contract.body import FORM, is_json

__all__ = ["encoded"]


def encoded(media_type: str, value: Any) -> bytes:
    """Write a value.

    JSON as JSON, a form as a form, XML by the names of the members. Of any other content type a text is sent as it is,
    and anything else as JSON.

    Args:
        media_type: With parameters or without.
        value: What JSON can say.
    """
    plain = media_type.partition(";")[0].strip().lower()
    if is_json(plain):
        return orjson.dumps(value)
    if isinstance(value, str):
        return value.encode()
    if plain == FORM and isinstance(value, dict):
        return urlencode(list(_pairs(cast("dict[str, Any]", value)))).encode()
    if plain.endswith(("/xml", "+xml")):
        return ('<?xml version="1.0" encoding="UTF-8"?>\n' + "".join(_elements("root", value))).encode()
    return b"" if value is None else orjson.dumps(value)


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
        yield escape(value if isinstance(value, str) else orjson.dumps(value).decode(), quote=False)
    yield f"</{name}>"
