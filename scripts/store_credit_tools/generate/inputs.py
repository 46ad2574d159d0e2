"""Arguments of methods: the parameters of an operation and the members of its body, and how each is written."""

from __future__ import annotations

import keyword
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from openapi_python_client.parser.properties.any import AnyProperty
from openapi_python_client.parser.properties.list_property import ListProperty
from openapi_python_client.parser.properties.protocol import PropertyProtocol

from store_credit_tools.generate.errors import Node
from store_credit_tools.generate.formatting import quoted
from store_credit_tools.generate.names import member_name, parameter_name
from store_credit_tools.generate.parsed import Parsed, is_nullable, json_types, options
from store_credit_tools.generate.security import TOKEN

__all__ = ["Argument", "Parameter", "form_member", "is_reserved", "member", "parameter", "part", "scalar", "whole_body"]

_INPUTS = {
    "str": ("str", "text"),
    "int": ("int", "integer"),
    "bool": ("bool", "boolean"),
    "float": ("int | float | Decimal", "number"),
    "dict": ("Mapping[str, Any]", "mapping"),
    "list": ("Sequence[Any]", "sequence"),
    "str int": ("str | int", "identifier"),
    "int str": ("str | int", "identifier"),
    "decimal": ("int | str | Decimal", "decimal"),
    "unix-time": ("datetime | int", "unix_time"),
    "date-time": ("datetime | str", "date_time"),
    "date": ("date | str", "date_text"),
}
"""By the format or the types of a member of the body: its annotation, and the function that validates and writes it."""

_TEXTS = {
    "int": ("int", "query_integer"),
    "bool": ("bool", "query_text"),
    "float": ("int | float | Decimal", "query_number"),
    "str": ("str", "query_text"),
    "unix-time": ("datetime | int", "query_unix_time"),
    "date-time": ("datetime | str", "query_text"),
    "date": ("date | str", "query_date"),
    "decimal": ("int | str | Decimal", "query_text"),
}
"""The same for a value that is written as text, as parameters and the members of forms are."""

_OBJECTS = {"fields": "Mapping[str, Sequence[str] | str]", "object": "Mapping[str, FilterValue]"}
"""Annotations of objects in a query, by their style."""

_JOINED = {"form": "query_list", "spaceDelimited": "query_spaced", "pipeDelimited": "query_piped", "simple": "joined"}


@dataclass(frozen=True)
class Argument:
    """One argument of a method.

    `local` is its name where the request is built, `location` is `path`, `query`, `header`, `cookie` or `body`;
    `encoder` names the function of `_core.arguments`, or with its module of `bodies`, that validates and writes it,
    `more` what that takes beside value
    and name. `style` says how a query parameter is laid out: `text`, `list`, `repeated`, `object`, `spread` or
    `fields`.
    """

    name: str
    wire: str
    location: str
    annotation: str
    encoder: str
    required: bool
    nullable: bool
    description: str
    style: str = "text"
    more: str = ""
    local: str = ""
    deprecated: bool = False

    @property
    def code(self) -> str:
        """Python that validates and writes the argument."""
        # Errors name the argument; the labels of an object's members are built on its name in JSON.
        name = self.wire if self.style in ("object", "fields") else self.name
        value = self.local or self.name
        module = "" if "." in self.encoder else "arguments."
        return f"{module}{self.encoder}({value}, {quoted(name)}{self.more})" if self.encoder else value


class Parameter(NamedTuple):
    """A parameter as the document has it, and what the tool made of its schema."""

    node: Node
    parsed: PropertyProtocol

    @property
    def key(self) -> tuple[str, str]:
        """Its place and its name."""
        return str(self.node["in"]), str(self.node["name"])


def form(parsed: Parsed, one: PropertyProtocol) -> str:
    """The format of a value, also where it may be null."""
    several = options(one)
    return parsed.format(one) or (parsed.format(several[0]) if len(several) == 1 else "")


def scalar(parsed: Parsed, one: PropertyProtocol) -> tuple[str, str]:
    """Annotation and encoder of a value that is written as text."""
    types, how = json_types(one), form(parsed, one)
    if how in _TEXTS and not (how == "unix-time" and types != ["int"]):
        return _TEXTS[how]
    if len(types) == 1 and types[0] in _TEXTS:
        return _TEXTS[types[0]]
    known = {"float": "int | float | Decimal", "int": "int", "bool": "bool"}
    annotation = " | ".join(dict.fromkeys(known.get(one, "str") for one in types)) or "str"
    return annotation, "query_number" if set(types) == {
        "int",
        "float",
    } else "query_any" if "float" in types else "query_text"


