"""Parameters in the query, the path and the headers, right and wrong."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import islice
from typing import Any
from urllib.parse import quote

from .probes import RIGHT, Probe, Source
from .samples import missed, missed_texts, right_texts, types
from .traffic import JSON

__all__ = ["parameter_probes"]


def parameter_probes(source: Source) -> Iterator[Probe]:
    """Everything of one operation that is about its parameters."""
    for make in (_parameters, _deep, _headers):
        yield from make(source)


def _wire(parameter: Mapping[str, Any], value: Any) -> tuple[tuple[str, str], ...]:
    name = parameter["name"]
    if not isinstance(value, list):
        return ((name, str(value)),)
    if parameter.get("explode", True):
        return tuple((name, str(one)) for one in value)
    return ((name, ",".join(value)),)


_AMOUNT = re.compile(r"\s*\+?([0-9]{1,6}(\.[0-9]*)?|\.[0-9]+|[0-9]e[0-9]|0x[0-9]+)\s*")
"""What is an amount in range to JavaScript."""


def _parameters(source: Source) -> Iterator[Probe]:
    draft = source.plain
    for parameter, schema in source.parameters("query"):
        name = parameter["name"]
        if parameter.get("style") == "deepObject":
            continue
        if parameter.get("x-alternative") == "header":
            continue
        if "array" in types(schema):
            yield from _lists(source, parameter, schema)
            continue
        for text in right_texts(schema):
            yield source.probe(draft.asking((name, text)), RIGHT + "query", f"{name}={text}")
        for kind, text in missed_texts(schema):
            # Of an amount Prism reads a text for the branch that takes a number, as JavaScript does: `5.`, `0x10`.
            odd = schema.get("format") == "decimal" and kind == "pattern" and _AMOUNT.fullmatch(text)
            yield source.probe(draft.asking((name, text)), f"query: {'odd number' if odd else kind}", f"{name}={text}")
        good = next(iter(right_texts(schema)))
        yield source.probe(draft.asking((name, good), (name, good)), "query: repeated", name)
        yield source.probe(draft.asking((f"{name}[]", good)), "query: unknown", f"{name}[]")
        yield source.probe(draft.asking((name.upper(), good)), "query: unknown", name.upper())
    for name in ("surplus", "page[number]", "api_key", "__proto__", "\u91d1\u984d", "", "a b&c"):
        yield source.probe(draft.asking((name, "1")), "query: unknown", repr(name))
    for parameter, schema in source.parameters("path"):
        example = draft.path
        template = source.operation.template
        for text in islice(right_texts(schema), 2):
            path = template.replace(f"{{{parameter['name']}}}", quote(text, safe=""))
            yield source.probe(replace(draft, path=path), RIGHT + "another id", path)
        for text in ("a b", "1%2", "sc_\u00e9", "x;y=1", "a/b", "1.json"):
            path = template.replace(f"{{{parameter['name']}}}", quote(text, safe=""))
            yield source.probe(replace(draft, path=path), RIGHT + "another id", path)
        for kind, text in missed_texts(schema):
            if text:
                path = template.replace(f"{{{parameter['name']}}}", quote(text, safe=""))
                yield source.probe(replace(draft, path=path), f"path: {kind}", f"{example} {len(text)}")


def _lists(source: Source, parameter: Mapping[str, Any], schema: Mapping[str, Any]) -> Iterator[Probe]:
    draft, name = source.plain, parameter["name"]
    items = source.resolved(schema["items"])
    if "enum" in items:
        for text in items["enum"]:
            yield source.probe(draft.asking((name, text)), RIGHT + "query", f"{name}={text}")
        for kind, text in missed(items):
            if isinstance(text, str):
                yield source.probe(draft.asking((name, text)), f"brackets: {kind}", f"{name}={text}")
        many = [(name, items["enum"][0])] * (schema["maxItems"] + 1)
        yield source.probe(draft.asking(*many), "brackets: too many", name)
        yield source.probe(draft.asking((name.removesuffix("[]"), items["enum"][0])), "query: unknown", name[:-2])
        return
    named = items.get("x-extensible-enum", ["id", "amount"])
    for texts in (named[:1], named[:2], ["unheard_of"], [named[0], named[0]], ["a" * 300]):
        yield source.probe(draft.asking(*_wire(parameter, texts)), RIGHT + "query", f"{name}={','.join(texts)}")
    for text in (",user", "user,", "user,,user"):
        yield source.probe(draft.asking((name, text)), "query: nothing between commas", text)
    yield source.probe(draft.asking((name, "")), "query: empty", name)
    yield source.probe(draft.asking((name, named[0]), (name, named[-1])), "query: list repeated", name)
    yield source.probe(draft.asking((f"{name}[]", named[0])), "query: unknown", f"{name}[]")


def _deep(source: Source) -> Iterator[Probe]:
    draft = source.plain
    for parameter, schema in source.parameters("query"):
        if parameter.get("style") != "deepObject":
            continue
        name = parameter["name"]
        # Members of one type are alike to both; one of each is enough.
        alike = {json.dumps(source.resolved(member).get("type")): key for key, member in schema["properties"].items()}
        for key in alike.values():
            leaf = source.resolved(schema["properties"][key])
            if "array" in types(leaf):
                pairs = [(f"{name}[{key}][]", "1"), (f"{name}[{key}][]", "2")]
                yield source.probe(draft.asking(*pairs), RIGHT + "object", f"{name}[{key}][]")
                yield source.probe(draft.asking((f"{name}[{key}]", "1")), "object: one for a list", f"{name}[{key}]")
            else:
                for text in ("true", "false") if types(leaf) == {"boolean"} else ("1", "10.50"):
                    yield source.probe(draft.asking((f"{name}[{key}]", text)), RIGHT + "object", f"{name}[{key}]")
                yield source.probe(draft.asking((f"{name}[{key}][]", "1")), "object: a list for one", f"{name}[{key}]")
                pairs = [(f"{name}[{key}]", "1"), (f"{name}[{key}]", "2")]
                yield source.probe(draft.asking(*pairs), "object: repeated", f"{name}[{key}]")
            deep = f"{name}[{key}][deeper]"
            yield source.probe(draft.asking((deep, "1")), "object: below a member", deep)
        for key in ("surplus", "user_email_eq"):
            yield source.probe(draft.asking((f"{name}[{key}]", "1")), RIGHT + "object, unnamed", f"{name}[{key}]")
        yield source.probe(draft.asking((name, "1")), "object: a text", name)
        yield source.probe(draft.asking((f"{name}[]", "1")), "object: a list", f"{name}[]")
        yield source.probe(draft.asking((f"{name}[", "1")), "query: unknown", f"{name}[")
        yield source.probe(draft.asking((f"{name}[a", "1")), "query: unknown", f"{name}[a")
        yield source.probe(draft.asking((f"{name}[a]b", "1")), "query: unknown", f"{name}[a]b")


def _headers(source: Source) -> Iterator[Probe]:
    draft = source.plain
    for parameter, schema in source.parameters("header"):
        name = parameter["name"]
        for text in right_texts(schema):
            if text.isascii() and text.strip() == text:
                said = replace(draft, headers={**draft.headers, name: text})
                yield source.probe(said, RIGHT + "header", f"{name}: {text}")
        for kind, text in missed_texts(schema):
            # What stands around the text of a header is no part of it.
            if text.isascii() and text.strip() == text:
                said = replace(draft, headers={**draft.headers, name: text})
                yield source.probe(said, f"header: {kind}", f"{name}: {text}")
        lower = {**draft.headers, name.lower(): next(iter(right_texts(schema)))}
        yield source.probe(replace(draft, headers=lower), RIGHT + "header", name.lower())
    plain = RIGHT + ("header" if source.answers_plain_json else "plain JSON asked for")
    yield source.probe(draft.saying(Accept=JSON), plain)
    for accept in ("*/*", "text/html, application/json;q=0.5, */*;q=0.1"):
        yield source.probe(draft.saying(Accept=accept), RIGHT + "header", f"Accept: {accept}")
    surplus = draft.saying(X_Surplus="1", User_Agent="corpus", Accept_Language="de")
    yield source.probe(surplus, RIGHT + "header", "unknown ones")
