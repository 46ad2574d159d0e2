"""References by name (`$anchor`, `$dynamicAnchor`, `$id`), written as JSON pointers from the root of the document."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import quote, unquote, urljoin

from store_credit_mock.contract.external_references import SourceFile
from store_credit_mock.contract.openapi_objects import at, walk

__all__ = ["plain_references"]

_NAMES: Final = ("$anchor", "$dynamicAnchor", "$id", "$dynamicRef")


def plain_references(root: SourceFile) -> None:
    """Make every reference of a schema a JSON pointer from the root, and take the names out.

    Raises:
        DocumentError: A name is nobody's, or a `$dynamicRef` could lead to several schemas.
    """
    schemas = [(place, node) for kind, place, node in walk(root.data, "document", "", root.error) if kind == "schema"]
    if not any(name in node for _, node in schemas for name in _NAMES):
        return
    _Names(root, schemas).rewrite()


class _Names:
    def __init__(self, root: SourceFile, schemas: list[tuple[str, dict[str, Any]]]) -> None:
        self._root = root
        self._schemas = schemas
        self._ids: dict[str, str] = {}
        self._places: list[tuple[str, str]] = []
        for place, node in schemas:
            if isinstance(node.get("$id"), str):
                identity = urljoin(self._base(place)[1], node["$id"]).rstrip("#")
                self._ids.setdefault(identity, place)
                self._places.append((place, identity))
        self._anchors: dict[tuple[str, str], str] = {}
        self._dynamic: dict[str, list[str]] = {}
        for place, node in schemas:
            for keyword in ("$anchor", "$dynamicAnchor"):
                if isinstance(name := node.get(keyword), str):
                    self._anchors[self._base(place)[0], name] = place
                    if keyword == "$dynamicAnchor":
                        self._dynamic.setdefault(name, []).append(place)

    def _base(self, place: str) -> tuple[str, str]:
        """Place and name of the innermost schema with an `$id` that a place is in; both empty outside of all."""
        inside = [found for found in self._places if f"{place}/".startswith(f"{found[0]}/")]
        return max(inside, default=("", ""), key=lambda found: len(found[0]))

    def rewrite(self) -> None:
        """Change all schemas."""
        made = [(node, self._of_schema(place, node)) for place, node in self._schemas]
        for node, references in made:
            for name in ("$id", "$anchor", "$dynamicAnchor", "$dynamicRef", "$ref"):
                node.pop(name, None)
            if references:
                node["$ref"] = references[0]
            for reference in references[1:]:
                node["allOf"] = [*node.get("allOf", []), {"$ref": reference}]

    def _of_schema(self, place: str, node: dict[str, Any]) -> list[str]:
        found: list[str] = []
        if isinstance(reference := node.get("$ref"), str):
            found.append(self._pointer(place, "$ref", reference))
        if isinstance(reference := node.get("$dynamicRef"), str):
            target = self._pointer(place, "$dynamicRef", reference)
            several = self._dynamic.get(reference.partition("#")[2], [])
            if len(several) > 1 and unquote(target.removeprefix("#/")) in several:
                raise self._root.error(
                    f"{place}/$dynamicRef",
                    f"$dynamicRef: {reference} is ambiguous, because {len(several)} schemas have that"
                    " $dynamicAnchor; give each anchor its own name, or use a `$ref`",
                )
            found.append(target)
        return found

    def _pointer(self, place: str, keyword: str, reference: str) -> str:
        base, identity = self._base(place)
        name, _, fragment = reference.partition("#")
        if name:
            whole = urljoin(identity, name)
            owner = self._ids.get(whole, self._ids.get(name))
            if owner is None:
                return reference
            base = owner
        if fragment.startswith("/"):
            if base and (name or at(self._root.data, base + unquote(fragment)) is not None):
                return f"#/{_quoted(base)}{fragment}"
            return f"#{fragment}"
        if not fragment:
            return f"#/{_quoted(base)}" if base else reference
        found = self._anchors.get((base, fragment), self._anchors.get(("", fragment)))
        if found is None:
            raise self._root.error(f"{place}/{keyword}", f"{keyword}: no schema has the anchor {fragment}")
        return f"#/{_quoted(found)}"


def _quoted(place: str) -> str:
    return quote(place, safe="/~!$&'()*+,;=:@")
