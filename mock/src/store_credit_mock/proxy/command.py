"""`store-credit-mock proxy`: its arguments, and how it is run.

People read stderr, programs read stdout. Exit codes: 0 nothing broke the document, 1 something did or a gate of the
coverage was not reached, 2 it could not run, or nothing at all could be passed on.
"""

from __future__ import annotations

import contextlib
import gc
import ipaddress
import os
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Final

import click

from store_credit_mock.coverage.command import gates

__all__ = ["command", "options_of"]

_EXAMPLES: Final = """\b
examples:
  store-credit-mock proxy --upstream https://sandbox.api.vinr.com
  store-credit-mock proxy --upstream https://shop.example --record shop.har --json
  store-credit-mock serve --replay shop.har

\b
exit codes: 0 nothing violated the OpenAPI document, 1 something did, or a coverage gate
was not reached, 2 could not run, or no request could be passed on
"""


@click.command("proxy", epilog=_EXAMPLES)
@click.option("--upstream", required=True, metavar="URL", help="address of the server; its host name is sent as `Host`")
@click.option("--host", default="127.0.0.1", show_default=True, metavar="HOST", help="address to listen on")
@click.option("--port", type=click.IntRange(0, 65_535), default=4011, show_default=True, help="port (0: any free port)")
@click.option("--allow-remote", is_flag=True, help="allow --host to be an address that other machines can reach")
@click.option(
    "--allow-host",
    multiple=True,
    metavar="NAME",
    help="a host name that clients may use for the proxy, or a pattern such as '*.svc' (may be repeated)",
)
@click.option(
    "--enforce", is_flag=True, help="reject requests that violate the OpenAPI document; the server never sees them"
)
@click.option("--only-documented", is_flag=True, help="treat a path that is not in the document as a violation")
@click.option("--no-check", is_flag=True, help="validate nothing; only forward and record exchanges")
@click.option(
    "--max-check",
    type=click.IntRange(0),
    default=8 * 1024 * 1024,
    show_default=True,
    metavar="BYTES",
    help="do not validate bodies larger than this; report them as not checked",
)
@click.option(
    "--timeout",
    type=click.FloatRange(0, 86_400, min_open=True, max_open=True),
    default=60.0,
    show_default=True,
    metavar="SECONDS",
    help="time limit for connecting, for the response, and between chunks",
)
@click.option("--ca", type=Path, metavar="FILE", help="trust only the certificates in this PEM file")
@click.option("--insecure", is_flag=True, help="trust any certificate")
@click.option("--record", type=Path, metavar="WHERE", help="write exchanges, without secrets, to FILE.har or a folder")
@click.option("--coverage", type=Path, metavar="FILE", help="measure coverage, and write it to this file at the end")
@gates
@click.option("--drift", is_flag=True, help="also send each request to a mock, and report where the responses differ")
@click.option(
    "--drift-option",
    "drift_options",
    multiple=True,
    metavar="NAME=VALUE",
    help="an option for the mock that --drift uses, such as profile=5.3 (may be repeated)",
)
@click.option("--drift-fixtures", type=Path, metavar="FILE", help="fixtures for the mock that --drift uses")
@click.option("--fail-on-drift", is_flag=True, help="exit with code 1 if the mock responds differently")
@click.option("--document", type=Path, metavar="FILE", help="use this OpenAPI document instead of the bundled one")
@click.option("--json", is_flag=True, help="print startup details, each exchange and a summary to stdout as JSON lines")
@click.option("--verbose", is_flag=True, help="also report exchanges without findings")
def command(**arguments: Any) -> int:
    """Pass requests on to a server and validate both sides against openapi.yaml, until Ctrl-C.

    The proxy changes nothing, and reports what violates the OpenAPI document.
    """
    return _run(SimpleNamespace(**arguments))


