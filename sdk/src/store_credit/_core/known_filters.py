"""Filters of a list that only a caller who means it may send, since the server ignores those that it does not know."""

from __future__ import annotations

from collections.abc import Collection
from difflib import get_close_matches

from store_credit._core.arguments import mapping, query_object
from store_credit._core.errors import InvalidArgumentError

__all__ = ["query_filter", "query_unchecked"]


def query_filter(value: object, name: str, known: Collection[str]) -> list[tuple[str, str]]:
    """Filters as `name[key]=value`.

    Raises:
        InvalidArgumentError: The document does not know one, or it cannot be sent.
    """
    for key in mapping(value, "filter"):
        if key not in known:
            close = get_close_matches(str(key), known, 1)
            raise InvalidArgumentError(
                f"filter: the OpenAPI document does not define {key!r}"
                f"{f'; did you mean {close[0]!r}?' if close else '.'} "
                "The server ignores unknown filters and lists everything; "
                "if the server supports this filter, pass it as filter_unchecked="
            )
    return _named(value, name, "filter")


def query_unchecked(value: object, name: str) -> list[tuple[str, str]]:
    """Filters as `name[key]=value`, whether the document knows them or not.

    Raises:
        InvalidArgumentError: One cannot be sent.
    """
    return _named(value, name, "filter_unchecked")


def _named(value: object, name: str, argument: str) -> list[tuple[str, str]]:
    # Errors name the argument, and the server another.
    return [(name + key.removeprefix(argument), text) for key, text in query_object(value, argument)]
