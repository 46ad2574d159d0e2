"""Refusals of what stands in front of the server, a filter or a proxy: they say nothing of what the server has done."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from http_library import httpx
from jobs_support.job_bench import JobBench
from store_credit_jobs.exit_codes import ExitCode
from store_credit_jobs.journal.steps import State

SYSTEMS = ("vinr", "spree-v2", "spree-v3")
Maker = Callable[..., JobBench]
PAGES = {
    "HTML": {"html": "<h1>Blocked</h1>"},
    "nothing": {"content": b""},
    "another error": {"json": {"message": "Blocked", "incident": "17"}},
}


def run(job: JobBench, **more: Any) -> Any:
    return job.run(system=job.connect(), concurrency=1, **more)


@pytest.mark.parametrize("system", SYSTEMS)
@pytest.mark.parametrize("page", PAGES)
def test_a_refusal_in_place_of_the_servers_success(system: str, page: str, job_of: Maker) -> None:
    """The server has issued the credit, and a filter did not like its response: it is found, and none is made twice."""
    job = job_of(system)
    statuses = {2: 404, 4: 422}
    job.wire.after = lambda number, request, response: (
        httpx.Response(statuses[number], **PAGES[page]) if number in statuses else response
    )
    assert run(job).exit_code is ExitCode.DONE
    assert [job.step(n).how for n in (2, 4)] == (["replayed"] * 2 if system == "vinr" else ["found"] * 2)
    assert job.made() == job.wanted()


@pytest.mark.parametrize("system", SYSTEMS)
@pytest.mark.parametrize("status", [401, 403])
def test_a_filter_that_denies_everything_stops_the_job(system: str, status: int, job_of: Maker) -> None:
    """The row whose response it replaced is found when the job goes on."""
    job = job_of(system)
    job.wire.after = lambda number, request, response: (
        httpx.Response(status, **PAGES["HTML"]) if number == 3 else response
    )
    assert run(job).exit_code is ExitCode.CREDENTIALS
    assert [job.step(n).state for n in (2, 3, 4)] == [State.DONE, State.UNKNOWN, State.PLANNED]
    assert run(job).exit_code is ExitCode.DONE
    assert job.made() == job.wanted()


@pytest.mark.parametrize("system", SYSTEMS)
def test_a_row_that_a_filter_refuses_is_not_sent_for_ever(system: str, job_of: Maker) -> None:
    """On Spree it is refused once it is known not to be there; on VINR its key allows a few more attempts."""
    job = job_of(system)
    blocked = {"vinr": b'"amount":102', "spree-v2": b"1.02", "spree-v3": b"1.02"}[system]

    def block(number: int, request: Any) -> Any:
        del number
        return httpx.Response(422, **PAGES["HTML"]) if blocked in request.read() else None

    job.wire.before = block
    result = run(job)
    if system == "vinr":
        assert (result.exit_code, job.step(2).state, job.step(2).attempt) == (ExitCode.OPEN, State.HELD, 5)
        return
    assert (result.exit_code, job.step(2).state, job.step(2).attempt) == (ExitCode.REFUSED, State.REFUSED, 1)
    assert job.step(2).code == "foreign_response"
    job.wire.before = lambda number, request: None
    assert run(job, retry_refused=True).exit_code is ExitCode.DONE
    assert job.made() == job.wanted()
