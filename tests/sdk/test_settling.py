"""What became of a call whose outcome is unknown: found out with certainty, or said to be unknown still."""

import pickle
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from email.utils import format_datetime
from typing import Any

import anyio
import pytest

from http_library import httpx
from sample_calls import SPREE_CREATE as ANY_CREATE
from shops import Fate, SpreeShop, VinrShop
from store_credit import (
    AsyncSpreeClient,
    AsyncVinrClient,
    ConfigurationError,
    ConflictError,
    InvalidArgumentError,
    NotFoundError,
    OutcomeUnknownError,
    SpreeClient,
    StoreCreditError,
    ValidationError,
    VinrClient,
)
from store_credit._core.sent_request import SentRequest
from store_credit._core.server_time import ServerTime
from together import together
from virtual import World

SPREE_CREATE = {**ANY_CREATE, "amount": Decimal("25.00")}
KEY = "sk_test_1"
HOUR = 3600.0


class Desk:
    """A client of one kind at a shop, with the shop's clock; its calls are made blocking or awaited.

    Args:
        kind: `sync` or `async`.
        shop: The shop.
        world: The clock.
    """

    def __init__(self, kind: str, shop: Any, world: World) -> None:
        self.kind, self.shop, self.world = kind, shop, world
        self.waits: list[float] = []

    def _sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.world.passed += seconds + 1e-6

    async def _nap(self, seconds: float) -> None:
        self._sleep(seconds)

    def client(self, **settings: Any) -> Any:
        """A new client, as another process has one."""
        vinr = isinstance(self.shop, VinrShop)
        made: dict[str, Any] = {"api_key": KEY, "base_url": "http://vinr.test"} if vinr else {}
        made = made or {"token": "admin", "base_url": "http://spree.test"}
        if self.kind == "sync":
            http_client: Any = httpx.Client(transport=httpx.MockTransport(self.shop))
            sync = VinrClient if vinr else SpreeClient
            client: Any = sync(**{**made, "http_client": http_client, **settings})
            client._transport.sleep = self._sleep
        else:
            http_client = httpx.AsyncClient(transport=httpx.MockTransport(self.shop.awaited))
            asynchronous = AsyncVinrClient if vinr else AsyncSpreeClient
            client = asynchronous(**{**made, "http_client": http_client, **settings})
            client._transport.sleep = self._nap
        client._settings.clock = self.world
        return client

    def run(self, call: Callable[[], Any]) -> Any:
        """What a call gives."""
        if self.kind == "sync":
            return call()

        async def awaited() -> Any:
            return await call()

        return anyio.run(awaited)

    def lost(self, client: Any, **arguments: Any) -> OutcomeUnknownError:
        """The error of a create whose outcome is unknown."""
        if isinstance(self.shop, VinrShop):
            given = {"customer": "cust_1", "amount": 1000, "currency": "USD", **arguments}
            create = client.store_credit.create
        else:
            given = {**SPREE_CREATE, **arguments}
            create = client.store_credits.create
        with pytest.raises(OutcomeUnknownError) as raised:
            self.run(lambda: create(**given))
        return raised.value

    def settle(self, client: Any, error: Any, **options: Any) -> Any:
        """What settling gives."""
        return self.run(lambda: client.settle(error, **options))


def fates(*prepared: Fate) -> Callable[[Any], Fate]:
    """Fates of creates, one after another; those that follow are done."""
    left = list(prepared)
    return lambda request: left.pop(0) if left else ("done", 0.0)


BOTH = pytest.mark.parametrize("desk", ["sync", "async"], indirect=True)
"""Where the two drivers do something: they send, wait, ask for a key, and hand on an error."""


@pytest.fixture
def desk(request: pytest.FixtureRequest) -> Callable[..., Desk]:
    """Opens a shop with these fates, and a desk at it."""

    def open_(shop: type[Any], *prepared: Fate, **options: Any) -> Desk:
        world = World()
        return Desk(getattr(request, "param", "sync"), shop(world, fates(*prepared), **options), world)

    return open_


