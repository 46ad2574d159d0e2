"""A rehearsal: the engine on a mock that loses responses, and whoever counts afterwards."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from store_credit import spree_id
from store_credit_jobs.cli.main import main
from store_credit_jobs.config import Account
from store_credit_jobs.errors import JobsError
from store_credit_jobs.exit_codes import ExitCode
from store_credit_jobs.journal.steps import State
from store_credit_jobs.planning.plan_file import PlanHead, PlanRow, PlanStep, write_plan
from store_credit_jobs.rehearsal.rehearse import Rehearsal, rehearse
from store_credit_jobs.systems import spree_v2, spree_v3
from store_credit_jobs.wire_key import wire_key

HOST = "https://shop.example.com"
VERSIONS = {"spree-v3": "5.6"}


def account(system: Any, **more: Any) -> Account:
    return Account("shop", system, HOST, {}, created_by="17", category="4", server=VERSIONS.get(system), **more)


def customer(system: str, number: int) -> str:
    """An id of the shop's own, which the mock does not have."""
    if system == "vinr":
        return f"cust_{number}"
    return str(1000 + number) if system == "spree-v2" else spree_id("customer", 1000 + number, server="5.6")


def rows(system: str, count: int) -> Iterator[PlanRow]:
    for n in range(1, count + 1):
        wire = wire_key(account(system).identity, "nov", f"k{n}")
        # Many are alike: a double of one must not be taken for another.
        minor = 1000 + n % 3
        steps = (PlanStep("create", wire, minor),)
        yield PlanRow(n, f"k{n}", "create", customer(system, n % 7), minor, "USD", line=n + 1, steps=steps)


def step_of(key: str, action: Any, minor: int, target: str, before: dict[str, Any], after: dict[str, Any]) -> PlanStep:
    wire = wire_key(account("vinr").identity, "nov", key)
    return PlanStep(action, wire, minor, target, before, after)


@pytest.fixture
def plan(tmp_path: Path) -> Callable[..., Path]:
    """Write a plan."""

    def write(system: str, rows: Any, mode: str = "add") -> Path:
        of = account(system)
        head = PlanHead(
            "pl_1", "nov", of.name, of.identity, system, of.host, "2026-11-29T16:00:00Z", {"name": "a.csv"}, mode,
            "issue", "0.1.0", settings={"category": "4"},
        )  # fmt: skip
        write_plan(tmp_path / "plan.jsonl", head, rows)
        return tmp_path / "plan.jsonl"

    return write


def outcome(done: Rehearsal) -> tuple[Any, ...]:
    return done.exit_code, dict(done.result.totals.states), done.credits, done.doubled, done.lost, done.sound


@pytest.mark.parametrize("system", ["vinr", "spree-v2", "spree-v3"])
def test_trouble_doubles_and_loses_nothing(system: str, plan: Callable[..., Path]) -> None:
    """A third of all requests goes wrong in every way there is, slow commits included; files stay as they are."""
    file = plan(system, rows(system, 60))
    before = file.read_bytes()
    done = rehearse(file, account(system), trouble=0.33, seed=7)
    assert outcome(done) == (ExitCode.DONE, {State.DONE: 60}, 60, 0, 0, True)
    assert sum(done.trouble.values()) >= 15
    assert [file] == list(file.parent.iterdir())
    assert file.read_bytes() == before


def test_the_same_seed_gives_the_same_rehearsal(plan: Callable[..., Path]) -> None:
    file = plan("spree-v2", rows("spree-v2", 40))
    first, again, other = (rehearse(file, account("spree-v2"), trouble=0.3, seed=seed) for seed in (3, 3, 4))
    assert (first.trouble, first.result.requests) == (again.trouble, again.result.requests)
    assert first.trouble != other.trouble


