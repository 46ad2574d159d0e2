"""Shops on a served mock, one sandbox each, and the command `store-credit` in processes of its own."""

from __future__ import annotations

import json
import multiprocessing
import os
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from jobs_support.killed_command import run_command
from served_mock import CONTROL_TOKEN, Served
from store_credit_jobs.config import Account
from store_credit_jobs.credentials import Credential
from store_credit_jobs.planning.plan_file import PlanHead, PlanRow, PlanSeal, PlanStep, write_plan
from store_credit_jobs.systems import connect
from store_credit_jobs.wire_key import wire_key
from store_credit_mock import Fault
from store_credit_mock.control import Control

__all__ = ["SYSTEMS", "Run", "Shop"]

SYSTEMS = ("vinr", "spree-v2", "spree-v3")
_OPERATIONS = {
    "vinr": "vinr.store_credit.create",
    "spree-v2": "spree.store_credits.create",
    "spree-v3": "spree_v3.admin.customers.store_credits.create",
}
_KEYS = {"vinr": "sk_test_sandbox_{}_x", "spree-v2": "sandbox_{}_x", "spree-v3": "sk_sandbox_{}_x"}
_CUSTOMERS = {"vinr": "cust_8aZ2", "spree-v2": "2", "spree-v3": "cus_UkLWZg9DAJ"}
_FORKS = multiprocessing.get_context("forkserver")
_PRELOADED = [
    "jobs_support.killed_command",
    "httpx",
    # What multiprocessing imports in each child, as this process's main module.
    "pytest",
    "sqlite3",
    "store_credit_jobs.cli.apply_command",
    "store_credit_jobs.cli.screen",
    "store_credit_jobs.credentials",
    "store_credit_jobs.engine.engine",
    "store_credit_jobs.engine.taking_up",
    "store_credit_jobs.systems.spree_v2",
    "store_credit_jobs.systems.spree_v3",
    "store_credit_jobs.systems.vinr",
]
_SUPPORT = Path(__file__).parent.parent


class Run:
    """A command in a process of its own.

    Forked off a server of forks that has imported everything, since starting Python takes longer than the command.
    """

    def __init__(self, arguments: list[str], variables: dict[str, str], folder: Path, kill: tuple[str, int]) -> None:
        _FORKS.set_forkserver_preload(_PRELOADED)
        # The server of forks is a process of its own, which looks for modules where this one does.
        before = os.environ.get("PYTHONPATH")
        os.environ["PYTHONPATH"] = os.pathsep.join([str(_SUPPORT), *filter(None, [before])])
        self._told = folder / f"run-{len(list(folder.glob('run-*.out')))}"
        try:
            told = str(self._told)
            self.process = _FORKS.Process(target=run_command, args=(arguments, variables, str(folder), kill, told))
            self.process.start()
        finally:
            if before is None:
                del os.environ["PYTHONPATH"]
            else:
                os.environ["PYTHONPATH"] = before

    @property
    def code(self) -> int:
        """How it ended; -9 for SIGKILL."""
        self.process.join(120)
        assert self.process.exitcode is not None, "it has not ended"
        return self.process.exitcode

    @property
    def out(self) -> str:
        """What it has said on stdout so far."""
        return self._told.with_suffix(".out").read_text()

    @property
    def err(self) -> str:
        """What it has said on stderr so far."""
        return self._told.with_suffix(".err").read_text()

    def __repr__(self) -> str:
        return f"exit code {self.process.exitcode}\n{self.out}\n{self.err}"