def begun(at: Desk, **arguments: Any) -> tuple[Desk, Any, OutcomeUnknownError]:
    """A desk, a client at it, and the error of its create whose outcome is unknown."""
    client = at.client()
    return at, client, at.lost(client, **arguments)


LOST: Fate = ("lost before", 0)
UNHEARD: Fate = ("lost after", 0)
THRICE = (UNHEARD, LOST, ("503 before", 0.0))


# VINR: by the key


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
        with pytest.raises(OutcomeUnknownError, match="may have forgotten its idempotency key") as raised:
            at.settle(client, error)
        assert f"{error.idempotency_key}" in str(raised.value)
        assert len(at.shop.requests) == requests

    assert len(at.shop.records) == 1
    assert began < HOUR


def test_the_window_of_a_key_is_a_setting(desk: Any) -> None:
    """In seconds from the call's start."""
    at, client, error = begun(desk(VinrShop, UNHEARD, LOST, LOST))
    at.world.passed += 100
    with pytest.raises(OutcomeUnknownError, match="forgotten"):
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
        with pytest.raises(OutcomeUnknownError, match="forgotten"):
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
    with pytest.raises(OutcomeUnknownError, match="forgotten"):
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
    with pytest.raises(OutcomeUnknownError, match="forgotten"):
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
    with pytest.raises(ConfigurationError, match="not the one the call was sent with"):
        at.settle(client, error)

    assert at.settle(client.with_options(api_key="sk_test_TENANT"), error).id == "sc_1"


def test_another_server_is_refused(desk: Any) -> None:
    """It knows nothing of the call."""
    at = desk(VinrShop, UNHEARD, LOST, LOST)
    error = at.lost(at.client())
    requests = len(at.shop.requests)
    for address in ("http://other.test", "http://vinr.test/v2", "https://vinr.test"):
        with pytest.raises(ConfigurationError, match="another server"):
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
    with pytest.raises(InvalidArgumentError, match="takes an OutcomeUnknownError"):
        at.settle(at.client(), wrong)
    with pytest.raises(InvalidArgumentError, match="holds no request"):
        at.settle(at.client(), OutcomeUnknownError("made by hand"))


@together("setting", [{"grace": -1}, {"key_window": "1"}, {"grace": float("inf")}])
def test_seconds_are_checked(desk: Any, setting: dict[str, Any]) -> None:
    """Before anything is sent or waited for."""
    at, client, error = begun(desk(VinrShop, UNHEARD, LOST, LOST))
    with pytest.raises(ConfigurationError, match="seconds"):
        at.settle(client, error, **setting)


# Spree: by the reference


@BOTH
def test_by_its_reference_the_record_is_found(desk: Any) -> None:
    """It is the one that carries the mark, whatever else the user has been given."""
    at = desk(SpreeShop, ("done", 0.0), UNHEARD)
    client = at.client()
    at.run(lambda: client.store_credits.create(**SPREE_CREATE, reference="refund-4710"))
    error = at.lost(client, reference="refund-4711", private_metadata={"ticket": 42})
    credit = at.settle(client, error)

    assert credit.id == "2"
    assert credit.private_metadata == {"reference": "refund-4711", "ticket": 42}
    assert len(at.shop.records) == 2


def test_by_its_reference_none_is_found_where_there_is_none(desk: Any) -> None:
    """Others of the same user and amount are not it, nor is the same mark of another user."""
    at = desk(SpreeShop, ("done", 0.0), ("done", 0.0), LOST)
    client = at.client()
    at.run(lambda: client.store_credits.create(**SPREE_CREATE))
    at.run(lambda: client.store_credits.create(**{**SPREE_CREATE, "user_id": "3"}, reference="refund-4711"))
    error = at.lost(client, reference="refund-4711")

    assert at.settle(client, error) is None
    assert len(at.shop.records) == 2


