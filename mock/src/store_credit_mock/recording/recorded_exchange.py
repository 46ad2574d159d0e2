"""One exchange as it is written down: no secret in it, bodies as text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from store_credit_mock.contract.body import media_type
from store_credit_mock.http import Header
from store_credit_mock.redaction import Redactor

__all__ = ["TRANSFER_HEADERS", "CapturedExchange", "RecordedExchange", "content_type", "redacted"]

TRANSFER_HEADERS: Final = frozenset(
    {"connection", "content-encoding", "content-length", "keep-alive", "proxy-connection", "trailer",
     "transfer-encoding", "x-mock-violation"}
)  # fmt: skip
"""Headers about how the bytes were sent, and our own. A recorded body stands there decoded, so that they are not given
back."""


@dataclass(slots=True)
class CapturedExchange:
    """An exchange as it went over the wire.

    Attributes:
        number: From 1.
        at: When the request came, in Unix milliseconds.
        elapsed: Milliseconds until the response was passed on.
        operation: operationId; empty if the OpenAPI document has none for it.
        method: In capitals.
        path: Percent-encoded, without the query.
        query: Percent-encoded.
        request_headers: As they came.
        request_body: With its Content-Encoding undone; None if it is not there, because it was too long.
        status: HTTP status.
        reason: What follows it.
        response_headers: As they came.
        response_body: As `request_body`.
    """

    number: int
    at: int
    elapsed: float
    operation: str
    method: str
    path: str
    query: str
    request_headers: Sequence[Header] = field(repr=False)
    request_body: bytes | None = field(repr=False)
    status: int
    reason: str
    response_headers: Sequence[Header] = field(repr=False)
    response_body: bytes | None = field(repr=False)


@dataclass(slots=True)
class RecordedExchange:
    """An exchange without secrets. A body is None where it was left out, and `left_out` says why."""

    number: int
    at: int
    elapsed: float
    operation: str
    method: str
    path: str
    query: str
    request_headers: list[tuple[str, str]]
    request_body: str | None
    status: int
    reason: str
    response_headers: list[tuple[str, str]]
    response_body: str | None
    left_out: str = ""


def redacted(taken: CapturedExchange, secrets: Redactor) -> RecordedExchange:
    """Take every secret out of an exchange."""
    secrets.learn(taken.request_headers, taken.query, taken.request_body or b"")
    secrets.learn(taken.response_headers, "", taken.response_body or b"")
    left_out: list[str] = []
    bodies: list[str | None] = []
    for side, headers, body in (
        ("request", taken.request_headers, taken.request_body),
        ("response", taken.response_headers, taken.response_body),
    ):
        text = None if body is None else secrets.body(body, content_type(headers))
        if text is None:
            left_out.append(f"the body of the {side} was {'too long' if body is None else 'no text'}")
        bodies.append(text)
    return RecordedExchange(
        taken.number,
        taken.at,
        taken.elapsed,
        taken.operation,
        taken.method,
        secrets.text(taken.path),
        secrets.query(taken.query),
        secrets.headers(taken.request_headers),
        bodies[0],
        taken.status,
        taken.reason,
        secrets.headers(taken.response_headers),
        bodies[1],
        "; ".join(left_out),
    )


def content_type(headers: Sequence[Header]) -> str:
    """The media type of a message, in lower case, without parameters; empty if it has none."""
    for name, value in headers:
        if name.lower() == b"content-type":
            return media_type(value)
    return ""
