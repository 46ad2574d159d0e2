"""What an OpenAPI document is made of: which kind of object stands where, and what each must look like to be read."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, Final, cast

from store_credit_mock.contract.document_text import escape, unescape

__all__ = ["METHODS", "SECTIONS", "at", "walk"]

METHODS: Final = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
"""What a path item may have an operation for."""

SECTIONS: Final = {
    "callback": "callbacks",
    "example": "examples",
    "header": "headers",
    "link": "links",
    "parameter": "parameters",
    "path item": "pathItems",
    "request body": "requestBodies",
    "response": "responses",
    "schema": "schemas",
    "security scheme": "securitySchemes",
}
"""Where `components` keeps each kind of object that a `$ref` may stand for."""

_CONTENT: Final = {"schema": ("one", "schema"), "content": ("map", "media type"), "examples": ("map", "example")}
_MEMBERS: Final[dict[str, dict[str, tuple[str, str]]]] = {
    "document": {
        "info": ("one", "info"),
        "paths": ("map", "path item"),
        "webhooks": ("map", "path item"),
        "components": ("one", "components"),
        "servers": ("list", "server"),
        "security": ("list", "security requirement"),
        "tags": ("list", "tag"),
    },
    "components": {section: ("map", kind) for kind, section in SECTIONS.items()},
    "path item": {
        **dict.fromkeys(METHODS, ("one", "operation")),
        "parameters": ("list", "parameter"),
        "servers": ("list", "server"),
    },
    "operation": {
        "parameters": ("list", "parameter"),
        "requestBody": ("one", "request body"),
        "responses": ("map", "response"),
        "callbacks": ("map", "callback"),
        "security": ("list", "security requirement"),
        "servers": ("list", "server"),
    },
    "server": {"variables": ("map", "server variable")},
    "parameter": _CONTENT,
    "header": _CONTENT,
    "request body": {"content": ("map", "media type")},
    "response": {"headers": ("map", "header"), "content": ("map", "media type"), "links": ("map", "link")},
    "media type": {
        "schema": ("one", "schema"),
        "examples": ("map", "example"),
        "encoding": ("map", "encoding"),
    },
    "encoding": {"headers": ("map", "header")},
    "schema": {
        **dict.fromkeys(
            (
                "items", "contains", "additionalProperties", "unevaluatedProperties", "unevaluatedItems",
                "propertyNames", "if", "then", "else", "not", "contentSchema",
            ),
            ("one", "schema"),
        ),
        **dict.fromkeys(("oneOf", "anyOf", "allOf", "prefixItems"), ("list", "schema")),
        **dict.fromkeys(
            ("properties", "patternProperties", "dependentSchemas", "$defs", "definitions"), ("map", "schema")
        ),
        "discriminator": ("one", "discriminator"),
    },
    "discriminator": {"mapping": ("map", "text")},
}  # fmt: skip
_REFERRING: Final = frozenset(SECTIONS)
_FREE: Final = frozenset({"schema", "path item"})
"""What may have members beside `$ref`."""
_STATUS: Final = re.compile(r"[1-5](\d\d|XX)|default")
_MEDIA_TYPE: Final = re.compile(r"[!-~]+/[!-~]+(\s*;[ -~]*)?")
_PLACES: Final = ("query", "path", "header", "cookie")
_TYPES: Final = {dict: "a mapping", list: "a list", str: "a text", bool: "true or false", type(None): "nothing"}

Wrong = Callable[[str, str], Exception]
"""Makes the error for a place, which is a JSON pointer without `#/`, and for what is wrong there."""


def at(data: Any, pointer: str) -> Any:
    """Find what stands at a JSON pointer without `#/`, its steps escaped and not percent-encoded; None if nothing."""
    found: Any = data
    for step in pointer.split("/") if pointer else ():
        name = unescape(step)
        try:
            found = cast("Any", found[int(name)] if isinstance(found, list) else found[name])
        except (KeyError, IndexError, ValueError, TypeError):
            return None
    return found


def walk(root: Any, kind: str, place: str, wrong: Wrong) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Go through all objects from one on, each before those inside it, so that it may be changed when it comes.

    What says nothing where a list or mapping of objects is wanted (`parameters:` with nothing behind it) is taken away,
    an object that says nothing (`application/json:`) is made an empty one: both are common, and plain.

    Args:
        root: The first object.
        kind: What it is: `document`, `schema`, or another of `SECTIONS`.
        place: Where it stands, as a JSON pointer without `#/`.
        wrong: Makes the error that is raised where something is not built as OpenAPI says.

    Yields:
        Kind, place and the object. What is false or true as a schema is left out.
    """
    stack: list[tuple[Any, str, str]] = [(root, kind, place)]
    while stack:
        node, kind, place = stack.pop()
        if kind == "schema" and isinstance(node, bool):
            continue
        if kind == "text":
            if not isinstance(node, str):
                raise wrong(place, f"this must be a string, not {_type(node)}")
            continue
        if not isinstance(node, dict):
            raise wrong(place, f"{_article(kind)} is a mapping, not {_type(node)}")
        members = cast("dict[str, Any]", node)
        _check(kind, place, members, wrong)
        yield kind, place, members
        if kind not in _FREE and "$ref" in members:
            continue  # What stands there will be put in its place, or is elsewhere.
        stack.extend(reversed(list(_inner(kind, place, members, wrong))))


