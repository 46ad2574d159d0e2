"""Parameters as Rails reads them: nested names, query over body, root keys, casts (R24)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, Final, cast
from urllib.parse import unquote_to_bytes

from store_credit_mock.contract.body import DEEPEST
from store_credit_mock.systems.call import Abort, Call
from store_credit_mock.systems.spree import errors
from store_credit_mock.systems.spree.versions import profile_of

__all__ = [
    "is_broken",
    "mapping",
    "nested",
    "parameter",
    "parameters",
    "permitted",
    "to_decimal",
    "to_float",
    "to_integer",
    "to_text",
    "tree",
]

_SPLIT: Final = re.compile(r"\[([^\[\]]*)\]")
_INTEGER: Final = re.compile(r"\s*([+-]?\d+(?:_\d+)*)", re.ASCII)
_NUMBER: Final = re.compile(r"\s*([+-]?(?:\d+(?:_\d+)*)?(?:\.\d+(?:_\d+)*)?(?:[eE][+-]?\d+)?)", re.ASCII)
_WHOLE_NUMBER: Final = re.compile(r"\s*[+-]?\d+(?:_\d+)*(?:\.\d+(?:_\d+)*)?(?:[eE][+-]?\d+)?\s*", re.ASCII)
_LARGEST: Final = 2**63 - 1
_DIGITS: Final = 400


def nested(pairs: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """Put `a[b]=c` and `a[]=c` together. Where two spellings disagree the earlier one stays."""
    found: dict[str, Any] = {}
    for name, value in pairs:
        _put(found, _keys(name), value)
    return found


def is_broken(call: Call) -> bool:
    """Whether Rack refuses the query: it is not UTF-8, or takes one name for a text, a list and an object by turns."""
    try:
        unquote_to_bytes(call.request.query).decode()
    except UnicodeDecodeError:
        return True
    found: dict[str, Any] = {}
    # Every pair is put in its place, so that none hides another.
    fits = [_put(found, _keys(name), value) for name, value in call.query_pairs]
    return not all(fits)


def _keys(name: str) -> list[str]:
    head, bracket, _ = name.partition("[")
    return [head, *_SPLIT.findall(name[len(head) :])][:20] if bracket else [name]


def _put(target: dict[str, Any], keys: list[str], value: str) -> bool:
    """Put one value in its place; False where something of another kind is there."""
    key, rest = keys[0], keys[1:]
    if not rest:
        target[key] = value
        return True
    inner = target.setdefault(key, [] if rest[0] == "" else {})
    if rest[0] == "" and isinstance(inner, list):
        cast("list[Any]", inner).append(value)
        return True
    return rest[0] != "" and isinstance(inner, dict) and _put(cast("dict[str, Any]", inner), rest, value)


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
            value = _without_nulls(value)
        sent = cast("dict[str, Any]", value) if isinstance(value, dict) else {}
    elif body.kind == "form":
        sent = nested(body.value)
    query = tree(call)
    return {**sent, **query} if query else sent


def parameter(call: Call, name: str) -> Any:
    """One parameter, from the query or else from the body."""
    return parameters(call).get(name)


def _without_nulls(value: Any) -> Any:
    """Nulls inside arrays vanish (spree.md 13.9)."""
    if isinstance(value, list):
        return [_without_nulls(item) for item in cast("list[Any]", value) if item is not None]
    if isinstance(value, dict):
        return {name: _without_nulls(item) for name, item in cast("dict[str, Any]", value).items()}
    return value


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
        own = mapping(_without_nulls(call.body.value) if call.body.kind == "json" else None)
        value = {name: own[name] for name in own if name in scalars or name in objects or name == "id"}
    if value is None or value == "" or value == {} or value == [] or (isinstance(value, str) and not value.strip()):
        raise Abort(errors.missing_root(root))
    if not isinstance(value, dict):
        raise errors.crash(f"{root} is not an object")
    taken: dict[str, Any] = {}
    for name, item in cast("dict[str, Any]", value).items():
        if name in objects:
            if item is not None and not isinstance(item, dict):
                raise errors.crash(f"{name} is not an object")
            taken[name] = item or {}
        elif name in scalars and not isinstance(item, list | dict):
            taken[name] = item
    return taken


def to_integer(value: Any) -> int | None:
    """Cast for an integer column: leading digits, `true` is 1, nothing readable is 0, blank is null."""
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, int | float):
        number = int(value) if value == value and abs(value) < 1e30 else 0
    else:
        fit = _INTEGER.match(str(value))
        number = int(fit[1][:_DIGITS]) if fit else 0
    return number if abs(number) <= _LARGEST else 0


def to_text(value: Any) -> str | None:
    """Cast for a text column."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "t" if value else "f"
    return str(value)


def to_decimal(value: Any) -> tuple[Decimal | None, bool]:
    """Cast for a decimal column: the value, and whether the validation takes what was sent for a number.

    Text that is not a number is cast by its leading digits, so `$10` counts as 0 in the checks that follow.
    """
    if value is None or (isinstance(value, str) and not value.strip()):
        return None, False
    if isinstance(value, bool):
        return Decimal(0), False
    if isinstance(value, int | float):
        number = Decimal(repr(value))
        return (number, True) if number.is_finite() else (None, False)
    text = str(value)[:_DIGITS]
    fit = _NUMBER.match(text)
    try:
        cast_value = Decimal(fit[1].replace("_", "")) if fit and fit[1] else Decimal(0)
    except InvalidOperation:
        cast_value = Decimal(0)
    return cast_value, _WHOLE_NUMBER.fullmatch(text) is not None


def to_float(value: Any) -> Decimal | None:
    """What `to_f` makes of an amount to apply: null where it does not exist, leading digits otherwise (spree.md 7)."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    number, _ = to_decimal(value)
    return Decimal(0) if number is None else number


def mapping(value: Any) -> Mapping[str, Any]:
    """The value if it is an object, else an empty one."""
    return cast("Mapping[str, Any]", value) if isinstance(value, dict) else {}
