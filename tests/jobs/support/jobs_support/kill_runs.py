"""The command `store-credit issue apply` in processes of its own, killed at random moments, until a job is finished.

What was given is counted by the mock's own ledger, through its control plane: neither our clients nor our closing scan
take part in that.
"""

from __future__ import annotations

import os
import random
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, Final

import attrs

from jobs_support.shops import Shop
from store_credit import spree_id
from store_credit_mock import Fault
from store_credit_mock.systems.control_route import ControlError

__all__ = ["HEADER", "PROPERTY", "Command", "KillRun", "MovingClock", "Trouble", "count", "decide_held", "states"]

PROPERTY: Final = "kill run"
"""Under which tests record a line of the table."""

_SCRIPT: Final = Path(sys.executable).with_name("store-credit")
_MOVED: Final = """
import os, time
real, ahead, jump = time.time, float(os.environ["CLOCK_AHEAD"]), float(os.environ["CLOCK_JUMPS"])
time.time = lambda: real() + ahead + (jump if os.path.exists("clock-is-set") else 0)
from store_credit_jobs.cli.main import main
main()
"""
"""The command on a machine whose clock is ahead, or is set while it runs."""
_PREFIXES: Final = {"vinr": "sc_", "spree-v2": "spree:", "spree-v3": "spree_v3:"}
"""What the mock's ledger calls credits."""
_SCALES: Final = {"minor": 1, "hundredth": 1, "ten_thousandth": 100}
"""How many of its units are a cent."""
_LONGEST: Final = 300.0
"""Seconds after which a command hangs."""


class Command:
    """`store-credit` in a process of its own, begun as a person would begin it.

    Args:
        shop: Whose configuration and workspace it has.
        words: Its arguments.
        ahead: Seconds by which its clock is ahead of this machine's.
        jumps: By how many it is set forth by `set_clock`.
    """

    def __init__(self, shop: Shop, *words: str, ahead: float = 0.0, jumps: float = 0.0) -> None:
        self._folder = shop.folder
        self._told = shop.folder / f"command-{len(list(shop.folder.glob('command-*')))}"
        program = [sys.executable, "-c", _MOVED] if ahead or jumps else [str(_SCRIPT)]
        place = ["--config", str(shop.folder / "store-credit.toml"), "--workspace", str(shop.folder / "workspace")]
        with self._told.open("wb") as told:
            self.process = subprocess.Popen(
                [*program, *words, *place],
                env={**os.environ, "SHOP_TOKEN": shop.key, "CLOCK_AHEAD": str(ahead), "CLOCK_JUMPS": str(jumps)},
                cwd=shop.folder,
                stdin=subprocess.DEVNULL,
                stdout=told,
                stderr=subprocess.STDOUT,
            )

    @property
    def running(self) -> bool:
        """Whether it is."""
        return self.process.poll() is None

    @property
    def code(self) -> int:
        """How it ended, -9 for SIGKILL; waits for that."""
        return self.process.wait(_LONGEST)

    def set_clock(self) -> None:
        """Set the clock while it runs."""
        (self._folder / "clock-is-set").touch()

    def kill(self) -> None:
        """SIGKILL."""
        self.process.kill()
        self.process.wait(_LONGEST)

    def __repr__(self) -> str:
        return f"{' '.join(self.process.args[1:])}\nexit code {self.process.poll()}\n{self._told.read_text()}"  # type: ignore[misc]


