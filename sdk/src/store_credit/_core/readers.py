"""How an answer becomes a result. Each gives a function of the answer; it raises ValueError for one it cannot read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

from store_credit._core import codec, fast
from store_credit._core.jsonapi import Document, Resource, Types
from store_credit._core.model import Model
from store_credit._core.pagination import PageData
from store_credit._core.response import Response

__all__ = ["document", "nothing", "page", "page_of_resources", "record"]

M = TypeVar("M", bound=Model)
R = TypeVar("R", bound=Resource)


def nothing(response: Response) -> None:
    """Read an answer without a body. One with a body comes from somebody else, such as a sign-in page."""
    if response.content:
        raise ValueError("a body came where none was promised")


def record(model: type[M]) -> Callable[[Response], M]:
    """Read one plain JSON object."""

    def read(response: Response) -> M:
        body = _object(codec.decode(response.content))
        if "id" in model._fields and not isinstance(body.get("id"), str):  # pyright: ignore[reportPrivateUsage]
            raise ValueError("the answer holds no record: it has no id")
        result = model.from_dict(body)
        result._response = response  # pyright: ignore[reportPrivateUsage]
        return result

    return read


def page(model: type[Model]) -> Callable[[Response], PageData]:
    """Read a list of plain JSON objects."""

    def read(response: Response) -> PageData:
        quick = fast.page(model, response.content)
        if quick is not None:
            return PageData(quick[0], quick[1], response, None)
        body = _object(codec.decode(response.content))
        return PageData(body, [model.from_dict(item) for item in _list(body)], response, None)

    return read


def document(model: type[R], types: Types, *, created: bool = False) -> Callable[[Response], R]:
    """Read a JSON:API document of one resource. `created`: another kind of resource is no answer to a create."""

    def read(response: Response) -> R:
        body = _object(codec.decode(response.content))
        data = body.get("data")
        if not codec.is_object(data):
            raise ValueError("the document has no object under 'data'")
        if not isinstance(data.get("id"), str) or not isinstance(data.get("type"), str):
            raise ValueError("the document holds no record: its data has no id or no type")
        if created and types[data["type"]] is not model:
            raise ValueError(f"the document holds a record of the type {data['type']!r}, not the one created")
        opened = Document(body, types)
        result = model.from_resource(data, opened)
        opened.primary = [result]
        result._response = response  # pyright: ignore[reportPrivateUsage]
        return result

    return read


def page_of_resources(model: type[Resource], types: Types) -> Callable[[Response], PageData]:
    """Read a JSON:API document of a list."""

    def read(response: Response) -> PageData:
        quick = fast.resources(model, types, response.content)
        if quick is not None:
            return PageData(quick[0], quick[1].primary, response, quick[1])
        body = _object(codec.decode(response.content))
        opened = Document(body, types)
        opened.primary = [model.from_resource(item, opened) for item in _list(body)]
        return PageData(body, opened.primary, response, opened)

    return read


def _object(body: Any) -> dict[str, Any]:
    if not isinstance(body, dict):
        raise ValueError(f"the body is a JSON {type(body).__name__}, not an object")
    return cast("dict[str, Any]", body)


def _list(body: dict[str, Any]) -> list[Any]:
    data = body.get("data")
    if not isinstance(data, list):
        raise ValueError("the body has no list under 'data'")
    return cast("list[Any]", data)
