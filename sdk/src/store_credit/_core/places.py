"""Places of a request that are named by members of its body, by a segment of its path or by a header."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast
from urllib.parse import unquote

from store_credit._core.codec import is_object
from store_credit._core.mismatch import MISSING
from store_credit._core.operation import Call

__all__ = ["MISSING", "placed", "replaced"]


def placed(call: Call, place: tuple[str, ...] | int | bytes) -> Any:
    """What a call sends at a place, or `MISSING`: members of the body, the index of a segment of the path, a header."""
    if isinstance(place, bytes):
        return next((value.decode() for name, value in call.headers if name.lower() == place.lower()), MISSING)
    if isinstance(place, int):
        return unquote(call.path.partition("?")[0].split("/")[place])
    value: Any = call.body
    for name in place:
        # A caller's own mapping may stand in the body, and almost never does.
        if not is_object(value) and not isinstance(value, Mapping):
            return MISSING
        value = cast("Mapping[str, Any]", value).get(name, MISSING)
    return value


def replaced(body: Any, place: tuple[str, ...], value: Any) -> Any:
    """A body with another value at a place; what is on the way is copied, since it may be the caller's own."""
    first, *rest = place
    inside = replaced(body[first], tuple(rest), value) if rest else value
    return {**body, first: inside}
