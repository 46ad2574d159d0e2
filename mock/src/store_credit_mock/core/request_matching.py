"""What a request has, in its body by a JSON pointer, and whether it is what was asked for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from difflib import get_close_matches
from fnmatch import fnmatchcase
from typing import Annotated, Any, Final, cast

import orjson

from store_credit_mock.contract import Body, read_body, read_query
from store_credit_mock.http import Request
from store_credit_mock.systems.json_types import JsonValue, Schema

__all__ = ["ABSENT", "RequestMatch", "body_member", "check_pointer", "method_and_path_fit", "same_value"]

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


@dataclass(frozen=True, slots=True)
class RequestMatch:
    """Conditions that a request must meet; all of them must match. A text may be a pattern, such as `cust_*`.

    Attributes:
        headers: By name, which is not case-sensitive. If a header was sent several times, the first value counts.
        query: By name. If a parameter was sent several times, one of its values must match.
        customer: VINR's customer or Spree's user, if the request names one.
        body: By JSON pointer into the body, JSON or a form: `{"/amount": 500}`.

    Raises:
        ValueError: It matches nothing in particular, or a pointer is not valid.
    """

    headers: dict[str, str] | None = None
    query: dict[str, str] | None = None
    customer: Annotated[str, Schema(minLength=1)] | None = None
    body: dict[str, JsonValue] | None = None

    def __post_init__(self) -> None:
        if not (self.headers or self.query or self.customer or self.body):
            raise ValueError("match: set headers, query, customer or body, or omit match")
        for pointer in self.body or {}:
            check_pointer(pointer)

    @classmethod
    def of(cls, members: Mapping[str, Any]) -> RequestMatch:
        """Make one of a mapping.

        Raises:
            ValueError: It has a member that there is not.
        """
        known = [field.name for field in fields(cls)]
        for name in members:
            if name not in known:
                near = get_close_matches(name, known, 1, 0.5)
                hint = f"did you mean {near[0]}?" if near else f"known: {', '.join(known)}"
                raise ValueError(f"match: {name[:50]!r} is not a valid member; {hint}")
        return cls(**members)

    def fits(self, request: Request, customer_fields: Iterable[str]) -> bool:
        """Whether a request has it.

        Args:
            request: The request.
            customer_fields: Where requests of its system name a customer, see `System.customer_fields`.
        """
        for name, wanted in (self.headers or {}).items():
            value = request.header(name.lower())
            if value is None or not same_value(value, wanted):
                return False
        if (self.query or self.customer is not None) and not self._query_fits(request, customer_fields):
            return False
        if not self.body:
            return True
        body = read_body(request)
        return all(same_value(body_member(request, pointer, body), wanted) for pointer, wanted in self.body.items())

    def _query_fits(self, request: Request, customer_fields: Iterable[str]) -> bool:
        pairs = read_query(request.query)
        for name, wanted in (self.query or {}).items():
            if not any(key == name and same_value(value, wanted) for key, value in pairs):
                return False
        if self.customer is None:
            return True
        asked = {_field_pointer(name): value for name, value in pairs}
        body = read_body(request)
        named = [
            value
            for pointer in customer_fields
            for value in (asked.get(pointer, ABSENT), body_member(request, pointer, body))
            if value is not ABSENT
        ]
        path = request.path.split("/")
        for pointer in customer_fields:
            before, placeholder, _ = pointer.partition("/{customer}")
            place = before.count("/") + 1
            if placeholder and request.path.startswith(f"{before}/") and len(path) > place:
                named.append(path[place])
        # Spree's users have numbers.
        return any(same_value(str(value), self.customer) for value in named)
