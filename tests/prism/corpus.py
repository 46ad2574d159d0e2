"""A corpus of requests made of the document alone: right ones, and right ones in which one thing is wrong.

The same document gives the same corpus. Each request belongs to a kind; a kind says what was done to a right request,
in words that are the same for every operation, so that opinions can be compared kind by kind.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from store_credit_mock.contract import Document

from .body_probes import body_probes, changed, json_bodies, objects
from .parameter_probes import parameter_probes
from .probes import RIGHT, Names, Probe, Source
from .route_probes import route_probes
from .samples import missed, right, right_texts, types

__all__ = ["SYSTEMS", "corpus"]

SYSTEMS = ("vinr.", "spree.", "spree_v3.")
"""Whose operations are in it: every one."""

MIXTURES = 12
"""How many random combinations of right members and parameters each operation gets, and as many with one wrong."""


def corpus(document: Document, names_of: Callable[[str], Names]) -> list[Probe]:
    """Every request of the corpus, no two alike: of equal ones the first stays.

    Args:
        document: What the requests are made of.
        names_of: Gives, for an operation, secrets by security scheme and ids by the document's example of them.
    """
    found: dict[object, Probe] = {}
    for operation in document.operations.values():
        if not operation.id.startswith(SYSTEMS):
            continue
        source = Source(document, operation, names_of(operation.id))
        for make in (body_probes, parameter_probes, route_probes, _mixtures):
            for probe in make(source):
                found.setdefault((probe.method, probe.target, probe.headers, probe.body), probe)
    return list(found.values())


def _mixtures(source: Source) -> Iterator[Probe]:
    """Random right requests, then the same with one wrong parameter or member among the right ones."""
    for number in range(MIXTURES):
        draft = source.plain
        for parameter, schema in source.parameters("query"):
            alternative = parameter.get("x-alternative")
            plain = parameter.get("style") != "deepObject" and "array" not in types(schema) and not alternative
            if plain and source.random.random() < 0.4:
                draft = draft.asking((parameter["name"], source.random.choice(list(right_texts(schema)))))
        bodies = list(json_bodies(source))
        wrong: list[tuple[tuple[str, ...], str, Any]] = []
        if bodies:
            body, location = bodies[number % len(bodies)]
            value = body.body
            for way, schema in objects(source, source.document.resolve(location)[1]):
                for name, member in schema.get("properties", {}).items():
                    leaf = source.resolved(member)
                    if "properties" in leaf:
                        continue
                    wrong += [(way, name, miss.value) for miss in missed(leaf) if miss.kind == "type"]
                    if source.random.random() < 0.4:
                        value = changed(value, way, {name: source.random.choice(list(right(leaf)))})
            draft = replace(draft, media_type=body.media_type, body=value)
        yield source.probe(draft, RIGHT + "mixture", str(number))
        if wrong:
            way, name, value = source.random.choice(wrong)
            broken = replace(draft, body=changed(draft.body, way, {name: value}))
            yield source.probe(broken, "mixture: one wrong member", f"{number} {name}")
        integers = [
            parameter["name"]
            for parameter, schema in source.parameters("query")
            if types(schema) == {"integer"} and parameter["name"] not in dict(draft.query)
        ]
        if integers:
            pair = (source.random.choice(integers), "ten")
            yield source.probe(draft.asking(pair), "mixture: one wrong parameter", f"{number} {pair[0]}")
