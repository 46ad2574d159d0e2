"""Whole jobs on the embedded mock, in this process, on a clock that engine, system, journal and mock share."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import attrs

from http_library import httpx
from jobs_support.accounts_on_mock import Key
from jobs_support.plan_lines import created, head
from jobs_support.pretend_jobs import Kept, join_workers
from store_credit_jobs.config import Account
from store_credit_jobs.engine.engine import run
from store_credit_jobs.engine.interrupts import Interrupts
from store_credit_jobs.engine.result import Result
from store_credit_jobs.engine.settings import Settings
from store_credit_jobs.journal.sqlite_journal import SqliteJournal
from store_credit_jobs.journal.steps import Step
from store_credit_jobs.planning.plan_file import check_seal, read_head, read_rows
from store_credit_jobs.systems import connect
from store_credit_jobs.systems.clock import Clock
from store_credit_mock import Contract, Options
from store_credit_mock.mock import SPREE_SECRET_KEY, SPREE_TOKEN, SPREE_URL, VINR_KEY, VINR_URL, Mock

__all__ = ["JobBench", "SharedClock"]

_URLS = {"vinr": VINR_URL, "spree-v2": SPREE_URL, "spree-v3": "https://demo.spreecommerce.org"}
_KEYS = {"vinr": VINR_KEY, "spree-v2": SPREE_TOKEN, "spree-v3": SPREE_SECRET_KEY}
_CUSTOMERS = {"vinr": "cust_8aZ2", "spree-v2": "2", "spree-v3": "cus_UkLWZg9DAJ"}


class SharedClock(Clock):
    """The mock's clock, which stands until somebody waits; or one that is some seconds ahead of it."""

    def __init__(self, mock: Mock, ahead: float = 0.0) -> None:
        mock.freeze("2026-11-22T10:00:00Z")
        self.mock = mock
        self.ahead = ahead

    def now(self) -> float:
        return self.mock.engine.sandbox.clock.now() / 1000 + self.ahead

    def wait(self, seconds: float, stopped: Callable[[], bool] = lambda: False) -> bool:
        if stopped():
            return False
        if seconds > 0:
            # The mock's clock has milliseconds: a shorter wait would never end.
            self.mock.advance(max(seconds, 0.001))
        return True


class _Halt(threading.Event):
    def __init__(self, clock: SharedClock) -> None:
        super().__init__()
        self._clock = clock

    def wait(self, timeout: float | None = None) -> bool:
        self._clock.wait(timeout or 0.0, self.is_set)
        return self.is_set()


class _Wire:
    """A transport before the mock's, where tests change what passes: writes by their numbers, and reads."""

    def __init__(self, mock: Mock) -> None:
        self._next = mock.transport
        self._lock = threading.Lock()
        self.writes = 0
        self.before: Callable[[int, Any], Any] = lambda number, request: None
        self.after: Callable[[int, Any, Any], Any] = lambda number, request, response: response
        self.reading: Callable[[Any, Callable[[Any], Any]], Any] = lambda request, send: send(request)

    def handle_request(self, request: Any) -> Any:
        if request.method == "GET":
            return self.reading(request, self._next.handle_request)
        with self._lock:
            self.writes += 1
            number = self.writes
        instead = self.before(number, request)
        return self.after(number, request, self._next.handle_request(request)) if instead is None else instead

    def close(self) -> None:
        pass


