"""Taking a job back on each system: what is deleted, what expires, what is reduced, and what stays with its reason."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import attrs
import pytest

from jobs_support.accounts_on_mock import Bench, never, no_credit_explained
from jobs_support.v3_account import V3Account
from store_credit_jobs.credit import Credit
from store_credit_jobs.journal.journal import Job
from store_credit_jobs.journal.sqlite_journal import SqliteJournal
from store_credit_jobs.journal.steps import Outcome, State
from store_credit_jobs.planning.plan_file import PlanHead, PlanRow, PlanStep, read_head, read_rows, write_plan
from store_credit_jobs.planning.undo import Undo, head_of
from store_credit_jobs.planning.undo_left import left_totals, write_left
from store_credit_jobs.wire_key import wire_key
from store_credit_mock import Contract

SYSTEMS = ("vinr", "spree-v2", "5.6", "6.0")
EXPIRES = 1_830_000_000


class Desk:
    """An account, its journal, and jobs that are planned and carried out one request after the other."""

    def __init__(self, name: str, contract: Contract, folder: Path) -> None:
        self.name = name
        self.folder = folder
        self.shop: Any = V3Account(name, contract) if name[0].isdigit() else Bench(contract, name)
        self.journal = SqliteJournal(folder / ".store-credit", write=True, clock=self.shop.clock.now)

    def close(self) -> None:
        """Close everything."""
        self.journal.close()
        self.shop.mock.close()

    def issue(self, amounts: list[int], *, campaign: str = "nov", expires: int | None = None) -> Job:
        """Plan and carry out a job that gives a customer these amounts."""
        account = self.shop.account
        rows = [
            PlanRow(
                n=n, key=f"row-{n}", do="create", customer=self.shop.customer, minor=minor, currency="USD",
                memo=None if self.name == "vinr" else f"goodwill {n}",
                expires=expires if self.name == "vinr" else None,
                steps=(PlanStep("create", wire_key(account.identity, campaign, f"row-{n}"), minor),),
            )
            for n, minor in enumerate(amounts, 1)
        ]  # fmt: skip
        host = account.url
        head = PlanHead(
            "pl_1", campaign, "shop", account.identity, account.system, host, "2026-11-18T00:00:00Z",
            {"name": "a.csv", "sha256": "0"}, "add", "issue", "0.1.0",
        )  # fmt: skip
        plan = self.folder / f"{campaign}.plan.jsonl"
        seal = write_plan(plan, head, rows)
        return self.apply(plan, seal.sha256)

    def apply(self, plan: Path, sha: str) -> Job:
        """Carry a plan out."""
        rows = (attrs.asdict(row) for row in read_rows(plan))
        job = self.journal.begin(attrs.asdict(read_head(plan)), rows, sha)
        outcomes: list[Any] = []
        system = self.shop.system
        while True:
            steps = self.journal.advance(job.id, outcomes, 5, owner="me", credential=system.credential)
            outcomes = [system.execute(step) for step in steps]
            if not steps:
                break
        open_steps = list(self.journal.open_steps(job.id))
        self.journal.settled(list(system.settle(open_steps, no_credit_explained, never)))
        return job

    def undo(
        self, job: Job, name: str = "undo", *, partly_used: bool = False
    ) -> tuple[Job | None, Undo, list[PlanRow]]:
        """Plan an undo by reads alone, and carry it out."""
        system = self.shop.connect()
        before = self.writes()
        now = self.shop.clock.now()
        undo = Undo(self.journal, job, system, partly_used=partly_used, now=now)
        plan = self.folder / f"{name}.plan.jsonl"
        seal = write_plan(plan, head_of(job, self.shop.account, partly_used=partly_used, now=now), undo.rows())
        assert self.writes() == before
        assert len(undo.left) + seal.rows == len(list(self.journal.steps(job.id)))
        return self.apply(plan, seal.sha256), undo, list(read_rows(plan))

    def writes(self) -> int:
        """How many writes there were."""
        return sum(1 for one in self.shop.mock.exchanges if one.request.method != "GET")

    def credits(self) -> list[Credit]:
        """The customer's credits, as they were made."""
        found = list(self.shop.connect().credits(customer=self.shop.customer))
        return sorted(found, key=lambda one: (one.created, one.memo or "", one.minor))

    def spend(self, credit: Credit, used: int = 0, authorized: int = 0) -> None:
        """Use or set aside some of a credit."""
        if self.name == "vinr":
            self.shop.mock.control.vinr.buy(self.shop.customer, used, "USD")
        elif self.name == "spree-v2":
            changes = {"amount_used": f"{used / 100:.2f}", "amount_authorized": f"{authorized / 100:.2f}"}
            self.shop.mock.spree.store_credits.update(credit.id, **changes)
        else:
            self.shop.spend(credit, used, authorized)

    def made(self, job: Job) -> dict[str, Credit]:
        """What the rows of a job created, by their keys."""
        by_id = {one.id: one for one in self.credits()}
        return {one.key: by_id[one.made] for one in self.journal.steps(job.id) if one.made in by_id}


