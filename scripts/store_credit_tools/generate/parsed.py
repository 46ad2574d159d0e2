"""A document as openapi-python-client reads it, and the way back from each of its properties to the document.

The tool follows references, lays the members of `allOf` over one another, names classes, and knows what is required,
null, a list or one of several. It drops what it has no use for: formats such as `decimal`, every `x-` member, what
stands beside a `$ref`. So each schema goes to it with its own place in the document as `example`, which the tool
carries along, and by which `Parsed.schema` finds the schema again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, cast

from openapi_python_client.config import Config, ConfigFile, MetaType
from openapi_python_client.parser import GeneratorData
from openapi_python_client.parser.errors import GeneratorError
from openapi_python_client.parser.properties import (
    ConstProperty,
    EnumProperty,
    FloatProperty,
    IntProperty,
    ListProperty,
    ModelProperty,
    NoneProperty,
    UnionProperty,
)
from openapi_python_client.parser.properties.any import AnyProperty
from openapi_python_client.parser.properties.boolean import BooleanProperty
from openapi_python_client.parser.properties.protocol import PropertyProtocol
from openapi_python_client.schema import UntrustedString
from openapi_python_client.strings import PythonCode
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

__all__ = ["GenerationError", "Node", "Parsed", "kinds", "options", "refuse", "text"]

Node = Mapping[str, Any]

_NAMED = ("properties", "schemas", "patternProperties")
_LISTED = ("allOf", "anyOf", "oneOf", "prefixItems")
_SINGLE = ("schema", "items", "additionalProperties", "not")
_VALUES = ("example", "examples", "default", "enum", "const")


class GenerationError(ValueError):
    """The document cannot be turned into code; the text says where and why."""


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
        """The schema that a property was made of, references followed; empty where the tool keeps no trace."""
        return {} if parsed.example is None else self._at(text(parsed.example))

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

    def beside(self, parent: PropertyProtocol | None, wire: str) -> Node:
        """What stands beside the reference in a property of an object; empty where there is nothing."""
        members: Node = {} if parent is None else self.schema(parent).get("properties", {})
        return members.get(wire, {})

    def _at(self, pointer: str) -> Node:
        found: Any = self.document
        for part in pointer.split("/")[1:]:
            name = part.replace("~1", "/").replace("~0", "~")
            try:
                found = found[int(name)] if isinstance(found, list) else found[name]
            except (KeyError, IndexError, ValueError) as error:
                raise ValueError(f"the reference #{pointer} leads nowhere") from error
        return cast("Node", found)


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
    inner = parsed.inner_properties if isinstance(parsed, UnionProperty) else [parsed]
    return [one for one in inner if not isinstance(one, NoneProperty)]


def kinds(parsed: PropertyProtocol) -> list[str]:
    """The JSON types of a value, `null` left out; none where it may be anything."""
    found: list[str] = []
    for one in options(parsed):
        match one:
            case AnyProperty():
                continue
            case BooleanProperty():
                kind = "boolean"
            case FloatProperty():
                kind = "number"
            case ListProperty():
                kind = "array"
            case ModelProperty():
                kind = "object"
            case IntProperty():
                kind = "integer"
            case EnumProperty():
                kind = "integer" if one.value_type is int else "string"
            case ConstProperty():
                kind = "string" if isinstance(one.value.raw_value, str) else "integer"
            case _:
                kind = "string"
        found.append(kind)
    return list(dict.fromkeys(found))


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
