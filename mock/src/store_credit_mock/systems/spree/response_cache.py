"""Spree's cache of serialized records and of list pages, as it is on by default on production servers (R25).

It is off in the mock unless `spree_response_cache` is on. The attributes of a record are kept for an hour under its
class, id, `updated_at`, the caller, the locale and the fields asked for, but not under the serializer: what one API has
kept, the other gives out (api/app/serializers/spree/api/v2/base_serializer.rb at 5.3; recorded on 5.3.6). Relationships
are always fresh. A page of a list is kept until the list has another length or a newer record.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from store_credit_mock.systems.call import Call
from store_credit_mock.systems.spree.rails_params import tree
from store_credit_mock.systems.spree.versions import profile_of

__all__ = ["forget", "is_on", "kept", "kept_page"]

_LIFE: Final = 3_600_000
"""Milliseconds."""
_MOST: Final = 10_000
"""Entries; the oldest go first, as in a memory store of Rails that is full."""
_NAME: Final = "spree.responses"
_CLASSES: Final = {"admin_user": "user", "order": "cart"}
"""JSON:API types whose records are of one class, where the user class is the admin class as well."""


def is_on(call: Call) -> bool:
    """Whether responses are kept."""
    return call.sandbox.of_systems["spree_response_cache"] == "on"


def kept(call: Call, type_: str, record: Any, fields: frozenset[str] | None, make: Callable[[], Any]) -> Any:
    """What was kept of a record by any serializer; made and kept if there is nothing.

    Args:
        call: The request.
        type_: JSON:API type of the serializer that asks.
        record: The record; one without `updated_at` is not kept.
        fields: The fields asked for.
        make: Makes what is kept.
    """
    changed = getattr(record, "updated_at", None)
    if changed is None or not is_on(call):
        return make()
    chosen = None if fields is None else tuple(sorted(fields))
    return _fetch(call, (_CLASSES.get(type_, type_), record.id, changed, *_asker(call), chosen), make)


def kept_page(call: Call, total: int, newest: int | None, make: Callable[[], Any]) -> Any:
    """What was kept of a page of a list; made and kept if there is nothing.

    Args:
        call: The request.
        total: How many records the list has.
        newest: When one of them was changed last.
        make: Makes the page.
    """
    if not is_on(call):
        return make()
    return _fetch(call, ("page", call.request.path, call.request.query, total, newest, *_asker(call)), make)


def forget(call: Call) -> None:
    """Empty the cache."""
    call.sandbox.process_cache.pop(_NAME, None)


def _asker(call: Call) -> tuple[object, ...]:
    return (profile_of(call).name, getattr(call.caller, "user_id", None), str(tree(call).get("locale")))


def _fetch(call: Call, key: tuple[object, ...], make: Callable[[], Any]) -> Any:
    known: dict[Any, tuple[int, Any]] = call.sandbox.process_cache.setdefault(_NAME, {})
    found = known.get(key)
    if found is None or found[0] <= call.now:
        found = known[key] = (call.now + _LIFE, make())
        if len(known) > _MOST:
            del known[next(iter(known))]
    return found[1]
