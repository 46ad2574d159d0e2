"""Tells webhooks what happened to a credit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from store_credit_mock.systems.call import Call

if TYPE_CHECKING:
    from store_credit_mock.systems.spree_v3.store_credits import Credit

__all__ = ["publish"]


def publish(call: Call, event: Literal["created", "updated", "deleted"], credit: Credit) -> None:
    """Note, in the transaction of the change, that a credit was changed; updates of one request count once."""
    del call, event, credit
