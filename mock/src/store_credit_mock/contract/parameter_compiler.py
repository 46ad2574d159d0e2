"""From the parameters, headers and forms of the document to what reads them and what checks them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from store_credit_mock.contract.document import Document, DocumentError, join
from store_credit_mock.contract.operation import HeaderPlan, Operation, Parameters, Schema
from store_credit_mock.contract.parameter_styles import (
    QUERY_STYLES,
    Reader,
    content_reader,
    delimited,
    reader_of,
)
from store_credit_mock.contract.parameters import QueryParameter, QueryPlan
from store_credit_mock.contract.schema_variants import REQUEST
from store_credit_mock.contract.text_schema import TextSchema, TextSchemas

__all__ = ["IGNORED_HEADERS", "ParameterCompiler", "schema_place"]

_STYLES: Final = {
    "path": ("simple", "label", "matrix"),
    "query": (*QUERY_STYLES, "deepObject"),
    "header": ("simple",),
    "cookie": ("form", "cookie"),
}
IGNORED_HEADERS: Final = frozenset({"accept", "authorization", "content-type"})
"""Headers that OpenAPI leaves to other parts of the document, even where it lists them."""


def schema_place(pointer: str, definition: Mapping[str, Any]) -> str | None:
    """Where the schema of a parameter, a header or a media type stands, which is at `pointer`; None if it has none."""
    if "schema" in definition:
        return f"{pointer}/schema"
    content: Mapping[str, Mapping[str, Any]] = definition.get("content") or {}
    return next((join(pointer, "content", kind, "schema") for kind, one in content.items() if "schema" in one), None)


Build = Callable[[Mapping[str, Any], str], Schema]


class ParameterCompiler:
    """Compiles parameters.

    Args:
        document: Where they stand.
        texts: What reads texts by schemas.
        build: Compiles a schema that may refer to the copies of the document; the second argument is what it is of.
    """

    def __init__(self, document: Document, texts: TextSchemas, build: Build) -> None:
        self._document = document
        self._texts = texts
        self._build = build

    def parameters(self, operation: Operation) -> Parameters:
        """The parameters of an operation, with the credentials that its query may hold.

        Raises:
            DocumentError: A parameter has a style that there is not at its place.
        """
        found = self._found(operation)
        keys = self._keys_in_query(operation)
        credentials = {key: QueryParameter(key, self._texts.at()) for key in keys}
        combined: dict[str, Any] = {"type": "object", "properties": {}}
        for place, members in found.items():
            part: dict[str, Any] = {"type": "object", "properties": {}, "required": []}
            for name, (pointer, definition) in members.items():
                part["properties"][name] = self._schema(pointer, definition)
                if definition.get("required"):
                    part["required"].append(name)
            if place == "query":
                part["properties"] = {**dict.fromkeys(keys, True), **part["properties"]}
                part["additionalProperties"] = False
            combined["properties"][place] = part
        parts = combined["properties"]
        path = {name: self._reader(name, *found["path"][name], "simple") for name in found["path"]}
        headers = self._headers(found["header"])
        lenient = [
            definition
            for members in found.values()
            for _, definition in members.values()
            if "content" in definition or definition.get("style") in {"label", "matrix"}
        ]
        return Parameters(
            QueryPlan((credentials | self._query(found["query"])).values()),
            headers,
            QueryPlan(self._query(found["cookie"]).values()) if "cookie" in found else None,
            self._build(combined, operation.pointer),
            self._build(parts["path"], operation.pointer),
            {name: read for name, read in path.items() if read is not None},
            all_optional=not any(parts[place]["required"] for place in parts if place != "path"),
            may_fail=bool(lenient),
        )

    def headers(self, pointer: str, names: Iterable[str]) -> tuple[HeaderPlan, dict[str, str], list[str]]:
        """How the headers of a response are read; where the schema of each stands, and which are required."""
        found: dict[str, tuple[str, Mapping[str, Any]]] = {}
        for name in names:
            if name.lower() not in IGNORED_HEADERS:
                found[name.lower()] = self._document.resolve(join(pointer, "headers", name))
        places = {name: schema_place(*one) for name, one in found.items()}
        required = [name for name, (_, definition) in found.items() if definition.get("required")]
        return self._headers(found), {name: place for name, place in places.items() if place}, required

    def form(self, pointer: str, encoding: Mapping[str, Any]) -> QueryPlan:
        """How a form is read whose schema stands at a pointer."""
        whole = self._texts.at(pointer)
        return QueryPlan(
            (self._field(name, whole.member(name), encoding.get(name, {})) for name in whole.listed), whole
        )

    def _field(self, name: str, schema: TextSchema, encoding: Mapping[str, Any]) -> QueryParameter:
        style, explode = encoding.get("style"), encoding.get("explode")
        if style is None and explode is None:
            kind = str(encoding.get("contentType", ""))
            if "json" in kind:
                return QueryParameter(name, schema, "deepObject", read=content_reader(kind, schema))
            nested = schema.items if schema.takes_lists else schema
            if nested.takes_objects and not nested.takes_scalars and not kind:
                # JSON, OpenAPI says; the brackets of a deepObject are as common.
                return QueryParameter(name, schema, "deepObject", read=content_reader("application/json", schema))
            return QueryParameter(name, schema)
        if style == "deepObject":
            return QueryParameter(name, schema, style)
        exploded = explode if explode is not None else style in {None, "form"}
        split = None if exploded else delimited(QUERY_STYLES.get(style or "form", ","))
        return QueryParameter(name, schema, split=split)

    def _found(self, operation: Operation) -> dict[str, dict[str, tuple[str, Mapping[str, Any]]]]:
        """Pointer and definition of each parameter by place and name; one of the operation's own goes first."""
        found: dict[str, dict[str, tuple[str, Mapping[str, Any]]]] = {"path": {}, "query": {}, "header": {}}
        for pointer, definition in self._document.operations[operation.id].parameters:
            name, place = str(definition["name"]), str(definition["in"])
            if place not in _STYLES:
                known = ", ".join(_STYLES)
                raise DocumentError(f"{self._document.place(pointer)}: `in: {place}` is not valid; use one of {known}")
            style = definition.get("style")
            if style is not None and style not in _STYLES[place]:
                known = ", ".join(_STYLES[place])
                raise DocumentError(
                    f"{self._document.place(pointer)}: style {style} is not valid for `in: {place}`; use one of {known}"
                )
            if place == "header":
                name = name.lower()
                if name in IGNORED_HEADERS:
                    continue
            found.setdefault(place, {})[name] = (pointer, definition)
        return found

    def _query(self, members: Mapping[str, tuple[str, Mapping[str, Any]]]) -> dict[str, QueryParameter]:
        return {name: self._query_parameter(name, *one) for name, one in members.items()}

    def _query_parameter(self, name: str, pointer: str, definition: Mapping[str, Any]) -> QueryParameter:
        place = schema_place(pointer, definition)
        schema = self._texts.at(*([place] if place else []))
        empty = bool(definition.get("allowEmptyValue"))
        content: Mapping[str, Any] = definition.get("content") or {}
        for kind in content:
            return QueryParameter(name, schema, split=delimited(","), read=content_reader(kind, schema), empty=empty)
        style = definition.get("style", "form")
        if style == "deepObject":
            return QueryParameter(name, schema, style, empty=empty)
        split = None if definition.get("explode", style in {"form", "cookie"}) else delimited(QUERY_STYLES[style])
        return QueryParameter(name, schema, split=split, empty=empty)

    def _headers(self, members: Mapping[str, tuple[str, Mapping[str, Any]]]) -> HeaderPlan:
        lists: set[bytes] = set()
        plans: list[tuple[str, bytes, Reader | None]] = []
        for name, (pointer, definition) in members.items():
            place = schema_place(pointer, definition)
            schema = self._texts.at(*([place] if place else []))
            plans.append((name, name.encode(), self._reader(name, pointer, definition, "simple")))
            if schema.takes_lists or schema.takes_objects:
                lists.add(name.encode())
        may_fail = any("content" in definition for _, definition in members.values())
        return HeaderPlan(plans, frozenset(lists), may_fail=may_fail)

    def _reader(self, name: str, pointer: str, definition: Mapping[str, Any], style: str) -> Reader | None:
        """What reads a parameter in the path; None if it is a plain text."""
        place = schema_place(pointer, definition)
        schema = self._texts.at(*([place] if place else []))
        if schema.is_plain and definition.get("style", style) == "simple" and "content" not in definition:
            return None
        return reader_of(definition, schema, name, style)

    def _schema(self, pointer: str, definition: Mapping[str, Any]) -> Any:
        place = schema_place(pointer, definition)
        if not place:
            return True
        if definition.get("allowEmptyValue"):
            return {"if": {"const": ""}, "else": {"$ref": REQUEST + place}}
        return {"$ref": REQUEST + place}

    def _keys_in_query(self, operation: Operation) -> list[str]:
        """The names of the parameters that the credentials of an operation are sent in."""
        data = self._document.data
        needed = operation.definition.get("security", data.get("security", []))
        schemes = data.get("components", {}).get("securitySchemes", {})
        found: list[str] = []
        for name in (name for one in needed for name in one):
            if name in schemes:
                scheme = self._document.resolve(join("#/components/securitySchemes", name))[1]
                if scheme.get("type") == "apiKey" and scheme.get("in") == "query":
                    found.append(str(scheme["name"]))
        return found
