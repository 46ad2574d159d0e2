"""Failures that were planted: whole jobs on each system in this process, on a clock that waiting moves."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from http_library import httpx
from jobs_support.accounts_on_mock import Key
from jobs_support.job_bench import JobBench
from jobs_support.open_rows import CREATES, SYSTEMS, Maker, lose, run, stop_at, stopped_with_open_rows
from jobs_support.plan_lines import created
from store_credit import spree_id
from store_credit_jobs.engine.closing import Closing
from store_credit_jobs.errors import JobsError
from store_credit_jobs.exit_codes import ExitCode
from store_credit_jobs.journal.steps import State
from store_credit_jobs.planning.plan_file import read_rows
from store_credit_jobs.planning.plan_request import PlanRequest
from store_credit_jobs.planning.planner import make_plan
from v3bench import V3Bench

SPREE = ("spree-v2", "spree-v3")
HOUR = 3600.0


def give(job: JobBench, customer: str, *amounts: int) -> None:
    """Have the staff issue credit, in cents."""
    for cents in amounts:
        amount = f"{cents / 100:.2f}"
        if job.account.system == "vinr":
            job.mock.vinr.store_credit.create(customer=customer, amount=cents, currency="USD")
        elif job.account.system == "spree-v2":
            create = job.mock.spree.store_credits.create
            create(user_id=customer, category_id="1", created_by_id="1", amount=amount, currency="USD")
        else:
            V3Bench(job.mock.engine).give(amount, customer=1 if customer == job.customer else 2)


@pytest.mark.parametrize("system", SPREE)
def test_4_a_double_of_whoever_looks_too_early_is_caught(
    system: str, job_of: Maker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A create that commits 45 seconds after its response was lost, and no wait before the look."""
    job = job_of(system)
    job.mock.fault(CREATES, nth=1, commit_after=45)
    module = system.replace("-", "_")
    monkeypatch.setattr(f"store_credit_jobs.systems.{module}.wait_until_ended", lambda *_: True)
    scan = Closing.scan

    def late(self: Closing, *arguments: Any, **more: Any) -> Any:
        job.clock.wait(60)
        return scan(self, *arguments, **more)

    monkeypatch.setattr(Closing, "scan", late)
    result = run(job)
    assert len(job.made()) == len(job.lines) + 1
    assert result.exit_code is ExitCode.BROKEN
    assert result.proof is not None
    assert [one.code for one in result.proof.findings] == ["double_found"]


@pytest.mark.parametrize("system", SPREE)
def test_4_the_grace_of_the_run_that_sent_counts_for_those_after_it(system: str, job_of: Maker) -> None:
    """Who passed --grace once for a slow server need not pass it to each command after that."""
    job = job_of(system)
    job.mock.fault(CREATES, nth=1, commit_after=200)
    stop_at(job, 2)
    assert run(job, grace=300.0).exit_code is ExitCode.INTERRUPTED
    assert (job.step(1).state, job.step(1).grace) == (State.UNKNOWN, 300.0)
    assert run(job).exit_code is ExitCode.DONE
    assert job.step(1).how == "found"
    assert job.made() == job.wanted()


@pytest.mark.parametrize(("system", "hours"), [("vinr", 22), ("spree-v2", 25), ("spree-v3", 25)])
def test_7_what_a_day_does_not_hide(system: str, hours: int, job_of: Maker) -> None:
    """VINR still knows its keys after 22 hours, and Spree has marks: what is not there is sent again, once."""
    job = stopped_with_open_rows(job_of(system))
    job.clock.wait(hours * HOUR)
    assert run(job).exit_code is ExitCode.DONE
    assert job.step(1).how == ("replayed" if system == "vinr" else "found")
    assert job.made() == job.wanted()


@pytest.mark.parametrize("system", SYSTEMS)
@pytest.mark.parametrize("hours", [0, 25])
@pytest.mark.parametrize("arrives", [True, False])
def test_9_of_equal_rows_each_is_explained_once(system: str, hours: int, arrives: bool, job_of: Maker) -> None:
    """Two equal rows of one customer, one of them lost: what the other has made is never taken for its."""
    job = job_of(system, 3)
    identity = job.account.identity
    job.lines[1] = created(2, identity=identity, minor=101, customer=job.customer)
    lose(job, 1, arrives=arrives)
    stop_at(job, 2)
    run(job)
    assert job.step(2).state is State.DONE
    job.clock.wait(hours * HOUR)
    result = run(job)
    made = [step.made for step in job.steps if step.made is not None]
    assert len(made) == len(set(made))
    if system == "vinr" and hours and not arrives:
        assert job.step(1).state is State.HELD
        assert job.made() == [101, 103]
    else:
        assert result.exit_code is ExitCode.DONE
        assert job.made() == job.wanted() == [101, 101, 103]


