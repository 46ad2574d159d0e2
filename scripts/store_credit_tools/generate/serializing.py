"""What a call changes that no other may change at the same time (`x-serialize-by`)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple, cast

from store_credit_tools.generate.parsed import Node

__all__ = ["Key", "read_serialize_by"]

_EXPRESSION = re.compile(r"\$request\.(path|query|header)\.([!#$%&'*+.^_`|~0-9A-Za-z-]+)")
"""A runtime expression (OpenAPI 3.1, 4.8.20.4) for a parameter of the request."""


class Key(NamedTuple):
    """One place of the request that names what the call changes.

    `place` and `name` are as `_core.operation.Operation.serialize_by` takes them: for a path parameter the index of its
    segment, for a header its name in lower case. `argument` is the method's argument that is sent there, if there is.
    """

    place: str
    name: str | int
    argument: str


def read_serialize_by(operation: Node, path: str, known: Mapping[tuple[str, str], str]) -> list[Key]:
    """Read an operation's `x-serialize-by`.

    Args:
        operation: The operation.
        path: Its path.
        known: By place and name (of a header in lower case) the arguments of what its requests may hold; an empty text
            for what the method does not send.

    Raises:
        ValueError: It is not a list of expressions, or one names what the request does not have.
    """
    if "x-serialize-by" not in operation:
        return []
    given: Any = operation["x-serialize-by"]
    found: list[Key] = []
    for expression in cast("list[Any]", given if isinstance(given, list) and given else [given]):
        match = _EXPRESSION.fullmatch(expression) if isinstance(expression, str) else None
        if match is None:
            raise ValueError(
                f"x-serialize-by has {expression!r}; write a list of runtime expressions, such as $request.path.id"
            )
        place, name = match[1], match[2].lower() if match[1] == "header" else match[2]
        argument = known.get((place, name))
        if argument is None:
            raise ValueError(
                f"x-serialize-by names {expression}, which is neither a parameter of the operation nor the header of a "
                "credential that is passed with its calls"
            )
        found.append(Key(place, _segment(path, name) if place == "path" else name, argument))
    return found


def _segment(path: str, name: str) -> int:
    """The index of a path parameter's segment in `path.split("/")`."""
    segments, segment = path.split("/"), "{" + name + "}"
    if segment not in segments:
        raise ValueError(f"x-serialize-by: {name} must be a whole segment of the path")
    return segments.index(segment)
