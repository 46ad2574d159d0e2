"""What became of a VINR call whose outcome is unknown: found out with certainty by its key, or still unknown."""

import pickle
from datetime import timedelta
from email.utils import format_datetime
from typing import Any

import pytest

from desk import BOTH, KEY, LOST, UNHEARD, begun
from http_library import httpx
from shops import VinrShop
from store_credit import (
    ConfigurationError,
    ConflictError,
    InvalidArgumentError,
    NotFoundError,
    OutcomeUnknownError,
    ValidationError,
)
from store_credit._core.server_time import ServerTime
from together import together

HOUR = 3600.0


@BOTH
@pytest.mark.parametrize("executed", [True, False], ids=["executed", "not executed"])
def test_by_its_key_a_create_is_repeated_and_executed_once(desk: Any, executed: bool) -> None:
    """The record is the first one's, or is made now; the body and the key are those of the call."""
    at, client, error = begun(
        desk(VinrShop, UNHEARD if executed else LOST, LOST, LOST),
        idempotency_key="mine",
        expires_at=None,
        extra_query={"a": "b"},
        extra_headers={"X-T": "1"},
    )
    credit = at.settle(client, error)

    assert (credit.customer, credit.amount, credit.currency, credit.id) == ("cust_1", 1000, "USD", "sc_1")
    assert [record["id"] for record in at.shop.records] == ["sc_1"]
    assert len({request.content for request in at.shop.requests}) == 1
    assert len({str(request.url) for request in at.shop.requests}) == 1
    assert {request.headers["Idempotency-Key"] for request in at.shop.requests} == {"mine"}
    assert {request.headers["X-T"] for request in at.shop.requests} == {"1"}
    assert credit.idempotency_key == "mine"


def test_by_its_key_nothing_is_waited_for(desk: Any) -> None:
    """The server itself knows a request that still runs."""
    at, client, error = begun(desk(VinrShop, *[LOST] * 3))
    at.waits.clear()
    at.settle(client, error)

    assert at.waits == []


@BOTH
def test_a_refusal_that_was_stored_is_raised(desk: Any) -> None:
    """It proves that no attempt was executed."""
    at, client, error = begun(desk(VinrShop, ("refusal lost", 0.0), LOST, LOST))
    with pytest.raises(ValidationError, match="amount_too_large"):
        at.settle(client, error)

    assert at.shop.records == []


@together("status", [400, 401, 403, 408, 429, 500, 503])
def test_a_refusal_that_proves_nothing_leaves_it_unknown(desk: Any, status: int) -> None:
    """A credential that was revoked meanwhile says nothing about what the lost call did, nor does a busy server."""
    at = desk(VinrShop, UNHEARD, LOST, LOST, *[("status", float(status))] * 40)
    client = at.client(max_rate_limit_wait=1)
    error = at.lost(client)
    with pytest.raises(OutcomeUnknownError) as raised:
        at.settle(client, error)

    assert raised.value.started_at == error.started_at
    assert raised.value.idempotency_key == error.idempotency_key
    assert len(at.shop.records) == 1


def test_a_server_that_cannot_be_reached_leaves_it_unknown(desk: Any) -> None:
    """It may be settled later, by the error of the first attempt or of this one."""
    at, client, error = begun(desk(VinrShop, UNHEARD, LOST, LOST, *[("lost before", 1.0)] * 3))
    with pytest.raises(OutcomeUnknownError) as raised:
        at.settle(client, error)

    assert at.settle(client, raised.value).id == "sc_1"
    assert len(at.shop.records) == 1


def test_a_first_use_that_still_runs_leaves_it_unknown(desk: Any) -> None:
    """It was not refused, and is not to be repeated under another key; later it has its record."""
    at, client, error = begun(desk(VinrShop, ("slow", 600.0)))
    with pytest.raises(OutcomeUnknownError, match="409"):
        at.settle(client, error)
    assert at.shop.records == []
    at.world.passed += 600

    assert at.settle(client, error).id == "sc_1"
    assert len(at.shop.records) == 1


def test_a_key_that_was_used_for_something_else_is_a_conflict(desk: Any) -> None:
    """What was sent under it was not executed then."""
    at, client, error = begun(desk(VinrShop, *[LOST] * 3), idempotency_key="mine")
    at.run(lambda: client.store_credit.create(customer="cust_2", amount=1, currency="USD", idempotency_key="mine"))
    with pytest.raises(ConflictError, match="new idempotency_key"):
        at.settle(client, error)


