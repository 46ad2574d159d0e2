"""Media types of responses: which one of several is asked for, and how its body is read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple, cast

__all__ = ["Media", "chosen_media"]


class Media(NamedTuple):
    """A media type as the document writes it, and what its body is: `json`, `text` or `bytes`."""

    name: str
    kind: str


def chosen_media(content: Mapping[str, Any]) -> Media | None:
    """Choose from a response's `content` what is asked for: JSON where the server has it, else the first.

    Gives None where there is nothing. A string under a range such as `*/*` is the text itself, and not JSON.

    Raises:
        ValueError: There is only a stream of events, which has no end to wait for.
    """
    found = [Media(str(name), _kind(str(name), _is_string(one))) for name, one in content.items()]
    best = next((one for one in found if one.kind == "json"), None) or next(
        (one for one in found if one.kind != "stream"), None
    )
    if found and best is None:
        raise ValueError(
            f"its response is {found[0].name}, a stream; the SDK reads whole bodies: name another type beside it"
        )
    return best


def _is_string(media: Any) -> bool:
    schema: Any = cast("Mapping[str, Any]", media).get("schema") if isinstance(media, Mapping) else None
    return isinstance(schema, Mapping) and cast("Mapping[str, Any]", schema).get("type") == "string"


def _kind(name: str, is_text: bool) -> str:
    essence = name.partition(";")[0].strip().lower()
    main, _, sub = essence.partition("/")
    if sub == "*" and main in ("*", "application"):
        return "text" if is_text else "json"
    if sub == "json" or sub.endswith("+json"):
        return "json"
    if essence == "text/event-stream":
        return "stream"
    is_xml = sub == "xml" or sub.endswith("+xml")
    known = ("application/x-www-form-urlencoded", "application/yaml", "application/javascript", "application/x-ndjson")
    return "text" if main == "text" or is_xml or essence in known else "bytes"
