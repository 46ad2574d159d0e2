"""What became of a lost write on Spree's API v3: waited for, looked for, and only then sent again."""

import pickle
from datetime import timedelta
from typing import Any

import pytest

from http_library import httpx
from shops import Fate
from spree_v3_shop import CUSTOMER, opened, paths, refusal, token_of
from store_credit import (
    ConfigurationError,
    NotFoundError,
    OutcomeUnknownError,
    PermissionDeniedError,
    ValidationError,
)
from together import together

HOUR = 3600.0
BOTH = pytest.mark.parametrize("kind", ["sync", "async"])


@BOTH
@together("fate", [("lost after", 0.0), ("lost after", 1.0), ("slow", 100.0), ("503 after", 0.0)])
def test_what_was_executed_is_found_by_its_mark(kind: str, fate: Fate) -> None:
    """After the grace, and nothing is sent again."""
    at = opened(("done", 0.0), fate, kind=kind)
    client = at.client()
    at.create(client, memo="refund-4710")
    error = at.lost(client)
    assert error.reference == "refund-4711"
    at.waits.clear()
    credit = at.settle(client, error)
    (waited,) = at.waits
    assert 119 <= waited <= 120
    assert credit.id == at.shop.records[1]["id"]
    assert paths(at) == ["POST", "POST", "GET 1"]


@BOTH
@together("fate", [("lost before", 0.0), ("503 before", 0.0), ("status", 500.0), ("status", 408.0)])
def test_what_was_not_executed_is_sent_again_once(kind: str, fate: Fate) -> None:
    """Under its key and with its body, when the whole list does not have it."""
    at = opened(("done", 0.0), fate, kind=kind)
    client = at.client()
    at.create(client, memo="refund-4710")
    error = at.lost(client, idempotency_key="mine")
    credit = at.settle(client, error)
    assert credit.memo == "refund-4711"
    assert paths(at) == ["POST", "POST", "GET 1", "POST"]
    first, second = at.shop.writes[1:]
    assert (first.content, first.url, first.headers["idempotency-key"]) == (
        second.content,
        second.url,
        second.headers["idempotency-key"],
    )
    assert credit.idempotency_key == "mine"


def test_looking_or_sending_too_early_doubles_it() -> None:
    """Which is why there is a grace: the list does not have it, and the key does not protect while it runs."""
    at = opened(("slow", 100.0))
    client = at.client()
    error = at.lost(client)
    at.settle(client, error, grace=0)
    at.world.passed += 100
    at.shop.catch_up()
    assert len(at.shop.records) == 2


def test_the_filter_by_memo_is_not_relied_on() -> None:
    """The server ignores it and lists all credits; the list is read whole, the newest first, and compared here."""
    at = opened()
    client = at.client()
    for number in range(230):
        at.create(client, memo=f"r-{number}")
    at.shop.fate = lambda request: ("lost after", 0.0)
    error = at.lost(client)
    at.shop.requests.clear()
    assert at.settle(client, error).id == at.shop.records[-1]["id"]
    assert paths(at) == ["GET 1", "GET 2", "GET 3"]
    assert {(one.url.params["limit"], one.url.params["sort"]) for one in at.shop.requests} == {("100", "-created_at")}
    assert not any("q[" in str(one.url) or "memo" in str(one.url) for one in at.shop.requests)


def test_a_list_that_changes_while_it_is_read_is_read_again() -> None:
    """A page that moved may have hidden the record; one that never stands still decides nothing."""
    at = opened()
    client = at.client()
    for number in range(150):
        at.create(client, memo=f"r-{number}")
    at.shop.fate = lambda request: ("lost before", 0.0)
    error = at.lost(client)
    at.shop.fate = lambda request: ("done", 0.0)
    read, left = at.shop.read, [1]

    def moving(request: httpx.Request) -> Any:
        answer = read(request)
        if left[0] > 0 and request.url.params["page"] == "1":
            left[0] -= 1
            del at.shop.records[0]
        return answer

    at.shop.read = moving
    at.shop.requests.clear()
    assert at.settle(client, error).memo == "refund-4711"
    assert paths(at) == ["GET 1", "GET 2", "GET 1", "GET 2", "POST"]
    left[0] = 10
    at.shop.requests.clear()
    at.shop.fate = lambda request: ("lost before", 0.0)
    again = at.lost(client, memo="refund-4712")
    with pytest.raises(OutcomeUnknownError, match="changed each of the 5 times it was read"):
        at.settle(client, again)
    assert len(at.shop.writes) == 1


def test_a_list_that_does_not_say_where_it_ends_decides_nothing() -> None:
    """Nor one that cannot be read."""
    at = opened(("lost after", 0.0))
    client = at.client()
    error = at.lost(client)
    body: dict[str, Any] = {"data": [], "meta": {**at.shop.meta(1, 25, 0), "count": None}}
    for answer in ((200, body), (500, {"status": 500, "error": "x"}), (404, {"status": 404, "error": "Not Found"})):
        at.shop.read = lambda request, answer=answer: answer
        with pytest.raises(OutcomeUnknownError, match="is still unknown") as raised:
            at.settle(client, error)
        assert raised.value.sent == error.sent
    assert len(at.shop.writes) == 1


