"""Who asks, and for what: credentials, methods and paths, right and wrong."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from .probes import RIGHT, Probe, Source

__all__ = ["CREDENTIALS", "route_probes"]

CREDENTIALS = "credentials: "
"""How the kinds begin in which nothing but the credentials is wrong."""
_PREPARING = {("POST", "/api/v3/admin/customers"), ("PATCH", "/api/v3/store/carts/{id}")}
"""What the mock plays beside the document, at paths that the document has."""
_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


def route_probes(source: Source) -> Iterator[Probe]:
    """Everything of one operation that is about credentials, method and path."""
    yield from _credentials(source)
    yield from _routes(source)


def _credentials(source: Source) -> Iterator[Probe]:
    draft = source.plain
    ways = source.schemes()
    names = {name for way in ways for name in way}
    if not names:
        return  # Nobody has to be known here, so that nothing can be wrong.
    none = replace(draft, headers={name: value for name, value in draft.headers.items() if name not in names})
    yield source.probe(none, CREDENTIALS + "none")
    bearer = any("Authorization" in way for way in ways)
    for text in ("Basic ZXhhbXBsZTo=", "Token abc", "Digest x") if bearer else ():
        yield source.probe(none.saying(Authorization=text), CREDENTIALS + "another scheme", text)
    for name in ("X-Api-Key", "X-Spree-Order-Token", "X-Token", "Cookie"):
        if name in names:
            continue
        said = replace(none, headers={**none.headers, name: "sk_test_example"})
        yield source.probe(said, CREDENTIALS + "another header", name)
    for way in ways:
        for name in way:
            said = replace(none, headers={**none.headers, name: ""})
            yield source.probe(said, CREDENTIALS + "empty", name)
    for way in ways:
        for name in way:
            part = {other: value for other, value in way.items() if other != name}
            if part and not any(one.items() <= part.items() for one in ways):
                said = replace(none, headers={**none.headers, **part})
                yield source.probe(said, CREDENTIALS + "one of two", f"without {name}")
    for parameter, _ in source.parameters("query"):
        if parameter.get("x-alternative") == "header":
            pair = (parameter["name"], source.names["spreeOrderToken"])
            yield source.probe(none.asking(pair), RIGHT + "credentials in the query", parameter["name"])
    if bearer:
        way = next(way for way in ways if "Authorization" in way)
        small = {**none.headers, **way, "Authorization": f"bearer {way['Authorization'].partition(' ')[2]}"}
        # Spree's API v3 is as strict as Prism.
        strict = source.operation.id.startswith("spree_v3.")
        kind = CREDENTIALS + "another scheme" if strict else RIGHT + "bearer in small letters"
        yield source.probe(replace(none, headers=small), kind, "bearer")


def _routes(source: Source) -> Iterator[Probe]:
    draft, operation = source.plain, source.operation
    bare = replace(draft, media_type=None, body=None)
    owned = {one.method for one in source.document.operations.values() if one.template == operation.template}
    for method in _METHODS:
        if method not in owned:
            alias = method in operation.aliases
            kind = "route: an alias" if alias else "route: another method"
            if (method, operation.template) in _PREPARING:
                kind = RIGHT + "preparing call"
            yield source.probe(replace(draft if alias else bare, method=method), kind, method)
    yield source.probe(replace(bare, method="TRACE"), "route: another method", "TRACE")
    yield source.probe(replace(bare, method="OPTIONS"), "route: OPTIONS")
    if operation.method == "GET":
        yield source.probe(replace(bare, method="HEAD"), RIGHT + "HEAD")
    yield source.probe(replace(draft, path=draft.path + "/"), "route: a slash at the end")
    for path in (
        # Behind an id it would be part of the id.
        draft.path + ("/.json" if operation.template.endswith("}") else ".json"),
        draft.path + "/more/of/it",
        draft.path.replace("/v", "/version", 1),
        "/elsewhere" + draft.path,
        draft.path.upper(),
        draft.path.replace("/", "//", 1),
    ):
        yield source.probe(replace(draft, path=path), "route: another path", path)