def test_10_stale_pages_hide_nothing(job_of: Maker) -> None:
    """Spree 4.5 keeps a full page with its old total for an hour: who believes that never asks for the second."""
    job = job_of("spree-v2")
    create = job.mock.spree.store_credits.create
    for number in range(500):
        create(user_id="2", category_id="1", created_by_id="1", amount=number + 1, currency="EUR")
    kept: dict[tuple[str, ...], Any] = {}
    stale = 0

    def as_4_5_does(request: Any, send: Callable[[Any], Any]) -> Any:
        # A page is kept under the ids that are on it, and neither its filters nor the list's length are part of that.
        nonlocal stale
        response = send(request)
        body = response.json()
        if isinstance(body.get("data"), list) and body["data"]:
            meta = kept.setdefault(tuple(one["id"] for one in body["data"]), body["meta"])
            stale += meta != body["meta"]
            body["meta"] = meta
        return type(response)(response.status_code, json=body, headers={"date": response.headers["date"]})

    job.wire.reading = as_4_5_does
    job.before = {credit.id for credit in job.credits()}
    # From here on the server has that page, as the look for what is open asks for it.
    assert len(list(job.system.credits(mine=True))) == len(job.before) == 500
    lose(job, 2, 3)
    lose(job, 4, arrives=False)
    assert run(job).exit_code is ExitCode.DONE
    assert stale
    assert (job.step(2).how, job.step(4).how) == ("found", "sent")
    assert job.made() == job.wanted()


@pytest.mark.parametrize("system", SYSTEMS)
def test_11_ignored_filters_are_seen_through(system: str, job_of: Maker) -> None:
    """The server lists everything, whatever is asked for: what others have and what is old explains nothing."""
    job = job_of(system)
    others = {"vinr": "cust_other", "spree-v2": "3", "spree-v3": "cus_gbHJdmfrXB"}[system]
    if system == "vinr":
        job.mock.control.vinr.add_customer(others, "other@example.org")
    # The amounts of rows 1 and 2: of the same customer days ago, and of somebody else.
    give(job, job.customer, 101, 102)
    job.clock.wait(3 * 24 * HOUR)
    give(job, others, 101, 102)
    job.before = {credit.id for credit in job.credits()}
    stopped_with_open_rows(job)
    if system == "vinr":
        job.clock.wait(25 * HOUR)

    def unfiltered(request: Any, send: Callable[[Any], Any]) -> Any:
        names = ("customer", "filter[user", "filter[created", "q[")
        kept = [pair for pair in request.url.params.multi_items() if not pair[0].startswith(names)]
        return send(type(request)(request.method, request.url.copy_with(params=kept), headers=request.headers))

    job.wire.reading = unfiltered
    result = run(job)
    assert job.step(1).how == "found"
    assert job.step(1).made not in job.before
    if system == "vinr":
        assert job.step(2).state is State.HELD
    else:
        assert result.exit_code is ExitCode.DONE
        assert job.made() == job.wanted()


def who_comes_later(job: JobBench) -> tuple[str, Callable[[], object]]:
    """The id of a customer who is not there yet, and what makes them."""
    control: Any = job.mock.control
    if job.account.system == "vinr":
        return "cust_later", lambda: control.vinr.add_customer("cust_later", "later@example.org")
    if job.account.system == "spree-v2":
        return str(control.spree.add_user("a@example.org").id + 1), lambda: control.spree.add_user("b@example.org")
    made = control.spree_v3.add_customer("a@example.org").id
    number = next(n for n in range(1, 1000) if spree_id("customer", n, server="5.6") == made)
    later = spree_id("customer", number + 1, server="5.6")
    return later, lambda: control.spree_v3.add_customer("b@example.org")


