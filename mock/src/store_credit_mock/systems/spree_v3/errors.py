"""Everything v3 says besides data: Spree's envelope, Rails' own bodies, the codes.

What a handler *returns* was rendered by Spree's action or by one of its filters: it is kept under an idempotency key,
and so are refusals among it. What a handler *raises* comes from an exception there: nothing is kept, neither of what
was written nor under the key.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from store_credit_mock.systems.call import Abort, SystemResponse

__all__ = [
    "BARE",
    "CODES",
    "RAILS",
    "Errors",
    "bad_request",
    "crash",
    "envelope",
    "error",
    "invalid",
    "malformed",
    "missing_route",
    "no_null_byte",
    "not_found",
    "rails_error",
    "refuse",
    "sentence",
    "too_large",
]

RAILS: Final = "application/json; charset=UTF-8"
"""Content type of Rails' own bodies, by which `response_headers` knows them."""
BARE: Final = "application/json"
"""Content type of what is refused ahead of Rails."""

CODES: Final[Mapping[str, int]] = {
    "invalid_request": 400,
    "invalid_provider": 400,
    "authentication_required": 401,
    "authentication_failed": 401,
    "invalid_token": 401,
    "access_denied": 403,
    "record_not_found": 404,
    "order_not_found": 404,
    "cart_not_found": 404,
    "variant_not_found": 404,
    "line_item_not_found": 404,
    "cart_already_updated": 409,
    "completion_in_progress": 409,
    "request_too_large": 413,
    "validation_error": 422,
    "store_credit_in_use": 422,
    "invalid_money_format": 422,
    "processing_error": 422,
    "idempotency_key_reused": 422,
    "cart_cannot_complete": 422,
    "cart_cannot_transition": 422,
    "order_cannot_complete": 422,
    "rate_limit_exceeded": 429,
}
"""The status that each code comes with."""

Errors = list[tuple[str, str]]
"""Attribute and message of each failed check, in the order of the checks."""


def envelope(code: str, message: str, details: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The body of a refusal."""
    body: dict[str, Any] = {"code": code, "message": message}
    if details:
        body["details"] = dict(details)
    return {"error": body}


def error(
    code: str, message: str, details: Mapping[str, Any] | None = None, *, status: int | None = None
) -> SystemResponse:
    """A refusal as Spree renders it, under the status of its code if no other is given."""
    return SystemResponse(CODES.get(code, 422) if status is None else status, envelope(code, message, details))


def refuse(code: str, message: str, details: Mapping[str, Any] | None = None) -> Abort:
    """The same from an exception: nothing is kept."""
    return Abort(error(code, message, details))


def not_found(what: str, code: str = "record_not_found") -> Abort:
    """A record that is not there for this caller: `Store credit not found`."""
    return refuse(code, f"{what} not found")


def invalid(errors: Errors, code: str = "validation_error") -> SystemResponse:
    """422 of a model: the messages run together into a sentence, and by attribute."""
    details: dict[str, list[str]] = {}
    for attribute, message in errors:
        details.setdefault(attribute, []).append(message)
    sentences = [
        message if attribute == "base" else f"{_human(attribute)} {message}"
        for attribute, messages in details.items()
        for message in messages
    ]
    return error(code, sentence(sentences), details)


def sentence(parts: list[str]) -> str:
    """Run texts together as Rails does: "a", "a and b", "a, b, and c"."""
    if len(parts) < 3:
        return " and ".join(parts)
    return ", ".join(parts[:-1]) + ", and " + parts[-1]


def bad_request(message: str) -> Abort:
    """An argument that the server stumbles over."""
    return refuse("invalid_request", message)


def no_null_byte(*values: Any) -> None:
    """Refuse text that no column of the database takes: one with U+0000 in it.

    The database's driver complains of an argument, and so it is a 400 (read; a null amount is recorded the same way).

    Raises:
        Abort: 400.
    """
    if any(isinstance(value, str) and "\0" in value for value in values):
        raise bad_request("string contains null byte")


def malformed() -> SystemResponse:
    """A body that is no JSON although it says so; it comes before any credentials are looked at."""
    answer = error("invalid_request", "Error occurred while parsing request parameters")
    answer.headers.append(("vary", "Accept"))
    return answer


def too_large() -> SystemResponse:
    """A body of more than 100 KB, refused ahead of Rails."""
    body = envelope("request_too_large", "Request body too large")
    return SystemResponse(413, body, BARE)


def rails_error(status: int, text: str, *, reason: str = "") -> SystemResponse:
    """Rails' own JSON error. `reason`: a header of the mock's says why the real server fails here."""
    headers = (("x-mock-reason", reason),) if reason else ()
    return SystemResponse(status, {"status": status, "error": text}, RAILS, headers=headers)


def missing_route() -> SystemResponse:
    """An address or a method that is not routed, or not in this version."""
    answer = rails_error(404, "Not Found")
    answer.checked = False
    return answer


def crash(reason: str) -> Abort:
    """Nothing is kept, and the caller sees a 500.

    Args:
        reason: Why the real server fails here, in one line. Its response does not say; the mock's does, in a header.
    """
    return Abort(rails_error(500, "Internal Server Error", reason=reason))


def _human(attribute: str) -> str:
    text = attribute.removesuffix("_id").replace("_", " ")
    return text[:1].upper() + text[1:]