class Shop:
    """An account of a system on a served mock, with a plan.

    Args:
        mock: The mock.
        system: Which system.
        sandbox: The sandbox's name: letters, digits and `-`.
        folder: Where configuration, plan and workspace are.
        rows: How many rows the plan has. Each is of another amount.
        settings: Of the account, in TOML, beside or in the place of those that tests need.
    """

    def __init__(self, mock: Served, system: Any, sandbox: str, folder: Path, rows: int = 40, **settings: str) -> None:
        self.mock, self.system, self.folder, self.rows = mock, system, folder, rows
        self.operation = _OPERATIONS[system]
        self.key = _KEYS[system].format(sandbox)
        self.customer = _CUSTOMERS[system]
        self.control = Control.connect(mock.url, CONTROL_TOKEN, sandbox=sandbox)
        spree = {"created_by": '"1"', "category": '"1"'} if system == "spree-v2" else {}
        said = {
            "system": f'"{system}"', "url": f'"{mock.url}"', "token": '{ env = "SHOP_TOKEN" }', "grace": "1",
            "rate": '"100000/s"', **spree, **settings,
        }  # fmt: skip
        lines = [f"{name} = {value}" for name, value in said.items() if value]
        (folder / "store-credit.toml").write_text("\n".join(["[account.shop]", *lines, ""]))
        self.plan = folder / "plan.jsonl"
        self.account = Account(
            "shop",
            system,
            mock.url,
            {},
            created_by="1" if spree else None,
            category="1" if spree else None,
            grace=1.0,
        )
        self.seal = self.write_plan(self.plan)
        self.before = set(self.credits())

    def write_plan(self, path: Path, **head: Any) -> PlanSeal:
        """Write the plan."""
        made = datetime.now(UTC).isoformat()
        account = self.account
        told = {
            "id": "pl_1", "campaign": "nov", "account": "shop", "identity": account.identity, "system": self.system,
            "host": account.host, "made": made, "source": {"name": "a.csv", "sha256": "0"}, "mode": "add",
            "kind": "issue", "tool": "0.1.0", **head,
        }  # fmt: skip
        return write_plan(path, PlanHead(**told), (self.row(n) for n in range(1, self.rows + 1)))

    def row(self, n: int) -> PlanRow:
        """A row of the plan."""
        wire = wire_key(self.account.identity, "nov", f"row-{n}")
        step = PlanStep("create", wire, 100 + n)
        return PlanRow(n, f"row-{n}", "create", self.customer, 100 + n, "USD", line=n + 1, steps=(step,))

    def start(
        self,
        *options: str,
        kill: tuple[str, int] = ("never", 1),
        workspace: str = "workspace",
        plan: Path | None = None,
    ) -> Run:
        """Start `issue apply`, in a process of its own."""
        return self.command("issue", "apply", str(plan or self.plan), *options, kill=kill, workspace=workspace)

    def command(self, *words: str, kill: tuple[str, int] = ("never", 1), workspace: str = "workspace") -> Run:
        """Start any command of the shop's, likewise."""
        place = ["--config", str(self.folder / "store-credit.toml"), "--workspace", str(self.folder / workspace)]
        arguments = [*words, *place]
        # The server of forks has the variables of the test that started it.
        variables = {"SHOP_TOKEN": self.key, "XDG_STATE_HOME": str(self.folder / "state")}
        return Run(arguments, variables, self.folder, kill)

    def apply(self, *options: str, **more: Any) -> Run:
        """Run it to its end."""
        run = self.start(*options, **more)
        assert run.code is not None
        return run

    def connect(self) -> Any:
        """The account, to look at it from outside."""
        return connect(self.account, Credential(self.key))

    def credits(self) -> dict[str, Any]:
        """All credits of the shop."""
        system = self.connect()
        try:
            return {credit.id: credit for credit in system.credits(customers=[self.customer])}
        finally:
            system.close()

    def counted(self) -> tuple[int, int]:
        """How many credits there are too many, and how many rows have none."""
        there = Counter(credit.minor for name, credit in self.credits().items() if name not in self.before)
        wanted = range(101, 101 + self.rows)
        return sum(number - 1 for number in there.values()), sum(minor not in there for minor in wanted)

    def result(self, workspace: str = "workspace") -> dict[str, Any]:
        """The result file."""
        (file,) = (self.folder / workspace).glob("*.result.json")
        return json.loads(file.read_text())

    def requests(self, operation: str | None = None) -> int:
        """How many requests there were, of all that the mock remembers."""
        return self.control.count_exchanges(operation=operation or self.operation).total

    def trouble(self, share: float = 1.0) -> None:
        """Have requests break, as in the runs that the design was tried with: 15 % in all, times a share."""
        faults: list[tuple[float, dict[str, Any]]] = [
            (0.05, {"drop": True, "when": "after"}),
            (0.03, {"commit_after": 0.6}),
            (0.02, {"drop": True}),
            (0.02, {"status": 503}),
            (0.02, {"status": 503, "when": "after"}),
            (0.02, {"truncate": 20}),
        ]
        for probability, fault in faults:
            self.control.add_fault(Fault(self.operation, probability=probability * share, **fault))
