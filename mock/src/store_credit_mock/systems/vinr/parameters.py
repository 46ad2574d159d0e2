"""What a request says, read and checked by VINR's own rules."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Final

from store_credit_mock.contract import Body
from store_credit_mock.systems.call import Call
from store_credit_mock.systems.vinr.errors import refuse

__all__ = [
    "MAXIMUM_AMOUNT",
    "MAXIMUM_TIME",
    "amount",
    "currency",
    "expand",
    "expiry",
    "fields",
    "identity",
    "limit",
    "no_others",
    "version",
]

MAXIMUM_AMOUNT: Final = 2**53 - 1
"""Largest amount: the last whole number that every JSON reader reads exactly (A9)."""
MAXIMUM_TIME: Final = 253_402_300_799
"""Latest time: 9999-12-31T23:59:59Z, in Unix seconds."""
_INTEGER = re.compile(r"-?\d{1,18}", re.ASCII)
_CURRENCY = re.compile(r"[A-Za-z]{3}")
_VERSION = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def fields(call: Call) -> dict[str, Any]:
    """The fields of a body; a form's numbers are read as numbers and its empty `expires_at` as null (V2, V23).

    Raises:
        Abort: The body is neither a JSON object nor a form.
    """
    body: Body = call.body
    if body.kind == "json":
        value: dict[str, Any] = body.value
        if value.__class__ is dict:
            return value
        raise refuse("parameter_invalid", "the body is not a JSON object", call.request_id, "body")
    if body.kind == "form":
        found: dict[str, Any] = {}
        for name, text in body.value:
            if name in found:
                raise refuse("parameter_invalid", f"{name} was sent twice", call.request_id, name)
            found[name] = _form_value(name, text)
        return found
    if body.kind == "none":
        return {}
    if body.kind == "malformed":
        raise refuse("parameter_invalid", f"the body cannot be read: {body.problem}", call.request_id, "body")
    text = f"the content type {body.media_type or '(none)'} is not taken: send JSON or a form"
    raise refuse("parameter_invalid", text, call.request_id, "Content-Type")


def _form_value(name: str, text: str) -> Any:
    if name == "expires_at" and text == "":
        return None
    if name in {"amount", "expires_at"} and _INTEGER.fullmatch(text):
        return int(text)
    return text


def no_others(call: Call, body: dict[str, Any], known: frozenset[str]) -> None:
    """Refuse fields that do not exist, money fields of an update among them (V25, V60)."""
    if body.keys() <= known:
        return
    name = next(name for name in body if name not in known)
    raise refuse("parameter_unknown", f"{name} is not a parameter of this operation", call.request_id, name)


def _required(call: Call, body: dict[str, Any], name: str) -> Any:
    if name not in body:
        raise refuse("parameter_missing", f"{name} is required", call.request_id, name)
    return body[name]


def identity(call: Call, body: dict[str, Any], name: str) -> str:
    """An id, required."""
    value = _required(call, body, name)
    if not isinstance(value, str) or not 1 <= len(value) <= 255:
        raise refuse("parameter_invalid", f"{name} is an id, a text of 1 to 255 characters", call.request_id, name)
    return value


def amount(call: Call, body: dict[str, Any], name: str = "amount") -> int:
    """An amount in minor units, required, 1 or more (V20). `10.0` is 10, as in the document."""
    value = _whole(_required(call, body, name))
    if value is None or not 1 <= value <= MAXIMUM_AMOUNT:
        text = f"{name} is a whole number of minor units, 1 to {MAXIMUM_AMOUNT}"
        raise refuse("parameter_invalid", text, call.request_id, name)
    return value


def currency(call: Call, body: dict[str, Any]) -> str:
    """A currency in capitals, required (V21)."""
    value = _required(call, body, "currency")
    if not isinstance(value, str) or not _CURRENCY.fullmatch(value):
        raise refuse("parameter_invalid", "currency is an ISO 4217 code of three letters", call.request_id, "currency")
    return value.upper()


def expiry(call: Call, body: dict[str, Any]) -> int | None:
    """A time in Unix seconds after now, or None for never (V22, V24)."""
    value = body.get("expires_at")
    if value is None:
        return None
    seconds = _whole(value)
    if seconds is None or not 0 <= seconds <= MAXIMUM_TIME:
        text = f"expires_at is in whole Unix seconds, at most {MAXIMUM_TIME}, or null"
        raise refuse("parameter_invalid", text, call.request_id, "expires_at")
    if seconds * 1000 <= call.now:
        text = f"expires_at lies in the past: it is {call.now // 1000} now"
        raise refuse("parameter_invalid", text, call.request_id, "expires_at")
    return seconds


def _whole(value: Any) -> int | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    return int(value) if isinstance(value, float) and value.is_integer() and abs(value) < 2**63 else None


def expand(call: Call, known: Iterable[str] = ("customer",)) -> bool:
    """Whether the customer is to be expanded (V15)."""
    if not call.query_pairs:
        return False
    asked = [text for name, text in call.query_pairs if name == "expand[]"]
    for text in asked:
        if text not in known:
            raise refuse("parameter_invalid", f"{text} cannot be expanded", call.request_id, "expand[]")
    return bool(asked)


def limit(call: Call) -> int:
    """How many records a page holds (V7, V8)."""
    text = call.query("limit")
    if text is None:
        return 10
    if not _INTEGER.fullmatch(text) or not 1 <= int(text) <= 100:
        raise refuse("parameter_invalid", "limit is a whole number from 1 to 100", call.request_id, "limit")
    return int(text)


def version(call: Call, default: str) -> str:
    """The API version that answers (V57); `default` is the account's own.

    Raises:
        Abort: What was sent is not a date.
    """
    sent = call.request.first_headers.get(b"vinr-version")
    if sent is None:
        return default
    text = sent.decode("latin-1")
    if not _VERSION.fullmatch(text):
        raise refuse("parameter_invalid", "Vinr-Version is a date, such as 2026-04-01", call.request_id, "Vinr-Version")
    return text
