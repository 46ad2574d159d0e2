"""Faults that are planned: which requests they strike, what becomes of the response, and which make no sense."""

from __future__ import annotations

from typing import Any, Literal

import orjson
import pytest

from benches import Bench, Maker
from store_credit_mock import Fault
from store_credit_mock.control import ControlError

PATH = "/v1/store-credit"


def test_the_nth_request_is_struck_and_no_other(bench: Bench) -> None:
    """`nth` counts the operation's requests; `times` lets it strike again."""
    bench.control.add_fault(Fault("vinr.*.list", nth=3, times=2, status=503))
    statuses = [bench.send("GET", PATH).status for _ in range(6)]
    bench.send("GET", f"{PATH}/sc_none")

    assert statuses == [200, 200, 503, 503, 200, 200]
    assert [(fault.seen, fault.struck) for fault in bench.control.faults()] == [(6, 2)]


def test_the_others_strike_when_one_is_removed(bench: Bench) -> None:
    """Removing a fault leaves those that were planned before and after it."""
    planned = [bench.control.add_fault(Fault("vinr.*.list", status=status, nth=1)) for status in (500, 502, 503)]
    bench.control.remove_fault(planned[1].id)
    statuses = [bench.send("GET", PATH).status for _ in range(3)]

    assert statuses == [500, 503, 200]
    bench.control.remove_fault(planned[0].id)
    bench.control.add_fault(Fault("vinr.*.list", status=504))
    assert bench.send("GET", PATH).status == 504
    with pytest.raises(ControlError, match=planned[1].id):
        bench.control.remove_fault(planned[1].id)


def test_chance_follows_the_seed(bench_of: Maker) -> None:
    """A probability strikes the same requests again under a seed, others under another, about as often as said."""

    def struck(seed: int) -> list[int]:
        bench = bench_of(seed=seed)
        bench.engine.faults.add(Fault("*", probability=0.3, status=500))
        return [number for number in range(300) if bench.send("GET", PATH).status == 500]

    assert struck(1) == struck(1) != struck(2)
    assert 50 < len(struck(1)) < 130


def test_cut_answers_say_where_they_end(bench: Bench) -> None:
    """Dropped answers send nothing, truncated ones part of the body, always less than all of it."""
    for fault, dropped, end in (
        (Fault(drop=True), True, lambda _: None),
        (Fault(truncate=7), False, lambda _: 7),
        (Fault(truncate=10**6), False, lambda length: length - 1),
    ):
        bench.engine.faults.clear()
        bench.engine.faults.add(fault)
        response = bench.send("GET", PATH)
        assert (response.dropped, response.truncate_at) == (dropped, end(len(response.body)))


def test_a_broken_answer_is_no_json_or_breaks_the_document(bench: Bench) -> None:
    """`malformed` cannot be parsed; `breaks_document` can, and is not what the document says."""
    bench.engine.faults.add(Fault(nth=1, malformed=True))
    with pytest.raises(orjson.JSONDecodeError):
        orjson.loads(bench.send("GET", PATH).body)
    bench.engine.faults.clear()
    bench.engine.faults.add(Fault(nth=1, breaks_document=True))
    assert "data" not in orjson.loads(bench.send("GET", PATH).body)


def test_401_comes_before_faults_and_violations(bench: Bench) -> None:
    """Who may not call is told so, whatever is planned."""
    bench.engine.faults.add(Fault("*", status=500))

    assert bench.send("POST", f"{PATH}?x=1", b"{", {"X-Api-Key": "bad"}).status == 401


@pytest.mark.parametrize(
    "wrong",
    [{}, {"status": 200}, {"status": 500, "drop": True}, {"drop": True, "probability": 2}, {"drop": True, "nth": 0},
     {"drop": True, "nth": 1, "probability": 0.5}, {"delay": -1}],
)  # fmt: skip
def test_faults_that_make_no_sense_are_refused(wrong: dict[str, Any]) -> None:
    """A fault says what it does, and does one thing."""
    with pytest.raises(ValueError, match=r"."):
        Fault(**wrong)


def test_a_fault_that_could_never_strike_is_refused(bench: Bench) -> None:
    """A slip in a name is told when the fault is planned, and not by a test that passes for the wrong reason."""
    with pytest.raises(
        ValueError,
        match=r"vinr\.store_credit\.creat' matches no operation.*; did you mean vinr\.store_credit\.create\?",
    ):
        bench.engine.faults.add(Fault("vinr.store_credit.creat", drop=True))
    with pytest.raises(ControlError, match=r"'nothing\.like\.it' matches no operation of the OpenAPI document"):
        bench.control.add_fault(Fault("nothing.like.it", drop=True))

    assert bench.control.faults().data == []


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("status", [402, 429, 451, 599])
def test_a_planned_status_is_given_as_planned(bench: Bench, status: int, when: Literal["before", "after"]) -> None:
    """Also one that the document lacks, in strict mode and on both systems; a fault is not a defect of the mock."""
    bench.engine.faults.add(Fault("*", status=status, when=when))
    token = bench.control.spree.issue_token(scopes="admin").token
    answers = [
        bench.send("GET", PATH),
        bench.send("GET", "/api/v2/platform/store_credits", None, {"Authorization": f"Bearer {token}"}),
    ]

    assert [answer.status for answer in answers] == [status, status]
