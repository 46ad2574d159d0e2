"""`store-credit-mock proxy`: its arguments, and how it is run.

People read stderr, programs read stdout. Exit codes: 0 nothing broke the document, 1 something did or a gate of the
coverage was not reached, 2 it could not run, or nothing at all could be passed on.
"""

from __future__ import annotations

import argparse
import contextlib
import gc
import ipaddress
import os
import sys
from pathlib import Path
from typing import Any, Final

__all__ = ["DESCRIPTION", "add_arguments", "run"]

DESCRIPTION: Final[Any] = {
    "help": "pass requests on to a server and validate both sides against openapi.yaml",
    "description": "Pass every byte between a client and a server as it comes, check both sides against openapi.yaml,"
    " and say what broke it, until Ctrl-C.",
    "epilog": """\
examples:
  store-credit-mock proxy --upstream https://sandbox.api.vinr.com
  store-credit-mock proxy --upstream https://shop.example --record shop.har --json
  store-credit-mock serve --replay shop.har

exit codes: 0 nothing broke the document, 1 something did or a gate of the coverage was not reached, 2 could not run,
or no request could be passed on
""",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    add = parser.add_argument
    add("--upstream", required=True, metavar="URL", help="the server; it gets its own name as Host")
    add("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    add("--port", type=int, metavar="PORT", default=4011, help="port (default: %(default)s; 0: any free one)")
    add("--allow-remote", action="store_true", help="let --host be an address that others can reach")
    add("--allow-host", action="append", default=[], metavar="NAME", help="a name clients may call the proxy by")
    add("--enforce", action="store_true", help="refuse requests that break the document; the server never sees them")
    add("--only-documented", action="store_true", help="a path that the document does not have breaks it too")
    add("--no-check", action="store_true", help="check nothing: only pass on and record")
    add(
        "--max-check",
        type=int,
        default=8 * 1024 * 1024,
        metavar="BYTES",
        help="bodies above this pass unchecked, and it is said (default: %(default)s)",
    )
    add(
        "--timeout",
        type=float,
        default=60.0,
        metavar="SECONDS",
        help="how long the server may take to connect, to answer, and between two pieces (default: %(default)s)",
    )
    trust = parser.add_mutually_exclusive_group()
    trust.add_argument("--ca", type=Path, metavar="FILE", help="trust the certificates in this PEM file only")
    trust.add_argument("--insecure", action="store_true", help="trust any certificate")
    add("--record", type=Path, metavar="WHERE", help="write exchanges, without secrets: FILE.har, or a folder")
    add("--coverage", type=Path, metavar="FILE", help="count what is exercised, and write it here at the end")
    add("--fail-under", type=float, metavar="PERCENT", help="end with 1 if less of the document was seen")
    add(
        "--require",
        action="append",
        default=[],
        metavar="OPERATION:STATUS",
        help="end with 1 if this response was not seen (may be repeated)",
    )
    add(
        "--only",
        action="append",
        default=[],
        metavar="OPERATION",
        help="take the percentage of these alone: an operationId or a pattern such as 'vinr.*' (may be repeated)",
    )
    add("--document", type=Path, metavar="FILE", help="another openapi.yaml than the bundled one")
    add(
        "--json",
        action="store_true",
        help="print startup, each exchange and a summary to stdout as JSON lines",
    )
    add("--verbose", action="store_true", help="name exchanges without a finding too")


def run(options: argparse.Namespace) -> int:
    """Run the proxy until it is ended."""
    problem = _problem(options)
    if problem is not None:
        return _fail(problem)
    try:
        from store_credit_mock.proxy.factory import assembled
        from store_credit_mock.proxy.server import run as serve
    except ImportError as error:
        return _fail(f"the proxy needs the extra `proxy`: pip install 'store-credit-mock[proxy]' ({error.name})")
    from store_credit_mock.contract import DocumentError
    from store_credit_mock.proxy.coverage_sink import CoverageSink
    from store_credit_mock.recording import RecordingError

    try:
        proxy = assembled(options, _to_people, _to_programs if options.json else None)
        counting = CoverageSink.asked_for(proxy, options)
    except (DocumentError, RecordingError, ValueError) as error:
        return _fail(str(error))
    upstream, reporter = proxy.upstream, proxy.reporter

    def ready(host: str, port: int) -> None:
        address = f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
        if options.insecure:
            _to_people("--insecure: the certificate of the upstream is not checked")
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
        return _fail(f"{options.host}:{options.port} cannot be listened on; is it taken?")
    reporter.end()
    code = reporter.code
    return code if counting is None else counting.end(code, _fail)


def _problem(options: argparse.Namespace) -> str | None:
    try:
        loopback = ipaddress.ip_address(options.host).is_loopback
    except ValueError:
        loopback = options.host == "localhost"
    if not loopback and not options.allow_remote:
        return f"listening on {options.host} lets others send requests through this machine; say --allow-remote"
    if not 0 <= options.port <= 65_535:
        return f"--port {options.port}: give 0 to 65535"
    gates = options.fail_under is not None or options.require or options.only
    if gates and options.coverage is None:
        return "--fail-under, --require and --only are about what --coverage FILE counts; give that too"
    if options.coverage is not None and options.no_check:
        return "--coverage counts what the checks found right; --no-check leaves them out"
    if options.coverage is not None and not options.coverage.absolute().parent.is_dir():
        return f"--coverage {options.coverage}: there is no folder {options.coverage.parent}"
    if options.max_check < 0:
        return "--max-check: give bytes, from 0 on"
    if not 0 < options.timeout < 86_400:
        return "--timeout: give seconds, more than 0"
    if options.enforce and options.no_check:
        return "--enforce needs the checks that --no-check leaves out"
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
        _to_people("nobody reads the JSON lines any more; exchanges are still passed on")
