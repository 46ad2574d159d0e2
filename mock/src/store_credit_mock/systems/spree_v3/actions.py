"""What the server does for each of its routes: who is let in, what is looked up, and the handler.

The order in which Spree asks is part of its behaviour: what comes before the idempotency key is never kept under it,
what comes before the limit is never counted, and a record is found before a scope is asked for.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple

from store_credit_mock.systems.call import Call, Handler
from store_credit_mock.systems.spree_v3.profiles import Profile

__all__ = ["Action", "Route", "RouteTable"]


def _everywhere(_: Profile) -> bool:
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """One action of a controller.

    Attributes:
        run: The handler. What it returns is kept under an idempotency key, what it raises is not.
        side: `admin` or `store`.
        controller: Its controller, by which 5.x counts requests.
        scope: The resource whose scope a secret key needs, such as `store_credits`; empty asks for none.
        writes: Whether it is the scope to write.
        find: Finds parent and record and puts them into the state; raises what is not there.
        scope_first: Whether the scope is asked for before `find`.
        signs_in: Whether it is a sign-in: open on the admin side, and limited to five a minute and address.
        key_first: Whether the publishable key comes before everything else; otherwise after the limit.
        customer: Whether a customer must be signed in, and whether that comes `first` or after the limit.
        versions: Which versions have it.
    """

    run: Handler
    side: Literal["admin", "store"]
    controller: str
    scope: str = ""
    writes: bool = False
    find: Callable[[Call], None] | None = None
    scope_first: bool = False
    signs_in: bool = False
    key_first: bool = True
    customer: Literal["", "first", "after"] = ""
    versions: Callable[[Profile], bool] = _everywhere


class Route(NamedTuple):
    """A route that the document lacks: what others need before they can use those that it has."""

    method: str
    template: str
    action: Action


class RouteTable:
    """Finds the action of a request among routes that the document lacks.

    Args:
        routes: In the order in which they are tried.
    """

    def __init__(self, routes: Iterable[Route]) -> None:
        self._routes = [(route.method, _pattern(route.template), route.action) for route in routes]

    def find(self, method: str, path: str) -> tuple[Action, Mapping[str, str]] | None:
        """The action and the parameters of a path; None if there is none."""
        for own, pattern, action in self._routes:
            if own == method and (fit := pattern.fullmatch(path)):
                return action, fit.groupdict()
        return None


def _pattern(template: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\\{(\w+)\\}", r"(?P<\1>[^/]+)", re.escape(template)))
