"""Everything Spree says besides data (spree.md section 2 and 13.1, 13.6, 13.8, 13.10)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from store_credit_mock.systems.call import Abort, SystemResponse

__all__ = [
    "NOT_ALLOWED",
    "NOT_FOUND",
    "Errors",
    "crash",
    "error",
    "invalid",
    "missing_page",
    "missing_root",
    "not_found",
    "server_error",
    "silent_400",
    "unprocessable",
]

NOT_FOUND: Final = "The resource you were looking for could not be found."
NOT_ALLOWED: Final = "You are not authorized to access this page."
_RAILS: Final = "application/json; charset=UTF-8"
_HTML: Final = "text/html; charset=UTF-8"
_PAGE: Final = (
    b"<!DOCTYPE html>\n<html>\n<head><title>Not found (404)</title></head>\n"
    b"<body><h1>There is no page at this address.</h1></body>\n</html>\n"
)

Errors = list[tuple[str, str]]
"""Attribute and message of each failed check, in the order of the checks."""


def error(status: int, text: str) -> SystemResponse:
    """Spree's own envelope."""
    return SystemResponse(status, {"error": text})


def not_found() -> SystemResponse:
    """A record or a cart that is not there for this caller."""
    return error(404, NOT_FOUND)


def missing_root(name: str) -> SystemResponse:
    """The root key is missing, or what it holds is empty."""
    return error(400, f"param is missing or the value is empty: {name}")


def invalid(errors: Errors) -> SystemResponse:
    """422 of a model: the messages run together into a sentence, and by attribute."""
    by_attribute: dict[str, list[str]] = {}
    sentences: list[str] = []
    for attribute, message in errors:
        by_attribute.setdefault(attribute, []).append(message)
    for attribute, messages in by_attribute.items():
        before = "" if attribute == "base" else _human(attribute) + " "
        sentences.extend(before + message for message in messages)
    return SystemResponse(422, {"error": _sentence(sentences), "errors": by_attribute})


def _human(attribute: str) -> str:
    text = attribute.replace("_", " ")
    return text[:1].upper() + text[1:]


def _sentence(parts: Sequence[str]) -> str:
    if len(parts) < 3:
        return " and ".join(parts)
    return ", ".join(parts[:-1]) + ", and " + parts[-1]


def server_error(status: int = 500, text: str = "Internal Server Error", *, reason: str = "") -> SystemResponse:
    """Rails' own JSON error, where the real server fails over its own code. `reason`: a header says it."""
    body: Mapping[str, object] = {"status": status, "error": text}
    headers = (("x-mock-reason", reason),) if reason else ()
    return SystemResponse(status, body, _RAILS, headers=headers)


def unprocessable(*, v5: bool) -> SystemResponse:
    """Rails' 422 for a record that could not be saved inside a service (spree.md 13.3), in the words of its Rack."""
    return server_error(422, "Unprocessable Content" if v5 else "Unprocessable Entity")


def crash(reason: str) -> Abort:
    """Nothing is kept, and the caller sees a 500.

    Args:
        reason: Why the real server fails here, in one line. Its response does not say; the mock's does, in a header.
    """
    return Abort(server_error(reason=reason))


def silent_400() -> SystemResponse:
    """Malformed JSON without a token: an empty page (spree.md 13.8)."""
    return SystemResponse(400, b"", _HTML, checked=False)


def missing_page(accept: str | None, *, json: bool = False) -> SystemResponse:
    """Rails' 404 for an address or a method it does not route: a page, or JSON for whoever asks for JSON."""
    wanted = (accept or "").partition(",")[0].partition(";")[0].strip().lower()
    if json or wanted in {"application/json", "application/vnd.api+json", "text/x-json"}:
        return SystemResponse(404, {"status": 404, "error": "Not Found"}, _RAILS, checked=False)
    return SystemResponse(404, _PAGE, _HTML, checked=False)
