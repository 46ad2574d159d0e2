"""`store-credit-mock verify`: its arguments, and how it is run."""

from __future__ import annotations

import os
import re
import signal
import sys
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Any, Final

import click

from store_credit_mock.contract import Document, DocumentError, ExchangeValidator
from store_credit_mock.contract.document import BUNDLED
from store_credit_mock.http_libraries import chosen
from store_credit_mock.verify.accepted_findings import AcceptedFindings, shipped, write_accepted
from store_credit_mock.verify.credentials import CONTROL, Credentials
from store_credit_mock.verify.report import item_lines, sum_lines, write_json, write_junit
from store_credit_mock.verify.results import CheckResult, Exit, Run
from store_credit_mock.verify.safety import checked_address, is_loopback
from store_credit_mock.verify.selection import Selection
from store_credit_mock.verify.settings import Settings
from store_credit_mock.verify.systems import KNOWN, Argument, VerifiedSystem, verified_system

__all__ = ["command"]

_EXAMPLES: Final = """\b
examples:
  store-credit-mock verify http://127.0.0.1:4010 --system vinr --key sk_test_any
  store-credit-mock verify https://sandbox.api.vinr.com --system vinr \\
      --customer cust_8aZ2 --junit verify.xml
  store-credit-mock verify http://127.0.0.1:4010 --system toy \\
      --document toy.yaml --credential toyKey=any

exit codes: 0 everything passed, 1 findings, 2 could not run, 3 nothing was found, but not everything
could be tried within --max-requests, 130 interrupted
"""


_SHARED: Final[dict[str, list[tuple[type[VerifiedSystem], Argument]]]] = {}
for _kind in KNOWN.values():
    for _argument in _kind.arguments:
        _SHARED.setdefault(_argument.flag, []).append((_kind, _argument))


def _of_systems(function: Any) -> Any:
    """Add the options that are about one system, or about several in the same way."""
    for flag, shared in reversed(_SHARED.items()):
        told = "; ".join(f"{kind.title}: {_told(argument)}" for kind, argument in shared)
        first = shared[0][1]
        function = click.option(flag, first.parameter, metavar=first.metavar, help=told)(function)
    return function


def _told(argument: Argument) -> str:
    told = f" ({argument.name})" if argument.secret else ""
    told += f" ({argument.default} on this machine)" if argument.default else ""
    return f"{argument.help}{told}"


@click.command("verify", epilog=_EXAMPLES)
@click.argument("address", metavar="URL")
@click.option(
    "--system",
    metavar="NAME",
    help="the system to test: vinr, spree, or another system in --document (default: all of them)",
)
@_of_systems
@click.option(
    "--credential",
    "given",
    multiple=True,
    metavar="SCHEME=SECRET",
    help="the credential for a security scheme in another system's document (may be repeated)",
)
@click.option(
    "--control-token",
    CONTROL,
    metavar="TOKEN",
    envvar=CONTROL,
    help=f"the token of a mock's control plane, needed to test spending, expiry and webhooks ({CONTROL})",
)
@click.option(
    "--max-requests",
    type=click.IntRange(20, 1_000_000),
    default=2000,
    show_default=True,
    metavar="N",
    help="maximum number of requests, including the cleanup",
)
@click.option(
    "--examples",
    type=click.IntRange(1, 10_000),
    default=4,
    show_default=True,
    metavar="N",
    help="number of random cases for each operation",
)
@click.option(
    "--only",
    multiple=True,
    metavar="PATTERN",
    help="run and count only these scenarios, operations or checks (may be repeated)",
)
@click.option(
    "--exclude",
    multiple=True,
    metavar="PATTERN",
    help="leave out these scenarios, operations or checks (may be repeated)",
)
@click.option(
    "--accept",
    multiple=True,
    metavar="FILE",
    help=f"accepted findings: a file, or one of {', '.join(shipped())} (may be repeated)",
)
@click.option("--write-accept", type=Path, metavar="FILE", help="write the findings to a file for --accept")
@click.option("--no-generated", is_flag=True, help="run only the scenarios")
@click.option("--keep", is_flag=True, help="keep the records at the end, so that the printed curl commands still work")
@click.option(
    "--timeout",
    type=click.FloatRange(0, 600, min_open=True),
    default=10.0,
    show_default=True,
    metavar="SECONDS",
    help="time limit for each request",
)
@click.option("--ca", type=Path, metavar="FILE", help="trust only the certificate authorities in this PEM file")
@click.option("--junit", type=Path, metavar="FILE", help="write a JUnit report for CI")
@click.option("--json", type=Path, metavar="FILE", help="write the full results as JSON")
@click.option("--coverage", type=Path, metavar="FILE", help="write the coverage of openapi.yaml, for `coverage report`")
@click.option("--document", type=Path, metavar="FILE", help="use this OpenAPI document instead of the bundled one")
@click.option("--live", is_flag=True, help="allow a live system; also requires --yes-issue-real-credit")
@click.option("--yes-issue-real-credit", is_flag=True, help="confirm --live")
def command(**arguments: Any) -> int:
    """Test a live server with scenarios and with requests generated from openapi.yaml.

    The command issues store credit on the server, and removes what it can. It does not change or delete anything that
    it did not create.
    """
    for shared in _SHARED.values():
        given = arguments[shared[0][1].parameter]
        arguments.update({argument.parameter: given for _, argument in shared})
    try:
        address = checked_address(arguments["address"])
        _check_writable(*(arguments[name] for name in ("junit", "json", "coverage", "write_accept")))
        chosen()
        validator = ExchangeValidator(_document(arguments["document"]))
        address = validator.document.without_prefix(address)
        system = verified_system(arguments["system"], validator.closed)
        credentials = _credentials(system, arguments)
        settings = _settings(address, system, credentials, arguments)
    except (DocumentError, ImportError, ValueError) as error:
        return _fail(str(error))
    try:
        from store_credit_mock.verify.runner import verify
    except ImportError as error:
        return _fail(f"verifying needs the `verify` extra: pip install 'store-credit-mock[verify]' ({error.name})")
    from store_credit_mock.coverage import Coverage

    def told(item: CheckResult) -> None:
        for line in item_lines(item, credentials):
            _say(line)

    coverage = None if arguments["coverage"] is None else Coverage(validator.closed)
    previous = signal.signal(signal.SIGTERM, _interrupt)
    try:
        run = verify(settings, system, validator, seen=None if coverage is None else coverage.add, told=told)
    except OSError as error:
        return _fail(str(error))
    except KeyboardInterrupt:
        return Exit.INTERRUPTED
    finally:
        signal.signal(signal.SIGTERM, previous)
    for line in sum_lines(run, credentials):
        _say(line)
    unwritten = _write(run, settings, coverage, arguments)
    if unwritten:
        return _fail("; ".join(unwritten), run.code or Exit.NOT_RUN)
    return run.code


