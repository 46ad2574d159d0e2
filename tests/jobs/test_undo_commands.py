"""`store-credit issue undo` and `issue settle` as they are typed, against a served mock."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import attrs
import pytest
from click.testing import CliRunner, Result

from store_credit_jobs.cli.main import command
from store_credit_jobs.config import Account, read_config
from store_credit_jobs.credentials import read_credential
from store_credit_jobs.exit_codes import ExitCode
from store_credit_jobs.journal.sqlite_journal import SqliteJournal
from store_credit_jobs.journal.steps import State
from store_credit_jobs.planning.plan_file import read_head, read_rows
from store_credit_jobs.systems import connect
from store_credit_jobs.systems.clock import Clock
from store_credit_jobs.wire_key import wire_key
from store_credit_mock import Server
from store_credit_mock.mock import SPREE_SECRET_KEY

CREATE = "spree_v3.admin.customers.store_credits.create"


class Office:
    """A workspace with one account of Spree's API v3, and the commands that are run in it."""

    def __init__(self, server: Server, folder: Path) -> None:
        self.server = server
        self.folder = folder
        self.config = folder / "store-credit.toml"
        self.config.write_text(
            f'[account.shop]\nsystem = "spree-v3"\nurl = "{server.url}"\n'
            'token = { env = "SHOP_KEY" }\ngrace = "1s"\n',
            encoding="utf-8",
        )
        self.account: Account = read_config(self.config).account("shop")
        with self.system() as system:
            self.customer = next(iter(system.customer_ids()))[0]

    def system(self) -> Any:
        """The account's system."""
        from contextlib import closing

        return closing(connect(self.account, read_credential(self.account)))

    def run(self, *arguments: str) -> Result:
        """Run a command here."""
        common = ["--config", str(self.config), "--workspace", str(self.folder / ".store-credit")]
        return CliRunner().invoke(command, ["issue", *arguments, *common], standalone_mode=False)

    def journal(self) -> SqliteJournal:
        """Open the journal to write it."""
        return SqliteJournal(self.folder / ".store-credit", write=True)

    def issue(self, amounts: list[int]) -> str:
        """Send a job's rows, and leave what was not answered as it is."""
        account = self.account
        rows = [
            {
                "n": n, "key": f"row-{n}", "do": "create", "customer": self.customer, "minor": minor, "currency": "USD",
                "steps": [{"action": "create", "wire": wire_key(account.identity, "nov", f"row-{n}"), "minor": minor}],
            }
            for n, minor in enumerate(amounts, 1)
        ]  # fmt: skip
        head = {
            "id": "pl_1", "campaign": "nov", "account": "shop", "identity": account.identity, "system": "spree-v3",
            "host": self.server.url, "made": "2026-11-29T00:00:00Z", "source": {"name": "a.csv", "sha256": "0"},
            "mode": "add", "kind": "issue", "tool": "0.1.0", "settings": {},
        }  # fmt: skip
        journal = self.journal()
        try:
            job = journal.begin(head, rows, "sha")
            self.send(journal, job.id)
        finally:
            journal.close()
        return job.id

    def send(self, journal: SqliteJournal, job: str) -> None:
        """Send what is planned."""
        with self.system() as system:
            steps = journal.advance(job, [], 100, owner="me", credential=system.credential)
            journal.advance(job, [system.execute(one) for one in steps], 0, owner="me", credential=system.credential)

    def apply(self, plan: Path) -> dict[State, int]:
        """Carry a plan out."""
        journal = self.journal()
        try:
            rows = (attrs.asdict(row) for row in read_rows(plan))
            job = journal.begin(attrs.asdict(read_head(plan)), rows, plan.read_text("utf-8")[-70:])
            self.send(journal, job.id)
            return dict(journal.totals(job.id).states)
        finally:
            journal.close()

    def minors(self) -> list[int]:
        """What the customer has."""
        with self.system() as system:
            return sorted(credit.minor for credit in system.credits(customer=self.customer))


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    """An office on a mock of its own."""
    monkeypatch.setenv("SHOP_KEY", SPREE_SECRET_KEY)
    monkeypatch.chdir(tmp_path)
    server = Server(seed=1, spree_v3_profile="5.6").start()
    server.control.freeze(time.time())

    def wait(clock: Clock, seconds: float, stopped: Callable[[], bool] = lambda: False) -> bool:
        del clock
        server.control.advance(seconds)
        return not stopped()

    monkeypatch.setattr(Clock, "wait", wait)
    try:
        yield Office(server, tmp_path)
    finally:
        server.stop()


