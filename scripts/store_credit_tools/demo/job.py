"""A thousand credits from a file: planned, rehearsed with lost responses, issued on the mock, and audited."""

from __future__ import annotations

import csv
import os
import random
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Final

import attrs

from store_credit import default_http_client
from store_credit_jobs.audit.run import Question, make_report
from store_credit_jobs.audit.sqlite_database import SqliteDatabase
from store_credit_jobs.audit.texts import plain_text
from store_credit_jobs.cli.plan_command import told
from store_credit_jobs.cli.rehearse_command import lines
from store_credit_jobs.cli.summary import ended_lines
from store_credit_jobs.config import Account
from store_credit_jobs.engine.engine import run
from store_credit_jobs.engine.result import ended
from store_credit_jobs.engine.settings import Settings
from store_credit_jobs.exit_codes import ExitCode
from store_credit_jobs.journal.sqlite_journal import SqliteJournal
from store_credit_jobs.planning.plan_file import check_seal, read_head, read_rows
from store_credit_jobs.planning.plan_request import PlanRequest
from store_credit_jobs.planning.planner import make_plan
from store_credit_jobs.rehearsal.rehearse import rehearse
from store_credit_jobs.snapshots.store import SnapshotStore
from store_credit_jobs.systems import connect
from store_credit_mock.mock import SPREE_TOKEN, SPREE_URL, Mock

if TYPE_CHECKING:
    from rich.console import Console

__all__ = ["job"]

ROWS: Final = 1000
SHOPPERS: Final = range(2, 7)
ACCOUNT: Final = Account("shop", "spree-v2", SPREE_URL, {}, live=False, created_by="1", category="1")


class _Token:
    """The mock's token, which everybody knows."""

    fingerprint = "demo"

    def reveal(self) -> str:
        return SPREE_TOKEN


def write_file(path: Path) -> None:
    """Write a campaign as it comes from a spreadsheet."""
    chance = random.Random(1)  # noqa: S311 - amounts of a demonstration
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("key", "customer", "amount", "currency", "memo"))
        for number in range(ROWS):
            amount = f"{chance.randrange(1, 50)}.{chance.randrange(100):02}"
            writer.writerow((f"ord-{number}", chance.choice(SHOPPERS), amount, "USD", "Sorry for the delay"))


def job(console: Console) -> None:
    """Show the whole way of a file."""
    console.rule("[bold]7. A job: a file of a thousand credits, each issued exactly once")
    began = time.perf_counter()
    with tempfile.TemporaryDirectory() as name, Mock() as mock:
        folder = Path(name)
        # What journals note for this user would refuse the same campaign the next time.
        os.environ["XDG_STATE_HOME"] = str(folder / "state")
        file, plan = folder / "goodwill.csv", folder / "plan.jsonl"
        write_file(file)
        system = connect(ACCOUNT, _Token(), http_client=default_http_client(transport=mock.transport))
        journal = SqliteJournal(folder / "workspace", write=True)
        try:
            console.print("  Plan it: every row is checked, and nothing is sent:")
            request = PlanRequest(file=str(file), campaign="nov-goodwill", account=ACCOUNT, output=plan)
            _say(console, told(make_plan(request, system, journal)))

            console.print("  Rehearse it: the same engine runs on a mock of its own, where every eighth request fails:")
            rehearsal = rehearse(plan, ACCOUNT, trouble=0.125, seed=1)
            _say(console, lines(rehearsal, ACCOUNT.system))
            assert rehearsal.exit_code is ExitCode.DONE

            console.print("  Apply it; at the end, the shop is read again and must match the journal to the cent:")
            seal = check_seal(plan)
            taken = journal.begin(attrs.asdict(read_head(plan)), map(attrs.asdict, read_rows(plan)), seal.sha256)
            totals = {currency: total["minor"] for currency, total in seal.totals.items()}
            result = run(taken, journal, system, Settings(plan_rows=seal.rows, plan_totals=totals))
            _say(console, ended_lines(ended(result)))
            assert result.exit_code is ExitCode.DONE

            console.print("  Audit it: what the shop owes now:")
            snapshot = SnapshotStore(folder / "workspace").add(system, ACCOUNT)
            database = SqliteDatabase()
            try:
                _say(console, plain_text(make_report(snapshot, database, Question())).splitlines())
            finally:
                database.close()
        finally:
            journal.close()
            system.close()
    console.print(f"  {ROWS:,} credits, none doubled, none lost, in {time.perf_counter() - began:.1f} s\n")


def _say(console: Console, said: Iterable[str]) -> None:
    for line in said:
        console.print(f"    {line}", highlight=False, markup=False, style="dim")
    console.print()
