"""The part of a document that is about one system, without what only this repository reads.

What other tools stumble over is changed where that costs no truth: the servers stand at the root, since some generators
prefer those of a path to the host they are given; webhooks are left out, since some write them over the operations; and
so is the parameter `fields`, without which every member in `x-always-present` is required.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final, cast

import jsonschema_rs

__all__ = ["ExportError", "system_copy", "systems_of"]

Data = dict[str, Any]

_KEPT: Final = frozenset(
    {"x-displayName", "x-tagGroups", "x-extensible-enum", "x-ours", "x-error-codes", "x-remedy", "x-versions"}
)
"""Extensions that other tools show, or that people read."""
_VALUES: Final = frozenset({"example", "default", "enum", "const", "value", "x-extensible-enum"})
"""Below these stand mere values."""
_NAMED: Final = frozenset(
    "callbacks examples headers parameters paths patternProperties properties requestBodies responses "  # noqa: SIM905
    "schemas securitySchemes variables x-error-codes".split()
)
"""Below these, names are chosen freely."""
_METHODS: Final = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
_ABOUT: Final = """\
The part about {} of a larger document, made for other tools; nobody edits it. Request bodies are closed: a member that
is not listed is refused. Responses are open: members may be added at any time. `x-extensible-enum` lists the values
known today of a text that may take others later, `x-ours` marks names that the vendor has not published, and
`x-versions` what only some versions of the system have. Left out are webhooks, and parameters that take members out of
a response, since without them more members are required."""
_DECISIONS: Final = re.compile(r"\s*\((?:[VDRAT]\d+(?:, )?)+\)")
"""Where a text cites decisions, which are of no use without their file."""
_ABOUT_FIELDS: Final = re.compile(r"\s*[^.\n]*`fields`[^.]*\.")
_INT32: Final = 2**31 - 1


class ExportError(ValueError):
    """A document cannot be split by its systems; the text says where and why."""


def systems_of(document: Mapping[str, Any]) -> list[str]:
    """The systems of a document, by the first part of its tags' names, in the order of its paths."""
    found = [_system(operation) for item in document["paths"].values() for operation in _operations(item)]
    return list(dict.fromkeys(found))


def system_copy(document: Mapping[str, Any], system: str) -> Data:
    """One system's part of a document, in the version of OpenAPI that the document has.

    Raises:
        ExportError: Operations of one path are of several systems, or the paths have different servers.
    """
    data: Data = copy.deepcopy(dict(document))
    paths: Data = {path: item for path, item in data["paths"].items() if _only_system(path, item) == system}
    tags = [tag for item in paths.values() for operation in _operations(item) for tag in operation["tags"]]
    groups: list[Data] = [
        {**group, "tags": [tag for tag in group["tags"] if tag in tags]} for group in data.get("x-tagGroups", [])
    ]
    result: Data = {
        "openapi": data["openapi"],
        "info": _info(data, system),
        "servers": _servers(data, paths),
        "tags": [tag for tag in data.get("tags", []) if tag["name"] in tags],
        "x-tagGroups": [group for group in groups if group["tags"]],
        "paths": paths,
        "components": data.get("components", {}),
    }
    _drop_fields(result)
    _make_plain(result, named=False)
    _prune(result)
    _drop_partial_examples(result)
    _prune(result)
    return result


def _operations(item: Mapping[str, Any]) -> Iterator[Data]:
    yield from (item[method] for method in _METHODS if method in item)


def _system(operation: Mapping[str, Any]) -> str:
    return str((operation.get("tags") or [""])[0]).partition(".")[0]


def _only_system(path: str, item: Mapping[str, Any]) -> str:
    found = {_system(operation) for operation in _operations(item)}
    if len(found) != 1:
        raise ExportError(f"paths: {path}: its operations are of {len(found)} systems, and a copy is about one")
    return found.pop()


def _servers(data: Data, paths: Data) -> list[Data]:
    """The servers of the paths, which lose them."""
    found: list[list[Data]] = []
    for path, item in paths.items():
        servers = item.pop("servers", data.get("servers", []))
        if found and servers != found[0]:
            raise ExportError(
                f"paths: {path}: other servers than those of the paths before; a copy has them at its root"
            )
        found.append(servers)
    # Tools make a name of it, of an environment for example.
    short = [re.split(r"[.;]", str(one.get("description", one["url"])))[0] for one in found[0]]
    return [{**one, "description": said} for one, said in zip(found[0], short, strict=True)]


def _info(data: Data, system: str) -> Data:
    """What the copy is: the document's words about the system alone, and what holds for any copy."""
    info, told = data["info"], data.get("x-systems", {}).get(system, {})
    title = str(told.get("title", system))
    own = rf"^### ({re.escape(title)}'s .+?)\n+(.+?)(?=^### |\Z)"
    sections = re.findall(own, str(info.get("description", "")), re.MULTILINE | re.DOTALL)
    parts = [
        str(told.get("description", "")),
        *(f"### {heading}\n\n{text.strip()}" for heading, text in sections),
        f"### About this copy\n\n{_ABOUT.format(title)}",
    ]
    kept = {name: info[name] for name in ("version", "license", "contact") if name in info}
    return {"title": f"Store credit of {title}", "description": "\n\n".join(filter(None, parts)) + "\n", **kept}


