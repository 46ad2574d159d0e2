"""Work for a store that no request asked for: fixtures, and what the control plane does."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from typing import Final

from store_credit_mock.systems.call import Call, SystemResponse
from store_credit_mock.systems.spree_v3 import stores, webhook_events
from store_credit_mock.systems.spree_v3.actions import Action
from store_credit_mock.systems.spree_v3.caller import NOBODY
from store_credit_mock.systems.spree_v3.state import State
from store_credit_mock.systems.spree_v3.stores import DEFAULT_STORE

__all__ = ["working"]


def _nothing(_: Call) -> SystemResponse:
    return SystemResponse(204)


_ACTION: Final = Action(run=_nothing, side="admin", controller="")


@contextmanager
def working(call: Call, store_id: int = DEFAULT_STORE) -> Generator[None]:
    """Work as a request for a store would; events of the credits it changes are sent at the end."""
    before, caller = call.extra, call.caller
    call.extra, call.caller = State(_ACTION, stores.find(call, store_id)), NOBODY
    try:
        yield
        webhook_events.flush(call)
    finally:
        call.extra, call.caller = before, caller
