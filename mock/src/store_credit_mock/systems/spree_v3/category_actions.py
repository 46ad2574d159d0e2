"""Categories of credits (A11), which only 5.x has."""

from __future__ import annotations

from typing import Any, Final

from store_credit_mock.systems.call import Call, SystemResponse
from store_credit_mock.systems.rails.ransack import ID, TEXT, TIME
from store_credit_mock.systems.spree_v3 import categories, errors, ids, listing, serializers
from store_credit_mock.systems.spree_v3.actions import Action
from store_credit_mock.systems.spree_v3.profiles import Profile
from store_credit_mock.systems.spree_v3.state import state_of

__all__ = ["CATEGORY_ACTIONS"]

_LISTED: Final = listing.Listed(
    "spree_v3_category",
    categories.COLUMNS,
    categories.read,
    {
        "id": ID("r.id"),
        "name": TEXT("r.name"),
        "created_at": TIME("r.created_at"),
        "updated_at": TIME("r.updated_at"),
    },
)


def list_(call: Call) -> SystemResponse:
    """List the categories, by number."""
    return listing.answer(
        call, _LISTED, ("", []), lambda one: serializers.chosen_fields(call, serializers.category(call, one))
    )


def get(call: Call) -> SystemResponse:
    """Show one category."""
    return SystemResponse(200, serializers.chosen_fields(call, serializers.category(call, state_of(call).record)))


def _find(call: Call) -> None:
    found = categories.find(call, ids.number_of(call, "category", call.path["id"]))
    if found is None:
        raise errors.not_found("Store credit category")
    state_of(call).record = found


def _has_categories(profile: Profile) -> bool:
    return profile.categories


def _action(run: Any, find: Any = None) -> Action:
    return Action(
        run=run, side="admin", controller="admin/store_credit_categories", scope="settings", find=find,
        versions=_has_categories,
    )  # fmt: skip


CATEGORY_ACTIONS: Final = {
    "spree_v3.admin.store_credit_categories.list": _action(list_),
    "spree_v3.admin.store_credit_categories.get": _action(get, _find),
}
