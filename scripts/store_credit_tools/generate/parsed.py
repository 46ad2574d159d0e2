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
from openapi_python_client.parser.properties import ModelProperty
from openapi_python_client.parser.properties.any import AnyProperty
from openapi_python_client.parser.properties.none import NoneProperty
from openapi_python_client.parser.properties.protocol import PropertyProtocol
from openapi_python_client.parser.properties.union import UnionProperty
from openapi_python_client.schema import OpenAPI, UntrustedString
from openapi_python_client.strings import PythonCode
from pydantic import ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from store_credit_tools.generate.errors import GenerationError, Node
from store_credit_tools.generate.laying import Layer
from store_credit_tools.generate.places import Place, line_of, pointer, steps
from store_credit_tools.generate.plain import for_the_tool, own_path, plain
from store_credit_tools.generate.shapes import PREFIX, Shaper
from store_credit_tools.generate.structure import check_structure

__all__ = ["GenerationError", "Node", "Parsed", "is_nullable", "json_types", "line_of", "options", "refuse", "text"]


class Parsed:
    """A document that openapi-python-client has read without complaint.

    Attributes:
        document: The document itself.
        data: What the tool made of it.
        config: The settings it was read with.
    """

    def __init__(self, document: Node, output: Path = Path("client"), *, simplify: bool = False) -> None:
        """Let the tool read a document.

        Args:
            document: The document.
            output: The folder of the package to be made of it.
            simplify: Read it as `plain` says it, and show the tool no more of it than it can read.

        Raises:
            GenerationError: The tool refuses it, or warns of something that it would leave out.
        """
        check_structure(document)
        self.document = plain(document) if simplify else document
        settings = ConfigFile(post_hooks=[], package_name_override=output.name, field_prefix=PREFIX)
        self.config = Config.from_sources(settings, MetaType.NONE, output, "utf-8", True, output)
        self._layer, self._laid = Layer(self.document), dict[str, Node]()
        shaper = Shaper(self.document, self._layer, renames=simplify)
        shaped = shaper.shaped()
        shaped = for_the_tool(shaped) if simplify else shaped
        data = GeneratorData.from_dict(shaped, config=self.config)
        if isinstance(data, GeneratorError):
            raise _invalid(shaped)
        self.data = data
        collections = data.endpoint_collections_by_tag.values()
        refuse([*data.errors, *(error for one in collections for error in one.parse_errors)])
        self.classes, self._wires = shaper.classes, shaper.wires
        self.models = {str(model.class_info.name): model for model in data.models}

    @classmethod
    def read(cls, path: Path, output: Path, *, simplify: bool = False) -> Parsed:
        """Read a YAML or JSON file; `simplify` as for the document itself.

        Raises:
            GenerationError: It cannot be read, is not an OpenAPI document, or the tool refuses it.
        """
        try:
            document: Any = YAML(typ="safe").load(path)  # pyright: ignore[reportUnknownMemberType]
        except OSError as error:
            raise GenerationError(f"cannot be read: {error.strerror}") from error
        except (YAMLError, UnicodeDecodeError) as error:
            raise GenerationError(f"is not YAML: {' '.join(str(error).split())}") from error
        if isinstance(document, dict) and "swagger" in document:
            raise GenerationError("is not an OpenAPI document but one of Swagger 2.0; convert it to OpenAPI 3")
        if not isinstance(document, dict) or "openapi" not in document or "paths" not in document:
            raise GenerationError("is not an OpenAPI document: it has no 'openapi' or no 'paths'")
        return cls(cast("Node", document), output, simplify=simplify)

    def schema(self, parsed: PropertyProtocol) -> Node:
        """The schema that a property was made of, `allOf` laid together; empty where the tool keeps no trace of it."""
        return {} if parsed.example is None else self.laid(text(parsed.example))

    def laid(self, where: str) -> Node:
        """The schema at a JSON Pointer, `$ref` and `allOf` laid together; `properties` are those of all of these."""
        if where not in self._laid:
            place = steps(where)
            node: Any = self._layer.at(place) if place else {}
            laid = self._layer.lay(node, place)
            members = {name: uses[0][0] for name, uses in self._layer.members(laid).items()}
            self._laid[where] = {**laid.words, "properties": members} if members else laid.words
        return self._laid[where]

    def constants(self, parsed: PropertyProtocol) -> list[Any]:
        """The values that a constant or an enumeration allows."""
        schema = self.schema(parsed)
        return [schema["const"]] if "const" in schema else [one for one in schema.get("enum", []) if one is not None]

    def named(self, name: str, place: Place) -> Place:
        """Where a schema stands that a discriminator's `mapping` names. `place`: where that stands."""
        return self._layer.named(name, place)[1]

    def class_named(self, name: str) -> str:
        """The class of a schema under components/schemas.

        Raises:
            ValueError: There is none, or it is not an object.
        """
        found = self.classes.get(pointer(("components", "schemas", name)))
        if found is None:
            raise ValueError(f"there is no object {name!r} under components/schemas")
        return found

    def format(self, parsed: PropertyProtocol) -> str:
        """The format of a property, empty without one; what has `x-decimal-places` is a decimal, whatever its types."""
        schema = self.schema(parsed)
        return str(schema.get("format", "decimal" if "x-decimal-places" in schema else ""))

    def resolve(self, node: Node) -> Node:
        """Follow the reference to a parameter, a response, a body or a security scheme."""
        return self._layer.follow(node, ())[0]

    def properties(self, parsed: PropertyProtocol | None) -> dict[str, PropertyProtocol]:
        """The properties of an object, those of `allOf` among them, by their names in JSON; none for anything else."""
        if not isinstance(parsed, ModelProperty):
            return {}
        # What a reference gives is a copy, which may have been made before the properties were there.
        model = self.models[str(parsed.class_info.name)]
        found = [*(model.required_properties or []), *(model.optional_properties or [])]
        return {self._wires.get(text(one.name), text(one.name)): one for one in found}

    def is_named(self, parsed: PropertyProtocol) -> bool:
        """Whether the schema of a property has a name of its own, under components/schemas."""
        return text(parsed.example).rpartition("/")[0] == "/components/schemas"

    def mark(self, parent: PropertyProtocol | None, wire: str, name: str) -> Any:
        """What a property of an object says under a name the tool drops, beside its reference or in its schema."""
        members: Node = {} if parent is None else self.schema(parent).get("properties", {})
        beside: Any = members.get(wire, {})
        if isinstance(beside, Mapping) and name in beside and ("$ref" not in beside or not self._layer.is_old):
            return cast("Node", beside)[name]
        return self.schema(self.properties(parent)[wire]).get(name)


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
    place: Place = ()
    for one in problems:
        where = re.search(r"parsing ([A-Z]+) (\S+) within", one.header or "")
        inner = getattr(getattr(one, "data", None), "example", None)
        if not place and isinstance(inner, str) and inner.startswith("/"):
            place = steps(inner)
        elif where and not place:
            place = ("paths", own_path(where[2]), where[1].lower())
        # Where the tool means to name something, its wrapper names itself.
        detail = re.sub(r" <\S+ object at 0x\w+>", "", one.detail or "")
        lines.append(" ".join(f"{one.header or one.level.name}: {detail}".split()))
    if lines:
        raise GenerationError(own_path("openapi-python-client is not content: " + "; ".join(lines)), *place)


def _invalid(shaped: dict[str, Any]) -> GenerationError:
    """Why the tool cannot read a document at all, and where."""
    try:
        OpenAPI.model_validate(shaped)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False)[0]
        place = tuple(own_path(str(one)) for one in first["loc"])
        return GenerationError(f"{'.'.join(place)} is not valid: {first['msg']}", *place)
    return GenerationError("openapi-python-client cannot read it")


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
        if not isinstance(one, AnyProperty):
            found[text(one.get_type_string(no_optional=True, json=True)).partition("[")[0]] = None
    return list(found)
