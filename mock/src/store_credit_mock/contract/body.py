"""Bodies of requests, decoded once for the handler and for the check."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any, Final, Literal, cast
from urllib.parse import parse_qsl

import orjson

from store_credit_mock.http import Request

__all__ = ["DEEPEST", "FORM", "Body", "body_text", "is_json", "media_type", "read_body"]

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


_NONE = Body("none")
_GZIP: Final = b"\x1f\x8b"
_UTF_16: Final = (b"\xff\xfe", b"\xfe\xff", b"\0\0\xfe\xff")
_CHARSET: Final = re.compile(r";\s*charset\s*=\s*\"?([^\s;\"]+)", re.IGNORECASE)
_READ: Final = frozenset({"utf-8", "utf8", "us-ascii", "ascii"})


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
            return Body("malformed", None, kind, _encoding_problem(request) or str(error), content)
        # Brackets are counted first: few bodies have so many that their depth needs to be looked at.
        if len(content) > DEEPEST and content.count(b"{") + content.count(b"[") > DEEPEST and _deeper(value, DEEPEST):
            return Body("malformed", None, kind, f"nested deeper than {DEEPEST} levels", content)
        return Body("json", value, kind, content=content)
    if kind == FORM:
        try:
            text = content.decode("utf-8")
            pairs = parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=1000)
        except ValueError as error:
            return Body("malformed", None, kind, _encoding_problem(request) or str(error), content)
        return Body("form", pairs, kind, content=content)
    return Body("text", None, kind, content=content)


def _encoding_problem(request: Request) -> str:
    """Why a body that could not be read is not text in UTF-8, from what its headers say or from how it begins."""
    content = request.body
    coding = (request.header("content-encoding") or "").strip()
    if coding.lower() not in {"", "identity"}:
        return f"its Content-Encoding is {coding[:50]}, but the mock does not decode request bodies: send it unencoded"
    if content.startswith(_GZIP):
        return "it is gzip data, but the mock does not decode request bodies: send it unencoded"
    charset = _CHARSET.search(request.header("content-type") or "")
    if charset is not None and charset[1].lower() not in _READ:
        return f"the charset in its Content-Type is {charset[1][:50]}, but bodies must be UTF-8"
    if content.startswith(_UTF_16):
        return "it begins like UTF-16 or UTF-32, but bodies must be UTF-8"
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as error:
        return f"it is not UTF-8: byte {error.start} is 0x{content[error.start]:02x}"
    return ""


def is_json(media_type: str) -> bool:
    """Whether a media type, in lower case and without parameters, is JSON."""
    return media_type == "application/json" or media_type.endswith(("+json", "text/json"))


def body_text(content: bytes, content_type: str) -> str:
    """Decode a text by the charset of its Content-Type, by UTF-8 without one; what cannot be decoded becomes U+FFFD."""
    charset = _CHARSET.search(content_type)
    try:
        text = content.decode("utf-8" if charset is None else charset[1], "replace")
    except (LookupError, ValueError):
        # Python knows codecs that are no charsets, too.
        text = content.decode("utf-8", "replace")
    return text.encode("utf-8", "replace").decode("utf-8")


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
