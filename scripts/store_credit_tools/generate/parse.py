"""The document as a plan."""

from __future__ import annotations

import keyword
import re
from collections.abc import Mapping
from dataclasses import dataclass

from openapi_python_client.parser.openapi import Endpoint
from openapi_python_client.strings import PythonIdentifier, pascal_case

from store_credit_tools.generate.methods import Method, Operation
from store_credit_tools.generate.models import ModelPlan, ModelReader
from store_credit_tools.generate.parsed import Node, Parsed

__all__ = ["Plan", "Resource", "System", "read_plan"]

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
    for module, collection in parsed.data.endpoint_collections_by_tag.items():
        siblings = {operations[one.name].name: one for one in collection.endpoints}
        made = [_method(parsed, models, one, operations[one.name], siblings) for one in collection.endpoints]
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


def _method(
    parsed: Parsed, models: ModelReader, endpoint: Endpoint, one: Operation, siblings: Mapping[str, Endpoint]
) -> Method:
    try:
        return Method(parsed, models, endpoint, one, siblings)
    except (KeyError, TypeError, ValueError) as error:
        what = f"{error} is missing" if isinstance(error, KeyError) else str(error)
        raise ValueError(f"{one.verb} {one.path} ({one.node['operationId']}): {what}") from error


def _operations(document: Node) -> dict[str, Operation]:
    """The operations, by the tool's names for them; their own names are checked."""
    found: dict[str, Operation] = {}
    for path, item in document["paths"].items():
        for verb in item.keys() & {"head", "options", "trace"}:
            raise ValueError(f"{verb} {path}: the SDK has no methods for {verb}")
        for verb in (verb for verb in _VERBS if verb in item):
            one = Operation(path, item, verb, item[verb])
            place, operation_id = f"{verb} {path}", one.node.get("operationId")
            if not isinstance(operation_id, str):
                raise ValueError(f"{place} has no operationId; give it one such as vinr.store_credit.create")
            key = str(PythonIdentifier(operation_id, ""))
            if key in found:
                other = found[key]
                raise ValueError(
                    f"{place} has the operationId {operation_id} of {other.verb} {other.path}, or as good as"
                )
            if not one.name.isidentifier() or keyword.iskeyword(one.name):
                raise ValueError(f"{place}: {operation_id} ends in {one.name!r}, which cannot be the name of a method")
            if not re.fullmatch(r"[a-z]+\.[a-z_]+", one.tag):
                raise ValueError(f"the tag {one.tag!r} must name a system and a resource, such as vinr.store_credit")
            system = one.tag.partition(".")[0]
            if system not in SYSTEMS:
                known = ", ".join(SYSTEMS)
                raise ValueError(f"the tag {one.tag!r} names the system {system!r}; the SDK has rules for {known}")
            found[key] = one
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
