"""The SDK as one use of `generate`: its templates, and the plan of clients, resources and models that they render.

The clients of VINR and Spree have rules of their own in `store_credit._core`. Any other document gives a client of what
the document itself says: see `clients`.
"""

from __future__ import annotations

import keyword
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, cast

from openapi_python_client.parser.openapi import EndpointCollection
from openapi_python_client.strings import pascal_case

from bootstrap import ROOT
from store_credit_tools.generate.build import generate
from store_credit_tools.generate.clients import System, read_systems
from store_credit_tools.generate.methods import Method, Source
from store_credit_tools.generate.models import ModelPlan, ModelReader
from store_credit_tools.generate.operations import KNOWN, Operation, read_operations
from store_credit_tools.generate.parsed import GenerationError, Node, Parsed, text
from store_credit_tools.generate.plain import tool_path
from store_credit_tools.generate.resources import Resource, as_tree

__all__ = ["GENERATED", "Plan", "generate_sdk", "read_plan"]

GENERATED: Final = ("__init__.py", "client.py", "api", "models")
"""What the generator owns inside the package; everything else there is written by hand."""

_TEMPLATES: Final = ROOT / "sdk" / "templates"


@dataclass(frozen=True)
class EventFamily:
    """The webhooks of one system.

    Attributes:
        function: Of `models`, which gives the model of an event.
        alias: The name of all these models together.
        base: The model of an event of which this version does not know the kind.
        types: The models by the kind of the event, which is its member `member`.
    """

    function: str
    alias: str
    base: str
    member: str
    types: dict[str, str]


@dataclass(frozen=True)
class Plan:
    """The whole document as the templates see it.

    `package` is the package's own name, which it imports itself by; what it is made of is `store_credit._core`.
    `documents` gives for each JSON:API document schema the model of every `type` that can appear in it, `events` the
    webhooks of each system that has some.
    """

    package: str
    systems: list[System]
    models: dict[str, ModelPlan]
    documents: dict[str, dict[str, str]]
    events: list[EventFamily]

    def resource(self, module: str) -> Resource:
        """The resource that a generated module of `api/` is for."""
        return next(one for system in self.systems for one in system.resources if one.module == module)


def generate_sdk(document: Path, output: Path) -> Plan:
    """Write the generated part of the SDK for a document into an empty folder.

    Raises:
        GenerationError: As `generate`; or something in the OpenAPI document has no place in the SDK.
    """
    package = package_name(output)

    def overlay(parsed: Parsed) -> Mapping[str, Any]:
        plan = read_plan(parsed, package)
        return {"plan": plan, "models": plan.models}

    return generate(document, output, _TEMPLATES, overlay, simplify=True)["plan"]


def package_name(output: Path) -> str:
    """The name of the package in a folder.

    Raises:
        GenerationError: The folder's name cannot be that of a package.
    """
    if not re.fullmatch(r"[a-z_][a-z0-9_]*", output.name) or keyword.iskeyword(output.name):
        raise GenerationError(
            f"{output.name!r} cannot be the name of a package; name a folder in small letters, such as my_shop"
        )
    return output.name


def read_plan(parsed: Parsed, package: str = "store_credit") -> Plan:
    """Read a whole document.

    Raises:
        ValueError: Something in it has no place in an SDK as it stands; the text says what and where.
    """
    document = parsed.document
    models = ModelReader(parsed)
    operations = read_operations(document, package)
    described = {str(tag["name"]): str(tag.get("description", "")) for tag in document.get("tags", [])}
    resources: dict[str, list[Resource]] = {}
    endpoints = {
        (text(endpoint.path), endpoint.method): endpoint
        for collection in parsed.data.endpoint_collections_by_tag.values()
        for endpoint in collection.endpoints
    }
    collections = parsed.data.endpoint_collections_by_tag
    collections.clear()
    for module, found in operations.items():
        made: list[Method] = []
        sources = [Source(one, endpoints[tool_path(one.path), one.verb]) for one in found]
        siblings = {source.operation.name: source for source in sources}
        for source in sources:
            one = source.operation
            try:
                made.append(Method(parsed, models, source, siblings))
            except (KeyError, TypeError, ValueError) as error:
                what = f"{error} is missing" if isinstance(error, KeyError) else str(error)
                said = f"{one.verb} {one.path} ({one.id}): {what}"
                place = getattr(error, "place", ()) or ("paths", one.path, one.verb)
                raise GenerationError(said, *place) from error
        first = found[0]
        collections[cast("Any", module)] = EndpointCollection(tag=module, endpoints=[one.endpoint for one in sources])
        resources.setdefault(first.system, []).append(
            Resource(
                first.tag,
                first.resource,
                module,
                _class_name(first, parsed),
                described.get(first.tag, ""),
                made,
            )
        )
    for system, each in resources.items():
        made_of = as_tree(each, described, system.partition(".")[2])
        for one in made_of:
            if one not in each:
                collections[cast("Any", one.module)] = EndpointCollection(tag=one.module)
        resources[system] = made_of
    for types in models.documents.values():
        for name in types.values():
            models.add(name)
    events = _events(parsed, models) if any(system in KNOWN for system in resources) else []
    return Plan(package, read_systems(document, resources), models.models, models.documents, events)


def _class_name(operation: Operation, parsed: Parsed) -> str:
    """The class of an operation's resource, which stands in one module with the records it gives."""
    name = operation.stem
    return f"{name}Resource" if {name, f"Async{name}"} & parsed.models.keys() else name


def _events(parsed: Parsed, models: ModelReader) -> list[EventFamily]:
    """The models of webhooks, of which the tool reads only the schemas."""
    families: dict[str, EventFamily] = {}
    for item in parsed.document.get("webhooks", {}).values():
        content: Node = parsed.resolve(item["post"]["requestBody"])["content"]["application/json"]
        name = parsed.classes.get(str(content["schema"].get("$ref", "")).removeprefix("#"))
        if name is None:
            raise ValueError("give the payload schema of every webhook a name under components/schemas")
        models.add(name)
        properties = parsed.properties(parsed.models[name])
        member = next((one for one in ("type", "name") if one in properties), None)
        kinds = [] if member is None else parsed.constants(properties[member])
        if member is None or not kinds:
            raise ValueError(f"{name}: an event says what it is by the constant `type`, or `name`")
        system = str(item["post"]["operationId"]).partition(".")[0]
        # What an event of a kind this version does not know is read as.
        base = f"{pascal_case(system)}Event"
        if system not in families:
            only = system == "vinr"
            function, alias = ("event", "AnyEvent") if only else (f"event_of_{system}", f"Any{base}")
            families[system] = EventFamily(function, alias, base, member, {})
        families[system].types.update(dict.fromkeys(map(str, kinds), name))
        models.add_fallback(base, member)
    return list(families.values())
