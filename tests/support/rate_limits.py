"""Responses that tell of a rate limit, or say nothing of it."""

from datetime import UTC, datetime, timedelta
from typing import Any

from store_credit._core.response import Response

__all__ = ["TODAY", "numbers", "response"]


TODAY = datetime(2026, 11, 28, 12, tzinfo=UTC)


def response(status: int = 200, **headers: Any) -> Response:
    """A response with these headers; an underscore stands for a hyphen."""
    return Response(
        status, [(name.replace("_", "-").encode(), str(value).encode()) for name, value in headers.items()], b""
    )


def numbers(remaining: int, limit: int = 50, full_in: float = 2, status: int = 200, **headers: Any) -> Response:
    """A response that tells what is left of the limit, and in how many seconds all of it is there again."""
    told = {"X_RateLimit_Limit": limit, "X_RateLimit_Remaining": remaining}
    reset = int((TODAY + timedelta(seconds=full_in)).timestamp())
    return response(status, **told, X_RateLimit_Reset=reset, **headers)
