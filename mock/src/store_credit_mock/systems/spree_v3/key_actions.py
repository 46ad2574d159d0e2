"""How staff make and revoke secret keys, and what a store sells in: routes that the document lacks."""

from __future__ import annotations

from typing import Any, Final, cast

from store_credit_mock.systems.call import Call, SystemResponse
from store_credit_mock.systems.rails.currencies import CURRENCIES
from store_credit_mock.systems.rails.datetimes import shown
from store_credit_mock.systems.rails.money import decimals_of
from store_credit_mock.systems.spree_v3 import api_keys, errors, ids
from store_credit_mock.systems.spree_v3.actions import Action, Route
from store_credit_mock.systems.spree_v3.filters import caller_of
from store_credit_mock.systems.spree_v3.profiles import profile_of
from store_credit_mock.systems.spree_v3.state import state_of

__all__ = ["KEY_ROUTES"]

_NAMES: Final = {
    "USD": "United States Dollar",
    "EUR": "Euro",
    "JPY": "Japanese Yen",
    "KWD": "Kuwaiti Dinar",
    "GBP": "British Pound",
}
_PUBLIC: Final = "max-age=300, public, stale-while-revalidate=30"
_VARY: Final = "Accept, x-spree-currency, x-spree-locale, x-spree-channel"


def create(call: Call) -> SystemResponse:
    """Make a key; its text is shown this once."""
    sent, caller, store = state_of(call).parameters(call), caller_of(call), state_of(call).store
    name, scopes = sent.get("name"), sent.get("scopes")
    kind = sent.get("key_type", "secret")
    wanted = [str(scope) for scope in cast("list[Any]", scopes)] if isinstance(scopes, list) else []
    problems: errors.Errors = []
    if not isinstance(name, str) or not name.strip():
        problems.append(("name", "can't be blank"))
    if kind not in {"secret", "publishable"}:
        problems.append(("key_type", "is not included in the list"))
    if kind == "secret" and not wanted:
        problems.append(("scopes", "can't be blank"))
    if problems:
        return errors.invalid(problems)
    excess = [] if caller.key is None or caller.staff is not None else _excess(caller.key, wanted)
    if excess:
        text = f"Cannot grant scopes beyond your own: {', '.join(excess)}"
        return errors.error("access_denied", text, {"excess_scopes": excess})
    token = api_keys.made_up(call, api_keys.SECRET if kind == "secret" else api_keys.PUBLISHABLE, "spree-v3-key")
    by = None if caller.staff is None else caller.staff.id
    key_id = api_keys.add(call, str(name), token, wanted, store_id=store.id, created_by_id=by)
    return SystemResponse(201, _shown(call, key_id, str(name), str(kind), wanted, token, None))


def revoke(call: Call) -> SystemResponse:
    """End a key from now on."""
    key_id = ids.number_of(call, "api_key", call.path["id"])
    row = None if key_id is None else api_keys.described(call, key_id)
    if key_id is None or row is None:
        raise errors.not_found("Api key")
    api_keys.revoke(call, key_id)
    return SystemResponse(200, _shown(call, key_id, *row, None, call.now))


def currencies(call: Call) -> SystemResponse:
    """List what the store sells in; until 6.0 nothing tells how many decimals each has."""
    data: list[dict[str, Any]] = []
    for code in state_of(call).store.currencies:
        symbol = CURRENCIES[code][0].strip() if code in CURRENCIES else code
        data.append({"iso_code": code, "name": _NAMES.get(code, code), "symbol": symbol})
        if profile_of(call).padded:
            data[-1]["decimal_places"] = decimals_of(code)
    return SystemResponse(200, {"data": data}, headers=(("cache-control", _PUBLIC), ("vary", _VARY)))


def _excess(key: api_keys.ApiKey, wanted: list[str]) -> list[str]:
    return [scope for scope in wanted if not key.has_scope(scope)]


def _shown(
    call: Call, key_id: int, name: str, kind: str, scopes: list[str], token: str | None, revoked_at: int | None
) -> dict[str, Any]:
    return {
        "id": ids.shown(call, "api_key", key_id),
        "name": name,
        "key_type": kind,
        "token_prefix": None if token is None else token[:12],
        "scopes": scopes,
        "created_at": shown(call.now),
        "updated_at": shown(call.now),
        "revoked_at": shown(revoked_at),
        "last_used_at": None,
        "channel_id": None,
        "plaintext_token": token,
        "created_by_email": None,
    }


def _admin(run: Any) -> Action:
    return Action(run=run, side="admin", controller="admin/api_keys", scope="api_keys", writes=True)


KEY_ROUTES: Final = (
    Route("POST", "/api/v3/admin/api_keys", _admin(create)),
    Route("PATCH", "/api/v3/admin/api_keys/{id}/revoke", _admin(revoke)),
    Route(
        "GET", "/api/v3/store/currencies", Action(run=currencies, side="store", controller="store/currencies")
    ),
)  # fmt: skip
