"""What the control plane shows of Spree's books: every credit, and the entries its amounts are the sum of."""

from __future__ import annotations

from typing import Any, Final

from store_credit_mock.systems.control_route import ControlCall, ControlError, ControlRoute
from store_credit_mock.systems.ledger_store import shown_entries
from store_credit_mock.systems.spree import store_credits, users
from store_credit_mock.systems.spree.money import decimal_text
from store_credit_mock.systems.spree.postings import account_name

__all__ = ["ROUTES"]

_LIST: Final = f"SELECT {store_credits.COLUMNS} FROM spree_credit WHERE sandbox = ?"  # noqa: S608


def _credits(control: ControlCall) -> dict[str, Any]:
    call, query = control.call, control.query
    limit = query.get("limit", 100)
    where, values = "", [call.sandbox.name]
    if "user_id" in query:
        if users.find(call, query["user_id"]) is None:
            raise ControlError(404, f"there is no user {query['user_id']}")
        where, values = " AND user_id = ?", [call.sandbox.name, query["user_id"]]
    rows = call.db.all(f"{_LIST}{where} ORDER BY id DESC LIMIT ?", [*values, limit])
    return {"data": [_shown(store_credits.read(row)) for row in rows]}


def _shown(credit: store_credits.Credit) -> dict[str, Any]:
    return {
        "id": credit.id,
        "user_id": credit.user_id,
        "amount": decimal_text(credit.amount),
        "amount_used": decimal_text(credit.used),
        "amount_authorized": decimal_text(credit.authorized),
        "amount_remaining": decimal_text(credit.remaining),
        "currency": credit.currency,
        "memo": credit.memo,
        "created_at": credit.created_at,
        "deleted_at": credit.deleted_at,
    }


def _entries(control: ControlCall) -> dict[str, Any]:
    call, identity = control.call, control.path["id"]
    number = int(identity) if identity.isascii() and identity.isdigit() and len(identity) < 19 else 0
    entries = shown_entries(call.db, call.sandbox.name, account_name(number))
    # A credit of 0 has no entries; one that was deleted for good has nothing else.
    if not entries and store_credits.find(call, number) is None:
        raise ControlError(404, f"there is no store credit {identity[:50]}")
    return {"data": entries}


_RESULT: Final = {"type": "object", "required": ["data"], "properties": {"data": {"type": "array"}}}

ROUTES: Final = (
    ControlRoute(
        "spree.credits.list", "GET", "/_mock/spree/store_credits", "List store credit, newest first", _credits,
        result=_RESULT, writes=False,
        query={
            "limit": {"type": "integer", "minimum": 1, "maximum": 1000, "default": 100},
            "user_id": {"type": "integer", "minimum": 1, "maximum": 2**63 - 1},
        },
    ),
    ControlRoute(
        "spree.credits.entries", "GET", "/_mock/spree/store_credits/{id}/entries", "Show the movements of store credit",
        _entries, result=_RESULT, writes=False,
    ),
)  # fmt: skip