@BOTH
def test_the_grace_is_waited_for_from_the_last_attempt(desk: Any) -> None:
    """A request that still runs is not found; one that has ended long ago need not be waited for."""
    at, client, error = begun(desk(SpreeShop, ("slow", 100.0)), reference="refund-4711")
    at.world.passed += 30
    at.waits.clear()

    assert at.settle(client, error).id == "1"
    (waited,) = at.waits
    assert 89 <= waited <= 90
    assert at.settle(client, error).id == "1"
    assert len(at.waits) == 1


def test_looking_too_early_finds_nothing(desk: Any) -> None:
    """Which is why there is a grace: with none the response may be wrong."""
    at, client, error = begun(desk(SpreeShop, ("slow", 100.0)), reference="refund-4711")

    assert at.settle(client, error, grace=0) is None
    at.world.passed += 100
    at.shop.catch_up()
    assert len(at.shop.records) == 1


def test_a_clock_that_was_put_back_does_not_make_the_wait_endless(desk: Any) -> None:
    """It is waited for the grace at most."""
    at, client, error = begun(desk(SpreeShop, LOST), reference="refund-4711")
    error.ended_at += timedelta(days=400)
    at.waits.clear()
    at.settle(client, error, grace=60)

    assert at.waits == [60]


def test_all_records_are_gone_through(desk: Any) -> None:
    """Page by page in the order of ids, until a page is empty: not until a count that may be stale says so."""
    at = desk(SpreeShop)
    client = at.client()
    for number in range(230):
        at.run(lambda number=number: client.store_credits.create(**SPREE_CREATE, reference=f"r-{number}"))
    at.shop.fate = fates(UNHEARD)
    error = at.lost(client, reference="refund-4711")
    at.shop.requests.clear()
    stale = at.shop.listed
    at.shop.listed = lambda request: {**stale(request), "meta": {"total_pages": 0, "count": 0}}

    assert at.settle(client, error).id == "231"
    assert [request.url.params["filter[id_gt]"] for request in at.shop.requests] == ["0", "100", "200", "231"]
    assert {request.url.params["sort"] for request in at.shop.requests} == {"id"}
    assert {request.url.params["per_page"] for request in at.shop.requests} == {"100"}
    assert {request.url.params["filter[user_id_eq]"] for request in at.shop.requests} == {"2"}


@pytest.mark.parametrize(("dates", "margin"), [(True, timedelta(minutes=5)), (False, timedelta(days=1))])
def test_it_is_looked_for_from_before_the_call_began(desk: Any, dates: bool, margin: timedelta) -> None:
    """By five minutes where the server told the time, else by a day: clocks differ, and the mark decides."""
    at = desk(SpreeShop, UNHEARD, dates=dates)
    client = at.client()
    at.run(lambda: client.request("GET", "/api/v2/platform/store_credits"))
    error = at.lost(client, reference="refund-4711")
    at.settle(client, error)

    assert error.by_server_clock is dates
    assert at.shop.requests[-1].url.params["filter[created_at_gteq]"] == (error.started_at - margin).isoformat()


@together("hours", [-23, -1, 1, 23])
@together("dates", [True, False])
def test_a_clock_that_is_wrong_does_not_hide_the_record(desk: Any, hours: int, dates: bool) -> None:
    """The server's or this machine's: up to a day without a Date, and whatever it is with one."""
    at = desk(SpreeShop, UNHEARD, dates=dates, skew=timedelta(hours=hours))
    client = at.client()
    at.run(lambda: client.request("GET", "/api/v2/platform/store_credits"))
    error = at.lost(client, reference="refund-4711")

    assert at.settle(client, error).id == "1"


