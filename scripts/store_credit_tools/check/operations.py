"""What is wrong with operations: paths, parameters, statuses, tags, security, ids and links."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from store_credit_tools.check.findings import meant
from store_credit_tools.check.grammar import METHODS
from store_credit_tools.check.source import Location, Node, items, mapping
from store_credit_tools.check.walk import Walk

__all__ = ["check_operations", "operations"]

_STATUS: Final = re.compile(r"[1-5](?:\d\d|XX)|default")
_NAME: Final = re.compile(r"[A-Za-z0-9._-]+")
_STYLES: Final = {
    "path": ("simple", "label", "matrix"),
    "query": ("form", "spaceDelimited", "pipeDelimited", "deepObject"),
    "header": ("simple",),
    "cookie": ("form",),
}
_MEDIA_TYPE: Final = re.compile(r"[\w!#$&^.+*-]+/[\w!#$&^.+*-]+(?:\s*;.*)?")
_NEEDED: Final[Mapping[str, tuple[str, ...]]] = {
    "apiKey": ("name", "in"),
    "http": ("scheme",),
    "oauth2": ("flows",),
    "openIdConnect": ("openIdConnectUrl",),
    "mutualTLS": (),
}


def operations(walk: Walk) -> Iterator[tuple[Location, Node]]:
    """Each operation below `paths` and `webhooks`, without those of callbacks and components."""
    for place, operation in walk.all("operation"):
        if place[0] in {"paths", "webhooks"} and len(place) == 3:
            yield place, operation


def check_operations(walk: Walk) -> None:
    """Note what is wrong with the operations, and with what they have in common."""
    _ids(walk)
    _templates(walk)
    declared = _tags(walk)
    for place, operation in operations(walk):
        for number, tag in enumerate(items(operation.get("tags"))):
            if tag not in declared:
                remedy = meant(str(tag), declared, "add it to `tags`")
                walk.source.add((*place, "tags", str(number)), f"the tag {tag} is not declared", remedy)
        if place[0] == "paths" and not walk.has(operation, "responses", "operation"):
            walk.source.add(place, "an operation without `responses`", "describe its responses")
    for place, responses in walk.all("responses"):
        _statuses(walk, place, responses)
    for kind in ("pathItem", "operation"):
        for place, owner in walk.all(kind):
            _parameters(walk, place, owner)
    for kind in ("parameter", "header"):
        for place, one in walk.all(kind):
            _parameter(walk, kind, place, one)
    for kind in ("requestBody", "response"):
        for place, one in walk.all(kind):
            for name in mapping(one.get("content")):
                if not _MEDIA_TYPE.fullmatch(name):
                    walk.source.add(
                        (*place, "content", name),
                        f"{name} is not a valid media type",
                        "write one such as application/json",
                    )
    for kind in ("parameter", "header", "mediaType"):
        for place, one in walk.all(kind):
            if {"example", "examples"} <= one.keys():
                walk.source.add((*place, "example"), "`example` and `examples` together", "keep one of them")
    _security(walk)
    _servers(walk)
    components: Any = walk.source.data.get("components")
    for section, group in mapping(components).items():
        for name in mapping(group):
            if not section.startswith("x-") and not _NAME.fullmatch(name):
                said = f"{name!r} is not a valid name of a component"
                walk.source.add(("components", section, name), said, "use letters, digits, `.`, `-` and `_`")


def _ids(walk: Walk) -> None:
    first: dict[str, int] = {}
    for place, operation in walk.all("operation"):
        name = operation.get("operationId")
        if not isinstance(name, str):
            continue
        where = (*place, "operationId")
        if name in first:
            said = f"the operationId {name} is already used by another operation, on line {first[name]}"
            walk.source.add(where, said, "change one of them")
        first.setdefault(name, walk.source.line(where))
    for place, link in walk.all("link"):
        name = link.get("operationId")
        if isinstance(name, str) and name not in first:
            said = f"the link leads to the operation {name}, which does not exist"
            walk.source.add((*place, "operationId"), said, meant(name, first, "name one that is"))


def _tags(walk: Walk) -> list[str]:
    names: list[str] = []
    for place, tag in walk.all("tag"):
        name = str(tag.get("name"))
        if name in names:
            walk.source.add((*place, "name"), f"the tag {name} is declared twice", "remove one")
        names.append(name)
    return names


def _templates(walk: Walk) -> None:
    shapes: dict[str, str] = {}
    for place, paths in walk.all("paths"):
        for path in paths:
            shape = re.sub(r"\{[^}]*\}", "{}", path)
            if shape in shapes and not path.startswith("x-"):
                said = f"{path} is the same path as {shapes[shape]}"
                walk.source.add((*place, path), said, "put all operations under one of them")
            shapes.setdefault(shape, path)
            names = re.findall(r"\{([^}]*)\}", path)
            if "{" in re.sub(r"\{[^{}]+\}", "", path) or "}" in re.sub(r"\{[^{}]+\}", "", path):
                walk.source.add((*place, path), f"the braces in {path} do not match", "write {name}")
            if len({*names}) < len(names):
                walk.source.add((*place, path), f"{path} has a parameter twice", "give them different names")


def _statuses(walk: Walk, place: Location, responses: Node) -> None:
    known = [status for status in responses if not status.startswith("x-")]
    if not known:
        walk.source.add(place, "there are no responses", "describe the responses of the operation")
    for status in known:
        if not _STATUS.fullmatch(status):
            remedy = (
                f'write "{status.upper()}"'
                if _STATUS.fullmatch(status.upper())
                else 'write one such as "200", "4XX", default'
            )
            walk.source.add((*place, status), f"{status} is not a valid status", remedy)


def _parameters(walk: Walk, place: Location, owner: Node) -> None:
    """Note parameters that stand twice, and those of a path that its template does not have, or the other way round."""
    first: dict[tuple[str, str], int] = {}
    in_path: dict[str, Location] = {}
    holders = [(place, owner)]
    if place[-1] in METHODS and place[:1] != ("components",):
        item = walk.source.at(place[:-1])
        holders.append((place[:-1], mapping(item)))
    complete = True
    for where, holder in holders:
        for number in range(len(items(holder.get("parameters")))):
            inner = (*where, "parameters", str(number))
            _, parameter = walk.resolve(inner)
            if not isinstance(parameter, dict):
                complete = False
                continue
            one = mapping(parameter)
            key = (str(one.get("in")), str(one.get("name")))
            if where == place and key in first:
                walk.source.add(inner, f"the {key[0]} parameter {key[1]} stands twice", "remove one")
            first.setdefault(key, walk.source.line(inner))
            if key[0] == "path":
                in_path.setdefault(key[1], inner)
    path = place[1] if len(place) > 1 else ""
    if place[:1] != ("paths",) or not complete:
        return
    names = set(re.findall(r"\{([^}]+)\}", path))
    for name, where in in_path.items():
        if name not in names and where[: len(place)] == place:
            walk.source.add(
                where,
                f"the path {path} has no {{{name}}}",
                meant(name, names, f"remove the parameter, or write {{{name}}} in the path"),
            )
    if len(place) == 3 and place[2] in METHODS:
        strange = in_path.keys() - names
        for name in sorted(names - in_path.keys()):
            if strange and meant(name, strange, ""):
                continue  # Said where that parameter stands.
            remedy = meant(name, in_path, "add a parameter `in: path` of that name")
            walk.source.add(place, f"no parameter for {{{name}}} of the path {path}", remedy)


def _parameter(walk: Walk, kind: str, place: Location, one: Node) -> None:
    said = f"the {kind} {one['name']}" if "name" in one else f"the {kind} {place[-1]}"
    if ("schema" in one) == ("content" in one):
        walk.source.add(place, f"{said} needs either `schema` or `content`, not both", "write one of them")
    where = str(one.get("in", "header" if kind == "header" else ""))
    if kind == "parameter" and "in" in one and where not in _STYLES:
        known = "write path, query, header or cookie"
        remedy = "describe it by `requestBody`" if where in {"body", "formData"} else meant(where, _STYLES, known)
        walk.source.add((*place, "in"), f"{where} is not a place of a parameter", remedy)
    if where == "path" and one.get("required", False) is False:
        walk.source.add(place, f"{said} is in the path, but not `required: true`", "write that")
    style = one.get("style")
    if isinstance(style, str) and style not in _STYLES.get(where, (style,)):
        remedy = meant(style, _STYLES[where], f"there are {', '.join(_STYLES[where])}")
        walk.source.add((*place, "style"), f"{style} is not a style of a {where} parameter", remedy)
    if (
        kind == "parameter"
        and where == "header"
        and str(one.get("name")).lower() in {"accept", "content-type", "authorization"}
    ):
        walk.source.add(
            (*place, "name"), f"{said} is not read (OpenAPI 3.1, 4.8.12.2.1)", "use `content` or `security`"
        )


def _security(walk: Walk) -> None:
    schemes = {place[-1]: one for place, one in walk.all("securityScheme")}
    schemes |= {place[-1]: {} for place, kind in walk.references.items() if kind == "securityScheme"}
    for place, one in walk.all("securityScheme"):
        kind = str(one.get("type"))
        if kind not in _NEEDED:
            walk.source.add(
                (*place, "type"),
                f"{kind} is not a type of a security scheme",
                meant(kind, _NEEDED, f"there are {', '.join(_NEEDED)}"),
            )
        for name in _NEEDED.get(kind, ()):
            if name not in one:
                walk.source.add(place, f"a security scheme of the type {kind} without `{name}`", "write one")
        if kind == "apiKey" and "in" in one and one["in"] not in ("query", "header", "cookie"):
            walk.source.add(
                (*place, "in"), f"{one['in']} is not a valid place for an API key", "query, header or cookie"
            )
    holders: list[tuple[Location, Node]] = [((), walk.source.data), *walk.all("operation")]
    for place, holder in holders:
        for number, choice in enumerate(items(holder.get("security"))):
            where = (*place, "security", str(number))
            if not isinstance(choice, dict):
                walk.source.add(where, "a security requirement is a mapping", "write `- name: []`")
                continue
            for name, scopes in mapping(choice).items():
                if name not in schemes:
                    remedy = meant(name, schemes, "add it to components/securitySchemes")
                    walk.source.add((*where, name), f"the security scheme {name} is not declared", remedy)
                elif not isinstance(scopes, list):
                    walk.source.add((*where, name), f"the scopes of {name} must be a list", "write `[]`")
                elif flows := mapping(schemes[name].get("flows")):
                    known = [scope for flow in flows.values() for scope in mapping(mapping(flow).get("scopes"))]
                    for scope in items(scopes):
                        if scope not in known:
                            walk.source.add(
                                (*where, name), f"{name} has no scope {scope}", meant(str(scope), known, "declare it")
                            )


def _servers(walk: Walk) -> None:
    for place, server in walk.all("server"):
        names = re.findall(r"\{([^}]+)\}", str(server.get("url")))
        given: Any = server.get("variables", {})
        variables = mapping(given)
        for name in names:
            if name not in variables:
                walk.source.add(
                    (*place, "url"),
                    f"the server has no variable {name}",
                    meant(name, variables, "describe it under `variables`"),
                )
        for name, variable in variables.items():
            if name not in names and not meant(name, (one for one in names if one not in variables), ""):
                said = f"the address of the server has no {{{name}}}"
                walk.source.add((*place, "variables", name), said, meant(name, names, "remove the variable"))
            values = mapping(variable).get("enum")
            if isinstance(values, list) and mapping(variable).get("default") not in values:
                walk.source.add(
                    (*place, "variables", name),
                    f"the default of {name} is not one of its values",
                    "correct one of them",
                )
