"""The command `store-credit-mock`.

People read stderr, programs read stdout. Exit codes of `serve`: 0 ended as asked, 1 could not listen or could not write
its coverage, 2 could not start.
"""

from __future__ import annotations

import argparse
import gc
import ipaddress
import sys
import traceback
from collections.abc import Callable, Mapping
from enum import IntEnum
from pathlib import Path
from typing import Any, Final, NoReturn

from store_credit_mock import http_libraries
from store_credit_mock.coverage import command as coverage
from store_credit_mock.proxy import command as proxy
from store_credit_mock.sandbox import PROFILES
from store_credit_mock.verify import command as verifying

__all__ = ["Exit", "main"]


class Exit(IntEnum):
    """Exit codes."""

    FINE = 0
    NOT_LISTENING = 1
    NOT_WRITTEN = 1
    NOT_STARTED = 2
    DEFECT = 2


_EXAMPLES = """\
examples:
  store-credit-mock serve
  store-credit-mock serve --port 0 --db sandbox.db --json
  store-credit-mock serve --observe --profile 4.10 --seed 7 --fixtures fixtures.yaml
  store-credit-mock serve --coverage coverage.json
  store-credit-mock coverage report coverage.json --fail-under 40
  curl -H 'X-Api-Key: sk_test_any' http://127.0.0.1:4010/v1/store-credit
"""