class JobBench:
    """An account on a mock, and a job of its own.

    Args:
        contract: The compiled document.
        system: Which system.
        folder: Where the workspace is.
        rows: How many rows; each is of another amount.
        account: What is said of the account.
        ahead: Seconds by which this machine's clock is ahead of the server's.
        durable: Whether the journal is kept as a real one is, with its marks outside of it.
        options: Of the mock.

    Attributes:
        lines: The rows of the plan, which tests may change before the job is run.
    """

    def __init__(
        self,
        contract: Contract,
        system: Any,
        folder: Path,
        rows: int = 40,
        *,
        account: dict[str, Any] | None = None,
        ahead: float = 0.0,
        durable: bool = False,
        **options: Any,
    ) -> None:
        chosen = {"seed": 3, "spree_token": SPREE_TOKEN, "strict": False, **options}
        self.mock = Mock(contract, options=Options(**chosen))
        self.clock = SharedClock(self.mock, ahead)
        self.wire = _Wire(self.mock)
        self.folder, self.rows, self.customer = folder, rows, _CUSTOMERS[system]
        if not chosen.get("spree_v3_profile", "5").startswith("5"):
            self.customer = self.customer.replace("cus_", "cust_")
        spree = {"created_by": "1", "category": "1"} if system == "spree-v2" else {}
        said = {"rate": 100_000.0, **spree, **(account or {})}
        self.account = Account("shop", system, _URLS[system], {}, **said)
        self.key = Key(_KEYS[system])
        self.events = Kept()
        self.durable = durable
        identity = self.account.identity
        self.head = head(identity=identity, system=system, host=self.account.host)
        self.lines = [created(n, identity=identity, minor=100 + n, customer=self.customer) for n in range(1, rows + 1)]
        self.interrupts = Interrupts()
        self.steps: list[Step] = []
        self.system: Any = self.connect()
        self.before = {credit.id for credit in self.credits()}

    def connect(self, **settings: Any) -> Any:
        """Another runner's system."""
        client = httpx.Client(transport=cast(Any, self.wire))
        return connect(attrs.evolve(self.account, **settings), self.key, http_client=client, clock=self.clock)

    def journal(self, workspace: str = "workspace", **more: Any) -> SqliteJournal:
        """Open the journal, as its only writer."""
        chosen = {"durable": self.durable, **more}
        return SqliteJournal(self.folder / workspace, write=True, clock=self.clock.now, **chosen)

    def run(
        self,
        workspace: str = "workspace",
        *,
        system: Any = None,
        plan: Path | None = None,
        retry_refused: bool = False,
        seal: str = "sha",
        **settings: Any,
    ) -> Result:
        """Run the job, or go on with it, as a new process would; that of a plan's file if one is given."""
        self.events = Kept()
        self.interrupts = Interrupts(_Halt(self.clock))
        journal = self.journal(workspace)
        job = None
        try:
            if plan is None:
                job = journal.begin(self.head, iter(self.lines), seal)
            else:
                rows = map(attrs.asdict, read_rows(plan))
                job = journal.begin(attrs.asdict(read_head(plan)), rows, check_seal(plan).sha256)
            if retry_refused:
                journal.retry_refused(job.id)
            chosen = {"concurrency": 4, "rate": self.account.rate, "grace": self.account.grace, **settings}
            return run(
                job,
                journal,
                system or self.system,
                Settings(**chosen),
                self.events,
                interrupts=self.interrupts,
                clock=self.clock.now,
                wall=self.clock.now,
            )
        finally:
            join_workers()
            self.steps = [] if job is None else list(journal.steps(job.id))
            journal.close()

    def credits(self) -> list[Any]:
        """All credits of the customer."""
        return list(self.connect().credits(customers=[self.customer]))

    def step(self, n: int) -> Step:
        """The only step of a row, as the last run left it."""
        (found,) = [step for step in self.steps if step.n == n]
        return found

    def made(self) -> list[int]:
        """The amounts of all credits of the customer that were not there before, in order."""
        return sorted(credit.minor for credit in self.credits() if credit.id not in self.before)

    def wanted(self) -> list[int]:
        """The amounts of all rows, in order."""
        return sorted(line["minor"] for line in self.lines)

    def counted(self) -> tuple[int, int]:
        """How many credits there are too many, and how many rows have none, once nothing is under way."""
        self.mock.control.clear_faults()
        self.clock.wait(3600)
        there = Counter(credit.minor for credit in self.credits() if credit.id not in self.before)
        return sum(number - 1 for number in there.values()), sum(100 + n not in there for n in range(1, self.rows + 1))

    def close(self) -> None:
        self.system.close()
        self.mock.close()
