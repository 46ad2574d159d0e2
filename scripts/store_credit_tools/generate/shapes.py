"""A document in the shape in which openapi-python-client reads all of it.

The tool is made for documents that are written as it expects: an `enum` without a null, an `allOf` of named objects, a
`title` that nobody else has, a default that fits. What is written otherwise it refuses, or leaves out. So it is given a
copy in which nothing else occurs: every object is a schema of its own under components/schemas, with the parts of its
`allOf` laid together; whatever is not an object stands where it is used; and only those words are left that say what a
value is. Each schema has its own place in the document as `example`, which the tool carries along, and by which
`Parsed.schema` finds again what the copy leaves out.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, Final, NamedTuple, cast

from openapi_python_client import strings
from openapi_python_client.strings import ClassName, PythonIdentifier, pascal_case

from store_credit_tools.generate.errors import GenerationError, Node
from store_credit_tools.generate.laying import Laid, Layer, Placed, is_map, is_node, is_object, structure
from store_credit_tools.generate.media_types import chosen_media
from store_credit_tools.generate.places import Place, pointer
from store_credit_tools.generate.plain import VERBS

__all__ = ["PREFIX", "Shaper"]

PREFIX: Final = "n_"
"""What a name gets in front that begins with a digit."""

_DEEPEST: Final = 200
"""Names that lead to a schema, beyond which a document is taken to hold itself."""

TYPES: Final = ("string", "number", "integer", "boolean", "array", "object", "null")

_IMPORTED: Final = frozenset(
    "Any AsyncClient AsyncCursorPage AsyncNumberedPage AsyncPages CURRENCY Call CallOptions ClassVar "  # noqa: SIM905
    "Codec CursorPage DATE DECIMAL DOCUMENTS Decimal Document Echo FilterValue Final ID INTEGER "
    "InvalidArgumentError Key Literal Mapping Maybe Model NumberedPage Operation Related Resource SECRET "
    "Self Sequence SyncClient TypeAlias TypedDict Types UNSET UTC Unpack Unset".split()
)
"""Names in generated modules, which a class of a schema of that name would hide."""

# The tool itself puts an underscore behind names of builtins.
strings.RESERVED_WORDS.update(_IMPORTED)


class _Use(NamedTuple):
    """A schema where it stands, and the name of the class that it gets if it is an object without one."""

    node: Any
    place: Place
    hint: str


class Shaper:
    """Makes the copy of one document.

    Args:
        document: The document.
        layer: Lays its schemas together.
        renames: Give members other names where the tool would make one of two.

    Attributes:
        classes: The name of the class of each object, by its place as a JSON Pointer.
        wires: The names of members that were given others, by these.
    """

    def __init__(self, document: Node, layer: Layer, *, renames: bool = False) -> None:
        self.classes: dict[str, str] = {}
        self.wires: dict[str, str] = {}
        self._renames = renames
        self._document = document
        self._layer = layer
        self._schemas: dict[str, dict[str, Any]] = {}
        self._modules: dict[str, str] = {}
        self._inlined: list[str] = []
        self._pending: list[tuple[str, _Use]] = []

    def shaped(self) -> dict[str, Any]:
        """Make the copy.

        Raises:
            GenerationError: Something in the document is not valid, or has no place in code; with its place.
        """
        named: Any = self._layer.mapping(self._document.get("components") or {}, ("components",)).get("schemas") or {}
        place: Place = ("components", "schemas")
        uses = [_Use(node, (*place, str(name)), str(name)) for name, node in self._layer.mapping(named, place).items()]
        for use in uses:
            self._named(use)
        for use in uses:
            self._shape(use)
            self._finish()
        info = self._document.get("info")
        if is_node(info):
            # A version that is written without quotes is a number, or a date.
            info = {str(key): str(value) if key == "version" else value for key, value in info.items()}
        paths = {path: self._item(str(path), item) for path, item in self._paths().items()}
        self._finish()
        made = {"openapi": str(self._document["openapi"]), "info": info, "paths": paths}
        return made | {"components": {"schemas": self._schemas}}

    def _finish(self) -> None:
        """Make the objects that were met: not at once, or what leads to one would seem to hold itself."""
        while self._pending:
            name, use = self._pending.pop(0)
            self._schemas[name].update(self._object(self._layer.lay(use.node, use.place), use.place, name))

    def _paths(self) -> Node:
        return self._layer.mapping(self._document["paths"], ("paths",))

    def _named(self, use: _Use) -> None:
        """Give an object under components/schemas its class; two of one name have no place in one package."""
        if not is_node(use.node) or ("$ref" in use.node and not self._layer.adds(use.node)):
            return
        if is_object(self._layer.lay(use.node, use.place)):
            name = self._class_name(use.hint)
            module = str(PythonIdentifier(name, PREFIX))
            if module in self._modules:
                raise GenerationError(
                    f"the schemas {self._modules[module]} and {use.hint} would both be the class {name}; rename one",
                    *use.place,
                )
            self._modules[module] = use.hint
            self.classes[pointer(use.place)] = name

    def _class_name(self, said: str) -> str:
        name = str(ClassName(said, PREFIX))
        return name if ClassName(name, PREFIX) == name else str(ClassName(name, PREFIX))

    def _inline_class(self, use: _Use) -> str:
        """The class of an object that has no name: what it is a part of, and its name there."""
        where = pointer(use.place)
        if where not in self.classes:
            name, number = self._class_name(use.hint), 1
            while (module := str(PythonIdentifier(name, PREFIX))) in self._modules:
                number += 1
                name = self._class_name(f"{use.hint}{number}")
            self._modules[module] = where
            self.classes[where] = name
        return self.classes[where]

    def _item(self, path: str, item: Any) -> dict[str, Any]:
        place: Place = ("paths", path)
        item, place = self._layer.follow(item, place)
        made: dict[str, Any] = {}
        shared = self._parameters(item, place, pascal_case(path))
        for verb in VERBS:
            if verb in item:
                made[verb] = self._operation(item[verb], (*place, verb), f"{verb}_{path}")
        return made | ({"parameters": shared} if shared else {})

    def _operation(self, node: Any, place: Place, name: str) -> dict[str, Any]:
        node = self._layer.mapping(node, place)
        stem = pascal_case(".".join(str(node.get("operationId") or name).split(".")[-2:]))
        made: dict[str, Any] = {
            key: node[key] for key in ("operationId", "tags", "security", "deprecated") if node.get(key) is not None
        }
        # A text that is written without quotes may be a number, or a date.
        made |= {key: str(node[key]) for key in ("summary", "description") if node.get(key) is not None}
        made["parameters"] = self._parameters(node, place, stem)
        if node.get("requestBody") is not None:
            body, where = self._layer.follow(node["requestBody"], (*place, "requestBody"))
            content = {
                str(media): self._media(one, (*where, "content", str(media)), f"{stem}Body")
                for media, one in self._layer.mapping(body.get("content", {}), (*where, "content")).items()
            }
            made["requestBody"] = {key: value for key, value in body.items() if key in ("required", "description")}
            made["requestBody"]["content"] = content
        responses = self._layer.mapping(node.get("responses") or {}, (*place, "responses"))
        made["responses"] = {
            str(status): self._response(one, (*place, "responses", str(status)), f"{stem}Response", str(status))
            for status, one in responses.items()
            if not str(status).startswith("x-")
        }
        return made

    def _parameters(self, node: Node, place: Place, stem: str) -> list[dict[str, Any]]:
        made: list[dict[str, Any]] = []
        for index, given in enumerate(self._layer.sequence(node.get("parameters") or [], (*place, "parameters"))):
            one, where = self._layer.follow(given, (*place, "parameters", str(index)))
            kept = {key: value for key, value in one.items() if key in ("name", "in", "required")}
            hint = stem + pascal_case(str(one.get("name")))
            if "schema" in one:
                kept["schema"] = self._shape(_Use(one["schema"], (*where, "schema"), hint))
            elif one.get("content"):
                content = self._layer.mapping(one["content"], (*where, "content"))
                kept["content"] = {
                    str(media): self._media(each, (*where, "content", str(media)), hint)
                    for media, each in content.items()
                }
            made.append(kept)
        return made

    def _media(self, media: Any, place: Place, hint: str) -> dict[str, Any]:
        media = self._layer.mapping(media or {}, place)
        kept = {key: value for key, value in media.items() if key == "encoding"}
        if "schema" in media:
            kept["schema"] = self._shape(_Use(media["schema"], (*place, "schema"), hint))
        return kept

    def _response(self, node: Any, place: Place, hint: str, status: str) -> dict[str, Any]:
        """A response with the one media type that is asked for, under a name of it that the tool knows."""
        node, place = self._layer.follow(node, place)
        content = self._layer.mapping(node.get("content") or {}, (*place, "content"))
        made = {"description": ""}
        try:
            media = chosen_media(content)
        except ValueError as error:
            raise GenerationError(str(error), *place) from error
        if media is None or (media.kind != "json" and status[:1] in "345"):
            return made
        if media.kind != "json":
            name = {"text": "text/plain", "bytes": "application/octet-stream"}[media.kind]
            return {**made, "content": {name: {"schema": {"type": "string"}}}}
        shaped = self._media(content[media.name], (*place, "content", media.name), hint)
        return {**made, "content": {"application/json": {"schema": {}, **shaped}}}

    def _shape(self, use: _Use) -> dict[str, Any]:
        """One schema as the tool takes it."""
        node, place, hint = use
        if len(place) > _DEEPEST:
            raise GenerationError("nests too deeply, or holds itself by an anchor of YAML; write a $ref", *place[:4])
        shaped: dict[str, Any] = {"example": pointer(place)}
        if isinstance(node, bool):
            return shaped
        node = self._layer.mapping(node, place)
        nullable = self._layer.is_nullable(node)
        inner = self._layer.stand_in(node, place)
        if inner is not None:
            target, where = inner
            nullable = nullable and not ("$ref" in node and self._layer.is_old)
            made = self._referred(_Use(target, where, hint), "$ref" in node)
            return {"anyOf": [made, {"type": "null"}]} | shaped if nullable else made
        laid = self._layer.lay(node, place)
        if isinstance(laid.words.get("description"), str):
            shaped["description"] = laid.words["description"]
        return shaped | self._said(laid, use, nullable=nullable or laid.words.get("nullable") is True)

    def _referred(self, use: _Use, by_reference: bool) -> dict[str, Any]:
        """What a reference leads to: the class of an object, or anything else itself."""
        if not by_reference:
            return self._shape(use)
        where = pointer(use.place)
        if where in self.classes:
            kinds = self._layer.kinds(use.node, use.place)
            if kinds:
                options = [_Use(node, place, place[-1]) for node, place in kinds]
                made = [{"$ref": self._component(one)} for one in [*options, use]]
                return {"anyOf": made, "example": where}
            return {"$ref": self._component(use)}
        if where in self._inlined:
            # A value that is no object and holds itself: it stays as it came.
            return {"example": where}
        self._inlined.append(where)
        try:
            names = [one for one in use.place[2:] if one not in ("$defs", "properties", "schema")]
            named = use.place[:2] == ("components", "schemas")
            return self._shape(use._replace(hint="_".join(names) if named else use.hint))
        finally:
            self._inlined.pop()

    def _component(self, use: _Use) -> str:
        name = self._inline_class(use)
        if name not in self._schemas:
            self._schemas[name] = {}
            self._pending.append((name, use))
        return f"#/components/schemas/{name}"

    def _said(self, laid: Laid, use: _Use, *, nullable: bool) -> dict[str, Any]:
        """What a value is: a class, one of several schemas, a list, or a plain value."""
        if is_object(laid):
            made: dict[str, Any] = {"$ref": self._component(use)}
            return {"anyOf": [made, {"type": "null"}]} if nullable else made
        if laid.unions:
            return self._union(laid, use, nullable=nullable)
        kinds, is_null = self._types(laid, use.place)
        kinds += ["null"] * ((nullable or is_null) and bool(kinds) and "null" not in kinds)
        said: dict[str, Any] = {}
        if "array" in kinds:
            said["items"] = self._items(laid, use)
        if "object" in kinds:
            plain = [{"type": one, "example": pointer(use.place), **said} for one in kinds if one != "object"]
            return {"anyOf": [{"$ref": self._component(use)}, *plain]}
        if isinstance(laid.words.get("format"), str) and laid.words["format"] != "binary":
            said["format"] = laid.words["format"]
        return said | ({"type": kinds[0] if len(kinds) == 1 else kinds} if kinds else {})

    def _types(self, laid: Laid, place: Place) -> tuple[list[str], bool]:
        """The JSON types of a plain value, and whether null is one of the values it is said to have."""
        given: Any = laid.words.get("type")
        kinds = [] if given is None else list(cast("list[Any]", given)) if isinstance(given, list) else [given]
        for one in kinds:
            if one not in TYPES:
                raise GenerationError(f"{one!r} is not a valid type; write one of {', '.join(TYPES)}", *place, "type")
        values: list[Any] = [laid.words["const"]] if "const" in laid.words else laid.words.get("enum") or []
        if not isinstance(values, list):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise GenerationError("enum is not a list", *place, "enum")
        if not kinds and values:
            kinds = list(dict.fromkeys(_type_of(one) for one in values if one is not None)) or ["null"]
        if not kinds and "items" in laid.words:
            kinds = ["array"]
        return list(dict.fromkeys(kinds)), None in values

    def _items(self, laid: Laid, use: _Use) -> dict[str, Any]:
        words = laid.words
        if isinstance(words.get("items"), list):
            raise GenerationError("items is a list; write prefixItems, or one schema", *use.place, "items")
        where = laid.origin("items", use.place)
        first = [
            self._shape(_Use(one, (*where, "prefixItems", str(index)), f"{use.hint}Item{index + 1}"))
            for index, one in enumerate(self._layer.sequence(words.get("prefixItems") or [], use.place))
        ]
        if isinstance(words.get("items", True), bool):
            return {"anyOf": first} if first else {}
        rest = self._shape(_Use(words["items"], (*where, "items"), f"{use.hint}_item"))
        return {"anyOf": [*first, rest]} if first else rest

    def _union(self, laid: Laid, use: _Use, *, nullable: bool) -> dict[str, Any]:
        if len(laid.unions) > 1:
            raise GenerationError("is one of several schemas in two ways; write one anyOf or oneOf", *use.place)
        made: list[dict[str, Any]] = []
        for index, (node, place) in enumerate(laid.unions[0]):
            title = node.get("title") if is_node(node) else None
            hint = f"{use.hint}_{title or f'option_{index + 1}'}"
            made.append(self._shape(_Use(node, place, hint)))
        if len(made) == 1 and not nullable and "$ref" in made[0]:
            return made[0]
        return {"anyOf": made + [{"type": "null"}] * nullable}

    def _object(self, laid: Laid, place: Place, name: str) -> dict[str, Any]:
        made: dict[str, Any] = {"type": "object", "example": pointer(place)}
        if isinstance(laid.words.get("description"), str):
            made["description"] = laid.words["description"]
        members = self._layer.members(laid)
        if members:
            names = self._names(members)
            made["properties"] = {names[wire]: self._member(wire, uses, name) for wire, uses in members.items()}
            made["required"] = [names[wire] for wire in members if wire in laid.required]
        if is_map(laid):
            node, where = self._layer.values(laid, place)
            made["additionalProperties"] = self._shape(_Use(node, where, f"{name}Value"))
        elif "additionalProperties" in laid.words:
            made["additionalProperties"] = laid.words["additionalProperties"] is not False
        return made

    def _names(self, members: Iterable[str]) -> dict[str, str]:
        """The names under which the tool reads members: it refuses two of which it makes one Python name."""
        names: dict[str, str] = {}
        seen: set[str] = set()
        for wire in members:
            made = {str(PythonIdentifier(wire, PREFIX, skip_snake_case=whole)) for whole in (True, False)}
            names[wire] = wire
            if self._renames and made & seen:
                names[wire] = f"{PREFIX}{len(self.wires)}"
                self.wires[names[wire]] = wire
            seen |= made
        return names

    def _member(self, wire: str, uses: list[Placed], name: str) -> dict[str, Any]:
        made = [self._shape(_Use(node, where, name + pascal_case(_title(node) or wire))) for node, where in uses]
        # Where alternatives differ, no one place says what it is.
        return made[0] if len(made) == 1 else {"anyOf": made, "example": ""}


def _title(node: Any) -> str | None:
    title = node.get("title") if is_node(node) and structure(node) else None
    return title if isinstance(title, str) else None


def _type_of(value: Any) -> str:
    match value:
        case bool():
            return "boolean"
        case int():
            return "integer"
        case float():
            return "number"
        case str() | date():
            # YAML reads a date where it stands without quotes.
            return "string"
        case list():
            return "array"
        case _:
            return "object"
