"""How the successes of an operation are read, and what its method returns."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from openapi_python_client.parser.openapi import Endpoint
from openapi_python_client.parser.properties import ModelProperty
from openapi_python_client.parser.properties.list_property import ListProperty
from openapi_python_client.parser.properties.protocol import PropertyProtocol
from openapi_python_client.parser.responses import Response

from store_credit_tools.generate.media_types import chosen_media
from store_credit_tools.generate.models import ModelReader
from store_credit_tools.generate.parsed import Node, Parsed, is_nullable

__all__ = ["Result", "Results", "successes"]

_PAGES = (
    ("page", "cursor", {"has_more", "next_cursor"}, {"starting_after"}),
    ("meta", "number", {"total_pages"}, {"page"}),
)
_COUNTED = (("meta", "counted", {"pages", "next"}, {"page"}),)
"""The member of a page that says how the list goes on: its style, what it has for that, and what asks for the next."""

_TYPES = re.compile(r"\b(?:str|int|float|bool|list|dict|None)\b(?=\[| |$)")
"""The types at the top of an annotation."""


class Result(NamedTuple):
    """How one response is read: by which of `_core.readers`, into what.

    `model` is that of a record, or of those in a list; `document` and `page` belong to JSON:API and to pages. A value
    that is none of these is read by a `codec`.
    """

    reader: str = "nothing"
    annotation: str = "None"
    model: str | None = None
    document: str | None = None
    page: str | None = None
    meta: str | None = None
    codec: str = ""
    models: frozenset[str] = frozenset()

    def written(self, *, created: bool) -> str:
        """The expression that makes the reader. `created`: it is that of an operation that makes a record."""
        arguments = [one for one in (self.codec or self.model, self.meta) if one]
        if self.codec == "AS_IS" and "Any" not in self.annotation.split(" | "):
            # Nothing reads it: of what type it is has to be looked at.
            found = dict.fromkeys(_TYPES.findall(self.annotation))
            arguments += [" | ".join([*found, *(["int"] if "float" in found else [])])] if found else []
        arguments += [f'DOCUMENTS["{self.document}"]'] if self.document else []
        arguments += ["created=True"] if self.reader == "document" and created else []
        return f"readers.{self.reader}" + (f"({', '.join(arguments)})" if arguments else "")


class Results:
    """The successes of one operation. `known`: of a system whose lists are all pages; `counted`: of the third style.

    Attributes:
        one: How they are read, where they are read in one way; else how nothing is.
        response: What the tool made of the schema that is read in one way, or None.
        accept: The media types that are asked for.
        annotation: What the method returns.
        models: The classes that reading them names.

    Raises:
        ValueError: One is of a kind that has no place beside the others, or is a stream.
    """

    def __init__(
        self,
        parsed: Parsed,
        models: ModelReader,
        endpoint: Endpoint,
        operation: Node,
        *,
        known: bool = False,
        counted: bool = False,
    ) -> None:
        self._known = known
        self._styles = _COUNTED if counted else _PAGES
        self._parsed = parsed
        self._models = models
        parameters: list[Node] = operation.get("parameters") or []
        self._asked = {str(one.get("name")) for one in parameters}
        responses: Node = operation.get("responses") or {}
        nodes = {str(name): one for name, one in responses.items()}
        self._found: dict[str, Result] = {}
        properties: dict[str, PropertyProtocol] = {}
        accepted: dict[str, None] = {}
        for response in successes(endpoint):
            pattern = response.status_code.pattern
            content: Node = parsed.resolve(nodes[pattern]).get("content") or {}
            media = None if endpoint.method == "head" else chosen_media(content)
            if media is None:
                self._found[pattern] = Result()
                continue
            accepted[media.name] = None
            match media.kind:
                case "text":
                    self._found[pattern] = Result("text", "str")
                case "bytes":
                    self._found[pattern] = Result("content", "bytes")
                case _:
                    self._found[pattern] = self._read(response.prop, f"its response {pattern}")
                    properties[pattern] = response.prop
        several = list(dict.fromkeys(self._found.values()))
        self.one = several[0] if len(several) == 1 else Result()
        self.response = next(iter(properties.values()), None) if len(several) == 1 else None
        self.accept = ", ".join(accepted) or "application/json"
        self.models = frozenset[str]().union(*(one.models for one in several))
        self.annotation = " | ".join(dict.fromkeys(one.annotation for one in several if one.annotation != "None"))
        if not self.annotation or any(one.annotation == "None" for one in several):
            self.annotation = f"{self.annotation} | None" if self.annotation else "None"
        if "Any" in self.annotation.split(" | "):
            self.annotation = "Any"
        if len(several) > 1 and any(one.page for one in several):
            raise ValueError("one of its successes is a page of a list, and another is not; give them one schema")
        self._several = len(several) > 1

    def written(self, *, created: bool) -> str:
        """The expression that makes the reader of the responses. `created`: the operation makes a record."""
        if not self._several:
            return self.one.written(created=created)
        # By the status, or its first digit for a range of them; 0 is any other.
        keys = {name: "0" if name == "default" else name.removesuffix("XX") for name in self._found}
        inner = ", ".join(f"{keys[name]}: {one.written(created=created)}" for name, one in self._found.items())
        return f"readers.by_status({{{inner}}})"

    def _read(self, one: PropertyProtocol, where: str) -> Result:
        properties = self._parsed.properties(one)
        data, whole = properties.get("data"), str(one.class_info.name) if isinstance(one, ModelProperty) else None
        if isinstance(data, ListProperty) and isinstance(data.inner_property, ModelProperty):
            page = self._page(properties)
            if page is not None:
                model = self._model(data.inner_property)
                is_document = whole in self._models.documents
                reader = "page_of_resources" if is_document else "page"
                meta = self._model(properties["meta"]) if page == "counted" else None
                used = frozenset({model} if meta is None else {model, meta})
                return Result(reader, model, model, whole if is_document else None, page, meta, models=used)
        if data is not None and whole in self._models.documents and self._models.is_resource(data):
            model = self._model(data)
            return Result("document", model, model, whole, models=frozenset({model}))
        items = one.inner_property if isinstance(one, ListProperty) else None
        if self._parsed.properties(items):
            model = self._model(items)
            return Result("records", f"list[{model}]", model, models=frozenset({model}))
        if isinstance(one, ModelProperty) and properties:
            model = self._model(one)
            return Result("record", model, model, models=frozenset({model}))
        kind = self._models.kinds.read(where, one)
        nullable = is_nullable(one) and kind.annotation != "Any"
        codec = f"nullable({kind.codec})" if nullable and kind.codec != "AS_IS" else kind.codec
        return Result("value", kind.annotation + " | None" * nullable, codec=codec, models=kind.models)

    def _page(self, properties: Mapping[str, PropertyProtocol]) -> str | None:
        """The style of the pages of a list; None where it is not one that the SDK can go through."""
        for name, style, needed, asked in self._styles:
            is_page = needed <= self._parsed.properties(properties.get(name)).keys() and asked <= self._asked
            if name in properties and (is_page or self._known):
                return style
        return None

    def _model(self, one: PropertyProtocol | None) -> str:
        assert isinstance(one, ModelProperty)
        return self._models.add(str(one.class_info.name)).name


def successes(endpoint: Endpoint) -> list[Response]:
    """The responses of 2xx, exact ones first; where there is none, `default`."""
    found = [one for one in endpoint.responses.patterns if one.status_code.pattern.startswith("2")]
    return found or [one for one in [endpoint.responses.default] if one is not None]
