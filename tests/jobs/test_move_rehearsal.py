"""A rehearsal of a move: both sides on mocks with trouble, counted and compared; nothing is sent."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import attrs
import pytest

from store_credit import spree_id
from store_credit_jobs.cli.main import main
from store_credit_jobs.config import Account
from store_credit_jobs.exit_codes import ExitCode
from store_credit_jobs.move.gives import Due, give_rows
from store_credit_jobs.move.halves import Halves
from store_credit_jobs.move.pair import CAMPAIGN, Order, Pair, Part, Side, move_key
from store_credit_jobs.move.plan import head_of
from store_credit_jobs.planning.plan_file import PlanRow, PlanStep, write_plan
from store_credit_jobs.rehearsal.rehearse_move import MoveRehearsal, rehearse_move
from store_credit_jobs.systems import spree_v3
from store_credit_jobs.wire_key import wire_key

NOW = 1_796_000_000.0
WAYS = [("spree-v2", "spree-v3"), ("vinr", "spree-v2"), ("spree-v3", "vinr")]


def account(name: str, system: Any) -> Account:
    server = "5.6" if system == "spree-v3" else None
    host = f"https://{name}.example.com"
    return Account(name, system, host, {}, created_by="17", category="4", server=server)


def customer(system: str, number: int) -> str:
    """An id of a real shop's, which the mock does not have."""
    if system == "vinr":
        return f"cust_{number}"
    return str(1000 + number) if system == "spree-v2" else spree_id("customer", 1000 + number, server="5.6")


@attrs.frozen
class Planned:
    """A plan of a move, and the accounts that it is between."""

    file: Path
    accounts: dict[Any, Account]
    pair: Pair

    def rehearse(self, trouble: float, seed: int = 7) -> MoveRehearsal:
        return rehearse_move(self.file, self.accounts, trouble=trouble, seed=seed)


def taking(pair: Pair, count: int) -> Any:
    """Rows that take credits of 10.00 and some cents from seven customers."""
    from_, to = pair.source.system, pair.target.system
    for n in range(1, count + 1):
        credit = f"sc_{n}" if from_ == "vinr" else str(100 + n)
        key, minor = move_key(pair.source.identity, credit), 1000 + n % 3
        before = {"minor": minor, "used": 0, "authorized": 0, "expires": None}
        action: Any = "update" if from_ == "vinr" else "delete"
        steps = (PlanStep(action, wire_key(pair.source.identity, CAMPAIGN, key), minor, credit, before),)
        give = {"customer": customer(to, n % 7)}
        yield PlanRow(
            n, key, "expire" if from_ == "vinr" else "delete", customer(from_, n % 7), minor, "USD",
            expires_in=120 if from_ == "vinr" else None, steps=steps, was=before, then={"give": give},
        )  # fmt: skip


def giving(pair: Pair, count: int) -> Any:
    """Rows that give first for as many credits."""
    to = pair.target.system
    dues = (
        Due(str(100 + n), customer(pair.source.system, n % 7), 1000 + n % 3, "USD", {"customer": customer(to, n % 7)})
        for n in range(1, count + 1)
    )
    return give_rows(dues, pair)


@pytest.fixture
def planned(tmp_path: Path) -> Callable[..., Planned]:
    """Write a plan."""

    def write(source: str, target: str, count: int = 40, order: Order = "take-first", summed: bool = False) -> Planned:
        accounts: dict[Any, Account] = {"source": account("old", source), "target": account("new", target)}
        pair = Pair(Side.of(accounts["source"]), Side.of(accounts["target"]), order, summed, False, "seal")
        part: Part = "take" if order == "take-first" else "give"
        rows = taking(pair, count) if part == "take" else giving(pair, count)
        side = pair.source if part == "take" else pair.target
        file = tmp_path / "move.plan.jsonl"
        write_plan(file, head_of(pair, part, side, {"name": "old"}, NOW), rows)
        return Planned(file, accounts, pair)

    return write


@pytest.mark.parametrize(("source", "target"), WAYS)
def test_both_halves_double_and_lose_nothing(source: str, target: str, planned: Callable[..., Planned]) -> None:
    """A third of all requests on both sides goes wrong, slow commits included; every credit arrives once."""
    plan = planned(source, target)
    before = plan.file.read_bytes()
    done = plan.rehearse(0.33)
    assert (done.exit_code, done.open, done.differences) == (ExitCode.DONE, 0, ())
    assert done.codes == (ExitCode.DONE, ExitCode.DONE)
    here, there = done.sides["source"], done.sides["target"]
    assert (here.rows, here.credits, here.doubled, here.lost, here.sound) == (40, 0, 0, 0, True)
    assert (there.rows, there.credits, there.doubled, there.lost, there.sound) == (40, 40, 0, 0, True)
    assert min(sum(side.trouble.values()) for side in (here, there)) >= 5
    total = sum(1000 + n % 3 for n in range(1, 41))
    assert done.sums == {
        ("USD", "count"): (40, 40), ("USD", "minor"): (total, total), ("USD", "owed"): (total, total),
    }  # fmt: skip
    assert list(plan.file.parent.iterdir()) == [plan.file]
    assert plan.file.read_bytes() == before
    again, other = plan.rehearse(0.33), plan.rehearse(0.33, seed=8)
    assert again.sides == done.sides
    assert other.sides != done.sides