def _drop_fields(result: Data) -> None:
    """Take out `fields`, in queries and in the bodies that have it once more."""
    for item in result["paths"].values():
        for owner in (item, *_operations(item)):
            if "parameters" in owner:
                given = [(one, _resolved(result, one)) for one in owner["parameters"]]
                kept = [one for one, node in given if (node["in"], node["name"]) != ("query", "fields")]
                owner["parameters"] = kept
    for schema in result["components"].get("schemas", {}).values():
        members = schema.get("properties", {})
        if members.get("fields", {}).get("x-alternative") == "query":
            del members["fields"]


def _make_plain(node: Any, *, named: bool) -> None:
    """Take out extensions, what names decisions, and formats that only this repository knows."""
    if isinstance(node, list):
        for one in cast("list[Any]", node):
            _make_plain(one, named=False)
    if not isinstance(node, dict):
        return
    members = cast("Data", node)
    if not named:
        if "x-always-present" in members:
            members["required"] = [*members.get("required", ()), *members["x-always-present"]]
        for name in [name for name in members if name.startswith("x-") and name not in _KEPT]:
            del members[name]
        _widen(members)
    for name, member in members.items():
        if not named and name in _VALUES:
            continue
        if isinstance(member, str):
            members[name] = _ABOUT_FIELDS.sub("", _DECISIONS.sub("", member))
        else:
            _make_plain(member, named=not named and name in _NAMED)


def _widen(schema: Data) -> None:
    """Say of a whole number without a small limit that 32 bits may not hold it: times, amounts."""
    kinds = [schema.get("type")] if isinstance(schema.get("type"), str) else schema.get("type", [])
    if "integer" in kinds and not {"string", "number"} & set(kinds):
        small = schema.get("maximum", _INT32 + 1) <= _INT32
        if schema.get("format") == "unix-time" or ("format" not in schema and not small):
            schema["format"] = "int64"


def _drop_partial_examples(result: Data) -> None:
    """Take out the examples of responses from which `fields` had taken members."""
    shared: Data = {"components": {"schemas": result["components"].get("schemas", {})}}
    validators: dict[str, jsonschema_rs.Validator] = {}
    for media in _media_types(result):
        examples: Data = media.get("examples", {})
        schema = media["schema"]
        if repr(schema) not in validators:
            validators[repr(schema)] = jsonschema_rs.Draft202012Validator({**schema, **shared})
        valid = validators[repr(schema)].is_valid
        media["examples"] = {name: one for name, one in examples.items() if valid(_resolved(result, one)["value"])}
        if not media["examples"]:
            del media["examples"]


def _media_types(node: Any) -> Iterator[Data]:
    """The media types below a node that have a schema."""
    if isinstance(node, list):
        for one in cast("list[Any]", node):
            yield from _media_types(one)
    elif isinstance(node, dict):
        for name, member in cast("Data", node).items():
            if name == "content" and isinstance(member, dict):
                yield from (one for one in cast("Data", member).values() if "schema" in one)
            elif name not in _VALUES:
                yield from _media_types(member)


def _prune(result: Data) -> None:
    """Keep the components that the paths lead to."""
    reached: set[tuple[str, str]] = set()
    waiting = list(_references(result["paths"]))
    while waiting:
        kind, name = waiting.pop()
        if (kind, name) not in reached:
            reached.add((kind, name))
            waiting += _references(result["components"][kind][name])
    for item in result["paths"].values():
        for operation in _operations(item):
            reached |= {("securitySchemes", name) for one in operation.get("security", []) for name in one}
    components: Data = {
        kind: {name: one for name, one in members.items() if (kind, name) in reached}
        for kind, members in result["components"].items()
    }
    result["components"] = {kind: members for kind, members in components.items() if members}


def _references(node: Any) -> Iterator[tuple[str, str]]:
    """Kind and name of every component that a node refers to."""
    if isinstance(node, list):
        for one in cast("list[Any]", node):
            yield from _references(one)
    elif isinstance(node, dict):
        for name, member in cast("Data", node).items():
            if name == "$ref" and isinstance(member, str):
                if not member.startswith("#/components/"):
                    raise ExportError(f"$ref: {member} leads out; a copy has only the document's components")
                _, _, kind, target = member.split("/", 3)
                yield kind, target
            else:
                yield from _references(member)


def _resolved(result: Data, node: Data) -> Data:
    while "$ref" in node:
        _, _, kind, name = node["$ref"].split("/", 3)
        node = result["components"][kind][name]
    return node
