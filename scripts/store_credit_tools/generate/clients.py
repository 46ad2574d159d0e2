"""The pairs of clients of a document: those of VINR and Spree, or of a system that only the document describes.

A tag `acme.things` is `client.things` of `AcmeClient`. Where a tag has another form, or an operation has none, all of
the document is one system with the package's name: `listPets` of the tag `Pets` in the package `petstore` is
`PetstoreClient(...).pets.list_pets(...)`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from openapi_python_client.strings import pascal_case

from store_credit_tools.generate.errors import GenerationError, Node
from store_credit_tools.generate.operations import KNOWN, known_client
from store_credit_tools.generate.plain import inside, resolved
from store_credit_tools.generate.resources import Resource
from store_credit_tools.generate.security import Alternatives, read_alternatives

__all__ = ["System", "read_systems"]


@dataclass(frozen=True)
class System:
    """A namespace of tags with its pair of clients; of a system with several APIs, one of these.

    `known` tells whether `_core` holds hand-written rules for it. Of any other, `server` is the address of its first
    server, `security` the document's own, `schemes` the names of its security schemes and what they are.
    """

    name: str
    title: str
    description: str
    resources: list[Resource]
    known: bool
    server: str | None = None
    security: Alternatives = ()
    schemes: Mapping[str, str] | None = None

    @property
    def class_name(self) -> str:
        """Stem of the clients' names."""
        return KNOWN[self.name].stem if self.known else pascal_case(self.name)

    @property
    def module(self) -> str:
        """The module of `_core` that holds its rules."""
        return KNOWN[self.name].module

    @property
    def roots(self) -> list[Resource]:
        """The resources that are attributes of the clients themselves."""
        return [one for one in self.resources if "." not in one.chain]


def read_systems(document: Node, resources: Mapping[str, list[Resource]]) -> list[System]:
    """Make the systems of resources by the names of their systems."""
    texts: Node = document.get("x-systems", {})
    info: Node = document.get("info", {})
    found: list[System] = []
    for name, each in resources.items():
        known = name in KNOWN
        system, _, api = name.partition(".") if known else (name, "", "")
        said: Node = texts.get(system, {} if known or len(resources) > 1 else info)
        title, described = str(said.get("title", name)), str(said.get("description", ""))
        title += f", {api.capitalize()} API" if api else ""
        if known:
            found.append(System(name, title, described, each, known))
        else:
            security = read_alternatives(document, document.get("security", []))
            found.append(
                System(name, title, described, each, known, _server(document, name), security, _schemes(document))
            )
    return found


def _schemes(document: Node) -> dict[str, str]:
    """The security schemes and what each of them is."""
    found: dict[str, str] = {}
    for name, given in inside(document, "components", "securitySchemes").items():
        scheme = resolved(document, given, "components", "securitySchemes", name)
        kinds = [scheme.get("type"), scheme.get("scheme"), scheme.get("in") and f"in the {scheme['in']}"]
        found[name] = " ".join(str(one) for one in kinds if one)
    return found


def _server(document: Node, system: str) -> str | None:
    """The first server that all operations of a system have in common.

    Raises:
        GenerationError: An operation has another one: a client has one address.
    """
    found: dict[str | None, None] = {}
    for path, item in document["paths"].items():
        for verb, node in item.items():
            if system in KNOWN or known_client(str((node.get("tags") or [""])[0])):
                continue
            found[_address(node.get("servers") or document.get("servers"))] = None
            if len(found) > 1:
                several = " and ".join(str(one) for one in found)
                raise GenerationError(
                    f"{verb} {path} has another server ({several}); a client has one: give both the same, or make a"
                    " document of each",
                    "paths",
                    path,
                    verb,
                )
    return next(iter(found), None)


def _address(servers: Any) -> str | None:
    """The address of the first server, its variables filled in by their defaults; None where it names none."""
    if not servers:
        return None
    first: Node = servers[0]
    variables: Node = first.get("variables") or {}
    url = re.sub(r"\{([^{}]*)\}", lambda match: _default(match[1], variables), str(first.get("url", "")))
    return url.rstrip("/") or None


def _default(name: str, variables: Node) -> str:
    variable: Any = variables.get(name)
    if not isinstance(variable, dict) or "default" not in variable:
        raise GenerationError(f"the variable {name} of a server has no default; give it one", "servers")
    return str(cast("Node", variable)["default"])
