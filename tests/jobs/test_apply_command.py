"""`store-credit issue apply`: what has to be said before real money is moved, and what else it takes."""

from __future__ import annotations

import itertools
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click
import pytest

from jobs_support.shops import Shop
from served_mock import Served, start
from store_credit_jobs.cli import apply_command
from store_credit_jobs.errors import JobsError
from store_credit_jobs.exit_codes import ExitCode
from store_credit_jobs.planning.plan_file import PlanSeal, read_head

_numbers = itertools.count(1)


@pytest.fixture(scope="module")
def mock() -> Iterator[Served]:
    running = start("--observe")
    yield running
    running.process.terminate()
    running.end()


@pytest.fixture
def shop(mock: Served, tmp_path: Path) -> Callable[..., Shop]:
    def make(system: str = "spree-v2", **settings: Any) -> Shop:
        return Shop(mock, system, f"apply-{next(_numbers)}", tmp_path, rows=5, **settings)

    return make


def code_of(run: Any) -> str:
    return json.loads(run.out.splitlines()[-1])["code"]


def test_a_live_account_wants_two_words(shop: Callable[..., Shop]) -> None:
    """Real money: --live, and the plan's hash or its total typed; nothing is sent before."""
    there = shop(live="true")
    run = there.apply("--json")
    assert (run.code, code_of(run)) == (ExitCode.USAGE, "live_account")
    assert "pass --live" in run.err
    run = there.apply("--json", "--live")
    assert (run.code, code_of(run)) == (ExitCode.USAGE, "not_confirmed")
    assert there.seal.sha256[:16] in run.err
    for wrong in ("0" * 64, there.seal.sha256[:7], ""):
        run = there.apply("--json", "--live", "--confirm", wrong)
        assert (run.code, code_of(run)) == (ExitCode.USAGE, "not_confirmed")
    assert there.requests() == 0
    assert there.apply("--live", "--confirm", there.seal.sha256[:16].upper()).code == ExitCode.DONE
    assert there.counted() == (0, 0)
    # What has ended moves nothing: it is said again without a word.
    assert there.apply().code == ExitCode.DONE


def test_a_live_vinr_key_is_known_by_its_prefix(shop: Callable[..., Shop]) -> None:
    there = shop("vinr")
    there.key = there.key.replace("sk_test", "sk_live")
    run = there.apply("--json")
    # A live key does not go to a plain http address of this machine; and if it did, --live would be missing.
    assert run.code in (ExitCode.USAGE, ExitCode.CREDENTIALS)
    assert there.requests() == 0


@pytest.mark.parametrize(
    ("typed", "taken"),
    [("12.50", True), ("usd 12.50", True), ("12.5", False), ("1250", False), ("", False), ("y", False)],
)
def test_a_person_types_the_total(
    typed: str, taken: bool, shop: Callable[..., Shop], monkeypatch: pytest.MonkeyPatch
) -> None:
    there = shop()
    seal = PlanSeal(3, 1, {"USD": {"rows": 2, "minor": 1250}}, "0" * 64)
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    monkeypatch.setattr(click, "prompt", lambda *_, **__: typed)
    if taken:
        apply_command._type_total(read_head(there.plan), seal, there.account)
        return
    with pytest.raises(JobsError, match=r"USD 12\.50"):
        apply_command._type_total(read_head(there.plan), seal, there.account)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--concurrency", "65"], "--concurrency"),
        (["--concurrency", "0"], "--concurrency"),
        (["--rate", "fast"], "--rate"),
        (["--grace", "0"], "--grace"),
        (["--grace", "soon"], "--grace"),
        (["--deadline", "2026-11-28T18:00:00"], "zone"),
        (["--max-total", "12,50:USD"], "--max-total"),
        (["--max-total", "12.505:USD"], "--max-total"),
        (["--max-total", "1:USD", "--max-total", "2:USD"], "--max-total"),
        (["--stop-after", "-1"], "--stop-after"),
    ],
)
def test_a_wrong_option_is_told_before_anything_is_asked(
    options: list[str], said: str, shop: Callable[..., Shop]
) -> None:
    there = shop()
    asked = there.requests("*")
    run = there.apply(*options)
    assert run.code == ExitCode.USAGE
    assert said in run.err
    assert there.requests("*") == asked
    assert not (there.folder / "workspace").exists()


def test_the_server_lock_is_for_one_system(shop: Callable[..., Shop]) -> None:
    there = shop("vinr")
    run = there.apply("--server-lock")
    assert run.code == ExitCode.USAGE
    assert "spree-v2" in run.err
    assert there.requests() == 0


def test_a_job_is_resumed_with_a_plan_that_has_become_old(shop: Callable[..., Shop]) -> None:
    """A day is for plans that are new: what is a job already is finished whenever somebody comes to it."""
    there = shop()
    assert there.apply("--max-total", "3:USD").code == ExitCode.STOPPED
    assert there.apply("--max-age", "0").code == ExitCode.DONE
    assert there.counted() == (0, 0)


def test_refused_rows_are_sent_again_under_new_keys(shop: Callable[..., Shop]) -> None:
    """Failure 12: the customer was missing and is there now."""
    there = shop("vinr")
    there.customer = "cust_new"
    there.seal = there.write_plan(there.plan)
    run = there.apply()
    assert run.code == ExitCode.REFUSED, run
    assert there.result()["refusals"] == {"resource_missing": 5}
    there.control.seed({"vinr": {"customers": [{"id": "cust_new", "email": "new@example.com"}]}})
    sent = there.requests()
    assert there.apply().code == ExitCode.REFUSED
    assert there.requests() == sent, "refused is refused until somebody says otherwise"
    assert there.apply("--retry-refused").code == ExitCode.DONE
    assert there.counted() == (0, 0)


def test_events_are_json_on_stdout(shop: Callable[..., Shop]) -> None:
    there = shop()
    lines = [json.loads(line) for line in there.apply("--json").out.splitlines()]
    assert lines[0]["event"] == "job.started"
    assert lines[-1]["event"] == "job.ended"
    assert lines[-1]["proof"]["holds"]
    assert [Path(file).exists() for file in lines[-1]["files"]] == [True, True]
    assert there.key not in there.apply("--json").out


def test_a_credential_that_is_refused(shop: Callable[..., Shop]) -> None:
    there = shop()
    there.key = "nobody"
    run = there.apply("--json")
    assert (run.code, code_of(run)) == (ExitCode.CREDENTIALS, "credentials_refused")
    assert there.key not in run.err