def test_two_records_with_the_reference_are_the_callers_to_look_at(desk: Any) -> None:
    """Somebody has created it again; both are listed."""
    at, client, error = begun(desk(SpreeShop, UNHEARD), reference="refund-4711")
    at.run(lambda: client.store_credits.create(**SPREE_CREATE, reference="refund-4711"))
    with pytest.raises(OutcomeUnknownError, match="2 records carry the reference 'refund-4711'") as raised:
        at.settle(client, error)

    assert [record.id for record in raised.value.candidates] == ["1", "2"]
    assert raised.value.reference == "refund-4711"
    assert raised.value.started_at == error.started_at


def test_a_record_with_the_reference_and_another_amount_is_not_it(desk: Any) -> None:
    """The reference was used before; nothing is taken for what it is not."""
    at = desk(SpreeShop, ("done", 0.0), LOST)
    client = at.client()
    at.run(lambda: client.store_credits.create(**{**SPREE_CREATE, "amount": 99}, reference="refund-4711"))
    error = at.lost(client, reference="refund-4711")
    with pytest.raises(OutcomeUnknownError, match=r"another one: amount was sent as .* came back as '99\.0'") as raised:
        at.settle(client, error)

    assert [record.id for record in raised.value.candidates] == ["1"]


def test_a_record_that_was_changed_since_is_still_it(desk: Any) -> None:
    """What the create did not send is not compared."""
    at, client, error = begun(desk(SpreeShop, UNHEARD), reference="refund-4711")
    at.shop.records[0]["attributes"] |= {"memo": "seen", "amount_used": "25.0"}

    assert at.settle(client, error).id == "1"


@BOTH
def test_without_a_reference_the_candidates_are_listed(desk: Any) -> None:
    """Those of this user, amount and currency since the call began, newest first, after the grace."""
    at = desk(SpreeShop, ("done", 0.0), ("done", 0.0), ("slow", 60.0))
    client = at.client()
    at.run(lambda: client.store_credits.create(**SPREE_CREATE))
    at.run(lambda: client.store_credits.create(**{**SPREE_CREATE, "user_id": "3"}))
    error = at.lost(client)
    with pytest.raises(OutcomeUnknownError, match="2 records, newest first, may be the one") as raised:
        at.settle(client, error)

    assert [record.id for record in raised.value.candidates] == ["3", "1"]
    assert sum(at.waits) >= 119
    asked = at.shop.requests[-1].url.params
    assert asked["filter[created_at_gteq]"] == (error.started_at - timedelta(minutes=5)).isoformat()
    assert asked["filter[amount_eq]"] == "25.00"


def test_without_a_reference_and_without_candidates_it_is_still_unknown(desk: Any) -> None:
    """A lookup alone proves nothing."""
    at = desk(SpreeShop, LOST)
    client = at.client()
    with pytest.raises(OutcomeUnknownError, match="neither an idempotency key nor a reference") as raised:
        at.settle(client, at.lost(client))

    assert raised.value.candidates == ()


@pytest.mark.parametrize("kind", ["category", "type"])
def test_what_takes_no_reference_lists_its_candidates_too(desk: Any, kind: str) -> None:
    """Categories and types are known by their name."""
    at = desk(SpreeShop, LOST)
    client = at.client()
    create: dict[str, Callable[[], Any]] = {
        "category": lambda: client.store_credit_categories.create(name="Goodwill"),
        "type": lambda: client.store_credit_types.create(name="Goodwill", priority=1),
    }
    with pytest.raises(OutcomeUnknownError) as raised:
        at.run(create[kind])
    at.shop.requests.clear()
    with pytest.raises(OutcomeUnknownError, match="neither an idempotency key nor a reference"):
        at.settle(client, raised.value)

    assert at.shop.requests[0].url.params["filter[name_eq]"] == "Goodwill"


