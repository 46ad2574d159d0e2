"""How a route of the control plane is declared. The plane's own OpenAPI document is made from these declarations."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from store_credit_mock.http import Header
from store_credit_mock.systems.call import Call

__all__ = ["LARGEST_BODY", "ControlCall", "ControlError", "ControlRoute"]

LARGEST_BODY: Final = 256 * 1024 * 1024
"""Bytes of a body that a route with `large` takes: the snapshot of some 450,000 credits.

At its peak a restore takes some seven times the size of the body in memory (measured: 370 MB for 54 MB, the snapshot of
100,000 credits), so that the longest takes less than 2 GB.
"""


class ControlError(Exception):
    """The control plane refuses; `status` and the text are the response: `{"error": text}`."""

    def __init__(self, status: int, text: str, headers: Sequence[Header] = ()) -> None:
        super().__init__(text)
        self.status = status
        self.headers = headers


@dataclass(slots=True)
class ControlCall:
    """One call of the control plane.

    Attributes:
        call: A context as handlers have it (`db`, `sandbox`, `now`), inside a transaction.
        path: Path parameters, decoded.
        query: Query parameters, decoded and checked against the route's schemas.
        body: The JSON body, already checked against the route's schema; `{}` if none was sent.
    """

    call: Call
    path: Mapping[str, str]
    query: Mapping[str, Any]
    body: dict[str, Any]


@dataclass(frozen=True, slots=True)
class ControlRoute:
    """One route.

    Attributes:
        id: operationId, such as `spree.carts.complete`.
        method: In capitals.
        path: Begins with `/_mock/`; `{name}` for parameters.
        summary: Imperative, without a full stop.
        handler: Takes a `ControlCall`, or what the control plane makes of it. Returns the JSON value of the response;
            None is 204. Raises `ControlError` to refuse, which takes back
            everything that was written.
        body: JSON Schema of the body; None if there is none.
        result: JSON Schema of the response.
        query: JSON Schema by name of each query parameter (all optional).
        status: Of the response, when there is a body.
        writes: Whether it needs a write transaction; False still has a read transaction.
        outside: It manages transactions itself (`call.db` has none open).
        large: Whether its body may be as long as `LARGEST_BODY`, from a caller who has shown the token.
    """

    id: str
    method: str
    path: str
    summary: str
    handler: Callable[[Any], Any]
    body: Mapping[str, Any] | None = None
    result: Mapping[str, Any] = field(default_factory=lambda: {"type": "object"})
    query: Mapping[str, Any] = field(default_factory=dict[str, Any])
    status: int = 200
    writes: bool = True
    outside: bool = False
    large: bool = False
