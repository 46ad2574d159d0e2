"""`store-credit init`: writes store-credit.toml with one account, and checks it where its server can be reached.

Exit codes: 0 written, 2 not written, 7 written, but the server refuses the credentials.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from store_credit_jobs.cli.common_options import Common, common_options
from store_credit_jobs.errors import JobsError
from store_credit_jobs.exit_codes import ExitCode

if TYPE_CHECKING:
    from store_credit_jobs.config import Account

__all__ = ["command"]

_SYSTEMS: Final = ("vinr", "spree-v2", "spree-v3")
_VARIABLES: Final = {"vinr": "VINR_SECRET_KEY", "spree-v2": "SPREE_TOKEN", "spree-v3": "SPREE_SECRET_KEY"}


@click.command("init")
@click.option("--system", type=click.Choice(_SYSTEMS), default=None, help="The account's system.")
@click.option("--url", metavar="URL", help="The server's address, such as https://shop.example.com.")
@click.option("--token-env", metavar="NAME", help="The environment variable that contains the credential.")
@click.option("--token-command", metavar="LINE", help="A command that prints the credential.")
@click.option(
    "--token-file", metavar="FILE", help="The file that contains the credential; it must be readable only by you."
)
@click.option("--created-by", metavar="ID", help="Spree v2: the id of a staff user who does nothing but issue credit.")
@click.option("--category", metavar="ID", help="Spree: the id of the category for the credits.")
@click.option("--server", metavar="VERSION", help="Spree v3: the server's version, such as 6.0.")
@click.option(
    "--grace",
    metavar="SECONDS",
    help="Assume that a request has ended after this many seconds; use your proxy's timeout plus a margin.",
)
@click.option("--not-live", is_flag=True, help="Declare that the server does not move real money.")
@common_options
def command(common: Common, **options: Any) -> ExitCode:
    """Write store-credit.toml with one account, and check it.

    On a terminal, the command asks for anything that the options leave out. It writes where to find the credential,
    never the credential itself.
    """
    from store_credit_jobs.config import CONFIG_NAME, read_config

    path = common.config or Path(CONFIG_NAME)
    if path.name == "pyproject.toml":
        raise JobsError("config_invalid", "init does not write pyproject.toml; add [tool.store-credit] by hand")
    if path.exists():
        raise JobsError("config_exists", f"{path} already exists; add the account by hand, or remove the file")
    name = common.account or "shop"
    _ask(options)
    text = _toml(name, options)
    # Read back from beside its place first, so that what is written is what can be read.
    draft = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        draft.write_text(text, "utf-8")
        read_config(draft)
        # A file that came up meanwhile is not replaced.
        os.link(draft, path)
    except FileExistsError:
        raise JobsError(
            "config_exists", f"{path} already exists; add the account by hand, or remove the file"
        ) from None
    except OSError as error:
        raise JobsError("output", f"{path} cannot be written: {error.strerror}") from None
    except JobsError as error:
        said = "; ".join(f"{problem.key}: {problem.text}" for problem in error.problems)
        raise JobsError(error.code, f"{path} was not written: {said or error.message}") from None
    finally:
        draft.unlink(missing_ok=True)
    click.echo(f"{path} is written.", err=True)
    return _check(read_config(path).account(name), common)


def _ask(options: dict[str, Any]) -> None:
    ways = [name for name in ("token_env", "token_command", "token_file") if options[name] is not None]
    if len(ways) > 1:
        raise click.UsageError("a credential can have only one source; pass only one of the --token-... options")
    if sys.stdin.isatty() and sys.stderr.isatty():
        if options["system"] is None:
            options["system"] = click.prompt("System", type=click.Choice(_SYSTEMS), err=True)
        if options["url"] is None:
            options["url"] = click.prompt("Address of the server", default=_address(options["system"]), err=True)
        if not ways:
            variable = _VARIABLES[options["system"]]
            options["token_env"] = click.prompt("Environment variable with the credential", default=variable, err=True)
        if options["system"] == "spree-v2" and options["created_by"] is None:
            options["created_by"] = click.prompt(
                "Id of the staff user who issues all credit, and nothing else", err=True
            )
        if options["system"] == "spree-v2" and options["category"] is None:
            options["category"] = click.prompt("Id of the category of the credits", err=True)
        if options["system"] != "vinr" and options["grace"] is None:
            options["grace"] = click.prompt(
                "Seconds after which no request can still be running (the proxy's timeout, plus a margin)",
                default="120",
                err=True,
            )
        return
    missing = [f"--{name}" for name in ("system", "url") if options[name] is None]
    if not ways:
        missing.append("--token-env")
    if missing:
        raise click.UsageError(f"there is no terminal to prompt on; pass {', '.join(missing)}")


def _address(system: str) -> str | None:
    return "https://sandbox.api.vinr.com" if system == "vinr" else None


def _toml(name: str, options: dict[str, Any]) -> str:
    ((way, where),) = ((way, options[f"token_{way}"]) for way in ("env", "command", "file") if options[f"token_{way}"])
    lines = [
        "# Accounts of store-credit. This file says where credentials are, but never contains one.",
        f"[account.{_text(name) if not name.isascii() or not name.isidentifier() else name}]",
        f"system = {_text(options['system'])}",
        f"url = {_text(options['url'])}",
        f"token = {{ {way} = {_text(where)} }}",
    ]
    lines += [f"{key} = {_text(options[key])}" for key in ("created_by", "category", "server", "grace") if options[key]]
    if options["not_live"]:
        lines.append("live = false")
    return "\n".join(lines) + "\n"


def _text(value: str) -> str:
    # What JSON escapes, TOML reads; but for this one, which JSON leaves as it is.
    return json.dumps(value).replace("\x7f", "\\u007f")


def _check(account: Account, common: Common) -> ExitCode:
    """Ask the server; what stands against the account does not take the file back."""
    from store_credit_jobs.credentials import read_credential
    from store_credit_jobs.systems import connect

    try:
        system = connect(account, read_credential(account))
        try:
            found = system.check()
        finally:
            system.close()
    except JobsError as error:
        click.echo(f"It was not checked: {error.message}", err=True)
        if common.json:
            click.echo(json.dumps({"event": "account.unchecked", "account": account.name, "code": error.code}))
        return error.exit_code if error.exit_code is ExitCode.CREDENTIALS else ExitCode.DONE
    for problem in found.problems:
        click.echo(f"To be corrected: {problem}", err=True)
    live = "it moves real money" if found.live else "it does not move real money"
    limit = "" if found.limit is None else f", at most {found.limit} requests a minute"
    click.echo(f"Account {account.name} on {account.host}: {live}{limit}.", err=True)
    if common.json:
        told = [problem._asdict() for problem in found.problems]
        event = {"event": "account.checked", "account": account.name, "live": found.live, "limit": found.limit}
        click.echo(json.dumps({**event, "problems": told}))
    return ExitCode.DONE
