"""The SDK as one use of `generate`: its templates, and the plan of clients, resources and models that they render."""

from __future__ import annotations

import keyword
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from openapi_python_client.strings import PythonIdentifier, pascal_case

from bootstrap import ROOT
from store_credit_tools.generate.build import generate
from store_credit_tools.generate.methods import Method, Operation
from store_credit_tools.generate.models import ModelPlan, ModelReader
from store_credit_tools.generate.parsed import GenerationError, Node, Parsed

__all__ = ["GENERATED", "Plan", "Resource", "System", "generate_sdk", "read_plan"]

GENERATED: Final = ("__init__.py", "client.py", "api", "models")
"""What the generator owns inside the package; everything else there is written by hand."""

_TEMPLATES: Final = ROOT / "sdk" / "templates"

SYSTEMS = ("spree", "vinr")
"""Those with hand-written rules in `store_credit._core`, each in a module of its name."""

_VERBS = ("get", "put", "post", "delete", "patch")


@dataclass(frozen=True)
class Resource:
    """A tag of the document: `vinr.store_credit` is `client.store_credit` on the VINR clients."""

    tag: str
    attribute: str
    module: str
    class_name: str
    description: str
    methods: list[Method]


@dataclass(frozen=True)
class System:
    """A namespace of tags with its pair of clients; `_core` holds its hand-written rules under the same name."""

    name: str
    title: str
    description: str
    resources: list[Resource]

    @property
    def class_name(self) -> str:
        """Stem of the clients' names."""
        return self.name.capitalize()


@dataclass(frozen=True)
class Plan:
    """The whole document as the templates see it.

    `documents` gives for each JSON:API document schema the model of every `type` that can appear in it, `events` for
    each webhook's `type` the model of its payload, and `event_base` that of an event whose type is not known.
    """

    systems: list[System]
    models: dict[str, ModelPlan]
    documents: dict[str, dict[str, str]]
    events: dict[str, str]
    event_base: str | None

    def resource(self, module: str) -> Resource:
        """The resource that a generated module of `api/` is for."""
        return next(one for system in self.systems for one in system.resources if one.module == module)


def generate_sdk(document: Path, output: Path) -> Plan:
    """Write the generated part of the SDK for a document into an empty folder.

    Raises:
        GenerationError: As `generate`; or something in the document has no place in the SDK.
    """

    def overlay(parsed: Parsed) -> Mapping[str, Any]:
        plan = read_plan(parsed)
        return {"plan": plan, "models": plan.models}

    return generate(document, output, _TEMPLATES, overlay)["plan"]


def read_plan(parsed: Parsed) -> Plan:
    """Read a whole document.

    Raises:
        ValueError: Something in it has no place in an SDK as it stands; the text says what and where.
    """
    document = parsed.document
    models = ModelReader(parsed)
    operations = _operations(document)
    described = {str(tag["name"]): str(tag.get("description", "")) for tag in document.get("tags", [])}
    resources: dict[str, list[Resource]] = {}
    _leave_out(parsed, operations)
    for module, collection in parsed.data.endpoint_collections_by_tag.items():
        siblings = {operations[one.name].name: one for one in collection.endpoints}
        made: list[Method] = []
        for endpoint in collection.endpoints:
            one = operations[endpoint.name]
            try:
                made.append(Method(parsed, models, endpoint, one, siblings))
            except (KeyError, TypeError, ValueError) as error:
                what = f"{error} is missing" if isinstance(error, KeyError) else str(error)
                said = f"{one.verb} {one.path} ({one.node['operationId']}): {what}"
                raise GenerationError(said, "paths", one.path, one.verb) from error
        tag = operations[collection.endpoints[0].name].tag
        system, _, attribute = tag.partition(".")
        resource = Resource(tag, attribute, str(module), pascal_case(attribute), described.get(tag, ""), made)
        resources.setdefault(system, []).append(resource)
    for types in models.documents.values():
        for name in types.values():
            models.add(name)
    events, base = _events(parsed, models)
    texts: Node = document.get("x-systems", {})
    systems = [
        System(
            name,
            str(texts.get(name, {}).get("title", name)),
            str(texts.get(name, {}).get("description", "")),
            sorted(found, key=lambda one: one.attribute),
        )
        for name, found in resources.items()
    ]
    return Plan(systems, models.models, models.documents, events, base)


def _leave_out(parsed: Parsed, operations: Mapping[str, Operation]) -> None:
    """Take out what the document marks as having no method in the SDK, and with it tags that have nothing else."""
    collections = parsed.data.endpoint_collections_by_tag
    for module, collection in list(collections.items()):
        kept = [one for one in collection.endpoints if "x-no-sdk-method" not in operations[one.name].node]
        collection.endpoints[:] = kept
        if not kept:
            del collections[module]


def _operations(document: Node) -> dict[str, Operation]:
    """The operations, by the tool's names for them; their own names are checked."""
    found: dict[str, Operation] = {}
    for path, item in document["paths"].items():
        for verb in item.keys() & {"head", "options", "trace"}:
            raise GenerationError(f"{verb} {path}: the SDK has no methods for {verb}", "paths", path, verb)
        for verb in (verb for verb in _VERBS if verb in item):
            one = Operation(path, item, verb, item[verb])
            operation_id, system = one.node.get("operationId"), one.tag.partition(".")[0]
            key = str(PythonIdentifier(str(operation_id), ""))
            if not isinstance(operation_id, str):
                said = "has no operationId; give it one such as vinr.store_credit.create"
            elif key in found:
                said = f"has the operationId {operation_id} of {found[key].verb} {found[key].path}, or as good as"
            elif not one.name.isidentifier() or keyword.iskeyword(one.name):
                said = f"has the operationId {operation_id}, whose end {one.name!r} cannot be the name of a method"
            elif not re.fullmatch(r"[a-z]+\.[a-z_]+", one.tag):
                said = f"has the tag {one.tag!r}, which must name a system and a resource, such as vinr.store_credit"
            elif system not in SYSTEMS and "x-no-sdk-method" not in one.node:
                said = f"has a tag of the system {system!r}; the SDK has rules for {', '.join(SYSTEMS)}"
            else:
                found[key] = one
                continue
            raise GenerationError(f"{verb} {path} {said}", "paths", path, verb)
    return found


def _events(parsed: Parsed, models: ModelReader) -> tuple[dict[str, str], str | None]:
    """The models of webhooks, of which the tool reads only the schemas."""
    events: dict[str, str] = {}
    base: str | None = None
    for item in parsed.document.get("webhooks", {}).values():
        content: Node = parsed.resolve(item["post"]["requestBody"])["content"]["application/json"]
        name = str(content["schema"].get("$ref", "")).rpartition("/")[2]
        if name not in parsed.models:
            raise ValueError("give the payload schema of every webhook a name under components/schemas")
        models.add(name)
        events |= dict.fromkeys(models.constants(parsed.properties(parsed.models[name])["type"]), name)
        # What an event of a type this version does not know is read as.
        base = pascal_case(str(item["post"]["operationId"]).partition(".")[0]) + "Event"
        models.add_fallback(base)
    return events, base