@pytest.mark.parametrize("system", SYSTEMS)
def test_12_a_customer_who_comes_later(system: str, job_of: Maker) -> None:
    """Refused, and kept under its key by VINR and Spree v3: only --retry-refused sends it, under the next one, once."""
    job = job_of(system)
    later, add = who_comes_later(job)
    job.lines[2]["customer"] = later
    assert run(job).exit_code is ExitCode.REFUSED
    add()
    assert run(job).exit_code is ExitCode.REFUSED
    assert job.wire.writes == 6
    assert run(job, retry_refused=True).exit_code is ExitCode.DONE
    assert job.wire.writes == 7
    assert (job.step(3).generation, job.step(3).how) == (2, "sent")
    (credit,) = job.connect().credits(customer=later)
    assert (credit.minor, credit.id) == (103, job.step(3).made)


def planned(job: JobBench, *rows: str) -> Path:
    """Plan a file for the customer, with keys and amounts; nothing is sent."""
    lines = (f"{key},{job.customer},{amount},USD" for key, amount in (row.split(",") for row in rows))
    file = job.folder / "a.csv"
    file.write_text("\n".join(["key,customer,amount,currency", *lines, ""]))
    output = job.folder / f"{len(list(job.folder.glob('*.plan.jsonl')))}.plan.jsonl"
    journal, before = job.journal(), job.wire.writes
    request = PlanRequest(file=str(file), campaign="nov", account=job.account, output=output)
    try:
        make_plan(request, job.connect(), journal, clock=job.clock.now)
    finally:
        journal.close()
        assert job.wire.writes == before
    return output


@pytest.mark.parametrize("system", SYSTEMS)
def test_13_a_file_that_is_edited_and_planned_again(system: str, job_of: Maker) -> None:
    """What is done has nothing to do, another amount under its key is refused, and what is new is sent alone."""
    job = job_of(system)
    first = planned(job, "k1,1.01", "k2,1.02", "k3,1.03")
    assert run(job, plan=first).exit_code is ExitCode.DONE
    with pytest.raises(JobsError) as caught:
        planned(job, "k1,1.01", "k2,9.02", "k3,1.03")
    assert [(one.code, one.key, one.line) for one in caught.value.problems] == [("key_conflict", "k2", 3)]
    again = planned(job, "k0,1.00", "k3,1.03", "k2,1.02", "k1,1.01")
    assert [(row.key, row.do, row.why) for row in read_rows(again)] == [
        ("k0", "create", None),
        *((key, "nothing", "already_done") for key in ("k3", "k2", "k1")),
    ]
    assert run(job, plan=again).exit_code is ExitCode.DONE
    assert job.wire.writes == 4
    assert job.made() == [100, 101, 102, 103]


@pytest.mark.parametrize("system", SYSTEMS)
def test_16_a_storm_of_429(system: str, job_of: Maker) -> None:
    """Nothing is sent for as long as the server says, and nothing is lost or made twice by it."""
    job = job_of(system)
    refused = (2, 3, 4, 6)
    sent: list[float] = []

    def refuse(number: int, request: Any) -> Any:
        del request
        sent.append(job.clock.now())
        body = {"error": {"code": "rate_limited", "message": "slow down"}}
        return httpx.Response(429, json=body, headers={"retry-after": "7"}) if number in refused else None

    job.wire.before = refuse
    assert run(job).exit_code is ExitCode.DONE
    assert [number for number in range(1, len(sent)) if sent[number] - sent[number - 1] >= 7] == list(refused)
    assert job.made() == job.wanted()


@pytest.mark.parametrize("system", SPREE)
def test_16_a_wait_of_a_day_ends_the_run(system: str, job_of: Maker) -> None:
    """Exit code 4 at once; the next day the rest is sent."""
    job = job_of(system)
    job.mock.fault(CREATES, nth=3, times=9, status=429, headers={"retry-after": "86400"})
    began = job.clock.now()
    result = run(job)
    assert (result.exit_code, [one.code for one in result.reasons]) == (ExitCode.STOPPED, ["wait_too_long"])
    assert job.wire.writes == 3
    assert job.clock.now() - began < HOUR
    job.mock.control.clear_faults()
    job.clock.wait(24 * HOUR)
    assert run(job).exit_code is ExitCode.DONE
    assert job.made() == job.wanted()


def of_another_customer(response: Any) -> Any:
    """The response as if it were about somebody else."""
    body = response.json()
    if "data" in body:
        body["data"]["relationships"]["user"]["data"]["id"] = "3"
    elif "customer_id" in body:
        body["customer_id"] = "cus_gbHJdmfrXB"
    else:
        body["customer"] = "cust_other"
    return httpx.Response(201, json=body)


