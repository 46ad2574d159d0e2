"""A document cut to one version of a system: without what `x-versions` says is of other versions.

What is left is marked no more. A member of a response that was marked is one that the version always sends, unless it
is `x-expandable`: it is added to those that are `required` or, where a schema has that, `x-always-present`.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, cast

from store_credit_mock.contract.document import METHODS, Document

__all__ = ["at_version", "cut_to_version", "versions_of"]

_VALUES: Final = frozenset({"example", "default", "enum", "const", "value", "x-extensible-enum"})
"""Below these stand mere values."""
_MARK: Final = "x-versions"


def versions_of(data: Mapping[str, Any], system: str) -> tuple[str, ...]:
    """The versions that a document tells apart of a system, oldest first; none if it tells none apart."""
    systems: Mapping[str, Any] = data.get("x-systems", {})
    return tuple(map(str, systems.get(system, {}).get("versions", ())))


def cut_to_version(data: Mapping[str, Any], system: str, version: str) -> dict[str, Any]:
    """Copy a document without what other versions of a system have.

    Args:
        data: The document.
        system: As `x-systems` calls it, such as `spree_v3`. Other systems stay as they are.
        version: One of its versions.

    Raises:
        ValueError: The system has no such version; the text says which it has.
    """
    known = versions_of(data, system)
    if version not in known:
        said = f"the versions {', '.join(known)}" if known else "no versions"
        raise ValueError(f"{version!r} is not a version of {system}, which has {said}")
    made = copy.deepcopy(dict(data))
    _Cut(made, frozenset(known), version).cut(made)
    _verified(made, frozenset(known), version)
    for section in ("paths", "webhooks"):
        items: dict[str, Any] = made.get(section, {})
        for path in [path for path, item in items.items() if not any(method in item for method in METHODS)]:
            del items[path]
    _tags(made, system)
    return made


def at_version(document: Document, system: str, version: str) -> Document:
    """A document cut to one version, with the lines of the whole one.

    Raises:
        ValueError: The system has no such version.
    """
    made = cut_to_version(document.data, system, version)
    return replace(document, data=made, digest=f"{document.digest}-{system}-{version}")


@dataclass(frozen=True)
class _Cut:
    """Takes out of a document what other versions have.

    Attributes:
        data: The document.
        known: The versions of the system.
        version: The one that stays.
    """

    data: dict[str, Any]
    known: frozenset[str]
    version: str

    def cut(self, node: Any) -> None:
        """Cut what stands below a node."""
        if isinstance(node, list):
            listed = cast("list[Any]", node)
            listed[:] = [one for one in listed if not self._gone(one)]
            for one in listed:
                self.cut(one)
        elif isinstance(node, dict):
            members = cast("dict[str, Any]", node)
            self._always(members)
            branches = {name: len(members[name]) for name in ("anyOf", "oneOf") if isinstance(members.get(name), list)}
            for name in [name for name, one in members.items() if name not in _VALUES and self._gone(one)]:
                del members[name]
            for name, one in members.items():
                if name not in _VALUES:
                    self.cut(one)
            for name, count in branches.items():
                if count > len(members[name]) == 1:
                    (only,) = members.pop(name)
                    members.update({**only, **members})
            if isinstance(members.get("x-error-codes"), dict):
                members["x-extensible-enum"] = list(members["x-error-codes"])
            if self._of_system(members.get(_MARK)):
                del members[_MARK]

    def _of_system(self, mark: Any) -> bool:
        return isinstance(mark, list) and self.known.issuperset(map(str, cast("list[Any]", mark)))

    def _gone(self, node: Any) -> bool:
        """Whether other versions have what a node is, or leads to."""
        while isinstance(node, dict):
            members = cast("dict[str, Any]", node)
            mark: Any = members.get(_MARK)
            if self._of_system(mark) and self.version not in mark:
                return True
            target = members.get("$ref")
            if not isinstance(target, str) or not target.startswith("#/components/"):
                return False
            _, _, kind, name = target.split("/", 3)
            # Gone already, where it stood before what refers to it.
            if name not in self.data["components"].get(kind, {}):
                return True
            node = self.data["components"][kind][name]
        return False

    def _always(self, schema: dict[str, Any]) -> None:
        """Add marked members to those that are always sent. A closed schema is one of requests."""
        listed = schema.get("properties")
        if not isinstance(listed, dict) or schema.get("additionalProperties") is False:
            return
        properties = cast("dict[str, Any]", listed)
        keyword = "x-always-present" if "x-always-present" in schema else "required"
        if keyword not in schema:
            return
        sent = {
            name
            for name, one in properties.items()
            if isinstance(one, dict)
            and self._of_system(cast("dict[str, Any]", one).get(_MARK))
            and "x-expandable" not in one
            and not self._gone(one)
        }
        before = set(schema[keyword])
        schema[keyword] = [name for name in properties if name in before | sent]


def _verified(data: dict[str, Any], known: frozenset[str], version: str) -> None:
    for operation in _operations(data):
        if "x-verified" in operation:
            entries: list[Any] = operation["x-verified"]
            of_system = {str(one["version"]) for one in entries} <= known
            operation["x-verified"] = [one for one in entries if not of_system or one["version"] == version]


def _tags(data: dict[str, Any], system: str) -> None:
    """Take out the tags that no operation has any more."""
    used = {tag for operation in _operations(data) for tag in operation.get("tags", [])}
    begins = f"{system}."
    if "tags" in data:
        data["tags"] = [tag for tag in data["tags"] if tag["name"] in used or not tag["name"].startswith(begins)]
    for group in data.get("x-tagGroups", []):
        group["tags"] = [tag for tag in group["tags"] if tag in used or not tag.startswith(begins)]


def _operations(data: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for section in ("paths", "webhooks"):
        for item in data.get(section, {}).values():
            yield from (item[method] for method in METHODS if method in item)