def parameter(parsed: Parsed, given: Parameter, taken: frozenset[str]) -> Argument:
    """Read a parameter.

    Raises:
        ValueError: It is laid out in a way that the SDK does not write.
    """
    node, one = given
    location, wire = given.key
    described, required = str(node.get("description", "")), bool(node.get("required")) or location == "path"
    name = str(node.get("x-argument") or parameter_name(wire, location, taken))
    made = Argument(
        name, wire, location, "str", "query_text", required, False, described, deprecated=bool(node.get("deprecated"))
    )
    if location not in ("path", "query", "header", "cookie"):
        raise ValueError(f"the parameter {wire} stands in {location!r}; write path, query, header or cookie")
    if location in ("header", "cookie") and not TOKEN.fullmatch(wire):
        raise ValueError(f"the parameter {wire!r} does not have a valid name of a {location}")
    media = next(iter(node.get("content") or {}), None)
    if media is not None and "schema" not in node:
        made = _content(made, one, media)
    else:
        made = _styled(parsed, made, one, node)
    return replace(made, annotation=made.annotation + ("" if required else " | None"))


def _content(made: Argument, one: PropertyProtocol, media: str) -> Argument:
    if "json" in media:
        annotation, _ = _INPUTS.get(" ".join(json_types(one)), ("Any", ""))
        return replace(made, annotation=annotation, **_in_place(made, "json_text", ""))
    if media.startswith("text/"):
        return replace(made, **_in_place(made, "query_text", ""))
    raise ValueError(
        f"the parameter {made.wire} has the content {media}; the SDK writes application/json and text/plain"
    )


def _in_place(made: Argument, encoder: str, more: str) -> dict[str, Any]:
    """A value that is one text, as it is written in its part of the request."""
    match made.location:
        case "query":
            return {"encoder": encoder, "more": more}
        case "header":
            plain = made.annotation == "str" and encoder == "query_text"
            # Its own function validates a text; others are written as text first.
            return {"encoder": "" if plain else encoder, "more": more}
        case place:
            return {"encoder": f"{place}_value", "more": f", arguments.{encoder}{more}"}


def _styled(parsed: Parsed, made: Argument, one: PropertyProtocol, node: Node) -> Argument:
    usual = "form" if made.location in ("query", "cookie") else "simple"
    style = str(node.get("style", usual))
    explode = bool(node.get("explode", style == "form"))
    lists = [each for each in options(one) if isinstance(each, ListProperty)]
    single = [each for each in options(one) if each not in lists]
    where = (made.location, style)
    if style in ("label", "matrix") and made.location == "path":
        return _prefixed(parsed, made, one, style, explode=explode)
    if lists:
        made = replace(made, annotation=f"{_sequence(parsed, lists[0].inner_property)} | str")
        item = _item(parsed, made, lists[0].inner_property)
        match where, explode:
            case ("query", "form" | "spaceDelimited" | "pipeDelimited"), True:
                return replace(made, encoder="query_repeated", style="repeated", more=item)
            case ("query", "form" | "spaceDelimited" | "pipeDelimited"), False:
                return replace(made, encoder=_JOINED[style], style="list", more=item)
            case (("path" | "header"), "simple"), _:
                return replace(made, encoder="path_list" if made.location == "path" else "header_list", more=item)
            case ("cookie", "form"), False:
                return replace(made, encoder="cookie_list", more=item)
            case _:
                pass
    elif json_types(one) == ["dict"] and single:
        made = replace(made, annotation=_OBJECTS.get("fields" if made.name == "fields" else "object", ""))
        # A float is refused beside amounts, which it would be taken for.
        members = parsed.properties(single[0]).values()
        numbers = ", arguments.query_any" if any(json_types(each) == ["float"] for each in members) else ""
        match where, explode:
            case ("query", "deepObject"), _:
                kind = "fields" if made.name == "fields" else "object"
                return replace(made, encoder=f"query_{kind}", style=kind, more="" if kind == "fields" else numbers)
            case ("query", "form"), True:
                return replace(
                    made, annotation=_OBJECTS["object"], encoder="query_spread", style="spread", more=numbers
                )
            case ("query", "form" | "spaceDelimited" | "pipeDelimited"), False:
                sign = {"form": ",", "spaceDelimited": " ", "pipeDelimited": "|"}[style]
                return replace(
                    made, annotation=_OBJECTS["object"], encoder="flat_object", style="list", more=f", {quoted(sign)}"
                )
            case (("path" | "header"), "simple"), _:
                more = ", equals=True" if explode else ""
                encoder = "path_object" if made.location == "path" else "header_object"
                return replace(made, annotation=_OBJECTS["object"], encoder=encoder, more=more)
            case _:
                pass
    elif style == usual:
        annotation, encoder = scalar(parsed, one)
        if made.location == "path":
            if annotation in ("str", "int", "str | int"):
                return replace(made, annotation="str | int", encoder="path_segment")
            return replace(made, annotation=annotation, encoder="path_value", more=f", arguments.{encoder}")
        if node.get("allowReserved") and made.location == "query":
            return replace(made, annotation=annotation, encoder="reserved", more=f", arguments.{encoder}")
        made = replace(made, annotation=annotation)
        return replace(made, **_in_place(made, encoder, ""))
    what = "a list" if lists else "an object" if json_types(one) == ["dict"] else "one value"
    raise ValueError(
        f"the parameter {made.wire} is {what} in the {made.location}, in the style {style}"
        f"{', exploded' if explode else ''}; write the style {usual}{'' if what == 'one value' else ', explode: false'}"
    )