def test_settle_says_what_became_of_rows_and_sends_nothing(office: Office) -> None:
    """Of four rows one had happened, one had not, one lost its mark; exit 3 while one is held, 5 for a double."""
    office.server.fault(CREATE, nth=1, drop=True, when="after")
    office.server.fault(CREATE, nth=2, drop=True, when="before")
    job = office.issue([1000, 2000, 3000])
    before = office.minors()
    settled = office.run("settle", job, "--json")
    assert settled.exception is None, settled.output
    told = json.loads(settled.stdout)
    assert (told["looked_at"], told["done"], told["planned"], told["left"]) == (2, 1, 1, 0)
    assert settled.return_value is ExitCode.DONE
    assert office.minors() == before
    # What is to be sent again under the same key is looked up again each time.
    again = office.run("settle", job)
    assert (again.return_value, "1 row looked up; 0 had been done, 1 had not" in again.stdout) == (ExitCode.DONE, True)

    # It is sent, its response is lost, and a second runner with a journal of its own sends it as well.
    office.server.control.clear_faults()
    office.server.fault(CREATE, nth=1, commit_after=10)
    journal = office.journal()
    office.send(journal, job)
    journal.close()
    with office.system() as system:
        (lost,) = [step for step in _steps(office, job) if step.state is State.UNKNOWN]
        assert system.execute(attrs.evolve(lost, attempt=9)).state is State.DONE
    office.server.control.advance(20)
    doubled = office.run("settle", job)
    assert (doubled.return_value, "made twice" in doubled.stdout) == (ExitCode.BROKEN, True)


def test_settle_leaves_to_people_what_it_cannot_tell(office: Office) -> None:
    """A mark that was removed: exit 3, with the row, the credit that may be it, and what to type."""
    office.server.fault(CREATE, nth=1, drop=True, when="after")
    job = office.issue([1000])
    credit = office.server.spree_admin.customers.store_credits.list(office.customer)[0]
    office.server.spree_admin.customers.store_credits.update(office.customer, credit.id, memo="checked")
    settled = office.run("settle", job)
    assert settled.return_value is ExitCode.OPEN
    assert credit.id in settled.stdout
    assert "issue decide" in settled.stdout


def test_undo_makes_a_plan_and_lists_what_stays(office: Office) -> None:
    """Exit 1 while something stays; its reasons and totals are told and in a file; the plan takes the rest back."""
    job = office.issue([1000, 2000])
    shop = office.server.spree_admin.customers.store_credits
    second = next(one for one in shop.list(office.customer) if one.amount == 20)
    shop.update(office.customer, second.id, amount="25.00")
    undone = office.run("undo", job, "-o", "back.jsonl", "--json")
    assert undone.exception is None, undone.output
    told = json.loads(undone.stdout)
    assert (told["rows"], told["totals"], told["left"]) == (1, {"USD": {"minor": 1000, "rows": 1}}, 1)
    assert told["left_totals"] == {"changed_since_job": {"USD": {"rows": 1, "minor": 2500}}}
    assert undone.return_value is ExitCode.REFUSED
    assert second.id in (office.folder / "back.jsonl.left.csv").read_text("utf-8")
    assert office.minors() == [1000, 2500]
    assert office.apply(office.folder / "back.jsonl") == {State.DONE: 1}
    assert office.minors() == [2500]

    shop.update(office.customer, second.id, amount="20.00")
    again = office.run("undo", job, "-o", "back.jsonl")
    assert (again.return_value, "1 row to undo, 1 with nothing to do" in again.stdout) == (ExitCode.DONE, True)
    assert not (office.folder / "back.jsonl.left.csv").exists()


def test_a_job_of_another_account_is_not_touched(office: Office) -> None:
    """The configuration names another server by the account's name now: nothing is asked there."""
    job = office.issue([1000])
    office.config.write_text(
        office.config.read_text("utf-8").replace("[account.shop]", "[account.other]"), encoding="utf-8"
    )
    for name in ("undo", "settle"):
        refused = office.run(name, job, "--account", "other")
        assert getattr(refused.exception, "code", None) == "other_host"


def _steps(office: Office, job: str) -> list[Any]:
    journal = SqliteJournal(office.folder / ".store-credit", write=False)
    try:
        return list(journal.steps(job))
    finally:
        journal.close()
