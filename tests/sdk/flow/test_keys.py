"""Idempotency keys: one for each action, the same on every attempt, seen on every result and error."""

from typing import Any
from uuid import UUID

import pytest

from flow_calls import DELETES, KEYED, ONE_WAY, OTHERS, Outcomes, error_of
from store_credit import ConflictError, InvalidArgumentError, StoreCreditError


@pytest.fixture(params=KEYED)
def keyed_call(request: pytest.FixtureRequest) -> Any:
    """Each call that carries a key."""
    return KEYED[request.param]


def test_an_automatic_key_is_a_new_random_uuid_for_each_call(keyed_call: Any) -> None:
    """VINR advises a UUID of version 4; two calls are two actions."""
    met = Outcomes("vinr credit")
    keyed_call(met)
    keyed_call(met)
    first, second = (UUID((key or b"").decode()) for key in met.headers(b"Idempotency-Key"))

    assert first != second
    assert first.version == second.version == 4


def test_a_key_is_the_same_on_every_attempt(keyed_call: Any) -> None:
    """A key that changed would make a second credit."""
    met = Outcomes("timeout", 503, "in progress", "connect", 429, "vinr credit")
    result = keyed_call(met, max_retries=9)
    keys = met.headers(b"Idempotency-Key")

    assert len(keys) == 6
    assert set(keys) == {result.last_response.idempotency_key.encode()}


def test_the_key_is_on_every_error(keyed_call: Any) -> None:
    """Whatever goes wrong, the caller can resend under the same key."""
    faults = ("connect", "timeout", "broken", "in progress", "cut short")
    for outcome in (*faults, 400, 401, 403, 404, 422, 429, 500, 302):
        met = Outcomes(outcome)
        key = error_of(keyed_call, met).idempotency_key
        assert key is not None, outcome
        assert set(met.headers(b"Idempotency-Key")) == {key.encode()}


def test_a_callers_own_key_is_never_replaced(keyed_call: Any) -> None:
    """Not on a resend, not on the result, and not on the error."""
    for key in ("mine", "order 66 / goodwill", "x" * 255):
        met = Outcomes(503, "timeout", "vinr credit")
        result = keyed_call(met, idempotency_key=key)
        assert met.headers(b"Idempotency-Key") == [key.encode()] * 3
        assert result.last_response.idempotency_key == key
        assert error_of(keyed_call, Outcomes(500), idempotency_key=key).idempotency_key == key


def test_a_key_given_as_a_header_is_the_callers_key(keyed_call: Any) -> None:
    """Somebody who resends under the key of an error must meet the one that went on the wire."""
    met = Outcomes(500)
    with pytest.raises(StoreCreditError) as raised:
        keyed_call(met, extra_headers={"idempotency-key": "mine"})
    sent = [value for one in met.sent for name, value in one.headers if name.lower() == b"idempotency-key"]

    assert sent == [b"mine"] * 3
    assert raised.value.idempotency_key == "mine"


@pytest.mark.parametrize("given", [{"idempotency_key": "mine"}, {"headers": {"Idempotency-Key": "mine"}}], ids=str)
def test_a_raw_post_with_a_key_may_be_resent(given: dict[str, Any]) -> None:
    """`client.request` treats a key as the methods do, wherever it stands."""
    met = Outcomes("timeout", 503, "vinr credit")
    answer = met.vinr().request("POST", "/v1/tiers", json={}, **given)

    assert met.headers(b"Idempotency-Key") == [b"mine"] * 3
    assert answer.idempotency_key == "mine"


def test_a_raw_post_gets_a_key_as_the_methods_do() -> None:
    """Each its own, the same on every attempt; other verbs get none, and Spree has none."""
    met = Outcomes("timeout", 503, "vinr credit")
    client = met.vinr()
    answer = client.request("POST", "/v1/tiers", json={})
    client.request("POST", "/v1/tiers", json={})
    client.request("GET", "/v1/tiers")
    client.request("PATCH", "/v1/tiers/t_1", json={})
    first, *others = met.headers(b"Idempotency-Key")

    assert UUID((first or b"").decode()).version == 4
    assert others[:2] == [first, first]
    assert answer.idempotency_key == (first or b"").decode()
    assert others[2] not in (None, first)
    assert others[3:] == [None, None]

    spree = Outcomes("spree page")
    spree.spree().request("POST", "/api/v2/platform/orders", json={})
    assert spree.headers(b"Idempotency-Key") == [None]


def test_a_key_that_cannot_be_one_is_refused_before_anything_is_sent(keyed_call: Any) -> None:
    """1 to 255 characters that may stand in a header; the error names the argument."""
    met = Outcomes("vinr credit")
    for key in ("", "x" * 256, "two\nlines", "ключ", 7, b"bytes"):
        with pytest.raises(InvalidArgumentError, match="idempotency_key"):
            keyed_call(met, idempotency_key=key)

    assert met.sent == []


def test_what_takes_no_key_sends_none(subtests: pytest.Subtests) -> None:
    """VINR ignores a key on reads, and Spree has none."""
    for name, call in (DELETES | OTHERS | ONE_WAY).items():
        with subtests.test(call=name):
            met = Outcomes(404)
            assert error_of(call, met).idempotency_key is None
            assert met.headers(b"Idempotency-Key") == [None]


def test_a_conflict_says_which_of_the_two_it_is(keyed_call: Any) -> None:
    """A first use still running is asked for later; another body needs another key."""
    with pytest.raises(ConflictError, match="same idempotency_key") as running:
        keyed_call(Outcomes("in progress"))
    with pytest.raises(ConflictError, match="new idempotency_key") as conflict:
        keyed_call(Outcomes("other body"))

    assert running.value.code == "idempotency_in_progress"
    assert conflict.value.code == "idempotency_conflict"