@together("after", [22.99, 23.01, 24.0, 25.0, 24 * 365.0])
def test_a_key_that_may_have_expired_is_not_sent_again(desk: Any, after: float) -> None:
    """VINR keeps keys for 24 hours; under one that is forgotten the same request makes a second credit."""
    at, client, error = begun(desk(VinrShop, UNHEARD, LOST, LOST))
    began = at.world.passed
    at.world.passed = after * HOUR
    requests = len(at.shop.requests)
    if after < 23:
        assert at.settle(client, error).id == "sc_1"
    else:
        with pytest.raises(OutcomeUnknownError, match="may have deleted its idempotency key") as raised:
            at.settle(client, error)
        assert f"{error.idempotency_key}" in str(raised.value)
        assert len(at.shop.requests) == requests

    assert len(at.shop.records) == 1
    assert began < HOUR


def test_the_window_of_a_key_is_a_setting(desk: Any) -> None:
    """In seconds from the call's start."""
    at, client, error = begun(desk(VinrShop, UNHEARD, LOST, LOST))
    at.world.passed += 100
    with pytest.raises(OutcomeUnknownError, match="may have deleted"):
        at.settle(client, error, key_window=100)

    assert at.settle(client, error, key_window=200).id == "sc_1"


@together("skew", [-9000, -26, -1, 1, 26, 9000])
@together(("hours", "old"), [(22.9, False), (23.1, True)])
def test_a_clock_that_is_wrong_makes_no_key_older_or_younger(desk: Any, skew: int, hours: float, *, old: bool) -> None:
    """The server's or this machine's, by days or by a year: each is compared with what it showed at the start."""
    at, client, error = begun(desk(VinrShop, UNHEARD, ("503 before", 0.0), LOST, skew=timedelta(hours=skew)))
    assert error.by_server_clock
    assert abs((error.started_at - at.world.now()).total_seconds() - skew * HOUR) < 30
    at.world.passed = hours * HOUR
    if old:
        with pytest.raises(OutcomeUnknownError, match="may have deleted"):
            at.settle(client, error)
    else:
        assert at.settle(client, error).id == "sc_1"

    assert len(at.shop.records) == 1


@pytest.mark.parametrize("clock", ["the server's", "this machine's"])
def test_a_clock_that_was_put_back_makes_no_key_younger(desk: Any, clock: str) -> None:
    """The other one still shows it: a second credit cannot be taken back."""
    at, client, error = begun(desk(VinrShop, UNHEARD, ("503 before", 0.0), LOST))
    assert error.by_server_clock
    shown = at.world.now() + timedelta(hours=23.2 if clock == "this machine's" else 0)
    at.world.passed += 1 if clock == "this machine's" else 23.2 * HOUR
    client._settings.server_time.note(format_datetime(shown, usegmt=True).encode(), at.world.monotonic())
    with pytest.raises(OutcomeUnknownError, match="may have deleted"):
        at.settle(client, error)

    assert len(at.shop.records) == 1


@pytest.mark.parametrize("skew", [-26, 26], ids=["ahead there", "behind there"])
@pytest.mark.parametrize("again", [False, True], ids=["at once", "after another try"])
def test_an_error_from_another_machine_is_as_old_as_any_clock_shows(desk: Any, skew: int, *, again: bool) -> None:
    """Its machine's clock may have been wrong: the key is 23.2 hours old, and one comparison shows it."""
    at, client, error = begun(desk(VinrShop, UNHEARD, ("503 before", 0.0), LOST, *[UNHEARD] * 3))
    error = pickle.loads(pickle.dumps(error))
    error.made_in = "another"
    error.ended_at -= timedelta(hours=skew)
    client._settings.server_time = ServerTime()
    if again:
        with pytest.raises(OutcomeUnknownError) as raised:
            at.settle(client, error, key_window=1e6)
        error = raised.value
        client._settings.server_time = ServerTime()
    at.world.passed = 23.2 * HOUR
    with pytest.raises(OutcomeUnknownError, match="may have deleted"):
        at.settle(client, error)

    assert len(at.shop.records) == 1


def test_settling_again_counts_from_the_first_attempt(desk: Any) -> None:
    """Each attempt to settle raises an error of its own; the key is no younger for it."""
    at, client, error = begun(desk(VinrShop, UNHEARD, LOST, LOST, *[LOST] * 6))
    for hours in (20.0, 22.0):
        at.world.passed = hours * HOUR
        with pytest.raises(OutcomeUnknownError) as raised:
            at.settle(client, error)
        error = raised.value
    at.world.passed = 25 * HOUR
    with pytest.raises(OutcomeUnknownError, match=r"began 25\.0 hours ago"):
        at.settle(client, error)

    assert len(at.shop.records) == 1


