"""A system and a journal that answer from memory, and plans made with them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, NoReturn, cast

import attrs
import pytest

from store_credit_jobs.config import Account
from store_credit_jobs.credit import Credit
from store_credit_jobs.errors import JobsError
from store_credit_jobs.journal.journal import Job, KeyUse
from store_credit_jobs.journal.keys import payload_sha
from store_credit_jobs.journal.steps import State, Step
from store_credit_jobs.planning.plan_file import check_seal, read_rows
from store_credit_jobs.planning.plan_lines import PlanRow
from store_credit_jobs.planning.plan_request import PlanMade, PlanRequest
from store_credit_jobs.planning.planner import make_plan
from store_credit_jobs.systems.system import Abilities, AccountCheck

NOW = 1_796_000_000.0
"""2026-11-30, the time of the plans."""
HEADER = "key,customer,amount,currency"
IDENTITY = "vinr|sandbox.api.vinr.com|shop"
"""Of the account on VINR."""

VINR = Abilities(
    expiry=True, reduce_unused=False, reduce_used=False, delete=False, keyed=True, scan=True, customers=False,
    decimals=None, most=None, memo=0, settle_each=False, key_window=82_800.0,
)  # fmt: skip
SPREE_V2 = attrs.evolve(
    VINR, expiry=False, reduce_unused=True, reduce_used=True, delete=True, keyed=False, decimals=2, most="999999.99",
    memo=5000, key_window=None,
)  # fmt: skip
SPREE_V3 = attrs.evolve(SPREE_V2, reduce_used=False, keyed=True, scan=False, customers=True, memo=180, settle_each=True)
ABILITIES = {"vinr": VINR, "spree-v2": SPREE_V2, "spree-v3": SPREE_V3}


class ReadSystem:
    """A system of which only reading is allowed."""

    credential = "0123456789abcdef"

    def __init__(
        self,
        abilities: Abilities = VINR,
        credits: Iterable[Credit] = (),
        missing: Iterable[str] = (),
        found: AccountCheck | None = None,
    ) -> None:
        self.abilities = abilities
        self.held = list(credits)
        self.missing = set(missing)
        self.found = found or AccountCheck(live=False, skew=0.0, limit=300)
        self.asked: list[str] = []
        self.totals: dict[str, Decimal] = {}

    def check(self) -> AccountCheck:
        return self.found

    def credits(self, *, customer: str | None = None, **_: Any) -> Iterator[Credit]:
        self.asked.append(str(customer))
        # All of them: a server may ignore a filter.
        return iter(self.held)

    def available(self, customer: str) -> Decimal:
        return self.totals.get(customer, Decimal(0))

    def missing_customers(self, customers: Sequence[str]) -> list[str]:
        self.asked += customers
        return [one for one in customers if one in self.missing]

    def close(self) -> None:
        pass

    def _sends(self, *_: Any, **__: Any) -> NoReturn:
        raise AssertionError("a plan only reads")

    execute = settle = credit = customer_ids = _sends


class UsedKeys:
    """A journal of which only the keys are asked for."""

    def __init__(self, uses: dict[str, KeyUse], account: str, campaign: str = "nov") -> None:
        self.uses = uses
        self.asked = 0
        self._job = Job("jb_1", account, campaign, "issue", "", None, "ended", "", None, {})

    def jobs(self) -> Iterator[Job]:
        return iter([self._job])

    def steps(self, job: str) -> Iterator[Step]:
        assert job == self._job.id
        return iter(())

    def key_uses(self, account: str, campaign: str, keys: Sequence[str]) -> dict[str, KeyUse]:
        assert (account, campaign) == (self._job.account, self._job.campaign)
        self.asked += 1
        return {key: self.uses[key] for key in keys if key in self.uses}


def used(row: PlanRow, state: State, mode: str = "add", **changes: Any) -> KeyUse:
    """How the key of a row was used by an earlier job, for that row or for another than it."""
    asked = attrs.asdict(attrs.evolve(row, **changes))
    return KeyUse("jb_1", row.n, payload_sha(asked, mode), state, "sc_7" if state is State.DONE else None)


def account(system: str = "vinr", **more: Any) -> Account:
    url = {"vinr": "https://sandbox.api.vinr.com"}.get(system, "https://shop.example.com")
    return Account("shop", system, url, {"env": "SHOP_TOKEN"}, **more)  # type: ignore[arg-type]


@attrs.frozen
class Planned:
    """A plan that was made, and what is in it."""

    made: PlanMade
    rows: list[PlanRow]

    @property
    def told(self) -> list[tuple[Any, ...]]:
        """What each row is about, without where it stood."""
        return [(row.key, row.do, row.customer, row.minor, row.currency, row.expires, row.memo) for row in self.rows]


class Desk:
    """Plans files in a folder.

    Args:
        folder: Where files and plans are.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.output = folder / "plan.jsonl"

    def make(
        self,
        content: str | bytes | Path,
        *,
        system: str | ReadSystem = "vinr",
        name: str = "a.csv",
        journal: Any = None,
        now: float = NOW,
        account_more: dict[str, Any] | None = None,
        progress: Any = None,
        **request: Any,
    ) -> PlanMade:
        """Plan a file of this content."""
        reader = ReadSystem(ABILITIES[system]) if isinstance(system, str) else system
        kind = next(kind for kind, abilities in ABILITIES.items() if abilities.memo == reader.abilities.memo)
        asked: dict[str, Any] = {
            "file": str(self.file(content, name)),
            "campaign": "nov",
            "account": account(kind, **(account_more or {})),
            "output": self.output,
        }
        return make_plan(
            PlanRequest(**(asked | request)), cast("Any", reader), journal, progress=progress, clock=lambda: now
        )

    def plan(self, content: str | bytes | Path, **more: Any) -> Planned:
        """Plan a file of this content, and read the plan back; its seal fits."""
        made = self.make(content, **more)
        assert check_seal(self.output) == made.seal
        return Planned(made, list(read_rows(self.output)))

    def file(self, content: str | bytes | Path, name: str = "a.csv") -> Path:
        if isinstance(content, Path):
            return content
        path = self.folder / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def refused(self, content: str | bytes | Path, **more: Any) -> JobsError:
        """Plan a file that cannot be planned; nothing is written."""
        before = {path.name for path in self.folder.iterdir()}
        planned = self.output.read_bytes() if self.output.exists() else None
        with pytest.raises(JobsError) as caught:
            self.make(content, **more)
        assert {path.name for path in self.folder.iterdir()} - before <= {more.get("name", "a.csv")}
        assert planned is None or self.output.read_bytes() == planned
        assert caught.value.exit_code == 2
        return caught.value

    def problems(self, content: str | bytes | Path, **more: Any) -> list[tuple[str, int | None]]:
        """Plan a file that cannot be planned; gives codes and lines."""
        return [(one.code, one.line) for one in self.refused(content, **more).problems]


def csv(*rows: str, header: str = HEADER) -> str:
    return "\n".join((header, *rows)) + "\n"


def jsonl(*rows: dict[str, Any]) -> str:
    return "".join(json.dumps(row) + "\n" for row in rows)