def _prefixed(parsed: Parsed, made: Argument, one: PropertyProtocol, style: str, *, explode: bool) -> Argument:
    """A path parameter behind a `.` or a `;`."""
    lists = [each for each in options(one) if isinstance(each, ListProperty)]
    if json_types(one) == ["dict"] or not re.fullmatch(r"[A-Za-z0-9_.~-]+", made.wire):
        raise ValueError(
            f"the parameter {made.wire} is an object in the path, in the style {style}; use the style simple"
        )
    item = _item(parsed, made, lists[0].inner_property) if lists else f", arguments.{scalar(parsed, one)[1]}"
    annotation = f"{_sequence(parsed, lists[0].inner_property)} | str" if lists else scalar(parsed, one)[0]
    start = "." if style == "label" else f";{made.wire}="
    between = (start if explode else ",") if lists else ""
    more = f"{item or ', arguments.query_text'}, {quoted(start)}, {quoted(between)}"
    return replace(made, annotation=annotation, encoder="path_prefixed", more=more)


def _item(parsed: Parsed, made: Argument, items: PropertyProtocol) -> str:
    """How an item of a list is written, where not as most are."""
    if {"dict", "list"} & set(json_types(items)):
        raise ValueError(f"the parameter {made.wire} is a list of lists or objects; no style writes these")
    encoder = scalar(parsed, items)[1]
    return "" if encoder in ("query_text", "query_integer") else f", arguments.{encoder}"


def _sequence(parsed: Parsed, items: PropertyProtocol) -> str:
    schema = parsed.schema(items)
    closed: list[Any] = schema.get("enum", []) if json_types(items) == ["str"] else []
    known = [quoted(value) for value in schema.get("x-extensible-enum", closed) if isinstance(value, str)]
    if not known:
        return f"Sequence[{scalar(parsed, items)[0]}]"
    return f"Sequence[Literal[{', '.join(known)}]{' | str' if 'x-extensible-enum' in schema else ''}]"


def member(
    parsed: Parsed, body: PropertyProtocol | None, wire: str, one: PropertyProtocol, taken: frozenset[str]
) -> Argument:
    """Read a member of a JSON body."""
    annotation, encoder = _input(parsed, one)
    nullable = is_nullable(one)
    annotation += " | None" * nullable + " | Unset" * (not one.required)
    described = str(parsed.mark(body, wire, "description") or "")
    name = str(parsed.mark(body, wire, "x-argument") or member_name(wire, taken))
    deprecated = bool(parsed.mark(body, wire, "deprecated"))
    return Argument(name, wire, "body", annotation, encoder, one.required, nullable, described, deprecated=deprecated)


def _input(parsed: Parsed, one: PropertyProtocol) -> tuple[str, str]:
    types, how = json_types(one), form(parsed, one)
    usual = _INPUTS.get(" ".join(types), ("Any", "anything"))
    if how == "unix-time" and types != ["int"]:
        return usual
    return _INPUTS.get(how, usual)


