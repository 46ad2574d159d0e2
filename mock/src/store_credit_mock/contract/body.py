"""Bodies of requests, decoded once for the handler and for the check."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, Final, Literal, cast
from urllib.parse import parse_qsl

import orjson

from store_credit_mock.http import Request

__all__ = ["DEEPEST", "FORM", "Body", "is_json", "media_type", "read_body"]

FORM: Final = "application/x-www-form-urlencoded"
DEEPEST: Final = 100
"""Levels of a JSON body; what nests deeper counts as malformed, as it does for Rails. Validators stop at 255."""


class Body:
    """A request's body.

    Attributes:
        kind: `none` (no bytes), `json`, `form`, `text` (another content type; undecoded), `malformed` (said to be JSON
            or a form, and is not).
        value: The JSON value; of a form the pairs in order, as a list of (name, value); else None.
        media_type: In lower case, without parameters; empty if none was sent.
        problem: Of a malformed body, the parser's words.
        content: The bytes it was read from; None if it was made of something else.
    """

    __slots__ = ("content", "kind", "media_type", "problem", "value")

    def __init__(
        self,
        kind: Literal["none", "json", "form", "text", "malformed"],
        value: Any = None,
        media_type: str = "",
        problem: str = "",
        content: bytes | None = None,
    ) -> None:
        self.content = content
        self.kind = kind
        self.value = value
        self.media_type = media_type
        self.problem = problem

    def repeated(self) -> list[str]:
        """JSON pointers to the members of a JSON body that were sent more than once, which its value cannot show.

        Nearly every body has as many colons as members, or as many that follow a quote, and then none is repeated. To
        count them costs 0.7 us for a body of three members and 3.6 us for one of thirty, about twice what orjson takes
        to read it; to read it again, where that does not tell, 6 us and 24 us (8 ms for 100 kB).
        """
        content = self.content
        if self.kind != "json" or content is None:
            return []
        value = self.value
        members = _members(value) if isinstance(value, dict | list) else 0
        # Each member has a colon. One in a text is another, and needs a closer look; so does a name sent twice.
        if content.count(b":") == members or (content.count(b'":') == members and not _BLANK_COLON.search(content)):
            return []
        found: list[str] = []
        _walk(_read_pairs(content), "", found)
        return found


_NONE = Body("none")


@lru_cache(maxsize=64)
def media_type(sent: bytes) -> str:
    """The media type of a Content-Type, in lower case, without parameters."""
    return sent.partition(b";")[0].strip().lower().decode("latin-1")


def read_body(request: Request) -> Body:
    """Decode a body by its content type. `application/json` and every `+json` type are JSON."""
    content = request.body
    sent = request.first_headers.get(b"content-type")
    if not content and sent is None:
        return _NONE
    kind = "" if sent is None else media_type(sent)
    if not content:
        return Body("none", None, kind, content=content)
    if is_json(kind) or kind.endswith("/x-json"):
        try:
            value = orjson.loads(content)
        except orjson.JSONDecodeError as error:
            return Body("malformed", None, kind, str(error), content)
        # Brackets are counted first: few bodies have so many that their depth needs to be looked at.
        if len(content) > DEEPEST and content.count(b"{") + content.count(b"[") > DEEPEST and _deeper(value, DEEPEST):
            return Body("malformed", None, kind, f"nested deeper than {DEEPEST} levels", content)
        return Body("json", value, kind, content=content)
    if kind == FORM:
        try:
            text = content.decode("utf-8")
            pairs = parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=1000)
        except ValueError as error:
            return Body("malformed", None, kind, str(error), content)
        return Body("form", pairs, kind, content=content)
    return Body("text", None, kind, content=content)


_BLANK_COLON: Final = re.compile(rb"[ \t\n\r]:")
"""One that may follow a name although no quote stands right before it."""


def _members(value: Any) -> int:
    """How many members all the objects of a JSON value have."""
    count, waiting = 0, [value]
    for item in waiting:
        inner: Iterable[Any] = cast("list[Any]", item)
        if item.__class__ is dict:
            count += len(item)
            inner = cast("dict[str, Any]", item).values()
        waiting += [one for one in inner if one.__class__ is dict or one.__class__ is list]
    return count


class _Pairs(list[tuple[str, Any]]):
    """The members of an object, with those that are repeated."""


def _read_pairs(content: bytes) -> Any:
    # Numbers are of no interest, and may be longer than Python reads.
    return json.loads(content, object_pairs_hook=_Pairs, parse_int=len, parse_float=len)


def _walk(value: Any, pointer: str, found: list[str]) -> None:
    """Note which members are repeated; no body is nested more than `DEEPEST` levels."""
    if isinstance(value, _Pairs):
        seen: set[str] = set()
        for name, member in value:
            place = f"{pointer}/{name.replace('~', '~0').replace('/', '~1')}"
            if name in seen and place not in found:
                found.append(place)
            seen.add(name)
            _walk(member, place, found)
    elif isinstance(value, list):
        for number, item in enumerate(cast("list[Any]", value)):
            _walk(item, f"{pointer}/{number}", found)


def is_json(media_type: str) -> bool:
    """Whether a media type, in lower case and without parameters, is JSON."""
    return media_type == "application/json" or media_type.endswith("+json")


def _deeper(value: Any, levels: int) -> bool:
    """Whether a JSON value has more levels than these; level by level, so that no depth is too much for it."""
    level = [value]
    for _ in range(levels):
        inner: list[Any] = []
        for item in level:
            if isinstance(item, dict):
                inner.extend(cast("dict[str, Any]", item).values())
            elif isinstance(item, list):
                inner.extend(cast("list[Any]", item))
        if not inner:
            return False
        level = inner
    return any(isinstance(item, dict | list) for item in level)
