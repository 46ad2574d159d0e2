"""Notes which credits a request changes, for the webhooks that tell of them once it is done."""

from __future__ import annotations

from typing import Final, Literal, Protocol

from store_credit_mock.systems.call import Call
from store_credit_mock.systems.spree_v3.state import State

__all__ = ["ENDPOINTS", "changes", "publish"]

ENDPOINTS: Final = "spree_v3.endpoints"
"""The setting that says whether there is any webhook endpoint: in a sandbox without one nothing is noted."""


class _Numbered(Protocol):
    id: int


def publish(call: Call, event: Literal["created", "updated", "deleted"], credit: _Numbered) -> None:
    """Note that a credit was saved, whether or not anything of it changed.

    One that is saved again in the same request is told of once, as it is in the end; one that was made in it is only
    told of as made.
    """
    state = call.extra
    if not isinstance(state, State) or not call.sandbox.setting(ENDPOINTS):
        return
    if event == "deleted" or credit.id not in state.changes:
        state.changes[credit.id] = event


def changes(call: Call) -> dict[int, str]:
    """The event of each credit that was noted, by its number, in the order of the first change of each."""
    return call.extra.changes if isinstance(call.extra, State) else {}
