"""Makes a plan: reads a file once, checks each row and all of them together, and asks the server what must be known.

Whatever is wrong is told in one run, and then nothing is written. Nothing here sends anything but GET.
"""

from __future__ import annotations

import gc
import re
import secrets
import time
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from importlib.metadata import version
from itertools import islice
from pathlib import Path
from typing import Final

from store_credit import NotFoundError
from store_credit_jobs.credit import Credit
from store_credit_jobs.errors import JobsError, Problem
from store_credit_jobs.journal.journal import Journal, KeyUse
from store_credit_jobs.planning.amounts import SYSTEM_NAMES, AmountRules, CellError
from store_credit_jobs.planning.create_lines import CreateLines
from store_credit_jobs.planning.draft import Draft, DraftRow
from store_credit_jobs.planning.earlier_keys import EarlierKeys, refuse_other_case, refuse_other_name
from store_credit_jobs.planning.file_checks import FileChecks
from store_credit_jobs.planning.holdings import held_beyond
from store_credit_jobs.planning.modes import Change
from store_credit_jobs.planning.plan_file import PlanWriter
from store_credit_jobs.planning.plan_lines import PlanHead
from store_credit_jobs.planning.plan_request import PlanMade, PlanRequest
from store_credit_jobs.planning.problems import Problems, Warnings
from store_credit_jobs.planning.reading.rows import Columns, StoppedError
from store_credit_jobs.planning.reading.source import Source, opened_source
from store_credit_jobs.planning.reading.tables import addresses, customers
from store_credit_jobs.planning.row_checks import RowChecks
from store_credit_jobs.quoting import quoted, visible
from store_credit_jobs.systems.system import AccountCheck, System

__all__ = ["make_plan"]

Progress = Callable[[str, int], None]
"""Takes what is being done, and how much of it is done."""

_CAMPAIGN: Final = re.compile(r"[A-Za-z0-9_-]{1,100}", re.ASCII)
_ASKED: Final = 500
"""How many customers, and keys, are asked for at a time."""
_LETTERS: Final = "0123456789abcdefghjkmnpqrstvwxyz"


def make_plan(
    request: PlanRequest,
    system: System,
    journal: Journal | None,
    *,
    progress: Progress | None = None,
    clock: Callable[[], float] = time.time,
) -> PlanMade:
    """Plan a file.

    Args:
        request: What is to be planned.
        system: The account's system; only read.
        journal: The workspace's journal, or None where there is none yet.
        progress: Told how far it is.
        clock: This machine's time.

    Raises:
        JobsError: Something is wrong; its problems say what, and no plan was written.
        StoreCreditError: The server could not be read.
    """
    if not _CAMPAIGN.fullmatch(request.campaign):
        text = "the name of a campaign may contain only letters, digits, - and _, and at most 100 of them"
        raise JobsError("campaign", f"{text}; it is {quoted(request.campaign)}")
    found = system.check()
    if found.problems:
        text = f"no plan can be made for the account {request.account.name}. No plan was written, and nothing was sent"
        raise JobsError(found.problems[0].code, text, problems=found.problems)
    refuse_other_case(journal, request.account.identity, request.campaign)
    refuse_other_name(journal, request.account.identity, request.campaign, system.credential)
    with ExitStack() as stack:
        return _Planning(request, system, journal, found, progress, clock(), stack).made()


