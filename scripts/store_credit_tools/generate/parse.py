"""The document as a plan."""

from __future__ import annotations

import keyword
import re
from typing import Any

from store_credit_tools.generate.ir import Method, Plan, Resource, System
from store_credit_tools.generate.methods import MethodReader
from store_credit_tools.generate.models import ModelReader
from store_credit_tools.generate.schemas import Node, Schemas, pascal

__all__ = ["read_plan"]

SYSTEMS = ("spree", "vinr")
"""Those with hand-written rules in `store_credit._core`, each in a module of its name."""

_VERBS = ("get", "put", "post", "delete", "patch")


def read_plan(document: Node) -> Plan:
    """Read a whole document.

    Raises:
        ValueError: Something in it has no place in an SDK as it stands; the text says what and where.
    """
    schemas = Schemas(document)
    documents = _documents(schemas)
    models = ModelReader(schemas, documents)
    reader = MethodReader(schemas, models)
    by_tag = _by_tag(document)
    described = {str(tag["name"]): str(tag.get("description", "")) for tag in document.get("tags", [])}
    resources: dict[str, list[Resource]] = {}
    for tag, found in by_tag.items():
        system, _, attribute = tag.partition(".")
        if not re.fullmatch(r"[a-z]+\.[a-z_]+", tag):
            raise ValueError(f"the tag {tag!r} must name a system and a resource, such as vinr.store_credit")
        if system not in SYSTEMS:
            raise ValueError(f"the tag {tag!r} names the system {system!r}; the SDK has rules for {', '.join(SYSTEMS)}")
        siblings: dict[str, Any] = {str(one["operationId"]).rpartition(".")[2]: one for _, _, _, one in found}
        methods = [_method(reader, *one, siblings) for one in found]
        resources.setdefault(system, []).append(
            Resource(
                tag, system, attribute, f"{system}_{attribute}", pascal(attribute), described.get(tag, ""), methods
            )
        )
    for types in documents.values():
        for name in types.values():
            models.add(name, document["components"]["schemas"][name])
    events, base = _events(document, schemas, models)
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
    info: Node = document["info"]
    return Plan(str(info["title"]), str(info["version"]), systems, models.models, documents, events, base)


def _method(
    reader: MethodReader, path: str, item: Node, verb: str, operation: Node, siblings: dict[str, Any]
) -> Method:
    try:
        return reader.read(path, item, verb, operation, siblings)
    except (KeyError, TypeError, ValueError) as error:
        what = f"{error} is missing" if isinstance(error, KeyError) else str(error)
        raise ValueError(f"{verb} {path} ({operation['operationId']}): {what}") from error


def _by_tag(document: Node) -> dict[str, list[tuple[str, Node, str, Node]]]:
    """The operations of each tag, their names checked."""
    found: dict[str, list[tuple[str, Node, str, Node]]] = {}
    seen: dict[str, str] = {}
    for path, item in document["paths"].items():
        for verb in item.keys() & {"head", "options", "trace"}:
            raise ValueError(f"{verb} {path}: the SDK has no methods for {verb}")
        for verb in _VERBS:
            operation = item.get(verb)
            if operation is None:
                continue
            place = f"{verb} {path}"
            operation_id = operation.get("operationId")
            if not isinstance(operation_id, str):
                raise ValueError(f"{place} has no operationId; give it one such as vinr.store_credit.create")
            if operation_id in seen:
                raise ValueError(f"{place} has the operationId {operation_id} of {seen[operation_id]}")
            seen[operation_id] = place
            name = operation_id.rpartition(".")[2]
            if not name.isidentifier() or keyword.iskeyword(name):
                raise ValueError(f"{place}: {operation_id} ends in {name!r}, which cannot be the name of a method")
            tag = (operation.get("tags") or ["(none)"])[0]
            found.setdefault(tag, []).append((path, item, verb, operation))
    return found


def _documents(schemas: Schemas) -> dict[str, dict[str, str]]:
    """The JSON:API document schemas, each with the model of every `type` it can hold."""
    found: dict[str, dict[str, str]] = {}
    reader = ModelReader(schemas, {})
    named: Node = schemas.document.get("components", {}).get("schemas", {})
    for name, node in named.items():
        properties = schemas.properties(node)
        if "data" not in properties:
            continue
        data = schemas.merged(properties["data"])
        members: list[Node] = [data["items"] if "items" in data else properties["data"]]
        included: Node = schemas.merged(properties["included"]) if "included" in properties else {}
        if "items" in included:
            members += schemas.alternatives(included["items"])
        types: dict[str, str] = {}
        for member in members:
            model = schemas.name_of(member)
            if model is not None and reader.is_typed_resource(member):
                for value in schemas.constants(schemas.properties(member)["type"]):
                    types.setdefault(value, model)
        if types:
            found[name] = types
    return found


def _events(document: Node, schemas: Schemas, models: ModelReader) -> tuple[dict[str, str], str | None]:
    events: dict[str, str] = {}
    base: str | None = None
    for item in document.get("webhooks", {}).values():
        content: Node = schemas.resolve(item["post"]["requestBody"])["content"]["application/json"]
        node: Node = content["schema"]
        name = schemas.name_of(node)
        if name is None:
            raise ValueError("give the payload schema of every webhook a name under components/schemas")
        models.add(name, node)
        for value in schemas.constants(schemas.properties(node)["type"]):
            events[value] = name
        # What an event of a type this version does not know is read as.
        base = pascal(str(item["post"]["operationId"]).partition(".")[0]) + "Event"
        models.add_fallback(base, document["components"]["schemas"][base])
    return events, base
