"""Rows of carts and orders that another database session holds, so that whoever wants to change them gets 409 (trap 9).

The control plane holds and releases them; the mock itself handles one request after the other.
"""

from __future__ import annotations

from store_credit_mock.systems.call import Call
from store_credit_mock.systems.spree_v3 import errors
from store_credit_mock.systems.spree_v3.purchases import Purchase

__all__ = ["check", "hold", "release"]


def hold(call: Call, purchase: Purchase) -> None:
    """Hold a row until it is released, as a session does that has locked it for longer than others may wait."""
    call.db.run(
        "INSERT INTO spree_v3_row_lock (sandbox, kind, id) VALUES (?, ?, ?) ON CONFLICT (sandbox, kind, id) DO NOTHING",
        (call.sandbox.name, purchase.kind, purchase.id),
    )


def release(call: Call, purchase: Purchase) -> None:
    """Release a row; one that is not held stays as it is."""
    call.db.run(
        "DELETE FROM spree_v3_row_lock WHERE sandbox = ? AND kind = ? AND id = ?",
        (call.sandbox.name, purchase.kind, purchase.id),
    )


def check(call: Call, purchase: Purchase) -> None:
    """Lock a row for this request.

    Raises:
        Abort: 409, as somebody else holds it for longer than the database lets anybody wait.
    """
    row = call.db.one(
        "SELECT id FROM spree_v3_row_lock WHERE sandbox = ? AND kind = ? AND id = ?",
        (call.sandbox.name, purchase.kind, purchase.id),
    )
    if row is not None:
        raise errors.refuse("cart_already_updated", "The cart has already been updated.")
