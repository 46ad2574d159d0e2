"""Bodies: the document's own, values at their bounds, and one thing wrong in each of the rest."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any
from urllib.parse import urlencode

from .probes import RIGHT, Draft, Probe, Source
from .samples import missed, missed_texts, right, right_texts
from .traffic import FORM, JSON

__all__ = ["MALFORMED", "UNSPEAKABLE", "body_probes", "changed", "json_bodies", "objects"]

MALFORMED = "body: malformed JSON"
UNSPEAKABLE = "body: unknown member that no header can name"
_JSON_API = "application/vnd.api+json"


def body_probes(source: Source) -> Iterator[Probe]:
    """Everything of one operation that is about its body, or about having none."""
    for make in (_shown, _bodies, _forms, _contents):
        yield from make(source)


def _shown(source: Source) -> Iterator[Probe]:
    for media_type, (_, examples) in source.bodies.items():
        for name, value in examples.items():
            draft = replace(source.plain, media_type=media_type, body=value)
            yield source.probe(draft, RIGHT + "example", f"{media_type} {name}")
    if not source.body_required:
        draft = replace(source.plain, media_type=None, body=None)
        yield source.probe(draft, RIGHT + "example", "no body")
    for number, headers in enumerate(source.schemes()):
        yield source.probe(replace(source.plain, headers=headers), RIGHT + "credentials", str(number))


def json_bodies(source: Source) -> Iterator[tuple[Draft, str]]:
    for media_type, (location, examples) in source.bodies.items():
        if media_type != FORM:
            value = next(iter(examples.values()))
            yield replace(source.plain, media_type=media_type, body=value), location


def objects(
    source: Source, schema: Mapping[str, Any], way: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], Mapping[str, Any]]]:
    """Each object below a schema that says which members it has, if any, with the way to it."""
    schema = source.resolved(schema)
    if "properties" not in schema and schema.get("additionalProperties") is not False:
        return
    yield way, schema
    for name, member in schema.get("properties", {}).items():
        yield from objects(source, member, (*way, name))


def changed(value: Any, way: Sequence[str], change: Mapping[str, Any], *, gone: str | None = None) -> Any:
    """A copy with members of the object at the end of the way set, or one left out."""
    if not way:
        members = {**value, **change} if isinstance(value, dict) else dict(change)
        return {name: one for name, one in members.items() if name != gone}
    inner = value.get(way[0], {}) if isinstance(value, dict) else {}
    return {**(value if isinstance(value, dict) else {}), way[0]: changed(inner, way[1:], change, gone=gone)}


def _bodies(source: Source) -> Iterator[Probe]:
    for draft, location in json_bodies(source):
        root = source.document.resolve(location)[1]
        for way, schema in objects(source, root):
            yield from _object(source, draft, way, schema)
            if draft.media_type == JSON:
                # The other type has the same schema, and is the same JSON to both.
                yield from _members(source, draft, way, schema)
        for value in ([], "text", 7, True, [draft.body]):
            yield source.probe(replace(draft, body=value), "body: root type", value)
        nothing = "body: root type" if source.body_required else "body: null where none is needed"
        yield source.probe(replace(draft, body=None), nothing, None)
        for name, value in draft.body.items():
            again = f"{{{json.dumps(name)}: {json.dumps(value)}, {json.dumps(draft.body)[1:]}"
            yield source.probe(replace(draft, raw=again.encode()), "body: member twice", name)
        for text in ("{", '{"a": ', "nope", "{'a': 1}", '{"a": 1,}', "[1", '{"a": NaN}'):
            yield source.probe(replace(draft, raw=text.encode()), MALFORMED, text)
        yield source.probe(replace(draft, raw=b'{"a": "\xff"}'), MALFORMED, "no UTF-8")


def _object(source: Source, draft: Draft, way: tuple[str, ...], schema: Mapping[str, Any]) -> Iterator[Probe]:
    def with_(change: Mapping[str, Any], gone: str | None = None) -> Draft:
        return replace(draft, body=changed(draft.body, way, change, gone=gone))

    place = ".".join(way) or "the root"
    for name in schema.get("required", ()):
        yield source.probe(with_({}, gone=name), "body: member missing", f"{place} without {name}")
    if schema.get("additionalProperties") is False:
        for name in ("surplus", "__proto__", "constructor", ""):
            yield source.probe(with_({name: 1}), "body: unknown member", f"{place}: {name!r}")
        yield source.probe(with_({"Gr\u00fc\u00dfe": 1}), "body: unknown member", f"{place}: Latin-1")
        yield source.probe(with_({"\u91d1\u984d": 1}), UNSPEAKABLE, place)
        for known in islice(schema.get("properties", ()), 1):
            yield source.probe(with_({known.upper(): 1}), "body: unknown member", f"{place}: {known.upper()}")
    if schema.get("minProperties"):
        emptied = changed(draft.body, way[:-1], {way[-1]: {}}) if way else {}
        yield source.probe(replace(draft, body=emptied), "body: nothing in it", place)


def _members(source: Source, draft: Draft, way: tuple[str, ...], schema: Mapping[str, Any]) -> Iterator[Probe]:
    def with_(name: str, value: Any) -> Draft:
        return replace(draft, body=changed(draft.body, way, {name: value}))

    place = ".".join(way) or "the root"
    for name, member in schema.get("properties", {}).items():
        leaf = source.resolved(member)
        if "properties" in leaf:
            for value in (None, [], "text", 7, True):
                yield source.probe(with_(name, value), "body: type", f"{place}.{name} {value!r}")
            continue
        for value in right(leaf):
            yield source.probe(with_(name, value), RIGHT + "body", f"{place}.{name} {value!r}")
        for kind, value in missed(leaf):
            yield source.probe(with_(name, value), f"body: {kind}", f"{place}.{name} {value!r}")


def _forms(source: Source) -> Iterator[Probe]:
    if FORM not in source.bodies:
        return
    location, examples = source.bodies[FORM]
    fields = {name: str(value) for name, value in next(iter(examples.values())).items()}
    draft = replace(source.plain, media_type=FORM, body=fields)
    schema = source.document.resolve(location)[1]
    for name, member in schema["properties"].items():
        leaf = source.resolved(member)
        for text in right_texts(leaf):
            yield source.probe(replace(draft, body={**fields, name: text}), RIGHT + "form", f"{name}={text}")
        for kind, text in missed_texts(leaf):
            yield source.probe(replace(draft, body={**fields, name: text}), f"form: {kind}", f"{name}={text}")
        if name in schema.get("required", ()):
            rest = {key: value for key, value in fields.items() if key != name}
            yield source.probe(replace(draft, body=rest), "form: field missing", name)
        if name in fields:
            pairs = [(name, fields[name]), *fields.items()]
            yield source.probe(replace(draft, raw=urlencode(pairs).encode()), "form: field twice", name)
        for bracketed in (f"{name}[]", f"{name}[a]"):
            rest = {key: value for key, value in fields.items() if key != name}
            body = {**rest, bracketed: fields.get(name, "1")}
            required = name in schema.get("required", ())
            kind = "form: field missing" if required else "form: unknown field"
            yield source.probe(replace(draft, body=body), kind, bracketed)
    for name in ("surplus", "memo", "", "\u91d1\u984d"):
        yield source.probe(replace(draft, body={**fields, name: "1"}), "form: unknown field", repr(name))
    if source.body_required and schema.get("required"):
        yield source.probe(replace(draft, body={}), "form: field missing", "all")


def _contents(source: Source) -> Iterator[Probe]:
    draft = source.plain
    if not source.bodies:
        for media_type in (JSON, FORM):
            body: Any = {"a": "1"}
            yield source.probe(replace(draft, media_type=media_type, body=body), "content: a body", media_type)
        yield source.probe(replace(draft, raw=b"text").saying(Content_Type="text/plain"), "content: a body", "text")
        yield source.probe(replace(draft, media_type=JSON, body={}), "content: a body", "{}")
        return
    plain = json.dumps(draft.body).encode()
    if source.body_required:
        empty = replace(draft, media_type=None, body=None)
        yield source.probe(empty, "content: no body", "no type")
        for media_type in source.bodies:
            yield source.probe(replace(empty.saying(Content_Type=media_type), raw=b""), "content: no body", media_type)
    for media_type in (JSON, "application/json; charset=utf-8", "Application/JSON", "application/json;charset=UTF-8"):
        said = replace(draft, raw=plain).saying(Content_Type=media_type)
        yield source.probe(said, RIGHT + "media type", media_type)
    for media_type in ("text/plain", "application/xml", "text/html", "multipart/form-data; boundary=b", "image/png"):
        said = replace(draft, raw=plain).saying(Content_Type=media_type)
        yield source.probe(said, "content: another media type", media_type)
    for media_type in ("application/merge-patch+json", "application/problem+json"):
        said = replace(draft, raw=plain).saying(Content_Type=media_type)
        yield source.probe(said, "content: another kind of JSON", media_type)
    if _JSON_API not in source.bodies:
        said = replace(draft, raw=plain).saying(Content_Type=_JSON_API)
        yield source.probe(said, "content: another kind of JSON", _JSON_API)
    if FORM not in source.bodies:
        yield source.probe(replace(draft, media_type=FORM, body={"amount": "1"}), "content: another media type", FORM)
    untyped = replace(draft, raw=plain, media_type=None)
    yield source.probe(untyped, "content: no media type")
