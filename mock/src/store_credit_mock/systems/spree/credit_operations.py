"""The operations on store credits (spree.md sections 4, 5, 8)."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any, Final

import orjson

from store_credit_mock.systems.call import Abort, Call, SystemResponse
from store_credit_mock.systems.rails import ransack
from store_credit_mock.systems.rails.datetimes import parse
from store_credit_mock.systems.rails.money import hundredths
from store_credit_mock.systems.rails.numbers import Numbers, localized
from store_credit_mock.systems.rails.parameters import to_decimal, to_integer, to_text
from store_credit_mock.systems.spree import errors, pagination, store_credits, taxonomy, users
from store_credit_mock.systems.spree.jsonapi import IncludeError, View, response
from store_credit_mock.systems.spree.locales import numbers_of
from store_credit_mock.systems.spree.rails_params import permitted
from store_credit_mock.systems.spree.serializers import CREDIT, prefetch, recalled, written, written_alone
from store_credit_mock.systems.spree.store_credits import Credit
from store_credit_mock.systems.spree.versions import profile_of

__all__ = ["create", "delete", "list_", "retrieve", "update"]

_CASTS: Final = {
    **dict.fromkeys(("user_id", "category_id", "type_id", "created_by_id", "originator_id"), to_integer),
    **dict.fromkeys(("currency", "memo", "originator_type"), to_text),
}
_TIMES: Final = ("created_at", "updated_at", "deleted_at")
_METADATA: Final = frozenset({"public_metadata", "private_metadata"})
_AMOUNTS: Final = {"amount": "amount", "amount_used": "used", "amount_authorized": "authorized"}
_NO_USER: Final = "the user does not exist, whose balance the credit's event would tell"
_SCALARS: Final = frozenset({*_CASTS, *_TIMES, *_AMOUNTS, "store_id"})
_LARGEST: Final = Decimal(10**13)
"""Units; what is larger fails as it does over the column of a database that checks (spree.md section 4)."""

_USER_OF: Final = (
    "EXISTS (SELECT 1 FROM spree_user u WHERE u.sandbox = r.sandbox AND u.id = r.{column} AND {field} {{}})"
)


def _user_columns(*names: str) -> dict[str, ransack.Column]:
    """Texts of users, which are filtered on through either association."""
    return {
        f"{prefix}_{name}": ransack.TEXT(
            _USER_OF.format(column=column, field=f"u.{name}"), _USER_OF.format(column=column, field=f"LOWER(u.{name})")
        )
        for prefix, column in (("user", "user_id"), ("created_by", "created_by_id"))
        for name in names
    }


_LISTED: Final = pagination.Listed(
    CREDIT,
    "spree_credit",
    store_credits.COLUMNS,
    " AND r.deleted_at IS NULL",
    store_credits.read,
    frozenset({"id", "created_at", "updated_at", "deleted_at"}),
    {
        "id": ransack.ID("r.id"),
        "user_id": ransack.ID("r.user_id"),
        "created_by_id": ransack.ID("r.created_by_id"),
        "amount": ransack.MONEY("r.amount"),
        "currency": ransack.TEXT("r.currency"),
        "type_id": ransack.ID("r.type_id"),
        "created_at": ransack.TIME("r.created_at"),
        "updated_at": ransack.TIME("r.updated_at"),
        **_user_columns("email"),
    },
    store_credits.live,
    store_credits.gapless,
    prefetch,
    written,
)
_LISTED_BY_NAME: Final = replace(_LISTED, filters={**_LISTED.filters, **_user_columns("first_name", "last_name")})
"""From 5.0 on the names of users may be filtered on too (core/app/models/concerns/spree/user_methods.rb)."""


def list_(call: Call) -> SystemResponse:
    """List the live credits."""
    return pagination.answer(call, _LISTED_BY_NAME if profile_of(call).is_v5 else _LISTED)


def retrieve(call: Call) -> SystemResponse:
    """Show one credit."""
    identity = to_integer(call.path["id"])
    rows = [] if identity is None else store_credits.with_events(call, identity)
    if not rows:
        raise Abort(errors.not_found())
    view = View.of(call)
    whole = written_alone(view, rows) if view.whole else None
    return _shown(view, 200, recalled(view, rows)) if whole is None else SystemResponse(200, whole)


def create(call: Call) -> SystemResponse:
    """Give a credit."""
    sent = permitted(call, "store_credit", _SCALARS, _METADATA)
    _check_store(call, sent)
    credit = Credit(0, None, None, None, None, 0, 0, 0, None, None, None, None, "{}", "{}", None, call.now, call.now)
    _change(call, credit, sent, new=True)
    if profile_of(call).needs_user and not users.exists(call, credit.user_id):
        raise errors.crash(_NO_USER)
    event = store_credits.insert(call, credit)
    view = View.of(call)
    view.memory.update(fresh=credit.id, events={credit.id: [event]})
    return _shown(view, 201, credit)


def update(call: Call) -> SystemResponse:
    """Change a credit."""
    old = _found(call)
    sent = permitted(call, "store_credit", _SCALARS, _METADATA)
    _check_store(call, sent)
    new = replace(old)
    _change(call, new, sent, new=False)
    if new != old:
        if "updated_at" not in sent or new.updated_at == old.updated_at:
            new.updated_at = call.now
        store_credits.save(call, old, new)
        if (old.amount, old.used, old.authorized) != (new.amount, new.used, new.authorized):
            if profile_of(call).needs_user and not users.exists(call, new.user_id):
                raise errors.crash(_NO_USER)
            store_credits.rewrite_allocation(call, new)
    return _shown(View.of(call), 200, new)


def delete(call: Call) -> SystemResponse:
    """Take a credit out of sight, unless some of it is used (spree.md section 5)."""
    credit = _found(call)
    if credit.used > 0:
        return errors.invalid([("amount_used", "is greater than zero. Can not delete store credit.")])
    store_credits.save(call, credit, replace(credit, deleted_at=call.now, updated_at=call.now))
    return SystemResponse(204)


def _shown(view: View, status: int, credit: Credit) -> SystemResponse:
    """The record; an include that is unknown is refused only now, with everything kept (spree.md section 8, D24)."""
    try:
        return response(view, status, CREDIT, credit)
    except IncludeError as refusal:
        return refusal.answer


def _found(call: Call) -> Credit:
    identity = to_integer(call.path["id"])
    credit = None if identity is None else store_credits.find(call, identity)
    if credit is None:
        raise Abort(errors.not_found())
    return credit


def _check_store(call: Call, sent: dict[str, Any]) -> None:
    """Another existing store fails uncaught; the own one and unknown ones are ignored (spree.md section 5, 13.6)."""
    store = to_integer(sent.get("store_id"))
    if store is None or store == 1:
        return
    if call.db.one("SELECT id FROM spree_store WHERE sandbox = ? AND id = ?", (call.sandbox.name, store)) is not None:
        raise errors.crash(f"store_id {store} is another store; send the current one's, or leave it out")


def _change(call: Call, credit: Credit, sent: dict[str, Any], *, new: bool) -> None:
    """Put what was sent into a record, checked.

    Raises:
        Abort: 422 with the failed checks in their order; 400 or 500 where the real server stumbles.
    """
    profile = profile_of(call)
    for name, value in sent.items():
        cast = _CASTS.get(name)
        if cast is not None:
            setattr(credit, name, cast(value))
    for name in _METADATA & sent.keys():
        text = orjson.dumps(sent[name]).decode()
        if sent[name] != store_credits.metadata(getattr(credit, name)):
            setattr(credit, name, text)
    numbers = numbers_of(call) if profile.cleans_amounts else None
    amounts = [
        _amount(sent[name], numbers) if name in sent else (getattr(credit, field), True)
        for name, field in _AMOUNTS.items()
    ]
    if profile.auto_type and credit.type_id is None:
        credit.type_id = taxonomy.expiry_type(call, credit.category_id)
    found = store_credits.absent(call, credit, complete=profile.complete)
    found.extend(_set_amounts(credit, *amounts))
    if found:
        raise Abort(errors.invalid(found))
    _set_times(call, credit, sent, new=new)


def _set_amounts(
    credit: Credit,
    amount_sent: tuple[int | None, bool],
    used_sent: tuple[int | None, bool],
    authorized_sent: tuple[int | None, bool],
) -> errors.Errors:
    """Set amounts, each with whether it is a number; gives what fails.

    Checks 2 to 5 of spree.md section 5, and where they stumble over null (section 5, 13.6, 13.7).
    """
    (amount, is_number), (used, used_is_number), (authorized, _) = amount_sent, used_sent, authorized_sent
    if used is None:
        raise errors.crash("amount_used is null")
    if amount is None:
        raise Abort(errors.error(400, "comparison of BigDecimal with nil failed"))
    if authorized is None:
        raise errors.crash("amount_authorized is null")
    credit.amount, credit.used, credit.authorized = amount, used, authorized
    found: errors.Errors = []
    if not is_number:
        found.append(("amount", "is not a number"))
    elif amount <= 0:
        found.append(("amount", "must be greater than 0"))
    if not used_is_number:
        found.append(("amount_used", "is not a number"))
    elif used < 0:
        found.append(("amount_used", "must be greater than or equal to 0"))
    if used > amount:
        found.append(("amount_used", "Cannot be greater than amount."))
    if used + authorized > amount:
        found.append(("amount_authorized", "Exceeds total credits."))
    return found


def _amount(value: Any, numbers: Numbers | None) -> tuple[int | None, bool]:
    """What was sent for an amount in hundredths, and whether it counts as a number.

    Args:
        value: As sent.
        numbers: How the shop writes numbers, where texts are cleaned up by that; None where they are not.
    """
    if numbers is not None and isinstance(value, str):
        number: Decimal | None = localized(value, numbers)
        is_number = True
    else:
        number, is_number = to_decimal(value)
    if number is None:
        return None, is_number
    if abs(number) > _LARGEST:
        raise errors.crash("the amount is more than the database's column holds")
    return hundredths(number), is_number


def _set_times(call: Call, credit: Credit, sent: dict[str, Any], *, new: bool) -> None:
    """Times may be written (spree.md section 4, recorded: create_timestamps, create_deleted_at)."""
    for name in _TIMES:
        if name not in sent:
            continue
        time = parse(sent[name])
        if time is None and name != "deleted_at":
            if not new:
                raise errors.crash(f"{name} is not a time, and the column takes no null")
            time = call.now
        setattr(credit, name, time)