@pytest.fixture
def desk_of(store_credit_mock_contract: Contract, tmp_path: Path) -> Iterator[Callable[[str], Desk]]:
    """Desks of the systems that a test names."""
    made: list[Desk] = []

    def make(name: str) -> Desk:
        made.append(Desk(name, store_credit_mock_contract, tmp_path))
        return made[-1]

    yield make
    for one in made:
        one.close()


@pytest.fixture(params=SYSTEMS)
def desk(request: pytest.FixtureRequest, desk_of: Callable[[str], Desk]) -> Desk:
    """A desk of each system."""
    return desk_of(request.param)


def test_an_untouched_job_is_taken_back_and_the_undo_as_well(desk: Desk) -> None:
    """VINR: it expires in two minutes, and its old expiry comes back. Spree: deleted, and others take their places."""
    job = desk.issue([1000, 2000, 3000], expires=EXPIRES)
    first = desk.made(job)
    undone, undo, rows = desk.undo(job)
    assert undone is not None
    assert (undo.left, {row.do for row in rows}) == ([], {"expire" if desk.name == "vinr" else "delete"})
    assert desk.journal.totals(undone.id).states == {State.DONE: 3}
    if desk.name == "vinr":
        soon = desk.shop.clock.now() + 120
        assert {one.expires for one in desk.credits()} == {int(soon)}
    else:
        assert desk.credits() == []

    again, _, rows = desk.undo(job, "again")
    assert again is not None
    assert {(row.do, row.why) for row in rows} == {("nothing", "already_done")}

    back, undo, rows = desk.undo(undone, "back")
    assert back is not None
    assert (undo.left, {row.do for row in rows}) == ([], {"restore" if desk.name == "vinr" else "create"})
    now = {one.minor: one for one in desk.credits()}
    assert {(one.minor, one.memo, one.expires) for one in now.values()} == {
        (one.minor, one.memo, one.expires) for one in first.values()
    }
    assert ({one.id for one in now.values()} == {one.id for one in first.values()}) is (desk.name == "vinr")


@pytest.mark.parametrize("partly_used", [False, True])
def test_what_customers_have_begun_to_spend(desk: Desk, partly_used: bool) -> None:
    """Planted 19: nothing of what is used or set aside is ever taken; the rest goes where it is asked for."""
    job = desk.issue([1000])
    (credit,) = desk.made(job).values()
    desk.spend(credit, 300)
    if desk.name != "vinr":
        other = desk.issue([2000], campaign="dec")
        (set_aside,) = desk.made(other).values()
        desk.spend(set_aside, authorized=500)
        _, undo, rows = desk.undo(other, "set-aside", partly_used=partly_used)
        reason = "mode_unsupported" if desk.name[0].isdigit() else None if partly_used else "authorized_open"
        assert [one.reason for one in undo.left] == ([] if reason is None else [reason])
        (set_aside,) = desk.made(other).values()
        assert (set_aside.minor, set_aside.authorized) == (2000 if reason else 500, 500)
    _, undo, rows = desk.undo(job, partly_used=partly_used)
    (credit,) = desk.made(job).values()
    assert credit.used == 300
    if desk.name[0].isdigit():
        assert [one.reason for one in undo.left] == ["mode_unsupported"]
    elif not partly_used:
        assert [one.reason for one in undo.left] == ["partly_used"]
        assert left_totals(undo.left) == {"partly_used": {"USD": {"rows": 1, "minor": 1000}}}
    elif desk.name == "vinr":
        assert (undo.left, rows[0].do, rows[0].minor, credit.expires is not None) == ([], "expire", 700, True)
    else:
        assert (undo.left, rows[0].do, rows[0].minor, credit.minor) == ([], "reduce", 700, 300)


def test_what_is_spent_to_the_last_stays(desk: Desk) -> None:
    """It is listed with its reason and in the totals, and the file has it too."""
    job = desk.issue([1000, 4000])
    first, _ = sorted(desk.made(job).values(), key=lambda one: one.minor)
    desk.spend(first, 1000)
    _, undo, rows = desk.undo(job)
    (left,) = undo.left
    assert (left.credit, left.minor, left.reason) == (first.id, 1000, "used_up")
    assert [row.minor for row in rows] == [4000]
    file = desk.folder / "left.csv"
    write_left(file, undo.left)
    (read,) = csv.DictReader(file.read_text("utf-8").splitlines())
    assert (read["key"], read["minor"], read["reason"]) == (left.key, "1000", "used_up")


