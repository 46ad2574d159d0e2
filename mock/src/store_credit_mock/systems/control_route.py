"""How a route of the control plane is declared: by its handler, whose annotations and docstring say everything else."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final, TypeVar, get_args, get_origin

from store_credit_mock.http import Header
from store_credit_mock.systems.call import Call
from store_credit_mock.systems.json_types import named_schema, type_hints

__all__ = ["LARGEST_BODY", "ControlCall", "ControlError", "ControlRoute", "ControlRoutes", "VerificationError"]

LARGEST_BODY: Final = 2 * 1024 * 1024 * 1024
"""Bytes of a body that a route with `large` takes: the snapshot of some 4,000,000 credits.

It waits in a temporary file and not in memory. What is read from it takes some eight times its size there
(measured: 181 MB for the 22 MB of 100,000 credits).
"""

Handler = TypeVar("Handler", bound=Callable[..., Any])


class ControlError(Exception):
    """The control plane refuses; `status` and the text are the response: `{"error": text}`.

    Attributes:
        status: HTTP status.
        headers: Further headers.
        keep: Whether what the route has written so far is kept; otherwise it is taken back.
    """

    def __init__(self, status: int, text: str, headers: Sequence[Header] = (), *, keep: bool = False) -> None:
        super().__init__(text)
        self.status = status
        self.headers = headers
        self.keep = keep


class VerificationError(ControlError, AssertionError):
    """What was expected did not come; the text says what came instead. A test fails with it."""


@dataclass(slots=True)
class ControlCall:
    """One call of the control plane.

    Attributes:
        call: A context as handlers have it (`db`, `sandbox`, `now`), inside a transaction.
        sent: The members that the body has, where one with null is not one that was left out.
    """

    call: Call
    sent: frozenset[str]


@dataclass(frozen=True)
class ControlRoute:
    """One route.

    Attributes:
        id: operationId, such as `spree.carts.complete`.
        method: In capitals.
        path: Begins with `/_mock/`; `{name}` for parameters.
        handler: Takes a `ControlCall` (or what the control plane makes of it), then the body (an argument whose type is
            a class of its own, or named), then the path's parameters and those of the query by name. Returns what is
            sent as JSON; None is 204. Raises `ControlError` to refuse, which takes back everything that was written,
            unless it says otherwise. Its name is that of the typed client's method, its docstring describes the
            operation. A body that is called `body` is taken apart into arguments of that method. One that waits for
            something is a generator, which yields seconds to wait; it has no transaction open (`outside`).
        status: Of the response, when there is a body.
        writes: Whether it needs a write transaction; False still has a read transaction.
        outside: It manages transactions itself (`call.db` has none open).
        large: Whether its body may be as long as `LARGEST_BODY`, from a caller who has shown the token.
        validated: Whether the body is validated ahead of the handler; False where the handler does that itself.
        errors: Statuses for errors of the system's own that handlers raise.
    """

    id: str
    method: str
    path: str
    handler: Callable[..., Any]
    status: int = 200
    writes: bool = True
    outside: bool = False
    large: bool = False
    validated: bool = True
    errors: Mapping[type[Exception], int] = field(default_factory=dict[type[Exception], int])

    @cached_property
    def arguments(self) -> dict[str, Any]:
        """The type of each argument of the handler but the first."""
        names = list(inspect.signature(self.handler).parameters)[1:]
        return {name: type_hints(self.handler)[name] for name in names}

    @cached_property
    def path_parameters(self) -> dict[str, Any]:
        """The type of each parameter of the path."""
        return {name: self.arguments[name] for name in re.findall(r"\{(\w+)\}", self.path)}

    @cached_property
    def body(self) -> str | None:
        """The argument that takes the body; None if there is none."""
        return next((name for name, kind in self.arguments.items() if named_schema(kind) is not None), None)

    @cached_property
    def query_parameters(self) -> dict[str, Any]:
        """The type of each parameter of the query; all are optional."""
        return {
            name: kind
            for name, kind in self.arguments.items()
            if name not in self.path_parameters and name != self.body
        }

    @property
    def result(self) -> Any:
        """The type of the response; None where it has no body."""
        kind = type_hints(self.handler)["return"]
        return get_args(kind)[2] if get_origin(kind) is Generator else kind


class ControlRoutes(list[ControlRoute]):
    """Routes that belong together, declared by decorating their handlers.

    Args:
        prefix: What each path begins with: `/_mock/vinr`.
        system: What each operationId begins with: `vinr.`.
        errors: See `ControlRoute`.
    """

    def __init__(self, prefix: str, system: str = "", errors: Mapping[type[Exception], int] | None = None) -> None:
        super().__init__()
        self._prefix, self._system, self._errors = prefix, system, errors or {}

    def add(self, method: str, path: str, id: str, **options: Any) -> Callable[[Handler], Handler]:
        """Declare a route; `options` are those of `ControlRoute`. Without `writes`, GET alone does not write."""
        options.setdefault("writes", method != "GET")

        def keep(handler: Handler) -> Handler:
            self.append(
                ControlRoute(self._system + id, method, self._prefix + path, handler, errors=self._errors, **options)
            )
            return handler

        return keep
