"""What became of a Spree call whose outcome is unknown: found by its reference, or listed for the caller to decide."""

import pickle
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from desk import BOTH, LOST, SPREE_CREATE, UNHEARD, begun, fates
from http_library import httpx
from shops import SpreeShop
from store_credit import (
    OutcomeUnknownError,
    StoreCreditError,
)
from store_credit._core.sent_request import SentRequest
from together import together


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
    with pytest.raises(OutcomeUnknownError, match="2 records have the reference 'refund-4711'") as raised:
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
    with pytest.raises(OutcomeUnknownError, match=r"differs .*: amount was sent as .* came back as '99\.0'") as raised:
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
    with pytest.raises(OutcomeUnknownError, match="2 records may be the right one") as raised:
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
    with pytest.raises(OutcomeUnknownError, match="so you must decide"):
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
    with pytest.raises(OutcomeUnknownError, match="the look-up failed") as raised:
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
    with pytest.raises(OutcomeUnknownError, match=r"cannot be ordered by id|the look-up failed"):
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
