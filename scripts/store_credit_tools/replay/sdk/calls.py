"""The calls an exchange is replayed by: a method of the SDK with its arguments, or a raw request."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

__all__ = ["NotTypedError", "RawCall", "Reason", "TypedCall"]


class Reason(StrEnum):
    """Why no method of the SDK sends a request."""

    NO_METHOD = "an operation that the document gives no method in the SDK"
    METHOD = "another HTTP method of the same operation"
    SUFFIX = "a path with a suffix"
    CREDENTIAL = "no credential, or another than the SDK sends"
    MEDIA_TYPE = "a body that is not sent as application/json"
    MALFORMED = "a body that is not valid JSON, or has a member twice"
    SHAPE = "a body of another shape than the operation's"
    UNKNOWN_FIELD = "a field of the body that the document does not name"
    REQUIRED = "a required field is left out"
    UNKNOWN_PARAMETER = "a query parameter that the document does not name"
    PARAMETER_FORM = "a query parameter in another form than its own"
    REPEATED = "a query parameter given more than once"
    ELSEWHERE = "an input in another place than the SDK puts it"
    VALUE = "a value the SDK refuses"
    GUARDED = "a value the SDK refuses where the server would make something else of it"
    UNKNOWN_HEADER = "a header of Spree's that the document does not name"


JUDGED_BY_DOCUMENT = frozenset(
    {
        Reason.SHAPE,
        Reason.UNKNOWN_FIELD,
        Reason.REQUIRED,
        Reason.UNKNOWN_PARAMETER,
        Reason.PARAMETER_FORM,
        Reason.VALUE,
    }
)
"""Reasons the document must share: it forbids such a request. The others are ways the SDK does without, and what no
document needs to forbid, since it is not JSON."""


class NotTypedError(Exception):
    """No method of the SDK sends this request.

    Attributes:
        reason: Which kind of reason.
        detail: What in this request it is.
    """

    def __init__(self, reason: Reason, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail


@dataclass(frozen=True, slots=True)
class TypedCall:
    """A method of a resource of the SDK, and what it is called with."""

    client: str
    """The stem of the clients' names, such as `SpreeAdmin`."""
    resource: str
    """The attributes that lead to it from a client, with dots between."""
    method: str
    arguments: Mapping[str, Any] = field(repr=False)
    """May hold credentials."""
    credential: str | None = field(repr=False)
    """The client's own, or None where the operation does not carry it."""
    keys: Mapping[str, str] | None = field(default=None, repr=False)
    """Of a client that holds several credentials: each by the argument that takes it."""


@dataclass(frozen=True, slots=True)
class RawCall:
    """A `client.request`."""

    client: str
    method: str
    path: str
    arguments: Mapping[str, Any] = field(repr=False)
    credential: str | None = field(repr=False)
    keys: Mapping[str, str] | None = field(default=None, repr=False)