@pytest.mark.parametrize("payment", ["add", "use"])
def test_a_payment_is_for_the_caller_to_look_at(desk: Any, payment: str) -> None:
    """No list says what became of it; nothing is sent."""
    at = desk(SpreeShop)
    client = at.client()
    calls: dict[str, Callable[[], Any]] = {
        "add": lambda: client.checkout.add_store_credit(order_token="t"),
        "use": lambda: client.orders.use_store_credit("R1"),
    }
    at.shop.listed = lambda request: (_ for _ in ()).throw(httpx.ReadTimeout("slow"))
    with pytest.raises(OutcomeUnknownError) as raised:
        at.run(calls[payment])
    requests = len(at.shop.requests)
    with pytest.raises(OutcomeUnknownError, match="so that you decide"):
        at.settle(client, raised.value)

    assert len(at.shop.requests) == requests


SEARCHES: dict[str, Callable[[Any, Any], Any]] = {
    "refused": lambda shop, request: httpx.Response(401, json={"error": "The access token is invalid"}),
    "not found": lambda shop, request: httpx.Response(404),
    "failing": lambda shop, request: httpx.Response(503),
    "html": lambda shop, request: httpx.Response(200, html="<html>"),
    "second page": lambda shop, request: (
        httpx.Response(500)
        if request.url.params.get("filter[id_gt]") != "0"
        else httpx.Response(200, json=shop.listed(request))
    ),
}


@BOTH
@together("trouble", SEARCHES)
@together("reference", ["refund-4711", None])
def test_a_search_that_fails_says_nothing_about_the_call(desk: Any, trouble: str, reference: str | None) -> None:
    """Its error is not the call's refusal: taken for that, the credit would be given again."""
    at = desk(SpreeShop, ("done", 0.0), LOST)
    client = at.client()
    at.run(lambda: client.store_credits.create(**SPREE_CREATE))
    error = at.lost(client, **({} if reference is None else {"reference": reference}))
    shop = at.shop

    def handle(request: Any) -> Any:
        return SEARCHES[trouble](shop, request)

    async def awaited(request: Any) -> Any:
        return handle(request)

    kind = httpx.Client if at.kind == "sync" else httpx.AsyncClient
    broken = at.client(http_client=kind(transport=httpx.MockTransport(handle if at.kind == "sync" else awaited)))
    with pytest.raises(OutcomeUnknownError, match="looking for it failed") as raised:
        at.settle(broken, error)

    assert isinstance(raised.value.__cause__, StoreCreditError)
    assert (raised.value.reference, raised.value.started_at) == (reference, error.started_at)
    if reference is not None:
        assert at.settle(client, raised.value) is None


@together("ids", [["5", "5"], ["5", "4"], ["abc"], [""]])
def test_a_list_that_does_not_go_on_by_id_settles_nothing(desk: Any, ids: list[str]) -> None:
    """A server that ignores the filter would be asked for ever, and one that skips records hides the one."""
    at = desk(SpreeShop, ("done", 0.0), LOST)
    client = at.client()
    at.run(lambda: client.store_credits.create(**SPREE_CREATE))
    error = at.lost(client, reference="refund-4711")
    record = at.shop.records[0]
    at.shop.listed = lambda request: {"data": [{**record, "id": one} for one in ids], "meta": {}}
    with pytest.raises(OutcomeUnknownError, match=r"cannot be gone through by id|looking for it failed"):
        at.settle(client, error)

    assert len(at.shop.requests) < 10


def test_a_renewed_token_may_settle(desk: Any) -> None:
    """Tokens of Spree come and go; the list of the same server is the same."""
    at = desk(SpreeShop, UNHEARD)
    error = at.lost(at.client(), reference="refund-4711")

    assert at.settle(at.client(token=lambda: "renewed"), pickle.loads(pickle.dumps(error))).id == "1"


def test_the_request_in_an_error_shows_nothing_of_its_body(desk: Any) -> None:
    """It is for settling, not for a log."""
    at = desk(SpreeShop, LOST)
    error = at.lost(at.client(), memo="private")

    assert isinstance(error.sent, SentRequest)
    assert "private" not in f"{error!r} {error} {error.sent!r}"