@attrs.frozen(slots=True)
class Trouble:
    """What goes wrong with creates, as shares of them; all others take 25 ms, so that some are always under way.

    Attributes:
        slow: Seconds after which a slow one commits, whose response is lost.
    """

    slow: float = 0.6
    after: float = 0.05
    slowly: float = 0.03
    dropped: float = 0.02
    unavailable: float = 0.02
    unavailable_after: float = 0.02
    truncated: float = 0.02
    takes: float = 0.025

    def plan(self, shop: Shop) -> None:
        """Plan it."""
        faults: list[tuple[float, dict[str, Any]]] = [
            (self.after, {"drop": True, "when": "after"}),
            (self.slowly, {"commit_after": self.slow}),
            (self.dropped, {"drop": True}),
            (self.unavailable, {"status": 503}),
            (self.unavailable_after, {"status": 503, "when": "after"}),
            (self.truncated, {"truncate": 20}),
        ]
        for probability, fault in faults:
            shop.control.add_fault(Fault(shop.operation, probability=probability, **fault))
        shop.control.add_fault(Fault(shop.operation, delay=self.takes))

    def __str__(self) -> str:
        shares = (self.after, self.dropped, self.unavailable, self.unavailable_after, self.truncated)
        return "/".join(f"{100 * share:g}" for share in shares) + f" {100 * self.slowly:g}x{self.slow:g}s"


def count(shop: Shop) -> tuple[int, int, int]:
    """Count by the server's ledger: credits given, of these those beyond one for each row, and rows without any.

    Also those are counted that were deleted since. Each row of a shop's plan is of another amount.
    """
    assert shop.control.invariants().holds
    given = Counter(minor for minor, _ in _given(shop))
    wanted = range(101, 101 + shop.rows)
    assert set(given) <= {*wanted}, "only rows of the plan are given"
    return given.total(), given.total() - len(given), sum(amount not in given for amount in wanted)


def _given(shop: Shop) -> Iterator[tuple[int, str]]:
    """All credits that the ledger knows to have been given: minor units and id."""
    prefix = _PREFIXES[shop.system]
    for _, credit, kind, _, _, amount, scale, *_ in shop.control.snapshot()["rows"]["ledger_entry"]:
        if credit.startswith(prefix) and kind in ("issue", "allocation"):
            number = credit.removeprefix("spree_v3:")
            name = spree_id("store_credit", int(number)) if number != credit else credit.removeprefix("spree:")
            yield amount // _SCALES[scale], name


def _read(shop: Shop, query: str) -> list[Any]:
    """Look into the journal as it is; nobody can be writing."""
    journal = shop.folder / "workspace" / "journal.db"
    if not journal.exists():
        return []
    with closing(sqlite3.connect(journal)) as connection:
        return connection.execute(query).fetchall()


def states(shop: Shop) -> Counter[str]:
    """How many steps are in which state."""
    return Counter(dict(_read(shop, "SELECT state, count(*) FROM step GROUP BY state")))


def decide_held(shop: Shop, ahead: float = 0.0) -> int:
    """Take a person's word for each row that is held, who looks into the server's books; how many there were.

    Rows are held where nothing at the server may be theirs, or one credit that has lost its mark.
    """
    given: dict[int, list[str]] = {}
    for minor, credit in _given(shop):
        given.setdefault(minor, []).append(credit)
    ((job,),) = _read(shop, "SELECT id FROM job")
    held = _read(shop, "SELECT n, minor FROM step WHERE state = 'held'")
    for n, minor in held:
        (word,) = [f"done={credit}" for credit in given.get(minor, ())] or ["absent"]
        command = Command(shop, "issue", "decide", job, str(n), word, ahead=ahead)
        assert command.code == 0, command
    return len(held)


@attrs.define
class MovingClock:
    """Time that passes between processes, for the server and for them.

    Attributes:
        shop: Where.
        by: Seconds, of which some pass each time.
        ahead: How many have passed.
    """

    shop: Shop
    by: Sequence[float]
    ahead: float = 0.0

    def __call__(self, chance: random.Random) -> float:
        # A plan is to be new; one of which something was sent may be of any age.
        if _read(self.shop, "SELECT 1 FROM step WHERE attempt > 0 LIMIT 1"):
            self.pass_by(chance.choice(self.by))
        return self.ahead

    def pass_by(self, seconds: float) -> None:
        """Let them pass."""
        self.ahead += seconds
        self.shop.control.advance(seconds)