@pytest.mark.parametrize("order", ["give-first", "give-only"])
def test_other_orders(order: str, planned: Callable[..., Planned]) -> None:
    """Given first, what was given for is taken then; given only, there is no source. `--sum` gives one a customer."""
    done = planned("spree-v2", "spree-v3", order=order, summed=True).rehearse(0.3)
    assert (done.exit_code, done.differences) == (ExitCode.DONE, ())
    assert done.sides["target"].credits == 7
    assert ("source" in done.sides) == (order == "give-first")
    if order == "give-first":
        assert done.sides["source"].rows == 40


def test_a_half_that_is_not_played_is_a_difference(
    planned: Callable[..., Planned], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever forgets to give is found out: everything is taken, nothing is there, exit 5."""
    monkeypatch.setattr(Halves, "_give_what_was_taken", lambda _: [])
    done = planned("spree-v2", "spree-v3", 5).rehearse(0)
    assert done.exit_code is ExitCode.BROKEN
    assert done.sums["USD", "count"] == (5, 0)


def test_who_looks_too_early_is_found_out(planned: Callable[..., Planned], monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the wait before a look-up, slow commits in the target double."""
    monkeypatch.setattr(spree_v3, "wait_until_ended", lambda *_: True)
    done = planned("spree-v2", "spree-v3", 60).rehearse(0.5, seed=1)
    assert done.exit_code is ExitCode.BROKEN
    assert done.sides["target"].doubled > 0
    assert done.sides["source"].doubled == 0


def test_rows_that_the_mock_cannot_play_are_left_out(planned: Callable[..., Planned], tmp_path: Path) -> None:
    plan = planned("spree-v2", "vinr", 3)
    rows = [
        attrs.evolve(row, steps=(attrs.evolve(row.steps[0], before={**(row.steps[0].before or {}), "used": 5}),))
        if row.n == 2
        else row
        for row in taking(plan.pair, 3)
    ]
    write_plan(plan.file, head_of(plan.pair, "take", plan.pair.source, {"name": "old"}, NOW), rows)
    done = plan.rehearse(0)
    assert (done.exit_code, done.left_out, done.sides["target"].credits) == (ExitCode.DONE, 1, 2)


def test_the_command(
    planned: Callable[..., Planned], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It needs no configuration; `issue rehearse` sends those who take a move for an issue to it."""
    file = planned("vinr", "spree-v3", 12).file
    monkeypatch.chdir(file.parent)

    def run(*arguments: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as ended:
            main(list(arguments))
        assert isinstance(ended.value.code, int)
        out, err = capsys.readouterr()
        return int(ended.value.code), out, err

    code, out, _ = run("move", "rehearse", file.name, "--trouble", "30%", "--quiet")
    assert code == 0
    assert "no server was contacted" in out
    assert "Source old, a mock of VINR: 12 rows" in out
    assert "Target new, a mock of Spree's API v3: 12 rows" in out
    assert "  on the mock: 12 new credits, 0 doubled, 0 lost\n" in out
    assert "  USD count: 12 = 12\n" in out

    code, out, err = run("move", "rehearse", file.name, "--json")
    assert (code, err) == (0, "")
    told = json.loads(out.splitlines()[-1])
    assert {"event": "move.rehearsed", "open": 0, "differences": [], "exit_code": 0}.items() <= told.items()
    assert told["sides"]["target"]["credits"] == 12

    code, _, err = run("issue", "rehearse", file.name)
    assert code == 2
    assert "store-credit move rehearse" in err
    assert list(file.parent.iterdir()) == [file]


def test_a_plan_that_is_no_move(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "plan.jsonl"
    pair = Pair(Side.of(account("old", "vinr")), Side.of(account("new", "vinr")), "take-first", False, False, "")
    head = attrs.evolve(head_of(pair, "take", pair.source, {}, NOW), kind="issue", settings={})
    write_plan(file, head, [])
    with pytest.raises(SystemExit) as ended:
        main(["move", "rehearse", str(file)])
    assert ended.value.code == 2
    assert "not made by `store-credit move plan`" in capsys.readouterr().err
