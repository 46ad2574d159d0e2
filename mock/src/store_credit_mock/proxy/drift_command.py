"""`store-credit-mock drift`, and `--drift` of the proxy: where a server answers otherwise than the mock would."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Final

import click
import orjson

from store_credit_mock.contract import Contract, Document, DocumentError
from store_credit_mock.contract.document import BUNDLED
from store_credit_mock.control.client import read_fixtures
from store_credit_mock.core.exchange_log import Exchange
from store_credit_mock.http import Request, Response
from store_credit_mock.proxy.drift import Drift
from store_credit_mock.recording import RecordedExchange, RecordingError, read_recording
from store_credit_mock.recording.recorded_exchange import TRANSFER_HEADERS
from store_credit_mock.redaction import Redactor
from store_credit_mock.sandbox import Options

if TYPE_CHECKING:
    from store_credit_mock.proxy.context import ProxyContext

__all__ = ["DriftSink", "command"]

_EXAMPLES: Final = """\b
examples:
  store-credit-mock drift shop.har --option profile=5.3 --fixtures like-the-shop.yaml
  store-credit-mock drift recordings/ --json --fail-on-drift

exit codes: 0 compared, 1 something differs and --fail-on-drift is set, 2 could not run, or nothing could be compared
"""


class DriftSink:
    """Compares every exchange of a proxy from now on.

    Args:
        drift: What compares.
        fails: Whether a difference makes the exit code 1.
    """

    def __init__(self, drift: Drift, *, fails: bool) -> None:
        self._drift = drift
        self._fails = fails

    @classmethod
    def asked_for(cls, proxy: ProxyContext, options: SimpleNamespace) -> DriftSink | None:
        """What the arguments of the command ask for; None if they ask for nothing.

        Raises:
            ValueError: An option of the mock is not known.
            OSError: The fixtures cannot be read.
        """
        validator = proxy.settings.validator
        if not options.drift or validator is None:
            return None
        sink = cls(
            Drift(validator.closed, proxy.secrets, _options(options.drift_options, options.drift_fixtures)),
            fails=options.fail_on_drift,
        )
        proxy.settings.listeners.append(sink.add)
        return sink

    def add(self, exchange: Exchange) -> None:
        """Compare one exchange."""
        self._drift.add(exchange.request, exchange.response)

    def end(self, code: int, people: Callable[[str], None], programs: Callable[[bytes], None] | None) -> int:
        """Report; returns the exit code.

        Args:
            code: The exit code without it.
            people: Takes lines for people.
            programs: Takes JSON lines; None if nobody asked for them.
        """
        self._drift.close()
        report = self._drift.report
        for line in report.lines():
            people(line if line.isprintable() else line.encode("unicode_escape").decode("ascii"))
        if programs is not None:
            programs(orjson.dumps(report.as_dict()) + b"\n")
        return code or (1 if self._fails and report.differences else 0)


@click.command("drift", epilog=_EXAMPLES)
@click.argument("recording", type=Path, metavar="RECORDING")
@click.option(
    "--option", "options", multiple=True, metavar="NAME=VALUE", help="an option for the mock, such as profile=5.3"
)
@click.option("--fixtures", type=Path, metavar="FILE", help="fixtures that give the mock the same data as the server")
@click.option("--document", type=Path, metavar="FILE", help="use this OpenAPI document instead of the bundled one")
@click.option("--json", is_flag=True, help="print the report as JSON")
@click.option("--fail-on-drift", is_flag=True, help="exit with code 1 if anything differs")
def command(**arguments: Any) -> int:
    """Replay a recording of a server on the mock, and report where the mock responds differently."""
    path: Path | None = arguments["document"]
    try:
        document = Document.read(path or BUNDLED, partial(print, file=sys.stderr))
        mock = _options(arguments["options"], arguments["fixtures"])
        drift = Drift(Contract(document), Redactor(document.secret_names), mock)
        for entry in read_recording(arguments["recording"]):
            exchange = _exchange(entry)
            if exchange is not None:
                drift.add(*exchange)
    except (DocumentError, RecordingError, ValueError, OSError) as error:
        print(f"store-credit-mock: {error}", file=sys.stderr)
        return 2
    sink = DriftSink(drift, fails=arguments["fail_on_drift"])
    programs = _write if arguments["json"] else None
    code = sink.end(0, _quiet if arguments["json"] else print, programs)
    return code if drift.report.compared else 2


def _write(line: bytes) -> None:
    sys.stdout.buffer.write(line)


def _quiet(_line: str) -> None:
    """Say nothing: JSON was asked for."""


def _options(pairs: tuple[str, ...], fixtures: Path | None) -> Options:
    of_systems: dict[str, Any] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals or name in Options.NAMES:
            raise ValueError(f"{pair} is not a valid mock option; use NAME=VALUE, such as profile=5.3")
        of_systems[name] = value
    filled = None if fixtures is None else read_fixtures(fixtures)
    return Options(strict=False, fixtures=filled, **of_systems)


def _exchange(entry: RecordedExchange) -> tuple[Request, Response] | None:
    """Give a recorded exchange as it was sent; None if a body of it was left out."""
    if entry.request_body is None or entry.response_body is None:
        return None
    sent, given = (
        [(name.lower().encode("latin-1"), value.encode("latin-1", "replace")) for name, value in headers
         if name.lower() not in TRANSFER_HEADERS and not name.startswith(":")]
        for headers in (entry.request_headers, entry.response_headers)
    )  # fmt: skip
    request = Request(entry.method, entry.path, entry.query, sent, entry.request_body.encode())
    return request, Response(entry.status, given, entry.response_body.encode())
