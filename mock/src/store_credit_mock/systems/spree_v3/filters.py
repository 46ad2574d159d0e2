"""What comes before and after a handler: the filters of Spree's controllers, in their order.

On the store side the publishable key and a customer's token may come first, ahead of everything that counts or keeps;
then the body is parsed, the idempotency key looked up, the request counted; then credentials are asked for where that
was not done; then records are found, and last comes the scope. `admit` goes as far as the credentials, `handle` on.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from store_credit_mock.systems.call import Call, SystemResponse
from store_credit_mock.systems.rails.parameters import is_broken
from store_credit_mock.systems.spree_v3 import (
    api_keys,
    customers,
    errors,
    idempotency,
    ids,
    rate_limiting,
    staff,
    stores,
    strict_money,
    web_tokens,
    webhook_events,
)
from store_credit_mock.systems.spree_v3.actions import Action
from store_credit_mock.systems.spree_v3.caller import NOBODY, Caller
from store_credit_mock.systems.spree_v3.profiles import profile_of
from store_credit_mock.systems.spree_v3.state import State, state_of

__all__ = ["LARGEST_BODY", "admit", "caller_of", "handle"]

LARGEST_BODY: Final = 100 * 1024
"""Bytes."""
_REQUIRED: Final = "Authentication required"


def admit(call: Call, action: Action) -> SystemResponse | None:
    """Let a request in, as far as its credentials go, or answer it."""
    call.caller = NOBODY
    profile = profile_of(call)
    if not action.versions(profile):
        return errors.missing_route()
    if len(call.request.body) > LARGEST_BODY:
        return errors.too_large()
    if call.request.query and is_broken(call):
        answer = errors.rails_error(400, "Bad Request")
        answer.checked = False
        return answer
    key, store = api_keys.find(call, api_keys.sent(call), secret=action.side == "admin")
    state = call.extra = State(action, store, profile, key)
    refused = _first(call, state)
    if refused is not None:
        return refused
    if call.body.kind == "malformed":
        return errors.malformed()
    refused = idempotency.begin(call, state)
    if refused is not None or state.replayed is not None:
        return refused
    refused = rate_limiting.count(call, state) or _credentials(call, state)
    if refused is not None:
        idempotency.keep(call, state, refused)
    return refused


def handle(call: Call) -> SystemResponse:
    """Carry out the action of a request that was let in, or answer again what was kept under its key."""
    state = state_of(call)
    if state.replayed is not None:
        return state.replayed
    strict_money.check(call, state)
    action = state.action
    find = action.find
    if find is not None and not action.scope_first:
        find(call)
    answer = _scope(call, state)
    if answer is None:
        if find is not None and action.scope_first:
            find(call)
        answer = action.run(call)
        if state.interrupted:
            return answer
        state.acted = state.finished = True
        webhook_events.flush(call)
    idempotency.keep(call, state, answer)
    return answer


def caller_of(call: Call) -> Caller:
    """Who sent a request that was let in."""
    assert isinstance(call.caller, Caller)
    return call.caller


def _first(call: Call, state: State) -> SystemResponse | None:
    """What comes before everything else."""
    action = state.action
    if action.side == "admin" and profile_of(call).store_by_key:
        return _chosen_store(call, state)
    if action.customer == "first":
        refused = _customer(call)
        if refused is not None:
            return refused
    if action.side == "store" and action.key_first:
        return _publishable_key(call, state)
    return None


def _credentials(call: Call, state: State) -> SystemResponse | None:
    if state.action.side == "admin":
        return None if state.action.signs_in else _admin(call, state)
    if not state.action.key_first:
        refused = _publishable_key(call, state)
        if refused is not None:
            return refused
    if state.action.customer == "after":
        return _customer(call)
    if not state.action.customer:
        _customer(call)
    return None


def _admin(call: Call, state: State) -> SystemResponse | None:
    """A secret key or a staff token suffices; with both, `_scope` looks at the key again."""
    key = state.key
    signed_in = staff.find(call, web_tokens.read(call, web_tokens.sent(call), "admin_api"))
    call.caller = Caller(key=key, staff=signed_in)
    if key is not None:
        return None
    if signed_in is None:
        return errors.error("authentication_required", _REQUIRED)
    if state.store.id not in signed_in.stores:
        return errors.error("access_denied", "You do not have access to this store.")
    return None


def _scope(call: Call, state: State) -> SystemResponse | None:
    """Ask a secret key for the scope of the action; who is signed in without one needs none."""
    action, caller = state.action, caller_of(call)
    if action.side == "store" or not action.scope:
        return None
    if caller.key is None:
        sent = api_keys.sent(call) or ""
        if sent.startswith(api_keys.SECRET) and profile_of(call).checks_both:
            return errors.error("invalid_token", "Valid secret API key required")
        return None
    required = f"{'write' if action.writes else 'read'}_{action.scope}"
    if caller.key.has_scope(required):
        return None
    return errors.error("access_denied", f"API key lacks scope: {required}", {"required_scope": required})


def _publishable_key(call: Call, state: State) -> SystemResponse | None:
    if state.key is None:
        return errors.error("invalid_token", "Valid API key required")
    call.caller = replace(call.caller, key=state.key)
    return None


def _customer(call: Call) -> SystemResponse | None:
    found = customers.find(call, web_tokens.read(call, web_tokens.sent(call), "store_api"))
    customer_id = None if found is None else found.id
    call.caller = replace(call.caller, customer_id=customer_id)
    return errors.error("authentication_required", _REQUIRED) if customer_id is None else None


def _chosen_store(call: Call, state: State) -> SystemResponse | None:
    """Staff of 6.x say by `X-Spree-Store-Id` which store they mean; a key means its own (read, not recorded)."""
    named = call.request.header("x-spree-store-id")
    if not named:
        return None
    chosen = stores.lookup(call, ids.number_of(call, "store", named))
    if state.key is not None and (chosen is None or chosen.id != state.key.store_id):
        text = "The requested store does not match the store this API key belongs to."
        return errors.error("access_denied", text)
    if chosen is None:
        return errors.error("record_not_found", "Store not found")
    state.store = chosen
    return None