def form_member(
    parsed: Parsed,
    body: PropertyProtocol,
    wire: str,
    one: PropertyProtocol,
    encoding: Mapping[str, Any],
    taken: frozenset[str],
) -> Argument:
    """Read a member of a body that is a form (OpenAPI 3.1, 4.8.14.4)."""
    said: Node = encoding.get(wire) or {}
    described = str(parsed.mark(body, wire, "description") or "")
    name = str(parsed.mark(body, wire, "x-argument") or member_name(wire, taken))
    deprecated = bool(parsed.mark(body, wire, "deprecated"))
    made = Argument(name, wire, "body", "str", "query_text", one.required, False, described, deprecated=deprecated)
    lists = [each for each in options(one) if isinstance(each, ListProperty)]
    complex_item = bool(lists) and bool({"dict", "list"} & set(json_types(lists[0].inner_property)))
    written = {"style", "explode", "allowReserved"} & set(said)
    if "json" in str(said.get("contentType", "")) or (
        not written and (json_types(one) == ["dict"] or complex_item or isinstance(one, AnyProperty))
    ):
        # What has members of its own is JSON, unless the document says how it is laid out.
        annotation, _ = _INPUTS.get(" ".join(json_types(one)), ("Any", ""))
        made = replace(made, annotation=annotation, encoder="json_text")
    else:
        node = {**said, "name": wire, "in": "query"}
        made = _styled(parsed, replace(made, location="query"), one, node)
    optional = "" if one.required else " | None"
    return replace(made, location="body", annotation=made.annotation + optional)


def part(
    parsed: Parsed,
    body: PropertyProtocol,
    wire: str,
    one: PropertyProtocol,
    encoding: Mapping[str, Any],
    taken: frozenset[str],
) -> Argument:
    """Read a member of a body that is `multipart/form-data`: a file, a value, or JSON.

    Raises:
        ValueError: Its parts have headers of their own.
    """
    said: Node = encoding.get(wire) or {}
    if said.get("headers"):
        raise ValueError(f"its body has the part {wire} with headers of its own, which the SDK does not write")
    made = form_member(parsed, body, wire, one, encoding, taken)
    media = str(said.get("contentType", "")).partition(",")[0].strip()
    lists = [each for each in options(one) if isinstance(each, ListProperty)]
    optional = "" if one.required else " | None"
    if _is_file(parsed, lists[0].inner_property if lists else one):
        annotation = "Sequence[bodies.File]" if lists else "bodies.File"
        kind = "application/octet-stream" if not media or "*" in media else media
        more = f", {quoted(wire)}, {quoted(kind)}"
        encoder = "bodies.file_parts" if lists else "bodies.file_part"
        return replace(made, annotation=annotation + optional, encoder=encoder, style="file", more=more)
    if made.encoder == "json_text" or media:
        more = f", {quoted(wire)}, {quoted(media or 'application/json')}, arguments.{made.encoder}"
        if made.style != "text":
            raise ValueError(f"its body has the part {wire}, a list of the content type {media}; write it as JSON")
        return replace(made, encoder="bodies.typed_part", style="file", more=more)
    return made


def _is_file(parsed: Parsed, one: PropertyProtocol) -> bool:
    schema = parsed.schema(one)
    return schema.get("format") == "binary" or ("contentMediaType" in schema and "contentEncoding" not in schema)


def whole_body(parsed: Parsed, one: PropertyProtocol, *, media: str, required: bool, described: str) -> Argument:
    """Read a body that is one value.

    Raises:
        ValueError: Its media type is a range.
    """
    kind = media.partition(";")[0].strip().lower()
    if "json" in kind:
        annotation, encoder = _input(parsed, one)
    elif kind.endswith("/*"):
        raise ValueError(f"its request body is of the media types {kind}; name the one that is sent")
    elif kind.startswith("text/") or kind.endswith(("/xml", "+xml", "/yaml", "/x-yaml")):
        annotation, encoder = "str | bytes", "bodies.text_body"
    else:
        annotation, encoder = "bytes", "bodies.bytes_body"
    nullable = "json" in kind and is_nullable(one) and encoder != "anything"
    annotation += " | None" * nullable + " | Unset" * (not required)
    return Argument(
        "body", "body", "body", annotation, encoder, required, nullable, described or "The body.", style="whole"
    )


def is_reserved(name: str, taken: frozenset[str]) -> bool:
    """Whether a name cannot be that of an argument, though the document asks for it."""
    return name in taken or keyword.iskeyword(name)