@attrs.define
class KillRun:
    """A job that is killed again and again, and then left to finish.

    Attributes:
        shop: Where.
        name: What the table calls it.
        wanted: How many kills.
        seed: What the moments are drawn by.
        trouble: What goes wrong besides.
        grace: Seconds after which no request is running any more.
        between: Called before each process; gives the seconds by which its clock is ahead.
        kills: How often it was killed.
        decided: How many rows a person had to decide.
        held_allowed: Whether rows may be held at all.
        ahead: Seconds by which the clock of the last process was ahead.
    """

    shop: Shop
    name: str
    wanted: int
    seed: int
    trouble: Trouble = attrs.field(factory=Trouble)
    grace: float = 1.0
    between: Callable[[random.Random], float] = lambda chance: 0.0
    held_allowed: bool = False
    ahead: float = 0.0
    kills: int = 0
    decided: int = 0
    seconds: float = 0.0
    last: Command | None = None

    def go(self) -> str:
        """Kill and finish it; returns its line of the table."""
        chance = random.Random(f"{self.seed} {self.name} {self.shop.system}")
        began = time.monotonic()
        self.trouble.plan(self.shop)
        code = -9
        while self.kills < self.wanted and (code == -9 or self._decided(code)):
            code = self._once(chance)
            self.kills += code == -9
        for _ in range(3):
            if code == 0 or not (code == -9 or self._decided(code)):
                break
            code = self._apply(chance).code
        self.seconds = time.monotonic() - began
        return str(self)

    def _apply(self, chance: random.Random) -> Command:
        words = ["issue", "apply", str(self.shop.plan), "--concurrency", "6", "--grace", str(self.grace)]
        self.ahead = self.between(chance)
        self.last = Command(self.shop, *words, ahead=self.ahead)
        return self.last

    def _once(self, chance: random.Random) -> int:
        """Kill one process once some requests have come, unless the job is finished before; its exit code."""
        control = self.shop.control
        left = self.shop.rows - states(self.shop)["done"]
        most = max(1, round(1.6 * left / (self.wanted - self.kills + 1)))
        # One in six while it reads: its first look at the account, and what it looks up before it sends.
        which, most = (None, 6) if chance.random() < 1 / 6 else (self.shop.operation, most)
        number = chance.randint(1, most)
        after = control.count_exchanges().last
        command = self._apply(chance)
        if self.kills == 0:
            # While the plan is taken over, before anything is asked.
            while command.running and not (self.shop.folder / "workspace" / "journal.db").exists():
                control.clock()
            command.kill()
        while command.running:
            try:
                control.exchanges(limit=1, operation=which, after=after, wait_for=number, timeout=0.2)
            except ControlError:
                continue
            command.kill()
        return command.code

    def _decided(self, code: int) -> bool:
        """Decide what is held, where that is all that is left."""
        if code != 3 or not self.held_allowed:
            return False
        # Whoever decides has the clock of the process that sent: the grace is waited for by it.
        self.decided += decide_held(self.shop, self.ahead)
        return True

    def __str__(self) -> str:
        shop = self.shop
        given, doubled, lost = count(shop)
        code = "-" if self.last is None else self.last.code
        return (
            f"{self.name:<14} {shop.system:<9}{self.seed:>5}{self.kills:>7}{shop.rows:>7}{given:>9}{doubled:>9}"
            f"{lost:>6}{self.decided:>9}{code:>6}{self.seconds:>9.1f}{self.grace:>6g}s  {self.trouble}"
        )


HEADER: Final = (
    f"{'run':<14} {'system':<9}{'seed':>5}{'kills':>7}{'rows':>7}{'credits':>9}{'doubled':>9}{'lost':>6}{'decided':>9}"
    f"{'exit':>6}{'seconds':>9}{'grace':>7}  % lost after commit/dropped/503/503 after commit/truncated, slow commits"
)
