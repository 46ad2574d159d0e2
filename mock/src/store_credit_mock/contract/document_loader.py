"""Any OpenAPI document, as one of 3.1 in one piece whose every operation has an id; what cannot be read is refused."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Final, cast
from urllib.parse import unquote

from store_credit_mock.contract.anchors import plain_references
from store_credit_mock.contract.document_text import escape, unescape
from store_credit_mock.contract.external_references import Origin, SourceFile, bundle
from store_credit_mock.contract.openapi_30 import as_31, limits_and_null
from store_credit_mock.contract.openapi_objects import METHODS, at, walk

__all__ = ["Loaded", "load"]

_DIALECTS: Final = ("/draft/2020-12/", "spec.openapis.org/oas/3.1/")
"""What the name of a dialect holds that is read."""
_WORDS_OF_30: Final = (b"nullable", b"exclusiveM")
_TEMPLATE: Final = re.compile(r"/([^{}?#]|\{[^{}?#/]+\})*")


@dataclass(frozen=True, slots=True)
class Loaded:
    """A document that was read.

    Attributes:
        data: The document, in 3.1.
        lines: Of its file, by JSON pointer without `#/`.
        text: Of its file.
        digest: SHA-256 of its text, and of those of the files it refers to.
        origins: What stands in another file, or elsewhere in this one, by the place where it stands now.
        notes: What whoever uses it has to know.
    """

    data: dict[str, Any]
    lines: dict[str, int]
    text: bytes
    digest: str
    origins: dict[str, Origin]
    notes: tuple[str, ...]


def load(path: Path) -> Loaded:
    """Read a document.

    Raises:
        DocumentError: It is missing, is not a document of OpenAPI 3.0 or 3.1, or is not built as one; file and line
            are said.
    """
    root = SourceFile.read(path)
    notes: tuple[str, ...] = ()
    version = _version(root)
    if version.startswith("3.0"):
        told = (
            f"{path}: OpenAPI {version} is read as 3.1: `nullable` adds null, `exclusiveMinimum` or "
            "`exclusiveMaximum` with the value true makes the limit exclusive, and keywords beside a `$ref` of a "
            "schema are ignored"
        )
        notes = (told,)
    _check_root(root)
    origins, others = bundle(root)
    _check_templates(root)
    if version.startswith("3.0"):
        for kind, _, node in walk(root.data, "document", "", root.error):
            if kind == "schema":
                as_31(node)
        root.data["openapi"] = "3.1.0"
    else:
        if any(word in file.text for file in (root, *others) for word in _WORDS_OF_30):
            for kind, _, node in walk(root.data, "document", "", root.error):
                if kind == "schema":
                    limits_and_null(node)
        plain_references(root)
    for section in ("paths", "webhooks"):
        _put_path_items_in(root, section, origins)
        _name_operations(root, section, origins)
    digest = sha256(root.text)
    for file in others:
        digest.update(file.text)
    return Loaded(root.data, root.lines, root.text, digest.hexdigest(), origins, notes)


def _version(root: SourceFile) -> str:
    """Return the version of OpenAPI; raises DocumentError if it is not one that is read."""
    data = root.data
    if "swagger" in data:
        raise root.error(
            "swagger",
            f"Swagger {data['swagger']} is not supported; convert the document to OpenAPI 3 first, for example with"
            " `npx swagger2openapi` or editor.swagger.io",
        )
    if "openapi" not in data:
        hint = "; AsyncAPI is not supported" if "asyncapi" in data else ""
        raise root.error("", f"this is not an OpenAPI document; it should begin with `openapi: 3.1.0`{hint}")
    version = str(data["openapi"])
    if not re.fullmatch(r"3\.[01](\.\d+)?(-\w+)?", version):
        raise root.error(
            "openapi",
            f"OpenAPI {version} is not supported; use 3.1 or 3.0. If the file uses only features of OpenAPI 3.1, write"
            " `openapi: 3.1.1`",
        )
    return version


def _check_root(root: SourceFile) -> None:
    data = root.data
    dialect = data.get("jsonSchemaDialect")
    if dialect is not None and not any(known in str(dialect) for known in _DIALECTS):
        raise root.error(
            "jsonSchemaDialect",
            f"schemas are read as JSON Schema Draft 2020-12, not as {dialect}; omit `jsonSchemaDialect` if your"
            " schemas follow Draft 2020-12",
        )
    if data.get("paths") is None:
        if data.get("webhooks") is None and data.get("components") is None:
            raise root.error("", "`paths` is missing, so there is nothing to serve or validate")
        data["paths"] = {}
    info = data.setdefault("info", {})
    if isinstance(info, dict):
        cast("dict[str, Any]", info).setdefault("version", "")


def _check_templates(root: SourceFile) -> None:
    for template, _ in _path_items(root, "paths"):
        if not _TEMPLATE.fullmatch(template):
            raise root.error(
                f"paths/{escape(template)}",
                f"{template} is not a valid path: it must begin with / and have a }} for each {{; a query must be"
                " described as parameters with `in: query`",
            )


def _put_path_items_in(root: SourceFile, section: str, origins: dict[str, Origin]) -> None:
    """Put every path item that a `$ref` stands for in its place."""
    for template, item in _path_items(root, section):
        place = f"{section}/{escape(template)}"
        while "$ref" in item:
            reference = item.pop("$ref")
            target = unquote(reference).removeprefix("#/")
            found = at(root.data, target)
            if not reference.startswith("#/") or not isinstance(found, dict) or found is item:
                raise root.error(f"{place}/$ref", f"$ref points to nothing, or is circular: {reference}")
            written = origins.get(target, Origin(root, target))
            taken = {escape(name): value for name, value in cast("dict[str, Any]", found).items() if name not in item}
            for name, value in taken.items():
                item[unescape(name)] = copy.deepcopy(value)
                origins[f"{place}/{name}"] = Origin(written.file, f"{written.pointer}/{name}".lstrip("/"))
            for known in [one for one in origins if one.startswith(f"{target}/")]:
                below = known.removeprefix(target)
                if below.split("/")[1] in taken:
                    origins[place + below] = origins[known]


def _name_operations(root: SourceFile, section: str, origins: dict[str, Origin]) -> None:
    """Name each operation that has no id by its method and path, and one that two paths share where it comes again."""
    seen: dict[str, Origin] = {}
    for template, item in _path_items(root, section):
        for method in _methods(item):
            place = f"{section}/{escape(template)}/{method}"
            operation, named = item[method], f"{method.upper()} {template}"
            origin = origins.get(place)
            identity = operation.get("operationId")
            if identity is None or identity == "" or (origin is not None and seen.get(str(identity)) == origin):
                identity = named
            elif origin is not None:
                seen[str(identity)] = origin
            operation["operationId"] = str(identity)
            responses = operation.setdefault("responses", {})
            for name in [name for name in responses if name.startswith("x-")]:
                del responses[name]
            if section == "paths":
                _check_path_parameters(root, f"{section}/{escape(template)}", template, item, method)


def _check_path_parameters(root: SourceFile, place: str, template: str, item: dict[str, Any], method: str) -> None:
    """See that every parameter of the path has its place there: no request could ever have it otherwise."""
    for owner, holder in ((place, item), (f"{place}/{method}", item[method])):
        for number, parameter in enumerate(holder.get("parameters", [])):
            found = _followed(root, parameter)
            if found.get("in") == "path" and f"{{{found['name']}}}" not in template:
                raise root.error(
                    f"{owner}/parameters/{number}",
                    f"{template} does not contain {{{found['name']}}}, the placeholder for this path parameter",
                )


def _followed(root: SourceFile, node: dict[str, Any]) -> dict[str, Any]:
    """Follow `$ref` from an object; nothing where it leads nowhere, which is told elsewhere."""
    for _ in range(20):
        if "$ref" not in node:
            return node
        found = at(root.data, unquote(str(node["$ref"])).removeprefix("#/"))
        node = cast("dict[str, Any]", found) if isinstance(found, dict) else {}
    return {}


def _path_items(root: SourceFile, section: str) -> Iterator[tuple[str, dict[str, Any]]]:
    items: dict[str, Any] = root.data.get(section, {})
    return ((name, item) for name, item in items.items() if not name.startswith("x-"))


def _methods(item: dict[str, Any]) -> Iterator[str]:
    return (method for method in METHODS if method in item)