@pytest.mark.parametrize(("system", "module"), [("spree-v2", spree_v2), ("spree-v3", spree_v3)])
def test_who_looks_too_early_is_found_out(
    system: str, module: Any, plan: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the wait before a look-up, slow commits double; the rehearsal counts them and ends with 5."""
    monkeypatch.setattr(module, "wait_until_ended", lambda *_: True)
    done = rehearse(plan(system, rows(system, 60)), account(system), trouble=0.5, seed=1)
    assert done.exit_code is ExitCode.BROKEN
    assert done.doubled > 0


def test_changes_of_credit_that_is_there(plan: Callable[..., Path]) -> None:
    """Rows that change or delete find their credits on the mock; one about credit that is partly spent is left out."""
    whole = {"minor": 900, "used": 0, "authorized": 0, "expires": None}
    spent = {**whole, "used": 100}
    changes = [
        PlanRow(1, "a", "reduce", "1001", 400, "USD", was={"outstanding": 2000},
                steps=(step_of("a", "update", 500, "77", whole, {**whole, "minor": 500}),)),
        PlanRow(2, "b", "delete", "1002", 900, "USD", steps=(step_of("b", "delete", 900, "78", whole, {}),)),
        PlanRow(3, "c", "reduce", "1003", 100, "USD", steps=(step_of("c", "update", 800, "79", spent, spent),)),
        PlanRow(4, "d", "nothing", "1004", 1, "USD", why="already_so"),
    ]  # fmt: skip
    done = rehearse(plan("spree-v2", changes, "reduce"), account("spree-v2"), trouble=0.3, seed=2)
    assert outcome(done) == (ExitCode.DONE, {State.DONE: 2}, 0, 0, 0, True)
    assert (done.left_out, done.result.totals.nothing) == (1, 1)


def test_changes_of_expiry(plan: Callable[..., Path]) -> None:
    """VINR's credits keep their ids, and what is spent of them."""
    before = {"minor": 900, "used": 300, "authorized": 0, "expires": None}
    after = {**before, "expires": 1_900_000_000}
    change = PlanRow(
        1, "a", "expire", "cust_1", 600, "USD", steps=(step_of("a", "update", 900, "sc_1", before, after),)
    )
    done = rehearse(plan("vinr", [change], "undo"), account("vinr"), trouble=0, seed=1)
    assert outcome(done) == (ExitCode.DONE, {State.DONE: 1}, 0, 0, 0, True)
    assert sum(done.trouble.values()) == 0


def test_a_plan_that_was_changed(plan: Callable[..., Path]) -> None:
    file = plan("vinr", rows("vinr", 3))
    file.write_bytes(file.read_bytes().replace(b"cust_1", b"cust_9"))
    with pytest.raises(JobsError) as refused:
        rehearse(file, account("vinr"), trouble=0, seed=1)
    assert refused.value.code == "plan_changed"


def test_without_the_mock(plan: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "store_credit_mock", None)
    with pytest.raises(JobsError, match=r"store-credit-jobs\[rehearse\]"):
        rehearse(plan("vinr", rows("vinr", 3)), account("vinr"), trouble=0, seed=1)


def test_the_command(
    plan: Callable[..., Path], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It needs no configuration, says what happened and how it ended, or both as JSON."""
    file = plan("spree-v2", rows("spree-v2", 40))
    monkeypatch.chdir(file.parent)

    def run(*arguments: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as ended:
            main(["issue", "rehearse", str(file), *arguments])
        assert isinstance(ended.value.code, int)
        out, err = capsys.readouterr()
        return int(ended.value.code), out, err

    code, out, _ = run("--trouble", "30%", "--seed", "7", "--quiet")
    assert code == 0
    assert "Rehearsed on a mock of Spree's API v2 in this process, with seed 7; no server was contacted" in out
    assert "  on the mock: 40 new credits, 0 doubled, 0 lost\n" in out
    assert "response lost while the server was still executing the request, for 45 s" in out

    code, out, err = run("--trouble", "0.3", "--json")
    events = [json.loads(line) for line in out.splitlines()]
    assert (code, err, events[0]["event"], events[-2]["event"]) == (0, "", "job.started", "job.ended")
    assert {"event": "rehearsal.ended", "doubled": 0, "lost": 0, "credits": 40}.items() <= events[-1].items()

    assert run("--trouble", "120%")[0] == 2
    assert [file] == list(file.parent.iterdir())


def test_it_knows_the_account_from_the_plan(plan: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> None:
    """A plan for another system than the account's is no plan for it."""
    file = plan("vinr", rows("vinr", 1))
    (file.parent / "store-credit.toml").write_text(
        f'[account.shop]\nsystem = "spree-v2"\nurl = "{HOST}"\ntoken = {{ env = "NONE" }}\n'
        'created_by = "1"\ncategory = "1"\n'
    )
    monkeypatch.chdir(file.parent)
    with pytest.raises(SystemExit) as ended:
        main(["issue", "rehearse", str(file)])
    assert ended.value.code == 2
