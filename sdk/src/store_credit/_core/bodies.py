"""Bodies of a call that are not JSON: text, bytes, and forms of several parts with files."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any, TypeAlias

from store_credit._core import arguments
from store_credit._core.errors import InvalidArgumentError, kind_of
from store_credit._core.options import header

__all__ = ["File", "Part", "bytes_body", "file_part", "file_parts", "multipart", "text_body", "typed_part"]

File: TypeAlias = bytes | tuple[str, bytes] | tuple[str, bytes, str]
"""A file of a form: its bytes, with a file name, and its media type."""

Part: TypeAlias = tuple[str, str | None, bytes, str]
"""A part of a form: its name, a file's name, its bytes and their media type."""


def file_part(value: object, name: str, wire: str, media: str) -> list[Part]:
    """A file of a form."""
    said: Any = value
    given: list[Any] = [*said] if isinstance(value, tuple) else [wire, said]
    filename, content, kind = [*given, media][:3] if len(given) in (2, 3) else (None, None, None)
    if not isinstance(filename, str) or not isinstance(content, bytes | bytearray) or not isinstance(kind, str):
        raise InvalidArgumentError(
            f"{name} is {kind_of(said)}; pass bytes, or a tuple of file name, bytes and media type"
        )
    header(name, kind)
    return [(wire, filename, bytes(content), kind)]


def file_parts(value: object, name: str, wire: str, media: str) -> list[Part]:
    """Several files under one name."""
    return [part for one in arguments.sequence(value, name) for part in file_part(one, name, wire, media)]


def typed_part(value: object, name: str, wire: str, media: str, write: Callable[[object, str], str]) -> list[Part]:
    """A value of a form with a media type of its own."""
    return [(wire, None, _utf8(write(value, name), name), media)]


def multipart(form: list[tuple[str, str]], files: list[Part]) -> tuple[bytes, bytes]:
    """Write a form as `multipart/form-data` (RFC 7578): its body, and the header that tells how it is cut."""
    boundary = os.urandom(16).hex().encode()
    parts: list[Part] = [*((name, None, _utf8(value, name), "") for name, value in form), *files]
    pieces: list[bytes] = []
    for name, filename, content, media in parts:
        label = b'Content-Disposition: form-data; name="%s"' % _in_quotes(name)
        label += b"" if filename is None else b'; filename="%s"' % _in_quotes(filename)
        label += b"\r\nContent-Type: " + media.encode() if media else b""
        pieces.append(b"--%s\r\n%s\r\n\r\n%s\r\n" % (boundary, label, content))
    return b"".join(pieces) + b"--%s--\r\n" % boundary, b"multipart/form-data; boundary=" + boundary


def _in_quotes(text: str) -> bytes:
    """A name between quotes, as browsers write it (WHATWG, 4.10.21.8)."""
    return _utf8(text.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A"), "a name")


def _utf8(value: str, name: str) -> bytes:
    try:
        return value.encode()
    except UnicodeEncodeError:
        raise InvalidArgumentError(f"{name} contains text that is not valid Unicode") from None


def text_body(value: object, name: str) -> bytes:
    """A body of text, in UTF-8."""
    if isinstance(value, bytes | bytearray):
        return bytes(value)
    return _utf8(arguments.text(value, name), name)


def bytes_body(value: object, name: str) -> bytes:
    """A body of bytes."""
    if isinstance(value, bytes | bytearray):
        return bytes(value)
    raise InvalidArgumentError(f"{name} is {kind_of(value)}; pass bytes")