def test_nobody_has_no_list() -> None:
    """What was lost on its way to a customer who does not exist is sent again, and refused."""
    at = opened(("lost before", 0.0))
    client = at.client()
    error = at.lost(client)
    at.shop.read = lambda request: (404, refusal("record_not_found"))
    at.shop.refuse = lambda request: (404, refusal("record_not_found"))
    with pytest.raises(NotFoundError):
        at.settle(client, error)
    assert paths(at) == ["POST", "GET 1", "POST"]


def test_others_are_not_it() -> None:
    """The same amount of another mark, the same mark of another customer, and the same mark of long ago."""
    at = opened()
    client = at.client()
    at.create(client, memo="refund-4710")
    at.create(client, customer="cus_UkLWZg9DAJ")
    at.create(client)
    at.world.passed += 2 * 24 * HOUR
    at.shop.fate = lambda request: ("lost before", 0.0)
    error = at.lost(client)
    at.shop.fate = lambda request: ("done", 0.0)
    assert at.settle(client, error).id == at.shop.records[3]["id"]


def test_two_with_the_mark_are_the_callers_to_look_at() -> None:
    """Nothing is sent again, and both are listed."""
    at = opened(("done", 0.0), ("lost after", 0.0))
    client = at.client()
    at.create(client)
    error = at.lost(client)
    with pytest.raises(OutcomeUnknownError, match="2 records have the reference 'refund-4711'") as raised:
        at.settle(client, error)
    assert {one.id for one in raised.value.candidates} == {one["id"] for one in at.shop.records}
    assert len(at.shop.writes) == 2


def test_one_with_the_mark_and_another_amount_is_not_taken_for_it() -> None:
    """The mark was used before; that decides nothing."""
    at = opened(("done", 0.0), ("lost before", 0.0))
    client = at.client()
    at.create(client, amount=99)
    error = at.lost(client)
    with pytest.raises(OutcomeUnknownError, match=r"differs .*: amount was sent as '25\.00' and came back as '99\.0'"):
        at.settle(client, error)


@together("memo", [" ", "\t\n"])
def test_a_blank_mark_is_none(memo: str) -> None:
    """Another blank one of the same amount is not taken for it."""
    at = opened(("done", 0.0), ("lost before", 0.0))
    client = at.client()
    at.create(client, memo="")
    error = at.lost(client, memo=memo)
    with pytest.raises(OutcomeUnknownError, match="has no memo to identify its record") as raised:
        at.settle(client, error)
    assert [one.id for one in raised.value.candidates] == [at.shop.records[0]["id"]]


def test_without_a_mark_only_the_absence_of_any_like_it_decides() -> None:
    """Where none of the same amount came since, it is sent again; where one did, its caller decides."""
    at = opened(("lost before", 0.0))
    client = at.client()
    error = at.lost(client, memo=None)
    assert error.reference is None
    assert at.settle(client, error).memo is None
    at.shop.fate = lambda request: ("lost before", 0.0)
    second = at.lost(client, memo=None)
    with pytest.raises(OutcomeUnknownError, match="has no memo to identify its record") as raised:
        at.settle(client, second)
    assert [one.id for one in raised.value.candidates] == [at.shop.records[0]["id"]]
    assert len(at.shop.records) == 1


@together("hours", [23.0, 24.5, 24 * 30.0])
def test_after_the_window_it_is_only_looked_for(hours: float) -> None:
    """The key may be forgotten. What is found is given, and what is not there did not happen."""
    for fate, there in ((("lost after", 0.0), True), (("lost before", 0.0), False)):
        at = opened(fate)
        client = at.client()
        error = at.lost(client)
        at.world.passed += hours * HOUR
        found = at.settle(client, error)
        assert (found is not None) is there
        assert paths(at) == ["POST", "GET 1"]


def test_after_the_window_one_that_may_have_lost_its_mark_is_the_callers_to_look_at() -> None:
    """Somebody edited its memo. One that nobody has changed, or of another amount, never had the mark."""
    at = opened(("lost after", 0.0))
    client = at.client()
    error = at.lost(client)
    at.create(client, memo="another", amount=3)
    at.create(client, memo="one more")
    for place in (0, 1):
        at.shop.records[place] |= {"memo": "goodwill", "updated_at": at.now.isoformat(), "amount_used": "1.0"}
    at.shop.records[0]["updated_at"] = "2026-11-28T18:00:00.000Z"
    at.world.passed += 25 * HOUR
    with pytest.raises(
        OutcomeUnknownError, match="no record has the reference 'refund-4711'; 1 similar record"
    ) as raised:
        at.settle(client, error)
    assert [one.id for one in raised.value.candidates] == [at.shop.records[0]["id"]]


