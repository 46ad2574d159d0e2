"""Issue credit by the thousand: the engine with its journal, and a loop as anybody writes it."""

from __future__ import annotations

import itertools
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import perf_counter, process_time
from typing import Any
from uuid import uuid4

__all__: list[str] = []

Figures = Callable[[], str]
CUSTOMER = "cust_8aZ2"
HEAD: dict[str, Any] = {
    "id": "pl_1", "account": "shop", "system": "vinr", "made": "2026-11-29T16:00:00Z", "mode": "add", "kind": "issue",
    "source": {"name": "a.csv", "sha256": "0"}, "tool": "0.1.0", "settings": {}, "plan": 1,
}  # fmt: skip


class _Watch:
    """Takes the time while a job sends: the proof at its end has no rival."""

    def __init__(self) -> None:
        self.began = perf_counter(), process_time()
        self.last = self.sending = self.began

    def emit(self, event: Any) -> None:
        if event.name == "job.started":
            self.sending = perf_counter(), process_time()
        if event.name == "progress" and event.phase == "sending":
            self.last = perf_counter(), process_time()


def journal(url: str, rows: int, workers: int, rate: float | None = None) -> Figures:
    """Our engine: rows a second, CPU microseconds a row, share of the time that the journal takes, requests a row."""
    from store_credit_jobs.config import Account
    from store_credit_jobs.credentials import Credential
    from store_credit_jobs.engine.engine import run
    from store_credit_jobs.engine.settings import Settings
    from store_credit_jobs.exit_codes import ExitCode
    from store_credit_jobs.journal.sqlite_journal import SqliteJournal
    from store_credit_jobs.systems import connect

    account = Account("shop", "vinr", url, {})
    numbers = itertools.count(1)

    def work() -> str:
        folder = Path(tempfile.mkdtemp())
        system = connect(account, Credential("sk_test_benchmarks"))
        kept = SqliteJournal(folder / "workspace", write=True)
        try:
            campaign = f"c{os.getpid()}-{next(numbers)}"
            head = {**HEAD, "campaign": campaign, "identity": account.identity, "host": account.host}
            job = kept.begin(head, _rows(rows, account.identity, campaign), campaign)
            advance, spent = kept.advance, [0.0]

            def timed(*arguments: Any, **more: Any) -> Any:
                began = perf_counter()
                try:
                    return advance(*arguments, **more)
                finally:
                    spent[0] += perf_counter() - began

            kept.advance = timed  # type: ignore[method-assign]
            watch = _Watch()
            result = run(job, kept, system, Settings(concurrency=workers, rate=rate), watch)
            assert result.exit_code is ExitCode.DONE, result.why
            wall, cpu = (after - before for before, after in zip(watch.began, watch.last, strict=True))
            return json.dumps([rows / wall, cpu / rows * 1e6, spent[0] / wall, result.requests / rows])
        finally:
            kept.close()
            system.close()
            shutil.rmtree(folder)

    return work


def _rows(rows: int, identity: str, campaign: str) -> Iterator[dict[str, Any]]:
    from store_credit_jobs.wire_key import wire_key

    for n in range(1, rows + 1):
        step = {"action": "create", "wire": wire_key(identity, campaign, f"row-{n}"), "minor": 100 + n}
        yield {
            "n": n, "key": f"row-{n}", "do": "create", "customer": CUSTOMER, "minor": 100 + n, "currency": "USD",
            "steps": [step],
        }  # fmt: skip


def _plan_row(line: dict[str, Any]) -> Any:
    from store_credit_jobs.planning.plan_file import PlanRow, PlanStep

    said: dict[str, Any] = {**line, "steps": tuple(PlanStep(**step) for step in line["steps"])}
    return PlanRow(**said)


