"""What a customer sees: the profile, and the credits in the current store and currency (S3, S4)."""

from __future__ import annotations

from typing import Final

from store_credit_mock.systems.call import Call, SystemResponse
from store_credit_mock.systems.spree_v3 import customers, errors, ids, listing, serializers, store_credits
from store_credit_mock.systems.spree_v3.actions import Action
from store_credit_mock.systems.spree_v3.credit_filters import listed_credits
from store_credit_mock.systems.spree_v3.filters import caller_of
from store_credit_mock.systems.spree_v3.serialized_credits import alone, page
from store_credit_mock.systems.spree_v3.state import state_of

__all__ = ["OWN_CREDIT_ACTIONS"]


def profile(call: Call) -> SystemResponse:
    """Show who is signed in, with the credit there is in the current currency."""
    record = customers.find(call, caller_of(call).customer_id)
    assert record is not None
    return SystemResponse(200, serializers.chosen_fields(call, serializers.profile(call, record)))


def list_(call: Call) -> SystemResponse:
    """List the credits in the current store and currency; those in others are not there."""
    state = state_of(call)
    where = (
        " AND r.deleted_at IS NULL AND r.customer_id = ? AND r.store_id = ? AND r.currency = ?",
        [caller_of(call).customer_id, state.store.id, state.currency(call)],
    )
    return listing.answer_rows(
        call, listed_credits(call), where, lambda rows, around: page(call, rows, around, serializers.customer_credit)
    )


def get(call: Call) -> SystemResponse:
    """Show one of these credits."""
    return SystemResponse(200, alone(call, state_of(call).record, serializers.customer_credit))


def _find(call: Call) -> None:
    state = state_of(call)
    found = store_credits.find(call, ids.number_of(call, "credit", call.path["id"]))
    own = (caller_of(call).customer_id, state.store.id, state.currency(call))
    if found is None or (found.customer_id, found.store_id, found.currency) != own:
        raise errors.not_found("Store credit")
    state.record = found


_CREDITS: Final = "store/customer/store_credits"
OWN_CREDIT_ACTIONS: Final = {
    "spree_v3.store.customer.get": Action(
        run=profile, side="store", controller="store/customers", customer="first"
    ),
    "spree_v3.store.customer.store_credits.list": Action(
        run=list_, side="store", controller=_CREDITS, customer="first", key_first=False
    ),
    "spree_v3.store.customer.store_credits.get": Action(
        run=get, side="store", controller=_CREDITS, customer="first", key_first=False, find=_find
    ),
}  # fmt: skip
