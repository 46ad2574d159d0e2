"""Credits across customers, and the events of each (A6 to A8), which came with the ledger."""

from __future__ import annotations

from typing import Any, Final

from store_credit_mock.storage import Row
from store_credit_mock.systems.call import Call, SystemResponse
from store_credit_mock.systems.rails.datetimes import shown
from store_credit_mock.systems.rails.ransack import ID, TIME
from store_credit_mock.systems.spree_v3 import errors, ids, listing, serializers, store_credits
from store_credit_mock.systems.spree_v3.actions import Action
from store_credit_mock.systems.spree_v3.credit_filters import listed_credits
from store_credit_mock.systems.spree_v3.profiles import Profile, profile_of
from store_credit_mock.systems.spree_v3.serialized_credits import alone, page
from store_credit_mock.systems.spree_v3.state import state_of
from store_credit_mock.systems.spree_v3.store_credits import Credit

__all__ = ["LEDGER_ACTIONS"]

_DISPLAYED: Final = {
    "allocation": "Added",
    "authorize": "Authorized",
    "capture": "Used",
    "credit": "Credit",
    "eligible": "Eligible",
    "void": "Credit",
}
_EVENTS: Final = listing.Listed(
    "spree_v3_event",
    "r.id, r.action, r.code, r.amount, r.created_at, r.updated_at, r.credit_id, r.originator_type, r.originator_id",
    lambda row: row,
    {"id": ID("r.id"), "created_at": TIME("r.created_at"), "updated_at": TIME("r.updated_at")},
    order="r.created_at DESC, r.id DESC",
)
_TOTALS: Final = ("amount", "amount_used", "amount_authorized", "amount_remaining")


def list_(call: Call) -> SystemResponse:
    """List the credits of the key's store, with totals by currency over all that fit."""
    where = (" AND r.deleted_at IS NULL AND r.store_id = ?", [state_of(call).store.id])
    return listing.answer_rows(
        call,
        listed_credits(call),
        where,
        lambda rows, around: page(call, rows, around, serializers.admin_credit),
        lambda clause: {"totals": _totals(call, clause)},
    )


def get(call: Call) -> SystemResponse:
    """Show one credit, whoever has it."""
    return SystemResponse(200, alone(call, state_of(call).record, serializers.admin_credit))


def events(call: Call) -> SystemResponse:
    """List what happened to a credit, newest first."""
    credit: Credit = state_of(call).record
    where = (" AND r.credit_id = ?", [credit.id])
    return listing.answer(call, _EVENTS, where, lambda row: _event(call, credit, row))


def _event(call: Call, credit: Credit, row: Row) -> dict[str, Any]:
    identity, action, code, amount, created_at, updated_at, credit_id, kind, number = row
    body = {
        "id": ids.shown(call, "event", identity),
        "action": action,
        "authorization_code": code,
        "display_action": _DISPLAYED.get(action),
        **serializers.amounts_of(
            call, credit.currency, {"amount": amount}, displayed=profile_of(call).admin_display
        ),
        "created_at": shown(created_at),
        "updated_at": shown(updated_at),
        "store_credit_id": ids.shown(call, "credit", credit_id),
        **serializers.originator(call, kind, number),
    }  # fmt: skip
    return serializers.chosen_fields(call, body)


def _totals(call: Call, clause: listing.Clause) -> list[dict[str, Any]]:
    """What the credits of the whole list hold together, in each currency."""
    rows = call.db.all(
        "SELECT r.currency, SUM(r.amount), SUM(r.used), SUM(r.authorized) FROM spree_v3_credit r"  # noqa: S608
        f" WHERE r.sandbox = ?{clause[0]} GROUP BY r.currency",
        [call.sandbox.name, *clause[1]],
    )
    displayed = profile_of(call).admin_display
    return [
        {
            "currency": currency,
            **serializers.amounts_of(
                call,
                currency,
                dict(zip(_TOTALS, _sums(int(amount), int(used), int(authorized)), strict=True)),
                displayed=displayed,
            ),
        }
        for currency, amount, used, authorized in sorted(rows, key=lambda row: row[0])
    ]


def _sums(amount: int, used: int, authorized: int) -> tuple[int, int, int, int]:
    return amount, used, authorized, amount - used - authorized


def _find(name: str) -> Any:
    def find(call: Call) -> None:
        state = state_of(call)
        found = store_credits.find(call, ids.number_of(call, "credit", call.path[name]))
        if found is None or found.store_id != state.store.id:
            raise errors.not_found("Store credit")
        state.record = found

    return find


def _has_ledger(profile: Profile) -> bool:
    return profile.ledger


def _action(run: Any, find: Any = None) -> Action:
    return Action(
        run=run, side="admin", controller="admin/store_credits", scope="store_credits", find=find, versions=_has_ledger
    )


LEDGER_ACTIONS: Final = {
    "spree_v3.admin.store_credits.list": _action(list_),
    "spree_v3.admin.store_credits.get": _action(get, _find("id")),
    "spree_v3.admin.store_credits.events.list": _action(events, _find("store_credit_id")),
}