@BOTH
def test_the_key_of_another_account_is_refused(desk: Any) -> None:
    """There the key is unknown, and the credit would be made a second time, for another tenant."""
    at = desk(VinrShop, UNHEARD, LOST, LOST)
    error = at.lost(at.client())
    requests = len(at.shop.requests)
    for other in (
        at.client(api_key="sk_test_OTHER"),
        at.client().with_options(api_key="sk_test_OTHER"),
        at.client(api_key=lambda: "sk_test_OTHER"),
    ):
        with pytest.raises(ConfigurationError, match="same_account=True"):
            at.settle(other, error)
    assert len(at.shop.requests) == requests

    assert at.settle(at.client(api_key="sk_test_OTHER"), error, same_account=True).id == "sc_1"
    assert at.settle(at.client(api_key=lambda: KEY), error).id == "sc_1"
    assert len(at.shop.records) == 1


def test_a_call_with_a_key_of_its_own_is_settled_with_that_key(desk: Any) -> None:
    """The client's own is another account's."""
    at, client, error = begun(desk(VinrShop, UNHEARD, LOST, LOST), api_key="sk_test_TENANT")
    with pytest.raises(ConfigurationError, match="sent with a different credential"):
        at.settle(client, error)

    assert at.settle(client.with_options(api_key="sk_test_TENANT"), error).id == "sc_1"


def test_another_server_is_refused(desk: Any) -> None:
    """It knows nothing of the call."""
    at = desk(VinrShop, UNHEARD, LOST, LOST)
    error = at.lost(at.client())
    requests = len(at.shop.requests)
    for address in ("http://other.test", "http://vinr.test/v2", "https://vinr.test"):
        with pytest.raises(ConfigurationError, match="a different server"):
            at.settle(at.client(base_url=address), error)

    assert len(at.shop.requests) == requests


def test_an_error_is_settled_in_another_process(desk: Any) -> None:
    """It is pickled there, without a credential in it."""
    at = desk(VinrShop, UNHEARD, LOST, LOST)
    content = pickle.dumps(at.lost(at.client()))

    assert KEY.encode() not in content
    assert at.settle(at.client(), pickle.loads(content)).id == "sc_1"
    assert len(at.shop.records) == 1


@BOTH
@pytest.mark.parametrize("body", [{"json": {"a": 1}}, {"content": b"a=b", "headers": {"Content-Type": "text/plain"}}])
def test_a_raw_post_is_settled_by_its_key_too(desk: Any, body: dict[str, Any]) -> None:
    """With the body it had, of whatever kind."""
    at = desk(VinrShop)
    seen: list[Any] = []

    def handle(request: Any) -> httpx.Response:
        seen.append(request)
        if len(seen) < 4:
            raise httpx.ReadTimeout("slow")
        return httpx.Response(200, json={"ok": True})

    async def awaited(request: Any) -> httpx.Response:
        return handle(request)

    kind = httpx.Client if at.kind == "sync" else httpx.AsyncClient
    client = at.client(http_client=kind(transport=httpx.MockTransport(handle if at.kind == "sync" else awaited)))
    with pytest.raises(OutcomeUnknownError) as raised:
        at.run(lambda: client.request("POST", "/v1/tiers", **body))

    assert at.settle(client, raised.value).json() == {"ok": True}
    assert len({(one.content, one.headers["Idempotency-Key"], one.headers.get("Content-Type")) for one in seen}) == 1


@together("wrong", [None, ValueError("x"), NotFoundError, "error"])
def test_something_else_cannot_be_settled(desk: Any, wrong: Any) -> None:
    """A refusal is none."""
    at = desk(VinrShop)
    with pytest.raises(InvalidArgumentError, match="expects an OutcomeUnknownError"):
        at.settle(at.client(), wrong)
    with pytest.raises(InvalidArgumentError, match="does not contain the request"):
        at.settle(at.client(), OutcomeUnknownError("made by hand"))


@together("setting", [{"grace": -1}, {"key_window": "1"}, {"grace": float("inf")}])
def test_seconds_are_checked(desk: Any, setting: dict[str, Any]) -> None:
    """Before anything is sent or waited for."""
    at, client, error = begun(desk(VinrShop, UNHEARD, LOST, LOST))
    with pytest.raises(ConfigurationError, match="seconds"):
        at.settle(client, error, **setting)
