"""What a request wants of a response: a status and an example by `Prefer` (RFC 7240), a media type by `Accept`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from store_credit_mock.contract.body import is_json
from store_credit_mock.http import Request

__all__ = ["Preferences", "acceptable", "concrete"]

_PAIR: Final = re.compile(r"""([\w-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,;"]*))""")
_WILD: Final = {
    "*/*": "application/json",
    "application/*": "application/json",
    "audio/*": "audio/mpeg",
    "image/*": "image/png",
    "text/*": "text/plain",
    "video/*": "video/mp4",
}


@dataclass(frozen=True, slots=True)
class Preferences:
    """What `Prefer` asks for.

    Attributes:
        code: A status; None asks for none.
        example: The name of an example; None asks for none.
        dynamic: Whether the body is made from the schema although there are examples.
    """

    code: str | None = None
    example: str | None = None
    dynamic: bool = False

    @classmethod
    def of(cls, request: Request) -> Preferences:
        """Read the headers of a request; what is not known in them is passed over, as RFC 7240 has it."""
        sent = [value.decode("latin-1") for name, value in request.headers if name.lower() == b"prefer"]
        if not sent:
            return _NONE
        pairs = {name.lower(): quoted or plain for name, quoted, plain in _PAIR.findall(", ".join(sent))}
        return cls(pairs.get("code"), pairs.get("example"), pairs.get("dynamic", "").lower() == "true")


_NONE: Final = Preferences()


def concrete(media_type: str) -> str:
    """Give the content type that is sent for one of the document, which may be a range."""
    return _WILD.get(media_type.partition(";")[0].strip().lower(), media_type)


def acceptable(accept: str | None, offered: Sequence[str]) -> str | None:
    """Choose one of the media types that a response may have.

    Args:
        accept: The header; None or an empty one takes any.
        offered: As the document has them, in its order; at least one.

    Returns:
        The one that is liked best; of several JSON, then the first. None if none is acceptable.
    """
    ranges = [_range(part) for part in (accept or "").split(",") if part.strip()] or [("*/*", 1.0)]
    best: tuple[float, bool] | None = None
    chosen: str | None = None
    for one in offered:
        plain = concrete(one).partition(";")[0].strip().lower()
        fits = sorted((_closeness(wanted, plain), quality) for wanted, quality in ranges if _closeness(wanted, plain))
        quality = fits[-1][1] if fits else 0.0
        rank = (quality, is_json(plain))
        if quality > 0 and (best is None or rank > best):
            best, chosen = rank, one
    return chosen


def _range(part: str) -> tuple[str, float]:
    name, *parameters = (piece.strip().lower() for piece in part.split(";"))
    quality = next((one[2:] for one in parameters if one.startswith("q=")), "1")
    try:
        return name, float(quality)
    except ValueError:
        return name, 1.0


def _closeness(wanted: str, media_type: str) -> int:
    """How exactly a range names a media type: 3 wholly, 2 by its first part, 1 as any, 0 not."""
    if wanted == media_type:
        return 3
    if wanted.endswith("/*") and wanted != "*/*" and media_type.startswith(wanted[:-1]):
        return 2
    # A client that takes JSON takes what is JSON by its ending, such as application/problem+json.
    if wanted == "application/json" and media_type.endswith("+json"):
        return 2
    return 1 if wanted in {"*/*", "*"} else 0
