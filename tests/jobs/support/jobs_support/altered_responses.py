"""Responses of Spree v2 to writes, altered on their way: of another credit, of another user, with another status."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

__all__ = ["about_another_user", "changed", "with_status"]


def changed(**attributes: Any) -> Callable[[Any, Any], Any]:
    """Responses to writes with other attributes."""

    def change(request: Any, response: Any) -> Any:
        if request.method == "GET":
            return response
        body = response.json()
        body["data"]["attributes"] |= attributes
        return type(response)(response.status_code, json=body)

    return change


def about_another_user(request: Any, response: Any) -> Any:
    """Responses to writes about somebody else."""
    if request.method == "GET":
        return response
    body = response.json()
    body["data"]["relationships"]["user"]["data"]["id"] = "3"
    return type(response)(response.status_code, json=body)


def with_status(status: int) -> Callable[[Any, Any], Any]:
    """Responses to writes with another status."""

    def change(request: Any, response: Any) -> Any:
        return response if request.method == "GET" else type(response)(status, json=response.json())

    return change
