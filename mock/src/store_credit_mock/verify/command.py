"""`store-credit-mock verify`: its arguments, and how it is run."""

from __future__ import annotations

import argparse
import os
import re
import signal
import sys
from pathlib import Path
from types import FrameType
from typing import Any, Final

from store_credit_mock.http_libraries import chosen
from store_credit_mock.verify.credentials import CONTROL, CUSTOMER, ORDER, SPREE, VINR, Credentials
from store_credit_mock.verify.results import Exit, Item, Run
from store_credit_mock.verify.safety import AddressError, checked_address, is_loopback, why_live

__all__ = ["DESCRIPTION", "add_arguments", "run"]

DESCRIPTION: Final[dict[str, Any]] = {
    "help": "validate a live server against openapi.yaml, with scenarios and generated requests",
    "description": (
        "Probe a live server: scenarios, and requests made from openapi.yaml. Issues store credit there and removes"
        " what it can; changes and deletes nothing that it has not made."
    ),
    "epilog": """\
examples:
  store-credit-mock verify http://127.0.0.1:4010 --system vinr --key sk_test_any
  store-credit-mock verify https://sandbox.api.vinr.com --system vinr --customer cust_8aZ2 --junit verify.xml

exit codes: 0 all held, 1 findings, 2 could not run, 130 interrupted
""",
}
_MINIMUM: Final = 20
"""Requests without which there is no looking at anything."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    parser.set_defaults(run=run)
    add = parser.add_argument
    add("address", metavar="URL", help="the server, such as http://127.0.0.1:4010")
    add("--system", required=True, choices=("vinr", "spree"), help="what it is")
    add("--key", metavar="KEY", help=f"VINR: a secret key ({VINR})")
    add("--token", metavar="TOKEN", help=f"Spree: an admin's bearer ({SPREE})")
    add("--customer", metavar="ID", help="VINR: whom credit is issued to (cust_8aZ2 on this machine)")
    add("--user", metavar="ID", help="Spree: the same (2 on this machine)")
    add("--creator", metavar="ID", help="Spree: who issues it (1 on this machine)")
    add("--category", metavar="ID", help="Spree: the category it has (1 on this machine)")
    add("--order", metavar="NUMBER", help="Spree: an order that may be paid with store credit")
    add("--order-token", metavar="TOKEN", help=f"Spree: of a cart that may be paid with it ({ORDER})")
    add("--customer-token", metavar="TOKEN", help=f"Spree: a shopper's bearer ({CUSTOMER})")
    add(
        "--control-token",
        metavar="TOKEN",
        help=f"of a mock's control plane, for spending, expiry and webhooks ({CONTROL})",
    )
    add(
        "--max-requests",
        type=int,
        default=2000,
        metavar="N",
        help="never send more, clearing up included (default: %(default)s)",
    )
    add("--examples", type=int, default=4, metavar="N", help="random cases of each operation (default: %(default)s)")
    add("--no-generated", action="store_true", help="the scenarios only")
    add("--keep", action="store_true", help="remove nothing at the end, for lines of curl that name what was made")
    add("--timeout", type=float, default=10.0, metavar="SECONDS", help="for each request (default: %(default)s)")
    add("--ca", type=Path, metavar="FILE", help="trust the authorities in this PEM file only")
    add("--junit", type=Path, metavar="FILE", help="write a report for CI")
    add("--json", type=Path, metavar="FILE", help="write everything as JSON")
    add("--coverage", type=Path, metavar="FILE", help="write what of openapi.yaml was exercised, for `coverage report`")
    add("--document", type=Path, metavar="FILE", help="another openapi.yaml than the bundled one")
    add("--live", action="store_true", help="the server is a live one; needs --yes-issue-real-credit too")
    add("--yes-issue-real-credit", action="store_true", help="confirm --live")


class _ArgumentError(ValueError):
    pass


def run(options: argparse.Namespace) -> int:
    """Verify a server; returns the exit code."""
    covered: Path | None = options.coverage
    try:
        credentials = _credentials(options)
        settings = _settings(options, credentials)
        _writable(options.junit, options.json, options.coverage)
        chosen()
    except (AddressError, ImportError, ValueError) as error:
        return _fail(str(error))
    try:
        from store_credit_mock.verify.runner import verify
    except ImportError as error:
        return _fail(f"verifying needs the extra `verify`: pip install 'store-credit-mock[verify]' ({error.name})")
    from store_credit_mock.contract import Contract, Document, DocumentError
    from store_credit_mock.coverage import Coverage, CoverageError, write
    from store_credit_mock.verify.report import item_lines, sum_lines, write_json, write_junit
    from store_credit_mock.verify.settings import Settings

    def told(item: Item) -> None:
        for line in item_lines(item, credentials):
            _say(line)

    previous = signal.signal(signal.SIGTERM, _interrupt)
    try:
        document = Document.read() if options.document is None else Document.read(options.document)
        coverage = None if covered is None else Coverage(Contract(document))
        seen = None if coverage is None else coverage.add
        made: Run = verify(Settings(**settings), document, seen=seen, told=told)
    except (DocumentError, OSError) as error:
        return _fail(str(error))
    except KeyboardInterrupt:
        return Exit.INTERRUPTED
    finally:
        signal.signal(signal.SIGTERM, previous)
    for line in sum_lines(made, credentials):
        _say(line)
    unwritten: list[str] = []
    for path, report in ((options.json, write_json), (options.junit, write_junit)):
        try:
            if path is not None:
                report(path, made, credentials)
        except OSError as error:
            unwritten.append(f"{path}: cannot be written: {error.strerror}")
    try:
        if coverage is not None and covered is not None:
            write(coverage, covered)
    except CoverageError as error:
        unwritten.append(str(error))
    if unwritten:
        return _fail("; ".join(unwritten), made.code or Exit.NOT_RUN)
    return made.code


def _credentials(options: argparse.Namespace) -> Credentials:
    given = {
        VINR: options.key,
        SPREE: options.token,
        ORDER: options.order_token,
        CUSTOMER: options.customer_token,
        CONTROL: options.control_token,
    }
    # Of the other system's credentials in the environment none is used, and none is needed to be right.
    wanted = {VINR, CONTROL} if options.system == "vinr" else set(given) - {VINR}
    return Credentials({name: value or os.environ.get(name) for name, value in given.items() if name in wanted})


def _settings(options: argparse.Namespace, credentials: Credentials) -> dict[str, Any]:
    address = checked_address(options.address)
    vinr = options.system == "vinr"
    if credentials.get(VINR if vinr else SPREE) is None:
        raise _ArgumentError(f"no credentials: give {f'--key or {VINR}' if vinr else f'--token or {SPREE}'}")
    live = why_live(address, options.system, credentials.get(VINR))
    if live is not None and not (options.live and options.yes_issue_real_credit):
        raise _ArgumentError(
            f"this counts as live: {live}. Verifying issues store credit that can be spent; if that is meant, say both"
            " --live and --yes-issue-real-credit"
        )
    if not _MINIMUM <= options.max_requests <= 1_000_000:
        raise _ArgumentError(f"--max-requests {options.max_requests}: give {_MINIMUM} to 1000000")
    if not 1 <= options.examples <= 10_000:
        raise _ArgumentError(f"--examples {options.examples}: give 1 to 10000")
    if not 0 < options.timeout <= 600:
        raise _ArgumentError(f"--timeout {options.timeout:g}: give seconds, more than 0 and at most 600")
    ids = {"customer": ("--customer", options.customer, "cust_8aZ2")} if vinr else {
        "user_id": ("--user", options.user, "2"),
        "issuer_id": ("--creator", options.creator, "1"),
        "category_id": ("--category", options.category, "1"),
    }  # fmt: skip
    missing = [option for option, value, _ in ids.values() if not value]
    if missing and not is_loopback(address):
        raise _ArgumentError(f"on a server that is not this machine, name {', '.join(missing)}")
    for option, value, _ in ids.values():
        if value and not re.fullmatch(r"[\w-]{1,255}" if vinr else r"\d{1,18}", value, re.ASCII):
            raise _ArgumentError(f"{option} is not an id of this system")
    if options.order is not None and not re.fullmatch(r"[\w-]{1,64}", options.order, re.ASCII):
        raise _ArgumentError("--order is not a number of an order")
    return {
        **{name: value or default for name, (_, value, default) in ids.items()},
        "address": address,
        "system": options.system,
        "credentials": credentials,
        "order": options.order,
        "max_requests": options.max_requests,
        "examples": options.examples,
        "generated": not options.no_generated,
        "keep": options.keep,
        "timeout": options.timeout,
        "ca": None if options.ca is None else str(options.ca),
    }


def _writable(*paths: Path | None) -> None:
    """Complain of a report that cannot be written ahead of the run, not after it."""
    for path in paths:
        if path is not None and (path.is_dir() or not path.absolute().parent.is_dir()):
            raise _ArgumentError(f"cannot write {path}: its directory does not exist, or the path is a directory")


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