def options_of(*arguments: str) -> SimpleNamespace:
    """Read arguments of the command without running it.

    Raises:
        click.UsageError: They are not valid.
    """
    return SimpleNamespace(**command.make_context("proxy", list(arguments)).params)


def _run(options: SimpleNamespace) -> int:
    problem = _problem(options)
    if problem is not None:
        return _fail(problem)
    try:
        from store_credit_mock.proxy.factory import assembled
        from store_credit_mock.proxy.server import run as serve
    except ImportError as error:
        return _fail(f"the proxy needs the `proxy` extra: pip install 'store-credit-mock[proxy]' ({error.name})")
    from store_credit_mock.contract import DocumentError
    from store_credit_mock.proxy.coverage_sink import CoverageSink
    from store_credit_mock.proxy.drift_command import DriftSink
    from store_credit_mock.recording import RecordingError

    try:
        proxy = assembled(options, _to_people, _to_programs if options.json else None)
        counting = CoverageSink.asked_for(proxy, options)
        drifting = DriftSink.asked_for(proxy, options)
    except (DocumentError, RecordingError, OSError, ValueError) as error:
        return _fail(str(error))
    upstream, reporter = proxy.upstream, proxy.reporter

    def ready(host: str, port: int) -> None:
        address = f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
        if options.insecure:
            _to_people("--insecure: the certificate of the upstream server is not checked")
        _to_people(f"{address} to {upstream.origin}, document {proxy.document.version} ready")
        if options.json:
            import orjson

            started = {
                "version": 1, "kind": "started", "address": address, "upstream": upstream.origin,
                "document": proxy.document.version,
            }  # fmt: skip
            _to_programs(orjson.dumps(started) + b"\n")

    # What was made at the start lives as long as the process; later collections need not look at it.
    gc.collect()
    gc.freeze()
    listened = serve(proxy, options.host, options.port, ready)
    proxy.close()
    if not listened:
        return _fail(f"cannot listen on {options.host}:{options.port}; the address may be in use")
    reporter.end()
    code = reporter.code
    if drifting is not None:
        code = drifting.end(code, _to_people, _to_programs if options.json else None)
    return code if counting is None else counting.end(code, _fail)


def _problem(options: SimpleNamespace) -> str | None:
    try:
        loopback = ipaddress.ip_address(options.host).is_loopback
    except ValueError:
        loopback = options.host == "localhost"
    if not loopback and not options.allow_remote:
        return (
            f"listening on {options.host} allows others to send requests through this machine; to allow this, set "
            "--allow-remote"
        )
    if options.ca is not None and options.insecure:
        return "--ca cannot be combined with --insecure"
    gates = options.fail_under is not None or options.require or options.only
    if gates and options.coverage is None:
        return "--fail-under, --require and --only need --coverage FILE"
    if options.coverage is not None and options.no_check:
        return "--coverage counts only validated exchanges; leave out --no-check"
    if options.coverage is not None and not options.coverage.absolute().parent.is_dir():
        return f"--coverage {options.coverage}: the folder {options.coverage.parent} does not exist"
    if options.drift and options.no_check:
        return "--drift compares only validated exchanges; leave out --no-check"
    if not options.drift and (options.fail_on_drift or options.drift_options or options.drift_fixtures):
        return "--fail-on-drift, --drift-option and --drift-fixtures need --drift"
    if options.enforce and options.no_check:
        return "--enforce needs validation; leave out --no-check"
    return None


def _fail(text: str) -> int:
    print(f"store-credit-mock: {text}", file=sys.stderr)
    return 2


def _to_people(text: str) -> None:
    # Whoever read it may have gone; exchanges go on.
    with contextlib.suppress(OSError):
        print(text, file=sys.stderr, flush=True)


def _to_programs(line: Any) -> None:
    try:
        sys.stdout.buffer.write(line)
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        # Nobody reads any more, as after `| head -1`. Python would complain at its end of what is still in the buffer.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        _to_people("the reader of the JSON lines has gone; exchanges are still passed on")