def _inner(kind: str, place: str, node: dict[str, Any], wrong: Wrong) -> Iterator[tuple[Any, str, str]]:
    known = _MEMBERS.get(kind, {})
    if kind == "callback":
        known = {name: ("one", "path item") for name in node if not name.startswith("x-")}
    for name in [name for name in node if name in known]:
        container, inner = known[name]
        value = node[name]
        below = f"{place}/{escape(name)}" if place else escape(name)
        if value is None and container != "one":
            del node[name]
        elif container == "one":
            if value is None:
                node[name] = {}
            yield node[name], inner, below
        elif container == "list":
            if not isinstance(value, list):
                raise wrong(below, f"{name} is a list, not {_type(value)}")
            yield from ((item, inner, f"{below}/{number}") for number, item in enumerate(cast("list[Any]", value)))
        else:
            if not isinstance(value, dict):
                raise wrong(below, f"{name} is a mapping, not {_type(value)}")
            members = cast("dict[str, Any]", value)
            for key in list(members):
                if key.startswith("x-") and inner in {"path item", "response"} and kind != "components":
                    continue
                if inner == "media type" and not _MEDIA_TYPE.fullmatch(key):
                    told = f"{key!r} is not a valid media type; use a media type such as application/json"
                    raise wrong(f"{below}/{escape(key)}", told)
                if members[key] is None and inner != "text":
                    members[key] = {}
                yield members[key], inner, f"{below}/{escape(key)}"


def _check(kind: str, place: str, node: dict[str, Any], wrong: Wrong) -> None:
    """See that a `$ref` is one, and that a parameter says what it is."""
    reference = node.get("$ref")
    if reference is not None and kind in _REFERRING:
        if not isinstance(reference, str):
            raise wrong(f"{place}/$ref", f"$ref must be a string, not {_type(reference)}")
        return
    if kind == "parameter":
        for name in ("name", "in"):
            if not isinstance(node.get(name), str):
                raise wrong(place, f"a parameter needs `{name}`")
        where = node["in"]
        if where in {"body", "formData"}:
            raise wrong(f"{place}/in", f"`in: {where}` belongs to Swagger 2.0; describe the body in `requestBody`")
        if where not in _PLACES:
            raise wrong(f"{place}/in", f"`in: {where}` is not valid for a parameter; use one of {', '.join(_PLACES)}")
        if not node["name"]:
            raise wrong(f"{place}/name", "the name of a parameter must not be empty")
        if "schema" not in node and "content" not in node:
            if "type" in node:
                raise wrong(f"{place}/type", "the type of a parameter belongs in its `schema`")
            node["schema"] = {}
    elif kind == "header":
        if "content" not in node:
            node.setdefault("schema", {})
    elif kind == "media type":
        node.setdefault("schema", {})
    elif kind == "request body":
        node.setdefault("content", {})
    elif kind == "operation":
        _check_statuses(place, node, wrong)
    elif kind == "security scheme":
        needed = {"apiKey": ("name", "in"), "http": ("scheme",)}.get(str(node.get("type")), ())
        for name in ("type", *needed):
            if not isinstance(node.get(name), str):
                raise wrong(place, f"a security scheme needs `{name}`")
    elif kind == "server" and not isinstance(node.get("url"), str):
        raise wrong(place, "a server needs `url`")


def _check_statuses(place: str, node: dict[str, Any], wrong: Wrong) -> None:
    responses = node.get("responses")
    for status in cast("dict[str, Any]", responses) if isinstance(responses, dict) else ():
        if not _STATUS.fullmatch(status) and not status.startswith("x-"):
            raise wrong(
                f"{place}/responses/{escape(status)}",
                f"{status} is not a valid status; use a number from 100 to 599, a range such as 2XX, or default",
            )


def _article(kind: str) -> str:
    return f"an {kind}" if kind[0] in "aeio" else f"a {kind}"


def _type(value: Any) -> str:
    return _TYPES.get(cast("type[Any]", type(value)), "a number")
