"""The admin side's credits of a customer (A1 to A5)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from store_credit_mock.systems.call import Call, SystemResponse
from store_credit_mock.systems.rails.parameters import to_text
from store_credit_mock.systems.spree_v3 import categories, customers, errors, ids, listing, serializers, store_credits
from store_credit_mock.systems.spree_v3.actions import Action
from store_credit_mock.systems.spree_v3.credit_filters import listed_credits
from store_credit_mock.systems.spree_v3.customers import Customer
from store_credit_mock.systems.spree_v3.filters import caller_of
from store_credit_mock.systems.spree_v3.money import amount_sent
from store_credit_mock.systems.spree_v3.profiles import profile_of
from store_credit_mock.systems.spree_v3.serialized_credits import alone, page
from store_credit_mock.systems.spree_v3.state import state_of
from store_credit_mock.systems.spree_v3.store_credits import Credit

__all__ = ["CREDIT_ACTIONS", "find_customer", "permitted"]

_IN_USE: Final = "store_credit_in_use"
_CREDIT: Final = "Store credit"


def permitted(call: Call, *names: str) -> dict[str, Any]:
    """The parameters of these names that are no lists and no objects; others are dropped without a word."""
    sent = state_of(call).parameters(call)
    return {name: sent[name] for name in names if name in sent and not isinstance(sent[name], list | dict)}


def find_customer(call: Call) -> None:
    """Find the customer that the path names; a member of the staff without a role sees none, whatever the key.

    Raises:
        Abort: 404.
    """
    state, caller = state_of(call), caller_of(call)
    found = customers.find(call, ids.number_of(call, "customer", call.path["customer_id"]))
    unseen = caller.staff is not None and state.store.id not in caller.staff.stores
    if found is None or unseen:
        raise errors.not_found(profile_of(call).customer_label)
    state.parent = found


def _find_credit(call: Call) -> None:
    find_customer(call)
    state = state_of(call)
    owner: Customer = state.parent
    found = store_credits.find(call, ids.number_of(call, "credit", call.path["id"]))
    if found is None or found.customer_id != owner.id or found.store_id != state.store.id:
        raise errors.not_found(_CREDIT)
    state.record = found


def list_(call: Call) -> SystemResponse:
    """List a customer's credits in the store of the key, by number."""
    state = state_of(call)
    where = (" AND r.deleted_at IS NULL AND r.customer_id = ? AND r.store_id = ?", [state.parent.id, state.store.id])
    return listing.answer_rows(
        call, listed_credits(call), where, lambda rows, around: page(call, rows, around, serializers.admin_credit)
    )


def get(call: Call) -> SystemResponse:
    """Show one credit."""
    return SystemResponse(200, alone(call, state_of(call).record, serializers.admin_credit))


def create(call: Call) -> SystemResponse:
    """Give a customer credit in the store of the key."""
    state, staff = state_of(call), caller_of(call).staff
    sent = permitted(call, "amount", "currency", "memo", "category_id")
    credit = Credit(
        0, state.store.id, state.parent.id, _category(call, sent), None if staff is None else staff.id, 0, 0, 0,
        to_text(sent.get("currency")) or "", to_text(sent.get("memo")), "{}", None, None, None, call.now, call.now,
    )  # fmt: skip
    problems = _set_amount(call, credit, sent)
    if problems:
        return errors.invalid(problems)
    store_credits.insert(call, credit)
    return _shown(call, 201, credit)


def update(call: Call) -> SystemResponse:
    """Change memo, amount or category; the amount of a used credit cannot be changed, not even to what it is."""
    old: Credit = state_of(call).record
    sent = permitted(call, "amount", "memo", "category_id")
    if old.used > 0 and "amount" in sent:
        return errors.error(_IN_USE, "Cannot change amount on a store credit that has already been used")
    new = replace(old)
    if "memo" in sent:
        new.memo = to_text(sent["memo"])
    if sent.get("category_id"):
        new.category_id = _category(call, sent)
    problems = _set_amount(call, new, sent)
    if problems:
        return errors.invalid(problems)
    if new != old:
        new.updated_at = call.now
    store_credits.save(call, old, new)
    if new.amount != old.amount:
        store_credits.rewrite_allocation(call, new)
    return _shown(call, 200, new)


def delete(call: Call) -> SystemResponse:
    """Take a credit out of sight unless some of it is used; what is only authorized does not stop it."""
    credit: Credit = state_of(call).record
    if credit.used > 0:
        return errors.error(_IN_USE, "Cannot delete a store credit that has already been used")
    store_credits.save(call, credit, replace(credit, deleted_at=call.now, updated_at=call.now))
    return SystemResponse(204)


def _set_amount(call: Call, credit: Credit, sent: dict[str, Any]) -> errors.Errors:
    """Put the amount that was sent into a credit, and check the credit.

    Raises:
        Abort: 400 where it is null, 500 where it is beyond every column.
    """
    is_number = True
    if "amount" in sent:
        amount, is_number = amount_sent(call, sent["amount"])
        if amount is None:
            raise errors.bad_request("comparison of BigDecimal with nil failed")
        credit.amount = amount
    return store_credits.check(credit, is_number=is_number)


def _category(call: Call, sent: dict[str, Any]) -> int | None:
    """The category that a body names by id or number, or else the first; None where the version has none.

    Raises:
        Abort: 404.
    """
    if not profile_of(call).categories:
        return None
    named = sent.get("category_id")
    if named is None or named == "":
        found = categories.first(call)
        return None if found is None else found.id
    text = str(named)
    number = int(text[:18]) if text.isdecimal() and text.isascii() else ids.number_of(call, "category", text)
    found = categories.find(call, number)
    if found is None:
        raise errors.not_found("Store credit category")
    return found.id


def _fields(call: Call, credit: Credit) -> dict[str, Any]:
    return serializers.chosen_fields(call, serializers.admin_credit(call, credit))


def _shown(call: Call, status: int, credit: Credit) -> SystemResponse:
    return SystemResponse(status, _fields(call, credit))


def _action(run: Any, find: Any = find_customer, *, writes: bool = False) -> Action:
    return Action(
        run=run, side="admin", controller="admin/customers/store_credits", scope="store_credits", writes=writes,
        find=find,
    )  # fmt: skip


CREDIT_ACTIONS: Final = {
    "spree_v3.admin.customers.store_credits.list": _action(list_),
    "spree_v3.admin.customers.store_credits.create": _action(create, writes=True),
    "spree_v3.admin.customers.store_credits.get": _action(get, _find_credit),
    "spree_v3.admin.customers.store_credits.update": _action(update, _find_credit, writes=True),
    "spree_v3.admin.customers.store_credits.delete": _action(delete, _find_credit, writes=True),
}
