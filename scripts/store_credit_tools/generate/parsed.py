"""A document as openapi-python-client reads it, and the way back from each of its properties to the document.

The tool follows references, lays the members of `allOf` over one another, names classes, and knows what is required,
null, a list or one of several. It drops what it has no use for: formats such as `decimal`, every `x-` member, what
stands beside a `$ref`. So each schema goes to it with its own place in the document as `example`, which the tool
carries along, and by which `Parsed.schema` finds the schema again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, cast

from openapi_python_client.config import Config, ConfigFile, MetaType
from openapi_python_client.parser import GeneratorData
from openapi_python_client.parser.errors import GeneratorError
from openapi_python_client.parser.properties import ModelProperty
from openapi_python_client.parser.properties.any import AnyProperty
from openapi_python_client.parser.properties.const import ConstProperty
from openapi_python_client.parser.properties.none import NoneProperty
from openapi_python_client.parser.properties.protocol import PropertyProtocol
from openapi_python_client.parser.properties.union import UnionProperty
from openapi_python_client.schema import UntrustedString
from openapi_python_client.strings import PythonCode
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

__all__ = ["GenerationError", "Node", "Parsed", "is_nullable", "json_types", "line_of", "options", "refuse", "text"]

Node = Mapping[str, Any]

_NAMED = ("properties", "schemas", "patternProperties")
_LISTED = ("allOf", "anyOf", "oneOf", "prefixItems")
_SINGLE = ("schema", "items", "additionalProperties", "not")
_VALUES = ("example", "examples", "default", "enum", "const")


class GenerationError(ValueError):
    """The document cannot be turned into code; the text says where and why.

    Attributes:
        place: The names that lead in the document to what is refused, as far as they are known.
    """

    def __init__(self, said: str, *place: str) -> None:
        super().__init__(said)
        self.place = place


class Parsed:
    """A document that openapi-python-client has read without complaint.

    Attributes:
        document: The document itself.
        data: What the tool made of it.
        config: The settings it was read with.
    """

    def __init__(self, document: Node, output: Path = Path("client")) -> None:
        """Let the tool read a document. `output`: the folder of the package to be made of it.

        Raises:
            GenerationError: The tool refuses it, or warns of something that it would leave out.
        """
        self.document = document
        settings = ConfigFile(post_hooks=[], package_name_override=output.name)
        self.config = Config.from_sources(settings, MetaType.NONE, output, "utf-8", True, output)
        data = GeneratorData.from_dict(_placed(document, "", is_schema=False), config=self.config)
        if isinstance(data, GeneratorError):
            raise GenerationError(f"{data.header}\n{data.detail or ''}")
        self.data = data
        collections = data.endpoint_collections_by_tag.values()
        refuse([*data.errors, *(error for one in collections for error in one.parse_errors)])
        self.models = {str(model.class_info.name): model for model in data.models}

    @classmethod
    def read(cls, path: Path, output: Path) -> Parsed:
        """Read a YAML or JSON file.

        Raises:
            GenerationError: It cannot be read, is not an OpenAPI document, or the tool refuses it.
        """
        try:
            document: Any = YAML(typ="safe").load(path)  # pyright: ignore[reportUnknownMemberType]
        except OSError as error:
            raise GenerationError(f"cannot be read: {error.strerror}") from error
        except (YAMLError, UnicodeDecodeError) as error:
            raise GenerationError(f"is not YAML: {error}") from error
        if not isinstance(document, dict) or "openapi" not in document or "paths" not in document:
            raise GenerationError("is not an OpenAPI document: it has no 'openapi' or no 'paths'")
        return cls(cast("Node", document), output)

    def schema(self, parsed: PropertyProtocol) -> Node:
        """The schema that a property was made of, `allOf` laid together; empty where the tool keeps no trace of it."""
        return {} if parsed.example is None else self._laid_together(self._at(text(parsed.example)))

    def format(self, parsed: PropertyProtocol) -> str:
        """The format of a property, empty without one; what has `x-decimal-places` is a decimal, whatever its types."""
        schema = self.schema(parsed)
        return str(schema.get("format", "decimal" if "x-decimal-places" in schema else ""))

    def resolve(self, node: Node) -> Node:
        """Follow the reference to a parameter, a response, a body or a security scheme."""
        while "$ref" in node:
            node = self._at(str(node["$ref"]).removeprefix("#"))
        return node

    def properties(self, parsed: PropertyProtocol | None) -> dict[str, PropertyProtocol]:
        """The properties of an object, those of `allOf` among them, by their names in JSON; none for anything else."""
        if not isinstance(parsed, ModelProperty):
            return {}
        # What a reference gives is a copy, which may have been made before the properties were there.
        model = self.models[str(parsed.class_info.name)]
        found = [*(model.required_properties or []), *(model.optional_properties or [])]
        return {text(one.name): one for one in found}

    def is_named(self, parsed: PropertyProtocol) -> bool:
        """Whether the schema of a property has a name of its own, under components/schemas."""
        return text(parsed.example).rpartition("/")[0] == "/components/schemas"

    def mark(self, parent: PropertyProtocol | None, wire: str, name: str) -> Any:
        """What a property of an object says under a name the tool drops, beside its reference or in its schema."""
        members: Node = {} if parent is None else self.schema(parent).get("properties", {})
        beside: Node = members.get(wire, {})
        return beside[name] if name in beside else self.schema(self.properties(parent)[wire]).get(name)

    def _laid_together(self, schema: Node) -> Node:
        """A schema over those of its `allOf`: of these the tool keeps the properties alone."""
        parts = [self._laid_together(self.resolve(part)) for part in schema.get("allOf", [])]
        if not parts:
            return schema
        made = {key: value for part in [*parts, schema] for key, value in part.items()}
        members = [part.get("properties", {}) for part in [*parts, schema]]
        return made | {"properties": {name: one for each in members for name, one in each.items()}}

    def _at(self, pointer: str) -> Node:
        found: Any = self.document
        for part in pointer.split("/")[1:]:
            name = part.replace("~1", "/").replace("~0", "~")
            try:
                found = cast("Any", found[int(name)] if isinstance(found, list) else found[name])
            except (KeyError, IndexError, ValueError) as error:
                raise ValueError(f"the reference #{pointer} leads nowhere") from error
        return found


def line_of(path: Path, place: Sequence[str]) -> int:
    """The line of a file on which the member stands that some names lead to."""
    line = 1
    node: Any = YAML(typ="safe", pure=True).compose(path)  # pyright: ignore[reportUnknownMemberType]
    for name in place:
        found = ((key.start_mark.line + 1, value) for key, value in node.value if key.value == name)
        line, node = next(found, (line, node))
    return line


def text(value: UntrustedString | PythonCode | str | None) -> str:
    """Unwrap a text of the document, or code of the tool's; it wraps them so that neither is taken for the other."""
    match value:
        case UntrustedString():
            return value.get_untrusted_value()
        case PythonCode():
            return value.as_unembedded_code()
        case _:
            return value or ""


