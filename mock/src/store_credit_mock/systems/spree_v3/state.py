"""What is known of a request beside its call: its action, the store, parameters, locale and currency."""

from __future__ import annotations

from typing import Any, cast

from store_credit_mock.systems.call import Call, SystemResponse
from store_credit_mock.systems.rails.numbers import ENGLISH, NUMBERS, Numbers
from store_credit_mock.systems.rails.parameters import nested, without_nulls
from store_credit_mock.systems.spree_v3.actions import Action
from store_credit_mock.systems.spree_v3.caller import ApiKey
from store_credit_mock.systems.spree_v3.profiles import Profile
from store_credit_mock.systems.spree_v3.stores import Store

__all__ = ["State", "state_of"]


class State:
    """What is known of one request.

    Attributes:
        action: What the server does for its route.
        store: The store it is for: that of its key, or else the default one.
        profile: The version that answers it.
        key: The good key it was sent with, of the kind that its side takes.
        acted: Whether the action itself was carried out, and not answered again from what was kept.
        finished: Whether the response comes out of the inner filters, so that the outer ones set its headers.
        interrupted: Whether an exception answered after something had been kept that stays.
        bucket: Where the request was counted; None if it was not.
        idempotency: The digest its response is kept under; None without a key.
        fingerprint: What a request with the same key must be.
        replayed: The response that was kept of an earlier request with the same key.
        parent: The record that the path names first, as the action's `find` found it.
        record: The record that the path names last.
        changes: What became of each credit that was changed, by its number; see `lifecycle`.
    """

    __slots__ = (
        "_numbers",
        "_parameters",
        "acted",
        "action",
        "bucket",
        "changes",
        "fingerprint",
        "finished",
        "idempotency",
        "interrupted",
        "key",
        "parent",
        "profile",
        "record",
        "replayed",
        "store",
    )  # fmt: skip

    def __init__(self, action: Action, store: Store, profile: Profile | None = None, key: ApiKey | None = None) -> None:
        self.action = action
        self.store = store
        self.profile = profile
        self.key = key
        self.acted = self.finished = self.interrupted = False
        self.bucket: tuple[str, ...] | None = None
        self.idempotency: str | None = None
        self.fingerprint = ""
        self.replayed: SystemResponse | None = None
        self.parent: Any = None
        self.record: Any = None
        self.changes: dict[int, str] = {}
        self._parameters: dict[str, Any] | None = None
        self._numbers: Numbers | None = None

    def parameters(self, call: Call) -> dict[str, Any]:
        """Body, query and path in one, the last winning, as Rails puts them together."""
        found = self._parameters
        if found is None:
            sent: Any = {}
            if call.body.kind == "json":
                sent = without_nulls(call.body.value)
            elif call.body.kind == "form":
                sent = nested(call.body.value)
            body = cast("dict[str, Any]", sent) if isinstance(sent, dict) else {}
            query = nested(call.query_pairs) if call.query_pairs else {}
            found = self._parameters = {**body, **query, **call.path}
        return found

    def locale(self, call: Call) -> str:
        """The header `X-Spree-Locale`, else the parameter `locale`, if the store has it; else the store's own."""
        asked = self._asked(call, "x-spree-locale", "locale")
        return asked if asked in self.store.locales else self.store.locales[0]

    def numbers(self, call: Call) -> Numbers:
        """How the request's locale writes numbers."""
        found = self._numbers
        if found is None:
            found = self._numbers = NUMBERS.get(self.locale(call), ENGLISH)
        return found

    def currency(self, call: Call) -> str:
        """The header `X-Spree-Currency`, else the parameter `currency`, if the store sells it; else the store's own."""
        asked = (self._asked(call, "x-spree-currency", "currency") or "").upper()
        return asked if asked in self.store.currencies else self.store.currency

    def _asked(self, call: Call, header: str, parameter: str) -> str | None:
        sent = call.request.header(header)
        if sent:
            return sent
        value = self.parameters(call).get(parameter)
        return value if isinstance(value, str) else None


def state_of(call: Call) -> State:
    """What is known of a request; there is a state as soon as its action is known."""
    assert isinstance(call.extra, State)
    return call.extra