def _document(path: Path | None) -> Document:
    return Document.read(path or BUNDLED, partial(print, file=sys.stderr))


def _credentials(system: VerifiedSystem, arguments: dict[str, Any]) -> Credentials:
    given = dict(pair.split("=", 1) if "=" in pair else (pair, "") for pair in arguments["given"])
    credentials = system.credentials(arguments, given)
    control: str | None = arguments[CONTROL]
    if control:
        credentials = Credentials({**credentials.values, CONTROL: control})
    system.check_credentials(credentials)
    return credentials


def _settings(address: str, system: VerifiedSystem, credentials: Credentials, arguments: dict[str, Any]) -> Settings:
    live = system.why_live(address, credentials)
    if live is not None and not (arguments["live"] and arguments["yes_issue_real_credit"]):
        raise ValueError(
            f"this server counts as live: {live}. Verification issues store credit that can be spent; to allow this,"
            " pass both --live and --yes-issue-real-credit"
        )
    wanted = [argument for argument in system.arguments if not argument.secret]
    missing = [one.flag for one in wanted if one.default is not None and not arguments[one.parameter]]
    if missing and not is_loopback(address):
        raise ValueError(f"for a server that is not on this machine, set {', '.join(missing)}")
    ids = {one.name: arguments[one.parameter] or one.default for one in wanted}
    for argument in wanted:
        value = ids[argument.name]
        if value and not re.fullmatch(argument.pattern, value, re.ASCII):
            raise ValueError(f"the value of {argument.flag} is not a valid id in this system")
    names = [scenario.name for scenario in system.scenarios] + [operation.id for operation in system.operations]
    return Settings(
        address,
        system.name,
        credentials,
        {name: value for name, value in ids.items() if value},
        arguments["max_requests"],
        arguments["examples"],
        not arguments["no_generated"],
        arguments["keep"],
        arguments["timeout"],
        None if arguments["ca"] is None else str(arguments["ca"]),
        Selection(names, arguments["only"], arguments["exclude"]),
        AcceptedFindings(arguments["accept"]),
    )


def _write(run: Run, settings: Settings, coverage: Any, arguments: dict[str, Any]) -> list[str]:
    """Write the reports that were asked for; returns what is wrong with those that cannot be written."""
    from store_credit_mock.coverage import CoverageError, write

    unwritten: list[str] = []
    for path, report in ((arguments["json"], write_json), (arguments["junit"], write_junit)):
        try:
            if path is not None:
                report(path, run, settings.credentials)
        except OSError as error:
            unwritten.append(f"{path}: cannot be written: {error.strerror}")
    path = arguments["write_accept"]
    try:
        if path is not None:
            count = write_accepted(path, run.findings, settings.accepted)
            _say(f"{path}: {count} findings to review and accept")
    except OSError as error:
        unwritten.append(f"{path}: cannot be written: {error.strerror}")
    try:
        if coverage is not None:
            write(coverage, arguments["coverage"])
    except CoverageError as error:
        unwritten.append(str(error))
    return unwritten


def _check_writable(*paths: Path | None) -> None:
    """Complain of a report that cannot be written ahead of the run, not after it."""
    for path in paths:
        if path is not None and (path.is_dir() or not path.absolute().parent.is_dir()):
            raise ValueError(f"cannot write {path}: its directory does not exist, or the path is a directory")


def _say(line: str) -> None:
    try:
        print(line, flush=True)
    except BrokenPipeError:
        # Whoever read it has gone, as `head` does; the run, its clearing up and its reports are still wanted.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _fail(text: str, code: int = Exit.NOT_RUN) -> int:
    print(f"store-credit-mock: {text}", file=sys.stderr)
    return code
