"""A folder with accounts of several systems on served mocks, and the command `store-credit` as it is typed in it."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path
from typing import Any, cast

from click.testing import CliRunner

from store_credit_jobs.cli.main import main
from store_credit_jobs.config import Account, read_config
from store_credit_jobs.credentials import Credential
from store_credit_jobs.systems import connect
from store_credit_jobs.systems.system import System
from store_credit_mock import Server
from store_credit_mock.mock import SPREE_SECRET_KEY, SPREE_TOKEN, VINR_KEY

__all__ = ["Office", "Said"]

_KEYS = {"vinr": VINR_KEY, "spree-v2": SPREE_TOKEN, "spree-v3": SPREE_SECRET_KEY}


class Said:
    """How a command ended, and what it said.

    Attributes:
        code: Its exit code.
        out: What is on stdout.
        err: What is on stderr.
    """

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err

    @property
    def events(self) -> list[dict[str, Any]]:
        """Its lines of JSON."""
        return [json.loads(line) for line in self.out.splitlines()]

    def __repr__(self) -> str:
        return f"exit code {self.code}\n{self.out}\n{self.err}"


class Office:
    """A folder with a configuration and a workspace.

    Args:
        folder: Where it is.
        accounts: The system and the server of each account, by its name.
        tokens: The credentials of accounts that have one of their own.
    """

    def __init__(
        self, folder: Path, accounts: dict[str, tuple[str, Server]], tokens: dict[str, str] | None = None
    ) -> None:
        self._keys = {name: _KEYS[system] for name, (system, _) in accounts.items()} | (tokens or {})
        self.folder = folder
        self.workspace = folder / ".store-credit"
        lines: list[str] = []
        for name, (system, server) in accounts.items():
            own = ["created_by = 1", "category = 1"] if system == "spree-v2" else []
            token = folder / f"{name}.token"
            token.write_text(self._keys[name])
            token.chmod(0o600)
            lines += [
                f"[account.{name}]", f'system = "{system}"', f'url = "{server.url}"',
                f'token = {{ file = "{token.name}" }}', "grace = 1", 'rate = "100000/s"', *own, "",
            ]  # fmt: skip
        self.config = folder / "store-credit.toml"
        self.config.write_text("\n".join(lines))
        self.accounts: dict[str, Account] = dict(read_config(self.config).accounts)

    def system(self, name: str) -> closing[System]:
        """An account's system, from outside."""
        account = self.accounts[name]
        return closing(connect(account, Credential(self._keys[name])))

    def credits(self, name: str) -> dict[str, Any]:
        """All credits of an account, by their ids."""
        with self.system(name) as system:
            return {credit.id: credit for credit in system.credits()}

    def run(self, *arguments: str) -> Said:
        """Run a command."""
        common = ["--config", str(self.config), "--workspace", str(self.workspace)]
        ran = CliRunner().invoke(cast("Any", _Main()), [*arguments, *common])
        return Said(ran.exit_code, ran.stdout, ran.stderr)

    def issue(self, name: str, rows: list[tuple[str, int, str]], campaign: str = "before") -> None:
        """Issue credits: customer, minor units and currency of each, all of two decimals.

        In VINR they expire at the end of 2027, in Spree they have a memo.
        """
        vinr = self.accounts[name].system == "vinr"
        last, told = ("expires_at", "2027-12-31T23:59:59Z") if vinr else ("memo", "of the old shop")
        lines = [
            f"{campaign}-{n},{who},{minor // 100}.{minor % 100:02},{currency},{told}"
            for n, (who, minor, currency) in enumerate(rows)
        ]
        (self.folder / "rows.csv").write_text("\n".join([f"key,customer,amount,currency,{last}", *lines, ""]))
        plan = str(self.folder / f"{campaign}.plan.jsonl")
        for arguments in (["plan", str(self.folder / "rows.csv"), "--campaign", campaign, "-o", plan], ["apply", plan]):
            said = self.run("issue", *arguments, "--account", name, "--quiet")
            assert said.code == 0, said


class _Main:
    """The command as the script runs it, with its exit code, in the shape that click's runner takes."""

    name = "store-credit"

    def main(self, args: Any = None, prog_name: Any = None, **_: Any) -> None:
        """Run it."""
        del prog_name
        main(list(args))