def loop(url: str, rows: int, workers: int) -> Figures:
    """A pool of threads and one client of httpx, without any journal: rows a second, CPU microseconds a row."""
    import httpx

    def work() -> str:
        limits = httpx.Limits(max_connections=workers, max_keepalive_connections=workers)
        headers = {"X-Api-Key": "sk_test_benchmarks"}
        with httpx.Client(base_url=url, headers=headers, timeout=30, limits=limits) as client:

            def send(n: int) -> str:
                sent = {"customer": CUSTOMER, "amount": 100 + n, "currency": "USD"}
                response = client.post("/v1/store-credit", json=sent, headers={"Idempotency-Key": str(uuid4())})
                response.raise_for_status()
                made = response.json()
                assert (made["amount"], made["currency"]) == (sent["amount"], sent["currency"])
                return made["id"]

            wall, cpu = perf_counter(), process_time()
            with ThreadPoolExecutor(workers) as pool:
                made = list(pool.map(send, range(1, rows + 1)))
            assert len(set(made)) == rows
            return json.dumps([rows / (perf_counter() - wall), (process_time() - cpu) / rows * 1e6])

    return work


def rehearse(rows: int) -> Figures:
    """`store-credit issue rehearse` without trouble, on the mock inside the process: rows a second."""
    from store_credit_jobs.config import Account
    from store_credit_jobs.exit_codes import ExitCode
    from store_credit_jobs.planning.plan_file import PlanHead, write_plan
    from store_credit_jobs.rehearsal.rehearse import rehearse as carry_out

    account = Account("shop", "vinr", "http://127.0.0.1:1", {})
    head: dict[str, Any] = {**HEAD, "campaign": "nov", "identity": account.identity, "host": account.host}
    plan = Path(tempfile.mkdtemp()) / "plan.jsonl"
    write_plan(plan, PlanHead(**head), map(_plan_row, _rows(rows, account.identity, "nov")))

    def work() -> str:
        watch = _Watch()
        done = carry_out(plan, account, trouble=0.0, seed=1, events=watch)
        assert done.exit_code is ExitCode.DONE, done
        return json.dumps(rows / (watch.last[0] - watch.sending[0]))

    return work


def served(url: str, rows: int) -> Figures:
    """The same credits by the SDK from a mock that serves, one after another: rows a second."""
    from store_credit import VinrClient

    def work() -> str:
        with VinrClient("sk_test_benchmarks", base_url=url, max_retries=0) as client:
            began = perf_counter()
            for n in range(1, rows + 1):
                client.store_credit.create(customer=CUSTOMER, amount=100 + n, currency="USD")
            return json.dumps(rows / (perf_counter() - began))

    return work


def resume(rows: int) -> Figures:
    """`store-credit issue apply` of a job that has ended: seconds of CPU time. There is no server it could ask."""
    from store_credit_jobs.config import Account
    from store_credit_jobs.journal.sqlite_journal import SqliteJournal
    from store_credit_jobs.journal.steps import Outcome, State
    from store_credit_jobs.planning.plan_file import PlanHead, write_plan

    account = Account("shop", "vinr", "http://127.0.0.1:1", {})
    folder = Path(tempfile.mkdtemp())
    head: dict[str, Any] = {**HEAD, "campaign": "nov", "identity": account.identity, "host": account.host}
    lines = list(_rows(rows, account.identity, "nov"))
    plan = folder / "plan.jsonl"
    seal = write_plan(plan, PlanHead(**head), map(_plan_row, lines))
    kept = SqliteJournal(folder / "workspace", write=True)
    job = kept.begin(head, lines, seal.sha256)
    outcomes: list[Outcome] = []
    while steps := kept.advance(job.id, outcomes, 5000, owner="bench", credential="fp"):
        outcomes = [Outcome(step, State.DONE, made=f"sc_{step.n}", how="sent") for step in steps]
    kept.end(job.id, broken=False, result={})
    kept.close()
    (folder / "store-credit.toml").write_text(
        '[account.shop]\nsystem = "vinr"\nurl = "http://127.0.0.1:1"\ntoken = { env = "NO_TOKEN" }\n'
    )
    # The result files are there, as the run that ended the job left them.
    for ending in ("result.json", "rows.csv"):
        (folder / "workspace" / f"{job.id}.{ending}").write_text("")
    code = (
        "import resource; from store_credit_jobs.cli.main import main\n"
        "try: main()\n"
        "finally: print(*resource.getrusage(resource.RUSAGE_SELF)[:2])"
    )
    command = [
        sys.executable, "-c", code, "issue", "apply", str(plan), "--config", str(folder / "store-credit.toml"),
        "--workspace", str(folder / "workspace"), "--quiet",
    ]  # fmt: skip

    def work() -> str:
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        return json.dumps([sum(map(float, done.stdout.split()[-2:]))])

    return work