def test_an_error_of_another_process_is_waited_for_whatever_its_clock_shows() -> None:
    """The other machine's may be minutes behind: looking at once would find nothing, and double it."""
    at = opened(("slow", 100.0))
    error = at.lost(at.client())
    error.made_in = "another"
    error.ended_at -= timedelta(minutes=4)
    at.settle(at.client(), error)
    at.world.passed += 100
    at.shop.catch_up()
    assert len(at.shop.records) == 1
    at.waits.clear()
    error.ended_at -= timedelta(minutes=5)
    at.settle(at.client(), error)
    assert at.waits == []


@together("hours", [-23, -1, 1, 23])
def test_a_clock_that_is_wrong_hides_nothing(hours: int) -> None:
    """The server's may be hours away."""
    at = opened(("lost after", 0.0))
    at.shop.skew = timedelta(hours=hours)
    client = at.client()
    client.customers.store_credits.list(CUSTOMER)
    error = at.lost(client)
    assert at.settle(client, error).id == at.shop.records[0]["id"]


def test_a_refusal_that_was_kept_is_raised() -> None:
    """It is what became of the first attempt."""
    at = opened(("lost after", 0.0))
    at.shop.refuse = lambda request: (422, refusal("validation_error", "Amount is bad"))
    client = at.client()
    error = at.lost(client)
    at.shop.refuse = lambda request: None
    with pytest.raises(ValidationError, match="Amount is bad"):
        at.settle(client, error)
    assert at.shop.records == []


def test_a_new_refusal_is_raised_too_where_the_record_is_not_there() -> None:
    """A list without it and a refusal of the repeat: it was not executed, and is not."""
    at = opened(("lost before", 0.0))
    client = at.client()
    error = at.lost(client)
    at.shop.refuse = lambda request: (403, refusal("access_denied", "API key lacks scope: x", required_scope="x"))
    with pytest.raises(PermissionDeniedError):
        at.settle(client, error)


def test_what_is_lost_again_stays_unknown_and_can_be_settled_again() -> None:
    """Its times are the first attempt's, and the grace begins anew."""
    at = opened(("lost before", 0.0), ("slow", 100.0))
    client = at.client()
    error = at.lost(client, idempotency_key="mine")
    with pytest.raises(OutcomeUnknownError) as raised:
        at.settle(client, error)
    again = pickle.loads(pickle.dumps(raised.value))
    assert (again.started_at, again.idempotency_key, again.reference) == (error.started_at, "mine", error.reference)
    assert again.ended_at > error.ended_at
    assert at.settle(at.client(), again).id == at.shop.records[0]["id"]
    assert len(at.shop.records) == 1


def test_settling_twice_at_once_sends_it_once() -> None:
    """Who settles the older error is told that another attempt is under way."""
    at = opened(("lost before", 0.0), ("slow", 100.0))
    client = at.client()
    error = at.lost(client)
    with pytest.raises(OutcomeUnknownError):
        at.settle(client, error)
    with pytest.raises(OutcomeUnknownError, match="nothing was sent"):
        at.settle(client, error)
    assert len(at.shop.writes) == 2


def test_another_credential_settles_nothing_unless_it_is_of_the_account() -> None:
    """It may be of another store, whose list does not have it. With `same_account` it is looked for, and not sent."""
    at = opened(("lost before", 0.0))
    error = at.lost(at.client())
    other = at.client(secret_key="sk_other")
    with pytest.raises(ConfigurationError, match="same_account=True"):
        at.settle(other, error)
    assert at.settle(other, error, same_account=True) is None
    assert paths(at) == ["POST", "GET 1"]


def test_a_token_that_was_renewed_is_of_the_same_account() -> None:
    """A staff member's lives for five minutes, and a grace takes two; another member's is another account."""
    at = opened(("lost before", 0.0))
    error = at.lost(at.client(staff_token=token_of(7, 1)))
    with pytest.raises(ConfigurationError):
        at.settle(at.client(staff_token=token_of(8, 2)), error)
    assert at.settle(at.client(staff_token=token_of(7, 2)), error).memo == "refund-4711"
    assert len(set(at.shop.keys)) == 1


@BOTH
def test_it_is_looked_for_in_the_store_it_was_meant_for(kind: str) -> None:
    """The default store's list would not show it, and it would be sent twice."""
    at = opened(("lost after", 0.0), kind=kind)
    client = at.client()
    error = pickle.loads(pickle.dumps(at.lost(client, store_id="store_gbHJdmfrXB")))
    assert at.settle(client, error).id == at.shop.records[0]["id"]
    assert paths(at) == ["POST", "GET 1"]
    assert {one.headers.get("x-spree-store-id") for one in at.shop.requests} == {"store_gbHJdmfrXB"}
