"""Parameters as Spree's controllers read them: query over body, root keys (R24)."""

from __future__ import annotations

from typing import Any, Final, cast

from store_credit_mock.contract.body import DEEPEST
from store_credit_mock.systems.call import Abort, Call
from store_credit_mock.systems.rails.parameters import mapping, nested, without_nulls
from store_credit_mock.systems.spree import errors
from store_credit_mock.systems.spree.versions import profile_of

__all__ = ["parameter", "parameters", "permitted", "tree"]

_CONTAINERS: Final = (list, dict)


def tree(call: Call) -> dict[str, Any]:
    """The query, put together; read once per request."""
    kept = call.extra
    if kept is None:
        kept = call.extra = nested(call.query_pairs) if call.query_pairs else {}
    return cast("dict[str, Any]", kept)


def parameters(call: Call) -> dict[str, Any]:
    """Query and body in one, the query winning.

    Raises:
        Abort: The body is malformed (400 with the parser's text, spree.md 13.8).
    """
    body = call.body
    if body.kind == "malformed":
        if profile_of(call).is_v5:
            raise Abort(errors.error(400, "Error occurred while parsing request parameters"))
        if body.problem.startswith("nested"):
            raise Abort(errors.error(400, f"nesting of {DEEPEST + 1} is too deep"))  # Ruby's words; not recorded
        text = call.request.body.decode("utf-8", "replace").lstrip()
        raise Abort(errors.error(400, f"859: unexpected token at '{text}'"))
    sent: dict[str, Any] = {}
    if body.kind == "json":
        value = body.value
        if body.content is None or b"null" in body.content:
            value = without_nulls(value)
        sent = cast("dict[str, Any]", value) if isinstance(value, dict) else {}
    elif body.kind == "form":
        sent = nested(body.value)
    query = tree(call)
    return {**sent, **query} if query else sent


def parameter(call: Call, name: str) -> Any:
    """One parameter, from the query or else from the body."""
    return parameters(call).get(name)


def permitted(call: Call, root: str, scalars: frozenset[str], objects: frozenset[str] = frozenset()) -> dict[str, Any]:
    """What a create or update may take from the request (spree.md section 4, 13.6, 13.8).

    Args:
        call: The request.
        root: Root key; without it the body's own members count, if its type is JSON.
        scalars: Members taken when they are no array and no object.
        objects: Members that hold free objects.

    Raises:
        Abort: 400 where the root key is missing or empty, 500 where it holds no object.
    """
    sent = parameters(call)
    if root in sent:
        value = sent[root]
    else:
        # Rails wraps the body alone; the query does not count.
        own = mapping(without_nulls(call.body.value) if call.body.kind == "json" else None)
        value = {name: own[name] for name in own if name in scalars or name in objects or name == "id"}
    if not isinstance(value, dict):
        blank = value is None or value == [] or (isinstance(value, str) and not value.strip())
        raise Abort(errors.missing_root(root)) if blank else errors.crash(f"{root} is not an object")
    if not value:
        raise Abort(errors.missing_root(root))
    members = cast("dict[str, Any]", value)
    taken = {name: item for name, item in members.items() if name in scalars and not isinstance(item, _CONTAINERS)}
    for name in objects & members.keys():
        item = members[name]
        if item is not None and not isinstance(item, dict):
            raise errors.crash(f"{name} is not an object")
        taken[name] = item or {}
    return taken
