"""How a response becomes a result. Each gives a function of the response, which raises ValueError if it is not valid.

What an operation returns is checked here: every record is an object with an id, and a member that is money, an id or a
currency is of its type. What is included with it is not; see `Model`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from email.message import Message
from typing import Any, TypeVar

from store_credit._core import codec
from store_credit._core.fields import READ_ERRORS, Codec
from store_credit._core.json_values import described, is_array, is_object
from store_credit._core.jsonapi import Document, Resource, Types
from store_credit._core.model import Model
from store_credit._core.pagination import PageData
from store_credit._core.response import Response

__all__ = [
    "by_status",
    "content",
    "document",
    "nothing",
    "page",
    "page_of_resources",
    "record",
    "records",
    "text",
    "value",
]

M = TypeVar("M", bound=Model)
R = TypeVar("R", bound=Resource)


def nothing(response: Response) -> None:
    """Read a response without a body. One with a body comes from something in between, such as a sign-in page."""
    if response.content:
        raise ValueError("the response has a body, but none is documented")


def text(response: Response) -> str:
    """Read text, in the charset that the response names, else as UTF-8."""
    said = Message()
    said["content-type"] = response.headers.get("content-type", "")
    try:
        return response.content.decode(str(said.get_param("charset", "utf-8")), "replace")
    except LookupError:
        return response.text


def content(response: Response) -> bytes:
    """Read the bytes as they are."""
    return response.content


def by_status(readers: Mapping[int, Callable[[Response], Any]]) -> Callable[[Response], Any]:
    """Read a response by its status, or by the first digit of it; 0 stands for any other."""

    def read(response: Response) -> Any:
        status = response.status_code
        chosen = readers.get(status) or readers.get(status // 100) or readers.get(0)
        if chosen is None:
            raise ValueError(f"the OpenAPI document defines no response with the status {status}")
        return chosen(response)

    return read


def value(field: Codec, kinds: Any = object) -> Callable[[Response], Any]:
    """Read a JSON value that is not one record or a list of such. Records in it are as strictly valid as elsewhere.

    Args:
        field: Reads it.
        kinds: The Python types that the decoded value may have, as `isinstance` takes them.
    """

    def read(response: Response) -> Any:
        body = codec.decode(response.content)
        if not isinstance(body, kinds):
            raise ValueError(f"the body is {described(body)}, which is not the documented type")
        try:
            result = field.read(body)
        except READ_ERRORS:
            raise ValueError(f"the body is {described(body)}, not {field.wanted}") from None
        for place, one in _models_in(result, ""):
            try:
                one._validate()  # pyright: ignore[reportPrivateUsage]
            except ValueError as error:
                raise ValueError(f"{place}: {error}" if place else str(error)) from error
            one._response = response  # pyright: ignore[reportPrivateUsage]
        return result

    return read


def _models_in(result: Any, place: str) -> Iterator[tuple[str, Model]]:
    if isinstance(result, Model):
        yield place, result
    elif is_array(result):
        for index, one in enumerate(result):
            yield from _models_in(one, f"{place}[{index}]")
    elif is_object(result):
        for name, one in result.items():
            yield from _models_in(one, f"{place}.{name}" if place else name)


def record(model: type[M]) -> Callable[[Response], M]:
    """Read one plain JSON object."""

    def read(response: Response) -> M:
        result = model._decode(_object(response), strict=True)  # pyright: ignore[reportPrivateUsage]
        result._response = response  # pyright: ignore[reportPrivateUsage]
        return result

    return read


def records(model: type[M]) -> Callable[[Response], list[M]]:
    """Read a list of plain JSON objects that is the whole body."""

    def read(response: Response) -> list[M]:
        items = codec.decode(response.content)
        if not is_array(items):
            raise ValueError(f"the body is {described(items)}, not a list")
        results = _decoded(items, "", model, None)
        for one in results:
            one._response = response  # pyright: ignore[reportPrivateUsage]
        return results

    return read


def page(model: type[Model], meta: type[Model] | None = None) -> Callable[[Response], PageData]:
    """Read a list of plain JSON objects. `meta`: what the server says of the list."""

    def read(response: Response) -> PageData:
        body = _object(response)
        said = None
        if meta is not None:
            try:
                said = meta._decode(body.get("meta"), strict=True)  # pyright: ignore[reportPrivateUsage]
            except ValueError as error:
                raise ValueError(f"meta: {error}") from error
        return PageData(body, _records(body, model, None), response, None, said)

    return read


def document(model: type[R], types: Types, *, created: bool = False) -> Callable[[Response], R]:
    """Read a JSON:API document of one resource. `created`: another kind of resource is not the one created."""

    def read(response: Response) -> R:
        body = _object(response)
        data = body.get("data")
        if not is_object(data):
            raise ValueError(f"the JSON:API document has {described(data)} under 'data', not an object")
        opened = Document(body.get("included"), types)
        result = model._decode(data, strict=True, document=opened)  # pyright: ignore[reportPrivateUsage]
        if created and types[result.type] is not model:
            raise ValueError(
                f"the JSON:API document contains a record of type {result.type[:60]!r} instead of the one created"
            )
        opened.primary.append(result)
        result._response = response  # pyright: ignore[reportPrivateUsage]
        return result

    return read


def page_of_resources(model: type[Resource], types: Types) -> Callable[[Response], PageData]:
    """Read a JSON:API document of a list."""

    def read(response: Response) -> PageData:
        body = _object(response)
        opened = Document(body.get("included"), types)
        opened.primary = _records(body, model, opened)
        return PageData(body, opened.primary, response, opened)

    return read


def _object(response: Response) -> dict[str, Any]:
    body = codec.decode(response.content)
    if not is_object(body):
        raise ValueError(f"the body is {described(body)}, not an object")
    return body


def _records(body: dict[str, Any], model: type[M], document: Document | None) -> list[M]:
    items = body.get("data")
    if not is_array(items):
        raise ValueError(f"the body has {described(items)} under 'data', not a list")
    return _decoded(items, "data", model, document)


def _decoded(items: list[Any], name: str, model: type[M], document: Document | None) -> list[M]:
    decode = model._decode  # pyright: ignore[reportPrivateUsage]
    try:
        return [decode(item, True, document) for item in items]
    except ValueError as error:
        place = next(index for index, item in enumerate(items) if _is_invalid(decode, item))
        raise ValueError(f"{name}[{place}]: {error}") from error


def _is_invalid(decode: Callable[..., Model], item: Any) -> bool:
    try:
        decode(item, True)
    except ValueError:
        return True
    return False