def _parser() -> argparse.ArgumentParser:
    shape = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(
        "store-credit-mock",
        description="A stateful mock of store credit on VINR and on Spree Commerce.",
        epilog=_EXAMPLES,
        formatter_class=shape,
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    serve = commands.add_parser(
        "serve", help="serve both systems over HTTP", epilog=_EXAMPLES, formatter_class=shape,
        description="Serve both systems over HTTP until Ctrl-C.",
    )  # fmt: skip
    add = serve.add_argument
    add(
        "--host",
        default="127.0.0.1",
        help="address to listen on (default: %(default)s); any but loopback needs both tokens",
    )
    add("--port", type=_port, default=4010, metavar="PORT", help="port (default: %(default)s; 0: any free one)")
    add(
        "--db",
        default=":memory:",
        metavar="WHERE",
        help=":memory: (default; at most 1 GiB), a file, or postgresql://...",
    )
    add("--sandbox", default="default", metavar="NAME", help="sandbox inside the storage (default: %(default)s)")
    add("--seed", metavar="N", help="make clock, ids and fault decisions come out the same again")
    add("--fixtures", type=Path, metavar="FILE", help="JSON or YAML file a fresh sandbox is filled from")
    mode = serve.add_mutually_exclusive_group()
    mode.add_argument("--strict", action="store_true", help="refuse what breaks the document (default)")
    mode.add_argument("--observe", action="store_true", help="answer as the real servers do, and only report it")
    add("--profile", choices=PROFILES, default="4.5", help="version of Spree (default: %(default)s)")
    add(
        "--rate-limit",
        nargs="?",
        const="25:50",
        metavar="RATE[:SIZE]",
        help="limit each VINR key to RATE requests per second, bucket SIZE (default: 25:50, VINR's sandbox)",
    )
    add("--spree-token", metavar="TOKEN", help="admin bearer of Spree (made up and printed if not given)")
    add("--control-token", metavar="TOKEN", help="opens /_mock/ (made up and printed if not given)")
    add("--replay", type=Path, metavar="FILE", help="answer from a recording: a HAR file, or a folder of exchanges")
    add(
        "--allow-host",
        action="append",
        default=[],
        metavar="NAME",
        help="another name this mock goes by, besides loopback and --host (may be repeated)",
    )
    add(
        "--allow-origin",
        action="append",
        default=[],
        metavar="ORIGIN",
        help="let pages of this origin use the mocked systems, such as http://localhost:3000 (may be repeated)",
    )
    add("--document", type=Path, metavar="FILE", help="another openapi.yaml than the bundled one")
    add("--coverage", type=Path, metavar="FILE", help="count what is exercised, and write it here at the end")
    add("--json", action="store_true", help="print startup details to stdout as one JSON line")
    coverage.add_arguments(commands.add_parser("coverage", help="merge and report what was exercised"))
    proxy.add_arguments(commands.add_parser("proxy", formatter_class=shape, **proxy.DESCRIPTION))
    verifying.add_arguments(commands.add_parser("verify", formatter_class=shape, **verifying.DESCRIPTION))
    return parser


def _port(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"{text} is not a port: give 0 to 65535")
    return int(text)


def main(arguments: list[str] | None = None) -> NoReturn:
    """Run the command and exit."""
    options = _parser().parse_args(arguments)
    try:
        code = _RUN[options.command](options)
    except Exception:  # noqa: BLE001 - whatever it is, it is not what the command is about
        # Python would end with 1, which is for what was found.
        traceback.print_exc()
        code = _fail("this is a defect of store-credit-mock itself; please report it with the lines above", Exit.DEFECT)
    sys.exit(code)


def _fail(text: str, code: Exit = Exit.NOT_STARTED) -> int:
    print(f"store-credit-mock: {text}", file=sys.stderr)
    return code


def _serve(options: argparse.Namespace) -> int:
    # Nearly nothing of what the start makes is garbage; looking for it takes a seventh of the time.
    gc.disable()
    try:
        return _start(options)
    finally:
        gc.enable()


def _start(options: argparse.Namespace) -> int:
    try:
        ipaddress.ip_address(options.host)
        loopback = ipaddress.ip_address(options.host).is_loopback
    except ValueError:
        loopback = options.host == "localhost"
    if not loopback and not (options.control_token and options.spree_token):
        return _fail(f"listening on {options.host} needs --control-token and --spree-token to be set")
    if options.coverage is not None and not options.coverage.absolute().parent.is_dir():
        return _fail(f"--coverage {options.coverage}: there is no folder {options.coverage.parent}")
    try:
        rate_limit = _rate_limit(options.rate_limit)
        http_libraries.chosen()  # delivers webhooks; a misspelt setting must not wait for the first of them
    except (ImportError, ValueError) as error:
        return _fail(str(error))
    try:
        from store_credit_mock.server.run import serve
    except ImportError as error:
        return _fail(str(error))
    from store_credit_mock.contract import Contract, Document, DocumentError
    from store_credit_mock.core.engine import EngineError
    from store_credit_mock.factory import Engine
    from store_credit_mock.recording import RecordingError
    from store_credit_mock.sandbox import Options
    from store_credit_mock.server.origin_guard import OriginGuard
    from store_credit_mock.storage import StorageError, open_storage
    from store_credit_mock.systems.call import FixturesError

    try:
        guard = OriginGuard(options.host, allow_hosts=options.allow_host, allow_origins=options.allow_origin)
        document = Document.read() if options.document is None else Document.read(options.document)
        fixtures = None
        if options.fixtures is not None:
            from store_credit_mock.control.client import read_fixtures

            fixtures = read_fixtures(options.fixtures)
        chosen = Options(
            strict=not options.observe,
            profile=options.profile,
            seed=options.seed,
            rate_limit=rate_limit,
            spree_token=options.spree_token,
            control_token=options.control_token,
            fixtures=fixtures,
        )
        # A recording answers in the place of handlers.
        engine = Engine(
            Contract(document),
            open_storage(options.db),
            chosen,
            sandbox=options.sandbox,
            partial=options.replay is not None,
        )
        if options.replay is not None:
            from store_credit_mock.recording.replay import Replay

            Replay(engine, options.replay)
    except FixturesError as error:
        from store_credit_mock.control.client import fixtures_line

        path: Path | None = options.fixtures
        return _fail(str(error) if path is None else f"{path}:{fixtures_line(path, error.pointer)}: {error}")
    except (DocumentError, EngineError, RecordingError, StorageError, ValueError) as error:
        return _fail(str(error))
    return _run(engine, options, serve, guard)


def _rate_limit(text: str | None) -> tuple[float, int] | None:
    if text is None:
        return None
    rate, _, size = text.partition(":")
    try:
        chosen = (float(rate), int(size or 50))
    except ValueError:
        chosen = (0.0, 0)
    if not 0 < chosen[0] < float("inf") or chosen[1] < 1:
        raise ValueError(f"--rate-limit {text}: give requests per second, and after a colon the size of the bucket")
    return chosen


def _address(host: str, port: int) -> str:
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _reachable(host: str, port: int) -> str:
    """An address a browser on this machine can open: "every address" is none."""
    return _address({"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host), port)  # noqa: S104


def _run(engine: Any, options: argparse.Namespace, serve: Any, guard: Any) -> int:
    from store_credit_mock.control.sessions import PAGE

    version = engine.contract.document.version

    def ready(host: str, port: int) -> None:
        address = _address(host, port)
        inspector = _reachable(host, port) + f"{PAGE}?ticket={engine.control.sessions.ticket()}"
        spree_token = engine.options.spree_token or engine.sandbox.extra("spree.token")  # noqa: S610
        if options.control_token is None:
            print(f"control token: {engine.control.token}", file=sys.stderr)
        if options.spree_token is None and spree_token:
            print(f"Spree admin token: {spree_token}", file=sys.stderr)
        if engine.options.profile == "5.3":
            print("profile 5.3 is unverified: read from Spree's code, never compared with a server", file=sys.stderr)
        print(f"inspector, opens once: {inspector}", file=sys.stderr)
        print(f"{address} document {version} ready", file=sys.stderr, flush=True)
        if options.json:
            import orjson

            started = {
                "version": 1, "address": address, "document": version, "control_token": engine.control.token,
                "spree_token": spree_token, "mode": "strict" if engine.options.strict else "observe",
                "profile": engine.options.profile, "inspector": inspector,
            }  # fmt: skip
            sys.stdout.buffer.write(orjson.dumps(started) + b"\n")
            sys.stdout.flush()

    if options.coverage is not None:
        from store_credit_mock.coverage import Coverage

        engine.control.track_coverage(Coverage(engine.contract))
    # What was made at the start lives as long as the process; later collections need not look at it.
    gc.freeze()
    gc.enable()
    listened = serve(engine, options.host, options.port, ready, guard)
    engine.close()
    if not listened:
        return _fail(f"{options.host}:{options.port} cannot be listened on; is it taken?", Exit.NOT_LISTENING)
    if options.coverage is not None:
        from store_credit_mock.coverage import CoverageError, write

        try:
            write(engine.control.coverage, options.coverage)
        except CoverageError as error:
            return _fail(str(error), Exit.NOT_WRITTEN)
    return Exit.FINE


_RUN: Final[Mapping[str, Callable[[argparse.Namespace], int]]] = {
    "serve": _serve,
    "coverage": coverage.run,
    "proxy": proxy.run,
    "verify": verifying.run,
}
