"""The operations of a document, by the modules they come into; their names, and what has none."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final, NamedTuple

from openapi_python_client.strings import pascal_case

from store_credit_tools.generate.errors import GenerationError, Node
from store_credit_tools.generate.names import method_name, python_name

__all__ = ["KNOWN", "Known", "Operation", "known_client", "read_operations"]


class Known(NamedTuple):
    """A pair of clients with hand-written rules in `store_credit._core`.

    Attributes:
        module: Where these are, with the connection that the clients are made by.
        stem: Of the clients' names.
        rules: The package of functions in `_core` that write its ids and amounts, or None for those of all systems.
    """

    module: str
    stem: str
    rules: str | None = None


KNOWN: Final[Mapping[str, Known]] = {
    "spree": Known("spree", "Spree"),
    "spree_v3.admin": Known("spree_v3_connection", "SpreeAdmin", "spree_v3"),
    "spree_v3.store": Known("spree_v3_connection", "SpreeStore", "spree_v3"),
    "vinr": Known("vinr", "Vinr"),
}
"""By what the tags of their operations begin with."""

_DOTTED = re.compile(r"([a-z][a-z0-9_]*)\.([a-z][a-z0-9_]*)")

_PART = re.compile(r"[a-z][a-z0-9_]*")

_CLIENT = frozenset("base_url call close fetch_page pages request settle with_options with_raw_response".split())  # noqa: SIM905
"""What a client has beside its resources."""

_RESOURCE = frozenset({"self"})


class Operation(NamedTuple):
    """An operation as the document has it: its path, its verb and itself, and what it is called.

    `tag` is the document's own, `system` and `resource` are what becomes of it: the resource may be a chain of
    attributes with dots between. `id` is what errors and logs call it.
    """

    path: str
    verb: str
    node: Node
    tag: str
    system: str
    resource: str
    name: str
    id: str

    @property
    def module(self) -> str:
        """The module of `api` that it comes into."""
        return self.id.rpartition(".")[0].replace(".", "_")

    @property
    def stem(self) -> str:
        """What the classes of its resource are called after; with the API, where a system has several."""
        return pascal_case(f"{self.system.partition('.')[2]}_{self.resource}".replace(".", "_"))


def known_client(tag: str) -> str | None:
    """The one of `KNOWN` that a tag belongs to."""
    return next((name for name in KNOWN if tag.startswith(f"{name}.")), None)


def _is_known(tag: str) -> bool:
    """Whether a tag names a system of `KNOWN`, rightly or not."""
    return "." in tag and tag.partition(".")[0] in {name.partition(".")[0] for name in KNOWN}


def read_operations(document: Node, package: str) -> dict[str, list[Operation]]:
    """Read the operations of a plain document, by their modules.

    Raises:
        GenerationError: Two would be called the same, or one of VINR or Spree is not called as the others are.
    """
    given = [(path, verb, node) for path, item in document["paths"].items() for verb, node in item.items()]
    tags = [str((node.get("tags") or ["default"])[0]) for _, _, node in given]
    dotted = all(_DOTTED.fullmatch(tag) for tag in tags)
    known = any(_is_known(tag) for tag in tags)
    found: dict[str, list[Operation]] = {}
    seen: dict[str, Operation] = {}
    attributes: dict[tuple[str, str], str] = {}
    modules: dict[str, str] = {}
    for (path, verb, node), tag in zip(given, tags, strict=True):
        if "x-no-sdk-method" in node:
            continue
        one = _operation(path, verb, node, tag, package, dotted=dotted, known=known)
        other = seen.setdefault(one.id, one)
        if other is not one:
            said = node.get("operationId", one.name)
            raise GenerationError(
                f"{verb} {path} has the operationId {said} of {other.verb} {other.path}, or as good as",
                "paths",
                path,
                verb,
            )
        if attributes.setdefault((one.system, one.resource), tag) != tag:
            raise GenerationError(
                f"{verb} {path}: its tag {tag!r} and the tag {attributes[one.system, one.resource]!r} both become"
                f" client.{one.resource}; give one of them another name",
                "paths",
                path,
                verb,
            )
        if modules.setdefault(one.module, tag) != tag:
            raise GenerationError(
                f"{verb} {path}: its tag {tag!r} and the tag {modules[one.module]!r} both become the module"
                f" {one.module}; give one of them another name",
                "paths",
                path,
                verb,
            )
        found.setdefault(one.module, []).append(one)
    return found


def _operation(path: str, verb: str, node: Node, tag: str, package: str, *, dotted: bool, known: bool) -> Operation:
    operation_id = node.get("operationId")
    place = ("paths", path, verb)
    if known:
        return _known(path, verb, node, tag)
    if operation_id is not None and not isinstance(operation_id, str):
        raise GenerationError(f"{verb} {path}: its operationId is {operation_id!r}; write a text", *place)
    system, _, resource = tag.partition(".") if dotted else (package, "", method_name(tag))
    resource = python_name(resource, _CLIENT)
    if operation_id is None:
        # As the document cannot be asked for a name, its path gives one.
        name = method_name(f"{verb}_{path.replace('{', '').replace('}', '')}")
    else:
        name = method_name(operation_id.removeprefix(f"{tag}."), _RESOURCE)
    return Operation(
        path, verb, node, tag, system, resource, name, f"{system}.{resource}.{name}" if dotted else f"{resource}.{name}"
    )


def _known(path: str, verb: str, node: Node, tag: str) -> Operation:
    """An operation of a known system, whose operationId says both resource and method.

    Raises:
        GenerationError: It does not.
    """
    operation_id = node.get("operationId")
    system = known_client(tag) or tag.partition(".")[0]
    chain = tag.removeprefix(system).removeprefix(".").split(".")
    resource = ".".join(python_name(part, _RESOURCE if place else _CLIENT) for place, part in enumerate(chain))
    name = str(operation_id).rpartition(".")[2]
    one = Operation(path, verb, node, tag, system, resource, python_name(name, _RESOURCE), "")
    # Only a system of several APIs has resources in resources.
    parts = len(chain) == 1 or "." in system
    if verb in ("head", "options", "trace"):
        said = f": the SDK has no methods for {verb}"
    elif not isinstance(operation_id, str):
        said = " has no operationId; give it one such as vinr.store_credit.create"
    elif not name.isidentifier():
        said = f" has the operationId {operation_id}, whose end {name!r} cannot be the name of a method"
    elif system not in KNOWN and _is_known(tag):
        begins = " or ".join(repr(f"{known}.") for known in KNOWN if known.startswith(f"{system}."))
        said = f" has the tag {tag!r}, which names no API of {system}; begin it with {begins}"
    elif not node.get("tags") or not (parts and all(map(_PART.fullmatch, tag.split("."))) and "." in tag):
        shown = repr(tag) if node.get("tags") else "(none)"
        said = f" has the tag {shown}, which must name a system and a resource, such as vinr.store_credit"
    elif operation_id != f"{tag}.{name}" or len(node["tags"]) != 1:
        said = f" ({operation_id}): its tag must be {operation_id.rpartition('.')[0]!r}, as its operationId begins"
    else:
        return one._replace(id=f"{system}.{one.resource}.{one.name}")
    raise GenerationError(f"{verb} {path}{said}", "paths", path, verb)
