"""Whether the `x-` members of a document are ours, where they may be, and say what they can."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

import jsonschema_rs

from store_credit_tools.check.findings import meant
from store_credit_tools.check.source import Location, Node, items, mapping
from store_credit_tools.check.walk import Walk
from store_credit_tools.extensions import EXTENSIONS

__all__ = ["check_extensions"]

_FORM: Final = re.compile(r"\$request\.(path|query|header)\.(.+)")
_TITLES: Final = {"document": "the document", "pathItem": "paths", "securityScheme": "security schemes"}


def check_extensions(walk: Walk, *, ours: bool) -> None:
    """Note extensions that are misspelt, out of place, or without effect.

    Args:
        walk: The document.
        ours: Whether it is the document of this repository, which has no extensions of others.
    """
    validators = {name: jsonschema_rs.validator_for(dict(one.value)) for name, one in EXTENSIONS.items()}
    for kind, group in walk.found.items():
        for place, owner in group.items():
            for name, value in owner.items():
                # Of a mapping of the document's own names only what stands beside them is an extension.
                if name.startswith("x-") and not (kind in {"paths", "responses"} and isinstance(value, dict)):
                    _extension(walk, kind, (*place, name), value, validators, ours=ours)
    for place, operation in walk.all("operation"):
        _of_operation(walk, place, operation)
    for place, item in walk.all("pathItem"):
        _aliases(walk, place, item)
    _groups(walk)
    names = mapping(walk.source.at(("components", "schemas")))
    for place, schema in walk.all("schema"):
        target: Any = schema.get("x-resource")
        for name in items(target) if isinstance(target, list) else [target] if target else []:
            if str(name) not in names:
                said = f"`x-resource` names {name}, which is not a schema"
                walk.source.add((*place, "x-resource"), said, meant(str(name), names, "name one of components/schemas"))
        codes, listed = schema.get("x-error-codes"), schema.get("x-extensible-enum")
        if isinstance(codes, dict) and isinstance(listed, list):
            _codes(walk, place, mapping(codes), [str(one) for one in items(listed)])


def _extension(
    walk: Walk,
    kind: str,
    where: Location,
    value: Any,
    validators: Mapping[str, jsonschema_rs.Validator],
    *,
    ours: bool,
) -> None:
    name = where[-1]
    known = EXTENSIONS.get(name)
    if known is None:
        near = meant(name, EXTENSIONS, "", 0.8)
        if near or ours:
            remedy = near or "describe it in scripts/store_credit_tools/extensions.py and in the document's description"
            walk.source.add(where, f"the extension {name} is not known", remedy)
        return
    if kind not in known.owners:
        owners = " and ".join(_TITLES.get(one, f"{one}s") for one in known.owners)
        walk.source.add(where, f"`{name}` has no effect here", f"it is for {owners}: {known.meaning}")
        return
    error = next(iter(validators[name].iter_errors(value)), None)
    if error is not None:
        inner = (*where, *(str(step) for step in error.instance_path))
        walk.source.add(inner, f"the value of `{name}` is not valid: {error.message}", f"it says {known.meaning}")


def _of_operation(walk: Walk, place: Location, operation: Node) -> None:
    """Note parameters that extensions name and the operation does not have."""
    item = walk.source.at(place[:-1])
    parameters: set[tuple[str, str]] = set()
    for holder in (operation, mapping(item)):
        owner = place if holder is operation else place[:-1]
        for number in range(len(items(holder.get("parameters")))):
            _, one = walk.resolve((*owner, "parameters", str(number)))
            if isinstance(one, dict):
                parameters.add((str(mapping(one).get("in")), str(mapping(one).get("name"))))
    names = {name for _, name in parameters}
    sampled: Any = operation.get("x-sample-parameters")
    for number, name in enumerate(items(sampled)):
        if str(name) not in names:
            said = f"`x-sample-parameters` names {name}, which is not a parameter of the operation"
            walk.source.add((*place, "x-sample-parameters", str(number)), said, meant(str(name), names, "remove it"))
    for name in mapping(operation.get("x-sample-values")):
        if name not in names:
            said = f"`x-sample-values` names {name}, which is not a parameter of the operation"
            walk.source.add((*place, "x-sample-values", name), said, meant(name, names, "remove it"))
    serialized: Any = operation.get("x-serialize-by")
    choices: Any = operation.get("security", walk.source.data.get("security")) or []
    headers: set[str] = set()
    for scheme in {str(name) for choice in items(choices) for name in mapping(choice)}:
        one = mapping(walk.source.at(("components", "securitySchemes", scheme)))
        headers.add(str(one.get("name")) if one.get("type") == "apiKey" else "Authorization")
    for number, text in enumerate(items(serialized)):
        form = _FORM.fullmatch(str(text))
        if form and (form[1], form[2]) not in parameters and not (form[1] == "header" and form[2] in headers):
            said = f"`x-serialize-by` names {form[2]}, which is not a {form[1]} parameter of the operation"
            known = {name for where, name in parameters if where == form[1]}
            known |= {name for name in headers if form[1] == "header"}
            walk.source.add((*place, "x-serialize-by", str(number)), said, meant(form[2], known, "name one that is"))
    if operation.get("x-creates") is True and operation.get("x-idempotent") is True:
        said = "`x-creates` and `x-idempotent` together: a request that creates a record must not be resent"
        walk.source.add((*place, "x-idempotent"), said, "remove one")


def _aliases(walk: Walk, place: Location, item: Node) -> None:
    aliases: Any = item.get("x-aliases")
    ids = {str(mapping(one).get("operationId")) for one in item.values() if isinstance(one, dict)}
    for number, alias in enumerate(items(aliases)):
        if not isinstance(alias, dict):
            continue
        one = mapping(alias)
        where = (*place, "x-aliases", str(number))
        if str(one.get("for")) not in ids:
            said = f"the alias is for {one.get('for')}, which is not an operation of this path"
            walk.source.add((*where, "for"), said, meant(str(one.get("for")), ids, "name one that is"))
        if str(one.get("method")) in item:
            walk.source.add((*where, "method"), f"{one.get('method')} is an operation of this path", "remove the alias")


def _groups(walk: Walk) -> None:
    tags = [str(tag.get("name")) for _, tag in walk.all("tag")]
    for number, group in enumerate(items(walk.source.data.get("x-tagGroups"))):
        for index, tag in enumerate(items(mapping(group).get("tags"))):
            if tag not in tags:
                where = ("x-tagGroups", str(number), "tags", str(index))
                walk.source.add(where, f"the tag {tag} is not declared", meant(str(tag), tags, "add it to `tags`"))


def _codes(walk: Walk, place: Location, codes: Node, listed: list[str]) -> None:
    for code in codes:
        if code not in listed:
            remedy = meant(code, listed, "add it there")
            walk.source.add((*place, "x-error-codes", code), f"the code {code} is not in `x-extensible-enum`", remedy)
    for number, code in enumerate(listed):
        if code not in codes:
            said = f"the code {code} is not in `x-error-codes`"
            walk.source.add((*place, "x-extensible-enum", str(number)), said, "write its cause and its remedy there")