def refuse(problems: Iterable[GeneratorError]) -> None:
    """Raise what the tool warned of: it would leave that out."""
    lines: list[str] = []
    for one in problems:
        # Where the tool means to name something, its wrapper names itself.
        detail = re.sub(r" <\S+ object at 0x\w+>", "", one.detail or "")
        data = getattr(one, "data", None)
        lines.append(f"{one.header or one.level.name}: {detail}")
        lines += [] if data is None else [data.model_dump_json(by_alias=True, exclude_defaults=True)[:300]]
    if lines:
        raise GenerationError("openapi-python-client is not content:\n" + "\n".join(lines))


def options(parsed: PropertyProtocol) -> list[PropertyProtocol]:
    """What a value may be when it is not null: the members of a union, or the one property."""
    return [one for one in _inner(parsed) if not isinstance(one, NoneProperty)]


def is_nullable(parsed: PropertyProtocol) -> bool:
    """Whether a value may be null."""
    return any(isinstance(one, NoneProperty) for one in _inner(parsed))


def _inner(parsed: PropertyProtocol) -> list[PropertyProtocol]:
    return parsed.inner_properties if isinstance(parsed, UnionProperty) else [parsed]


def json_types(parsed: PropertyProtocol) -> list[str]:
    """The Python types of a JSON value that is not null, such as `str` or `list`; none where it may be anything."""
    found: dict[str, None] = {}
    for one in options(parsed):
        if isinstance(one, ConstProperty):
            found[type(one.value.raw_value).__name__] = None
        elif not isinstance(one, AnyProperty):
            found[text(one.get_type_string(no_optional=True, json=True)).partition("[")[0]] = None
    return list(found)


def _placed(node: Any, place: str, *, is_schema: bool) -> Any:
    """A copy of a part of the document in which each schema has its place as `example`."""
    if isinstance(node, list):
        return [_placed(one, f"{place}/{index}", is_schema=is_schema) for index, one in enumerate(cast("Any", node))]
    if not isinstance(node, dict):
        return node
    made: dict[str, Any] = {}
    for key, value in cast("dict[str, Any]", node).items():
        inner = f"{place}/{str(key).replace('~', '~0').replace('/', '~1')}"
        if key in _VALUES or str(key).startswith("x-"):
            made[key] = value
        elif key in _NAMED and isinstance(value, dict):
            made[key] = {
                name: _placed(one, f"{inner}/{name.replace('~', '~0').replace('/', '~1')}", is_schema=True)
                for name, one in cast("dict[str, Any]", value).items()
            }
        else:
            made[key] = _placed(value, inner, is_schema=key in _SINGLE or key in _LISTED)
    if is_schema and "$ref" not in made:
        made["example"] = place
    return made
