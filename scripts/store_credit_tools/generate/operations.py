"""The operations of a document, by the modules they come into; their names, and what has none."""

from __future__ import annotations

import re
from typing import NamedTuple

from store_credit_tools.generate.errors import GenerationError, Node
from store_credit_tools.generate.names import method_name, python_name

__all__ = ["KNOWN", "Operation", "read_operations"]

KNOWN = ("spree", "vinr")
"""Those with hand-written rules in `store_credit._core`, each in a module of its name."""

_DOTTED = re.compile(r"([a-z][a-z0-9_]*)\.([a-z][a-z0-9_]*)")

_CLIENT = frozenset("base_url call close fetch_page pages request settle with_options with_raw_response".split())  # noqa: SIM905
"""What a client has beside its resources."""

_RESOURCE = frozenset({"self"})


class Operation(NamedTuple):
    """An operation as the document has it: its path, its verb and itself, and what it is called.

    `tag` is the document's own, `system` and `resource` are what becomes of it. `id` is what errors and logs call it.
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


def read_operations(document: Node, package: str) -> dict[str, list[Operation]]:
    """Read the operations of a plain document, by their modules.

    Raises:
        GenerationError: Two would be called the same, or one of VINR or Spree is not called as the others are.
    """
    given = [(path, verb, node) for path, item in document["paths"].items() for verb, node in item.items()]
    tags = [str((node.get("tags") or ["default"])[0]) for _, _, node in given]
    dotted = all(_DOTTED.fullmatch(tag) for tag in tags)
    known = any(tag.partition(".")[0] in KNOWN and "." in tag for tag in tags)
    found: dict[str, list[Operation]] = {}
    seen: dict[str, Operation] = {}
    attributes: dict[tuple[str, str], str] = {}
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
    """An operation of VINR or Spree, whose operationId says both resource and method.

    Raises:
        GenerationError: It does not.
    """
    operation_id = node.get("operationId")
    system, _, resource = tag.partition(".")
    name = str(operation_id).rpartition(".")[2]
    one = Operation(path, verb, node, tag, system, python_name(resource, _CLIENT), python_name(name, _RESOURCE), "")
    if verb in ("head", "options", "trace"):
        said = f": the SDK has no methods for {verb}"
    elif not isinstance(operation_id, str):
        said = " has no operationId; give it one such as vinr.store_credit.create"
    elif not name.isidentifier():
        said = f" has the operationId {operation_id}, whose end {name!r} cannot be the name of a method"
    elif not node.get("tags") or not _DOTTED.fullmatch(tag):
        shown = repr(tag) if node.get("tags") else "(none)"
        said = f" has the tag {shown}, which must name a system and a resource, such as vinr.store_credit"
    elif operation_id != f"{tag}.{name}" or len(node["tags"]) != 1:
        said = f" ({operation_id}): its tag must be {operation_id.rpartition('.')[0]!r}, as its operationId begins"
    else:
        return one._replace(id=f"{system}.{one.resource}.{one.name}")
    raise GenerationError(f"{verb} {path}{said}", "paths", path, verb)
