"""What a member of a request's body is, found by a JSON pointer, and whether it is what was asked for."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from typing import Any, Final, cast

import orjson

from store_credit_mock.contract import Body, read_body
from store_credit_mock.http import Request

__all__ = ["ABSENT", "body_member", "check_pointer", "method_and_path_fit", "same_value"]

ABSENT: Final = object()
"""What a pointer leads to where there is nothing."""

_BRACKETS: Final = re.compile(r"\[([^\[\]]*)\]")


def check_pointer(pointer: str) -> str:
    """Return a JSON pointer (RFC 6901) to a member.

    Raises:
        ValueError: It is not one.
    """
    if not pointer.startswith("/"):
        near = "/" + pointer.replace(".", "/")
        raise ValueError(f"body: {pointer[:200]!r} is not a valid JSON pointer; did you mean {near[:200]!r}?")
    return pointer


def body_member(request: Request, pointer: str, body: Body | None = None) -> Any:
    """Find what a pointer leads to in a body, JSON or a form; `ABSENT` if nothing.

    A form's `store_credit[amount]` is at `/store_credit/amount`; of a field that was sent twice the last counts.

    Args:
        request: The request.
        pointer: See `check_pointer`.
        body: Its body, where it was read before.
    """
    body = read_body(request) if body is None else body
    if body.kind == "form":
        fields = {_field_pointer(name): text for name, text in cast("list[tuple[str, str]]", body.value)}
        return fields.get(pointer, ABSENT)
    return _inside(body.value, pointer) if body.kind == "json" else ABSENT


def _field_pointer(name: str) -> str:
    escaped = name.replace("~", "~0").replace("/", "~1")
    return "/" + _BRACKETS.sub(lambda found: "/" + found[1], escaped)


def _inside(value: Any, pointer: str) -> Any:
    for step in pointer.split("/")[1:]:
        name = step.replace("~1", "/").replace("~0", "~")
        if isinstance(value, dict):
            value = cast("dict[str, Any]", value).get(name, ABSENT)
        elif isinstance(value, list):
            items = cast("list[Any]", value)
            value = items[int(name)] if name.isascii() and name.isdigit() and int(name) < len(items) else ABSENT
        else:
            return ABSENT
    return value


def same_value(found: Any, wanted: Any) -> bool:
    """Whether a member has a value: as JSON, or as the text of a form. A text may be a pattern, such as `cust_*`."""
    if isinstance(wanted, str):
        return isinstance(found, str) and (found == wanted or fnmatchcase(found, wanted))
    if isinstance(found, str):
        # A form, and many a Rails client, sends every value as text.
        return not isinstance(wanted, dict | list) and orjson.dumps(wanted).decode() == found
    if isinstance(wanted, bool) or isinstance(found, bool):
        return found is wanted
    return found is not ABSENT and found == wanted


def method_and_path_fit(request: Request, method: str | None, path: str | None) -> bool:
    """Whether a request has a method, in any case, and a path or one that fits a pattern such as `/v1/*`."""
    return (method is None or request.method == method.upper()) and (path is None or fnmatchcase(request.path, path))
