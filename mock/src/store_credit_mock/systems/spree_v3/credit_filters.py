"""What lists of credits may be filtered and sorted by, in each version.

Anything else is passed over and lists everything, misspelt names among it, and before the ledger the memo too.
"""

from __future__ import annotations

from functools import cache
from typing import Final

from store_credit_mock.systems.call import Call
from store_credit_mock.systems.rails.ransack import ID, MONEY, TEXT, TIME, Column
from store_credit_mock.systems.spree_v3 import store_credits
from store_credit_mock.systems.spree_v3.listing import Listed
from store_credit_mock.systems.spree_v3.money import SCALE
from store_credit_mock.systems.spree_v3.profiles import PROFILES, profile_of
from store_credit_mock.systems.spree_v3.store_credits import GIFT_CARD

__all__ = ["OUTSTANDING", "listed_credits"]

OUTSTANDING: Final = "r.authorized = 0 AND r.used < r.amount"
"""All or nothing: a credit with any authorized amount is not outstanding, though something may remain."""
_SCOPES: Final = {
    "outstanding": OUTSTANDING,
    "from_gift_card": f"COALESCE(r.originator_type, '') = '{GIFT_CARD}'",
}
_PERSON: Final = "EXISTS (SELECT 1 FROM {table} p WHERE p.sandbox = r.sandbox AND p.id = r.{column} AND {field} {{}})"


def listed_credits(call: Call) -> Listed:
    """The list of credits as the version of a request has it."""
    return _listed(profile_of(call).name)


@cache
def _listed(version: str) -> Listed:
    profile = PROFILES[version]
    owner = "customer" if profile.is_v6 else "user"
    filters = {
        "id": ID("r.id"),
        f"{owner}_id": ID("r.customer_id"),
        "created_by_id": ID("r.created_by_id"),
        "amount": MONEY("r.amount", SCALE),
        "currency": TEXT("r.currency"),
        "created_at": TIME("r.created_at"),
        "updated_at": TIME("r.updated_at"),
        **_person(owner, "spree_v3_customer", "customer_id", ("email", "first_name", "last_name", "phone")),
        **_person("created_by", "spree_v3_staff", "created_by_id", ("email", "first_name", "last_name")),
    }
    if profile.memo_filter:
        filters["memo"] = TEXT("r.memo")
    scopes = _SCOPES if profile.ledger else {}
    return Listed("spree_v3_credit", store_credits.COLUMNS, store_credits.read, filters, scopes)


def _person(association: str, table: str, column: str, fields: tuple[str, ...]) -> dict[str, Column]:
    return {
        f"{association}_{name}": TEXT(
            _PERSON.format(table=table, column=column, field=f"p.{name}"),
            _PERSON.format(table=table, column=column, field=f"LOWER(p.{name})"),
        )
        for name in fields
    }