@pytest.mark.parametrize("system", SYSTEMS)
def test_17_a_success_about_somebody_else(system: str, job_of: Maker) -> None:
    """It is not believed: what is really there is looked up, or given again by the key."""
    job = job_of(system)
    job.wire.after = lambda number, request, response: of_another_customer(response) if number == 1 else response
    assert run(job).exit_code is ExitCode.DONE
    assert job.step(1).how == ("replayed" if system == "vinr" else "found")
    assert job.made() == job.wanted()


@pytest.mark.parametrize("system", SYSTEMS)
def test_17_a_credit_that_is_really_another_is_never_done(system: str, job_of: Maker) -> None:
    """The amount was changed on the way: a person has to see that, and nothing is sent in its place."""
    job = job_of(system)

    def alter(number: int, request: Any) -> Any:
        if number > 1:
            return None
        body = request.read().replace(b"1.01", b"9.01").replace(b'"amount":101', b'"amount":901')
        headers = {name: value for name, value in request.headers.items() if name != "content-length"}
        return job.mock.transport.handle_request(
            type(request)(request.method, request.url, headers=headers, content=body)
        )

    job.wire.before = alter
    assert run(job).exit_code is ExitCode.OPEN
    assert job.step(1).state is State.HELD
    assert job.made() == [102, 103, 104, 105, 106, 901]


@pytest.mark.parametrize("system", SYSTEMS)
def test_18_under_another_credential_open_rows_are_looked_up(system: str, job_of: Maker) -> None:
    """The server may keep keys by credential: what was lost before the old one ended is found, and not sent again."""
    job = job_of(system)
    lose(job, 2)
    said = {"code": "unauthorized", "message": "expired"}
    body = {"error": "The access token expired" if system == "spree-v2" else said}
    job.wire.before = lambda number, request: httpx.Response(401, json=body) if number >= 4 else None
    assert run(job).exit_code is ExitCode.CREDENTIALS
    assert [job.step(n).state for n in range(1, 7)] == [State.DONE, State.UNKNOWN, State.DONE, *[State.PLANNED] * 3]
    job.wire.before = lambda number, request: None
    key = Key(job.key.reveal())
    key.fingerprint = "another"
    job.key = key
    assert run(job).exit_code is ExitCode.DONE
    assert (job.step(2).how, job.step(2).attempt) == ("found", 1)
    assert job.made() == job.wanted()


@pytest.mark.parametrize("system", SYSTEMS)
@pytest.mark.parametrize("ahead", [-HOUR, HOUR])
@pytest.mark.parametrize("dated", [True, False], ids=["with Date", "without"])
def test_21_a_clock_that_is_wrong(system: str, ahead: float, dated: bool, job_of: Maker) -> None:
    """It is seen by `Date`; and where it is not seen, a new process finds what was lost all the same."""
    job = job_of(system, ahead=ahead)

    def undated(response: Any) -> Any:
        if not dated:
            response.headers.pop("date", None)
        return response

    job.wire.reading = lambda request, send: undated(send(request))
    job.wire.after = lambda number, request, response: undated(response)
    problems = [problem.code for problem in job.connect().check().problems]
    assert problems == (["clock_skew"] if dated else [])
    lose(job, 1)
    stop_at(job, 3)
    run(job)
    if system == "vinr":
        # Its keys would find it before that.
        job.clock.wait(25 * HOUR)
    again = job.connect()
    again.check()
    assert job.run(system=again, concurrency=1).exit_code is ExitCode.DONE
    assert job.step(1).how == "found"
    assert job.made() == job.wanted()


@pytest.mark.parametrize("system", SPREE)
def test_21_a_clock_that_is_days_ahead_of_a_server_that_does_not_say_its_time(system: str, job_of: Maker) -> None:
    """No bound of ours is right then: everything is looked through, and what was lost is found."""
    job = job_of(system, ahead=100 * HOUR)

    def undated(response: Any) -> Any:
        response.headers.pop("date", None)
        return response

    job.wire.reading = lambda request, send: undated(send(request))
    job.wire.after = lambda number, request, response: undated(response)
    lose(job, 1)
    assert run(job).exit_code is ExitCode.DONE
    assert job.step(1).how == "found"
    assert job.made() == job.wanted()