class _Planning:
    """One plan in the making."""

    def __init__(
        self,
        request: PlanRequest,
        system: System,
        journal: Journal | None,
        found: AccountCheck,
        progress: Progress | None,
        time: float,
        stack: ExitStack,
    ) -> None:
        self.request = request
        self.system = system
        self.abilities = system.abilities
        self.found = found
        self.progress = progress or _untold
        self.time = time
        # What is past is past by the server's clock.
        self.now = time + (found.skew or 0.0)
        self.stack = stack
        self.problems = Problems()
        self.warnings = Warnings()
        self.changes = 0
        self.rules = AmountRules(self.abilities, request.account.system, request.account.currency)
        self.earlier = EarlierKeys(journal, request.account.identity, request.campaign, request.mode, self.problems)
        # What a new credit is compared by is little, unless the system holds only so much for a customer.
        self.draft = stack.enter_context(Draft(whole=request.mode != "add" or self.abilities.most is not None))
        self._check_request()
        self.max_row = self._limits(request.max_row, "--max-row")
        self.max_total = self._limits(request.max_total, "--max-total")

    def _check_request(self) -> None:
        request, name = self.request, SYSTEM_NAMES[self.request.account.system]
        said: str | None = None
        if request.mode == "reduce" and not self.abilities.reduce_unused:
            said = f"amounts on {name} cannot be reduced, so --mode reduce is not available"
        elif request.expires is not None and not self.abilities.expiry:
            said = f"credit on {name} does not expire: leave out --expires"
        elif request.expires is not None and request.mode == "reduce":
            said = "rows that reduce credit have no expiry: leave out --expires"
        if said is not None:
            raise JobsError("mode_unsupported", f"{said}. Nothing was sent")

    def _limits(self, given: Mapping[str, str], option: str) -> dict[str, int]:
        try:
            return {code: self.rules.rule(code).minor(text) for code, text in given.items()}
        except CellError as error:
            raise JobsError(error.code, f"{option}: {error.text}") from None

    def made(self) -> PlanMade:
        request = self.request
        name = "standard input" if request.file == "-" else request.file
        columns = Columns.of(request.mode, by_email=request.addresses is not None)
        if request.addresses is not None:
            self.draft.take_addresses(addresses(request.addresses))
        if request.customers is not None:
            self.draft.know(customers(request.customers))
        try:
            with opened_source(request.file, columns, delimiter=request.delimiter) as source:
                writer, count = self._read(source)
        except StoppedError as error:
            self.problems.report(Problem(error.code, error.text, name, error.line))
            self.problems.check(visible(name, 200))
            raise AssertionError from None
        if count == 0 and not self.problems.count:
            self.problems.report(Problem("file_empty", "there are no rows", name))
        if request.mode == "refunds":
            self.draft.take_refunded(self.earlier.refunded())
        checks = FileChecks(name, request, self.draft, self.rules, self.problems, self.warnings)
        checks.rows()
        self.problems.check(visible(name, 200))
        self._ask_for_customers(name)
        self.problems.check(visible(name, 200))
        if writer is None:
            writer = self._changes(source)
            self.problems.check(visible(name, 200))
        checks.totals(writer.sums, self.max_row, self.max_total)
        self.problems.check(visible(name, 200))
        does = dict(writer.sums.does)
        return PlanMade(
            request.output,
            writer.head,
            writer.seal(),
            source.file.described,
            does,
            self._requests(writer),
            request.account.rate * 60 if request.account.rate is not None else self.found.limit,
            self.found.live,
            self.warnings.told(),
        )

    def _head(self, source: Source) -> PlanHead:
        request, account = self.request, self.request.account
        limits = {"max_row": dict(request.max_row), "max_total": dict(request.max_total)}
        # Not as the configuration will say then: what was sent for one user is not found among another's.
        whose = {"created_by": account.created_by, "category": account.category}
        return PlanHead(
            id=_new_id(self.time),
            campaign=request.campaign,
            account=account.name,
            identity=account.identity,
            system=account.system,
            host=account.host,
            made=datetime.fromtimestamp(self.time, UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
            source={"name": Path(source.name).name, "sha256": source.sha256},
            mode=request.mode,
            kind="issue",
            tool=version("store-credit-jobs"),
            settings={name: value for name, value in (limits | whose | dict(request.settings)).items() if value},
        )

    def _writer(self, source: Source) -> PlanWriter:
        return self.stack.enter_context(PlanWriter(self.request.output, self._head(source)))

    def _read(self, source: Source) -> tuple[PlanWriter | None, int]:
        """Read all rows into the draft; those that do not depend on what customers have are written as they come."""
        request = self.request
        checks = RowChecks(
            name=source.name,
            mode=request.mode,
            system=request.account.system,
            abilities=self.abilities,
            rules=self.rules,
            draft=self.draft,
            problems=self.problems,
            warnings=self.warnings,
            now=self.now,
            by_email=request.addresses is not None,
            expires=request.expires,
            most=self.max_row,
            identical=request.allow_identical,
        )
        writer = self._writer(source) if request.mode in ("add", "refunds") else None
        lines = None if writer is None else CreateLines(writer, self.earlier, source.name)
        with _collecting_seldom():
            for rows in checks.rows(source.file.rows(self.problems.report)):
                self.draft.add(rows)
                if lines is not None:
                    lines.write(rows)
                self.progress("reading", checks.count)
        return writer, checks.count

    def _ask_for_customers(self, name: str) -> None:
        """Ask the server which customers it has, where it tells."""
        if not self.abilities.customers:
            if self.request.customers is None:
                system = SYSTEM_NAMES[self.request.account.system]
                self.warnings.add(
                    f"{system} cannot list customers, so a credit for an unknown customer is refused only when it is "
                    "issued; to check customers now, pass --customers FILE"
                )
            return
        asked, everybody = 0, self.draft.customers()
        while some := dict(islice(everybody, _ASKED)):
            count = len(some)
            for customer in self.system.missing_customers(list(some)):
                text = f"customer {quoted(customer)} does not exist on {self.request.account.host}"
                self.problems.report(Problem("customer_unknown", text, name, some.pop(customer, None)))
            if self.request.mode in ("add", "refunds"):
                self._check_holdings(name, some)
            asked += count
            self.progress("reading customers", asked)

    def _check_holdings(self, name: str, customers: Mapping[str, int]) -> None:
        """See that customers have room for what they are to be given, beside what they have by now."""
        for customer, line in customers.items():
            if not self.system.available(customer):
                continue
            asked = list(self.draft.of_customer(customer))
            begun = self.earlier.begun([row.key for row in asked])
            rows = [row for row in asked if row.key not in begun]
            for code in {row.currency: None for row in rows}:
                rule = self.rules.rule(code)
                minors = [row.minor for row in rows if row.currency == code]
                held = held_beyond(self.system, customer, rule, minors, self.now)
                if held is not None:
                    text = (
                        f"customer {quoted(customer)} has {held} minor units of {code} and would get {sum(minors)} "
                        f"more from this file, but {rule.system} allows at most {rule.most_of_customer} for one "
                        "customer"
                    )
                    self.problems.report(Problem("total_limit", text, name, line))

    def _changes(self, source: Source) -> PlanWriter:
        """Plan rows by what their customers have."""
        request = self.request
        identity, name = request.account.identity, SYSTEM_NAMES[request.account.system]
        change = Change(request.mode, identity, request.campaign, name, self.abilities, self.now)
        writer = self._writer(source)
        for row, use in self._with_uses(self.draft.rows()):
            # Asked for before the server is: what was done already needs no reading.
            asked = change.asked(row)
            line = self.earlier.planned(asked, use, source.name)
            if line is asked:
                try:
                    line = change.line(row, _countable(self.system.credits(customer=row.customer), row))
                except NotFoundError:
                    text = f"customer {quoted(row.customer)} does not exist on {request.account.host}"
                    self.problems.report(Problem("customer_unknown", text, source.name, row.line, visible(row.key)))
                    continue
                except CellError as error:
                    self.problems.report(Problem(error.code, error.text, source.name, row.line, visible(row.key)))
                    continue
            if line is not None:
                writer.row(line)
                self.changes += sum(step.action != "create" for step in line.steps)
            self.progress("reading credits", row.n)
        return writer

    def _with_uses(self, rows: Iterable[DraftRow]) -> Iterator[tuple[DraftRow, KeyUse | None]]:
        left = iter(rows)
        while some := list(islice(left, _ASKED)):
            uses = self.earlier.uses([row.key for row in some])
            yield from ((row, uses.get(row.key)) for row in some)

    def _requests(self, writer: PlanWriter) -> int:
        """Count requests: each change reads its target first, and the check at the end may go through customers."""
        creates = sum(rows for (do, _), (rows, _) in writer.sums.does.items() if do == "create")
        checks = 0 if self.abilities.scan else sum(1 for _ in self.draft.customers())
        return creates + 2 * self.changes + checks


@contextmanager
def _collecting_seldom() -> Generator[None]:
    """Look for cycles among objects less often: rows are lists of text without any, by the million."""
    before = gc.get_threshold()
    gc.set_threshold(50_000, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


def _countable(credits: Iterable[Credit], row: DraftRow) -> Iterator[Credit]:
    """Give credits, up to one that a row is about and whose amount cannot be counted."""
    for credit in credits:
        if credit.invalid is not None and (credit.customer, credit.currency) == (row.customer, row.currency):
            text = f"credit {credit.id} of customer {quoted(row.customer)} has the invalid amount {credit.invalid}"
            raise CellError("amount_decimals", f"{text}; correct the amount in the shop, then plan again")
        yield credit


def _untold(what: str, done: int) -> None:
    del what, done


def _new_id(now: float) -> str:
    value = int(now * 1000) << 40 | secrets.randbits(40)
    return "pl_" + "".join(_LETTERS[value >> shift & 31] for shift in range(85, -1, -5))
