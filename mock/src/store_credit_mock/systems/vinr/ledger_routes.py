"""What the control plane shows of VINR's books: every credit, and the entries its balance is the sum of."""

from __future__ import annotations

from typing import Any, Final

from store_credit_mock.systems.control_route import ControlCall, ControlError, ControlRoute
from store_credit_mock.systems.ledger_store import shown_entries
from store_credit_mock.systems.vinr import store_credits

__all__ = ["ROUTES"]

_LIST: Final = f"SELECT {store_credits.COLUMNS} FROM vinr_credit WHERE sandbox = ?"  # noqa: S608


def _credits(control: ControlCall) -> dict[str, Any]:
    call = control.call
    limit = control.query.get("limit", 100)
    customer = control.query.get("customer")
    if customer is not None and store_credits.customer(call.db, call.sandbox.name, customer) is None:
        # An empty list would say that a customer misspelt has no credit.
        raise ControlError(404, f"there is no customer {customer[:200]}")
    where, values = (
        ("", [call.sandbox.name]) if customer is None else (" AND customer = ?", [call.sandbox.name, customer])
    )
    rows = call.db.all(f"{_LIST}{where} ORDER BY number DESC LIMIT ?", [*values, limit])
    total = call.db.one(
        "SELECT credits FROM vinr_total WHERE sandbox = ? AND customer = ?", (call.sandbox.name, customer or "")
    )
    return {"data": [store_credits.shown(row) for row in rows], "total": 0 if total is None else total[0]}


def _entries(control: ControlCall) -> dict[str, Any]:
    call, identity = control.call, control.path["id"]
    if store_credits.find(call, identity) is None:
        raise ControlError(404, f"there is no store credit {identity}")
    return {"data": shown_entries(call.db, call.sandbox.name, identity)}


_RESULT: Final = {"type": "object", "required": ["data"], "properties": {"data": {"type": "array"}}}

ROUTES: Final = (
    ControlRoute(
        "vinr.credits.list", "GET", "/_mock/vinr/store-credit", "List store credit, newest first", _credits,
        result=_RESULT, writes=False,
        query={
            "limit": {"type": "integer", "minimum": 1, "maximum": 1000, "default": 100},
            "customer": {"type": "string"},
        },
    ),
    ControlRoute(
        "vinr.credits.entries", "GET", "/_mock/vinr/store-credit/{id}/entries", "Show the movements of store credit",
        _entries, result=_RESULT, writes=False,
    ),
)  # fmt: skip
