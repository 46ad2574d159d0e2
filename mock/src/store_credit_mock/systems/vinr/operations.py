"""The four operations of VINR's store credit."""

from __future__ import annotations

from typing import Any, Final

from store_credit_mock.contract import SerializedPage
from store_credit_mock.storage import Row
from store_credit_mock.systems.call import Call, SystemResponse
from store_credit_mock.systems.vinr import parameters, store_credits
from store_credit_mock.systems.vinr.authentication import READ, WRITE
from store_credit_mock.systems.vinr.errors import refuse
from store_credit_mock.systems.vinr.idempotency import once

__all__ = ["OPERATIONS"]

_CREATED: Final = frozenset({"customer", "amount", "currency", "expires_at"})
_UPDATED: Final = frozenset({"expires_at"})
_PAGE = f"SELECT {store_credits.COLUMNS} FROM vinr_credit WHERE sandbox = ?"  # noqa: S608


def create(call: Call) -> SystemResponse:
    """Issue store credit (V18 to V26)."""
    _admit(call, WRITE)
    return once(call, parameters.fields(call), _create)


def _create(call: Call, body: dict[str, Any]) -> SystemResponse:
    expanded = parameters.expand(call)
    parameters.no_others(call, body, _CREATED)
    customer = parameters.identity(call, body, "customer")
    amount = parameters.amount(call, body)
    currency = parameters.currency(call, body)
    expires_at = parameters.expiry(call, body)
    owner = store_credits.customer(call.db, call.sandbox.name, customer)
    if owner is None:
        raise refuse("resource_missing", f"there is no customer {customer}", call.request_id, "customer")
    row = store_credits.issue(call, customer, amount, currency, expires_at)
    return SystemResponse(201, store_credits.shown(row, owner if expanded else None))


def retrieve(call: Call) -> SystemResponse:
    """Show one record; an expired one too (V28)."""
    _admit(call, READ)
    expanded = parameters.expand(call)
    row = _found(call)
    schema = None if expanded or call.operation is None else call.operation.schema(200, "application/json")
    written = None if schema is None else schema.cache.get(row, store_credits.shown)
    return SystemResponse(200, _shown(call, row, expanded) if written is None else written)


def update(call: Call) -> SystemResponse:
    """Change the expiry, the only thing that can be changed (V25, V27)."""
    _admit(call, WRITE)
    return once(call, parameters.fields(call), _update)


def _update(call: Call, body: dict[str, Any]) -> SystemResponse:
    expanded = parameters.expand(call)
    parameters.no_others(call, body, _UPDATED)
    expires_at = parameters.expiry(call, body)
    row = _found(call)
    if "expires_at" in body:
        row = store_credits.set_expiry(call, row, expires_at)
    return SystemResponse(200, _shown(call, row, expanded))


def list_(call: Call) -> SystemResponse:
    """Show one page, newest first (V7 to V13)."""
    _admit(call, READ)
    expanded = parameters.expand(call, ("customer", "data.customer"))
    limit = parameters.limit(call)
    after, before = call.query("starting_after"), call.query("ending_before")
    if after is not None and before is not None:
        text = "starting_after and ending_before cannot be sent together"
        raise refuse("parameter_invalid", text, call.request_id, "ending_before")
    sandbox, db = call.sandbox.name, call.db
    sql, values = _PAGE, [sandbox]
    customer = call.query("customer")
    if customer is not None:
        sql, values = sql + " AND customer = ?", [sandbox, customer]
    if after is not None:
        sql, values = sql + " AND number < ?", [*values, _place(call, after, "starting_after")]
    elif before is not None:
        sql, values = sql + " AND number > ?", [*values, _place(call, before, "ending_before")]
    order = "ASC" if before is not None else "DESC"
    rows = db.all(f"{sql} ORDER BY number {order} LIMIT ?", (*values, limit + 1))
    more = len(rows) > limit
    rows = rows[:limit]
    cursor = rows[-1][0] if more else None
    if before is not None:
        rows.reverse()
    owners = {name: store_credits.customer(db, sandbox, name) for name in {row[1] for row in rows}} if expanded else {}
    # The total of all is kept under the empty name, which a customer cannot have.
    counted = None if customer == "" else (sandbox, customer or "")
    total = counted and db.one("SELECT credits FROM vinr_total WHERE sandbox = ? AND customer = ?", counted)
    page = {"has_more": more, "next_cursor": cursor, "total_estimate": total[0] if total else 0}
    if not expanded:
        written = _written(call, rows, {"object": "list", "data": [], "page": page})
        if written is not None:
            return SystemResponse(200, written)
    data = [store_credits.shown(row, owners.get(row[1])) for row in rows]
    return SystemResponse(200, {"object": "list", "data": data, "page": page})


def _written(call: Call, rows: list[Row], envelope: dict[str, Any]) -> SerializedPage | None:
    """The page from records that were written before; None if one breaks the document, which the whole will show."""
    schema = None if call.operation is None else call.operation.schema(200, "application/json")
    if schema is None or schema.items is None:
        return None
    items = schema.items.cache.get_all(rows, store_credits.shown)
    return None if items is None else SerializedPage(envelope, items, schema.items)


def _place(call: Call, identity: str, param: str) -> int:
    row = store_credits.find(call, identity)
    if row is None:
        raise refuse("parameter_invalid", f"{param}: there is no store credit {identity}", call.request_id, param)
    return row[7]


def _found(call: Call) -> Row:
    row = store_credits.find(call, call.path["id"])
    if row is None:
        raise refuse("resource_missing", f"there is no store credit {call.path['id']}", call.request_id, "id")
    return row


def _shown(call: Call, row: Row, expanded: bool) -> dict[str, Any]:
    if not expanded:
        return store_credits.shown(row)
    return store_credits.shown(row, store_credits.customer(call.db, call.sandbox.name, row[1]))


def _admit(call: Call, scope: str) -> None:
    if scope not in call.caller.scopes:
        raise refuse("permission_denied", f"this key lacks the permission {scope}", call.request_id)
    call.extra = parameters.version(call, call.extra)


OPERATIONS: Final = {
    "vinr.store_credit.create": create,
    "vinr.store_credit.retrieve": retrieve,
    "vinr.store_credit.update": update,
    "vinr.store_credit.list": list_,
}
