"""Spree's API v3: the rules that hold for all of its operations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from store_credit._core.system import ErrorDetails

__all__ = ["SpreeV3System"]


class SpreeV3System:
    """The rules that hold for all of Spree's operations of API v3.

    Args:
        server: The version of the server, where its caller knows it.
    """

    name = "Spree"
    takes_keys = True

    def __init__(self, server: str | None) -> None:
        self.server = server

    def error_details(self, body: Any) -> ErrorDetails:
        """Read `{"error": {"code", "message", "details"}}`, and Rails' own `{"status", "error"}`."""
        error: Any = cast("dict[str, Any]", body).get("error") if isinstance(body, dict) else None
        if isinstance(error, str):
            return ErrorDetails(error or None)
        if not isinstance(error, Mapping):
            return ErrorDetails()
        said = cast("Mapping[str, Any]", error)
        message, code, given = said.get("message"), said.get("code"), said.get("details")
        details = cast("dict[str, Any]", given) if isinstance(given, dict) else {}
        errors = {
            name: [str(text) for text in cast("list[Any]", texts)]
            for name, texts in details.items()
            if isinstance(texts, list)
        }
        return ErrorDetails(
            message if isinstance(message, str) and message else None,
            code if isinstance(code, str) else None,
            errors=errors,
            details=details,
        )

    def saved_before_refusing(self, status: int, details: ErrorDetails) -> bool:
        """Nothing is known of it."""
        del status, details
        return False

    def refused_for_good(self, status: int, details: ErrorDetails) -> bool:
        """Nothing proves what became of an earlier attempt."""
        del status, details
        return False

    def still_running(self, status: int, details: ErrorDetails) -> bool:
        """Nothing is known of it."""
        del status, details
        return False
