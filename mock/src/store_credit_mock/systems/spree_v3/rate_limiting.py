"""Rate limits: who is counted where, and whether the count refuses.

Counts are in the process's memory, as on the recorded servers; they begin anew a minute after the first request.
"""

from __future__ import annotations

from typing import Final

from store_credit_mock.sandbox import Sandbox
from store_credit_mock.systems.call import Call, SystemResponse
from store_credit_mock.systems.spree_v3 import api_keys, errors
from store_credit_mock.systems.spree_v3.profiles import Profile, profile_of
from store_credit_mock.systems.spree_v3.remote_addresses import remote_address
from store_credit_mock.systems.spree_v3.state import State

__all__ = ["PUBLIC_LIMIT", "SIGN_IN_LIMIT", "WINDOW", "count", "forget", "headers"]

WINDOW: Final = 60
"""Seconds."""
PUBLIC_LIMIT: Final = 300
"""Requests a minute without a secret key."""
SIGN_IN_LIMIT: Final = 5
"""Sign-ins a minute and address."""

_COUNTS: Final = "spree_v3.counts"
_REMEMBERED: Final = 10_000

Counts = dict[tuple[str, ...], tuple[int, int]]
"""By bucket: the count, and when it began in Unix milliseconds."""


def count(call: Call, state: State) -> SystemResponse | None:
    """Count a request, and refuse it if that is too much and the version refuses.

    5.x counts a sign-in twice where no key tells who sends it: its two limits share the counter of the address.
    """
    profile = profile_of(call)
    state.bucket = _bucket(call, state, profile)
    counted = _add(call, state.bucket)
    if profile.refuses_rates and counted > _limit(call, profile):
        return _refused(_limit(call, profile))
    if state.action.signs_in:
        own = (state.action.controller, remote_address(call.request))
        counted = _add(call, (*own, "login") if profile.refuses_rates else own)
        if profile.refuses_rates and counted > SIGN_IN_LIMIT:
            return _refused(SIGN_IN_LIMIT)
    return None


def headers(call: Call, state: State) -> list[tuple[str, str]]:
    """What a response says of the limit; nothing where its caller was never counted."""
    profile = profile_of(call)
    kept = _counts(call.sandbox).get(state.bucket or _bucket(call, state, profile))
    if kept is None or call.now >= kept[1] + WINDOW * 1000:
        return []
    limit = _limit(call, profile)
    told = [("x-ratelimit-limit", str(limit)), ("x-ratelimit-remaining", str(max(limit - kept[0], 0)))]
    return [*told, ("retry-after", str(WINDOW))] if kept[0] >= limit else told


def forget(sandbox: Sandbox) -> None:
    """Begin all counts anew."""
    sandbox.process_cache.pop(_COUNTS, None)


def _bucket(call: Call, state: State, profile: Profile) -> tuple[str, ...]:
    key, address = api_keys.sent(call), remote_address(call.request)
    if profile.rates_by_controller:
        return (state.action.controller, key or address)
    if key is None or key.startswith(api_keys.SECRET):
        return (key or address,)
    return (key, address)


def _limit(call: Call, profile: Profile) -> int:
    secret = (api_keys.sent(call) or "").startswith(api_keys.SECRET)
    return profile.secret_limit if secret else PUBLIC_LIMIT


def _counts(sandbox: Sandbox) -> Counts:
    return sandbox.process_cache.setdefault(_COUNTS, {})


def _add(call: Call, bucket: tuple[str, ...]) -> int:
    counts = _counts(call.sandbox)
    number, began = counts.get(bucket, (0, call.now))
    if call.now >= began + WINDOW * 1000:
        number, began = 0, call.now
    if len(counts) >= _REMEMBERED and bucket not in counts:
        counts.clear()
    counts[bucket] = (number + 1, began)
    return number + 1


def _refused(limit: int) -> SystemResponse:
    answer = errors.error("rate_limit_exceeded", "Too many requests. Please retry later.")
    answer.headers += [
        ("retry-after", str(WINDOW)), ("x-ratelimit-limit", str(limit)), ("x-ratelimit-remaining", "0"),
    ]  # fmt: skip
    return answer
