"""What an operation does to which kind of record: by its operationId, or by its method and path."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from store_credit_mock.contract import Operation

__all__ = ["ACTIONS", "Role", "role_by_id", "role_by_path"]

ACTIONS: Final = frozenset({"create", "delete", "list", "retrieve", "update"})
_ITEM: Final = re.compile(r"(.*)/\{([^{}/]+)\}")
_OF_ITEM: Final = {"DELETE": "delete", "GET": "retrieve", "PATCH": "update", "PUT": "update"}


@dataclass(frozen=True, slots=True)
class Role:
    """What an operation does.

    Attributes:
        resource: The kind of record, such as `spree.store_credits`, or the path of all of them.
        action: One of `ACTIONS`, or anything else.
        identity: The parameter of the path that names the record.
    """

    resource: str
    action: str
    identity: str = "id"


def role_by_id(operation: Operation) -> Role:
    """Read it off an operationId such as `spree.store_credits.create`."""
    resource, _, action = operation.id.rpartition(".")
    return Role(resource, action)


def role_by_path(operation: Operation, templates: Iterable[str]) -> Role:
    """Tell it from method and path: `POST /pets` creates what `/pets/{petId}` names, where the document has both.

    Whatever stands below a record, or has no record of its own, is not one of `ACTIONS`.

    Args:
        operation: The operation.
        templates: All paths of the document.
    """
    template = operation.template
    item = _ITEM.fullmatch(template)
    if item is not None and "{" not in item[1]:
        return Role(item[1], _OF_ITEM.get(operation.method, operation.method), item[2])
    names = [found[2] for one in templates if (found := _ITEM.fullmatch(one)) is not None and found[1] == template]
    if names and "{" not in template:
        return Role(template, {"GET": "list", "POST": "create"}.get(operation.method, operation.method), names[0])
    return Role(template, operation.method, "")
