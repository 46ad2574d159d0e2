"""Values of a live server and of the mock that stand for each other: ids by what they were first, the rest by form."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final, cast
from urllib.parse import parse_qsl, urlsplit

from store_credit_mock.recording.differences import Same

__all__ = ["Counterparts", "leaves"]

_TIMES: Final = re.compile(r"(^|_)(at|created|updated|expires)$")
_REFERS: Final = re.compile(r"(^id$|_id$|_ids$|^customer$|^starting_after$|^ending_before$|^number$|_number$|^token$)")
_MADE: Final = re.compile(r"(?=[A-Za-z]*[0-9])[0-9A-Za-z]{8,}")
"""A run of letters and digits that a server may have made up."""


class Counterparts:
    """Which values stand for each other, learned from the responses to the same requests."""

    def __init__(self) -> None:
        self._here: dict[tuple[str, str], str] = {}
        self._there: dict[tuple[str, str], str] = {}
        self._kinds: dict[str, str] = {}

    def pair(self, kind: str, live: str, mock: str) -> bool:
        """Let two values stand for each other; False if one of them stands for another already."""
        return self._here.setdefault((kind, live), mock) == mock and self._there.setdefault((kind, mock), live) == live

    def name_kind(self, resource: str, kind: str) -> None:
        """Remember of which JSON:API type the records of a resource are."""
        self._kinds.setdefault(resource, kind)

    def of_path(self, resource: str, live: str) -> str | None:
        """The mock's value for an id of a path; None if it is not known."""
        return self._here.get((self._kinds.get(resource, ""), live))

    def of_member(self, name: str, live: str) -> str | None:
        """The mock's value for a member that names a record, such as `user_id`; None if it is not known."""
        stem = name.removesuffix("_id")
        for (kind, known), mock in self._here.items():
            if known == live and (kind in {"", stem} or kind.endswith(f"_{stem}")):
                return mock
        return None

    def refers(self, name: str) -> bool:
        """Whether a member or parameter of this name may name a record."""
        return _REFERS.search(name) is not None

    def same(self, sent: frozenset[str]) -> Same:
        """Give the rule for the values of one response.

        Args:
            sent: What the request sent, as text: it comes back as it was.
        """
        owners: dict[str, str] = {}

        def same(where: str, mock: Any, live: Any) -> bool | None:
            if isinstance(mock, Mapping) and isinstance(live, Mapping):
                kind = cast("Mapping[str, Any]", mock).get("type")
                owners[where] = kind if isinstance(kind, str) else ""
                return None
            name = where.rpartition("/")[2]
            if not isinstance(mock, str | int) or not isinstance(live, str | int) or _differ(mock, live):
                return None
            if str(live) in sent and mock == live:
                return True
            if _TIMES.search(name) and _is_time(mock) and _is_time(live):
                # A time that was sent is not a matter of the clock.
                return str(live) not in sent
            if name == "id" or name.endswith("_id"):
                kind = owners.get(where.rpartition("/")[0], "") if name == "id" else name.removesuffix("_id")
                return self.pair(kind, str(live), str(mock))
            if isinstance(mock, str) and isinstance(live, str):
                return mock == live or self._alike(mock, live)
            return None

        return same

    def _alike(self, mock: str, live: str) -> bool:
        if self._here.get(("", live)) == mock:
            return True
        one, other = urlsplit(mock), urlsplit(live)
        if one.scheme in {"http", "https"} and other.scheme in {"http", "https"}:
            return one.path == other.path and _parameters(one.query) == _parameters(other.query)
        return _form(mock) == _form(live) and _form(mock) != mock


def _differ(mock: str | int, live: str | int) -> bool:
    """Whether the JSON types are others; 1 is not true."""
    return type(mock) is not type(live) or isinstance(mock, bool)


def _form(text: str) -> str:
    """A text without what a server may have made up in it."""
    return re.sub(r"\d+", "#", _MADE.sub("#", text)) if _MADE.search(text) else text


def _parameters(query: str) -> list[str]:
    # Values may be ids and tokens.
    return sorted(name for name, _ in parse_qsl(query, keep_blank_values=True) if name != "access_token")


def _is_time(value: object) -> bool:
    if isinstance(value, int):
        return value > 1_000_000_000
    try:
        datetime.fromisoformat(str(value))
    except ValueError:
        return False
    return True


def leaves(value: Any, name: str = "") -> Iterator[tuple[str, str | int]]:
    """The texts and whole numbers in a JSON value, each with the name of its member."""
    if isinstance(value, dict):
        for key, inner in cast("dict[str, Any]", value).items():
            yield from leaves(inner, key)
    elif isinstance(value, list):
        for inner in cast("list[Any]", value):
            yield from leaves(inner, name)
    elif isinstance(value, str | int) and not isinstance(value, bool):
        yield name, value