def test_a_purchase_after_the_plan_is_seen_before_anything_is_sent(desk: Desk) -> None:
    """Planted 19: the plan is refused at this row, and the credit stays as it is; planned again it is told."""
    job = desk.issue([1000])
    (credit,) = desk.made(job).values()
    system, now = desk.shop.connect(), desk.shop.clock.now()
    plan = desk.folder / "undo.plan.jsonl"
    undo = Undo(desk.journal, job, system, partly_used=False, now=now)
    seal = write_plan(plan, head_of(job, desk.shop.account, partly_used=False, now=now), undo.rows())
    desk.spend(credit, 300)
    refused = desk.apply(plan, seal.sha256)
    (step,) = desk.journal.steps(refused.id)
    assert (step.state, step.code) == (State.REFUSED, "changed_since_plan")
    (credit,) = desk.made(job).values()
    assert (credit.minor, credit.used, credit.expires) == (1000, 300, None)
    _, undo, _ = desk.undo(job, "later")
    assert [one.reason for one in undo.left] == ["mode_unsupported" if desk.name[0].isdigit() else "partly_used"]
    # The key of the refused row is free again.
    done, undo, _ = desk.undo(job, "rest", partly_used=True)
    assert done is not None
    if not desk.name[0].isdigit():
        assert (undo.left, desk.journal.totals(done.id).states) == ([], {State.DONE: 1})


def test_what_is_gone_open_or_changed(desk_of: Callable[[str], Desk]) -> None:
    """A credit that somebody deleted needs nothing; one that somebody changed, and an open row, are left."""
    desk = desk_of("5.6")
    job = desk.issue([1000, 2000, 3000])
    gone, changed, _ = sorted(desk.made(job).values(), key=lambda one: one.minor)
    desk.shop.bench.send("DELETE", desk.shop.bench.credits(1, gone.id))
    desk.shop.bench.json("PATCH", desk.shop.bench.credits(1, changed.id), {"amount": "25.00"})
    _, undo, rows = desk.undo(job)
    assert [(row.do, row.why) for row in rows] == [("nothing", "already_so"), ("delete", None)]
    assert [(one.reason, one.minor) for one in undo.left] == [("changed_since_job", 2500)]

    desk.shop.mock.fault("*store_credits.create", nth=1, drop=True, when="after")

    def no_look(*_: object) -> Iterator[Outcome]:
        return iter(())

    desk.shop.system.settle = no_look
    _, undo, rows = desk.undo(desk.issue([4000], campaign="dec"), "open")
    assert ([one.reason for one in undo.left], rows) == (["outcome_open"], [])


def test_a_reduction_is_taken_back(desk_of: Callable[[str], Desk]) -> None:
    """The undo of a partly used credit reduced it; its own undo gives the same credit its amount back."""
    desk = desk_of("spree-v2")
    job = desk.issue([1000])
    (credit,) = desk.made(job).values()
    desk.spend(credit, 300)
    undone, _, _ = desk.undo(job, partly_used=True)
    assert undone is not None
    (credit,) = desk.made(job).values()
    assert credit.minor == 300
    _, undo, rows = desk.undo(undone, "back")
    assert (undo.left, rows[0].do, rows[0].minor) == ([], "restore", 700)
    (credit,) = desk.made(job).values()
    assert (credit.minor, credit.used) == (1000, 300)


def test_what_a_job_would_still_send_is_told(tmp_path: Path, store_credit_mock_contract: Contract) -> None:
    """A row that is to be sent again under its key may have happened; one that was not sent may yet be."""
    desk = Desk("vinr", store_credit_mock_contract, tmp_path)
    shop, journal = desk.shop, desk.journal
    head = {
        "id": "pl_1", "campaign": "nov", "account": "shop", "identity": shop.account.identity, "system": "vinr",
        "mode": "add", "kind": "issue", "settings": {},
    }  # fmt: skip
    rows = [
        attrs.asdict(
            PlanRow(
                n, f"row-{n}", "create", shop.customer, 1000 + n, "USD",
                steps=(PlanStep("create", wire_key(shop.account.identity, "nov", f"row-{n}"), 1000 + n),),
            )
        )
        for n in (1, 2)
    ]  # fmt: skip
    job = journal.begin(head, rows, "sha")
    shop.mock.fault("vinr.store_credit.create", nth=1, drop=True, when="after")
    (step,) = journal.advance(job.id, [], 1, owner="me", credential=shop.system.credential)
    journal.advance(job.id, [shop.system.execute(step)], 0, owner="me", credential=shop.system.credential)
    journal.settled(list(shop.system.settle(list(journal.open_steps(job.id)), no_credit_explained, never)))
    undo = Undo(journal, job, shop.system, partly_used=False, now=shop.clock.now())
    assert list(undo.rows()) == []
    assert [(one.key, one.reason) for one in undo.left] == [("row-1", "outcome_open"), ("row-2", "not_sent")]
    desk.close()
