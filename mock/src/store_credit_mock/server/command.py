"""`store-credit-mock serve`: its arguments, and how it is run.

Exit codes: 0 ended as asked, 1 could not listen or could not write its coverage, 2 could not start.
"""

from __future__ import annotations

import gc
import ipaddress
import sys
from collections.abc import Callable
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import Any, Final, cast

import click

from store_credit_mock import http_libraries
from store_credit_mock.contract import Contract, Document, DocumentError
from store_credit_mock.control.sessions import PAGE
from store_credit_mock.core.engine import EngineError
from store_credit_mock.core.sandboxes import MAX_SANDBOXES
from store_credit_mock.factory import Engine, default_systems
from store_credit_mock.recording import RecordingError
from store_credit_mock.sandbox import Options
from store_credit_mock.server.origin_guard import OriginGuard
from store_credit_mock.storage import StorageError, open_storage
from store_credit_mock.systems.call import FixturesError
from store_credit_mock.systems.system import System

__all__ = ["command"]

FINE, NOT_LISTENING, NOT_WRITTEN, NOT_STARTED = 0, 1, 1, 2

_EXAMPLES: Final = """\b
examples:
  store-credit-mock serve
  store-credit-mock serve --port 0 --db sandbox.db --json
  store-credit-mock serve --observe --profile 4.10 --seed 7 --fixtures fixtures.yaml
  store-credit-mock serve --coverage coverage.json
  store-credit-mock coverage report coverage.json --fail-under 40
  curl -H 'X-Api-Key: sk_test_any' http://127.0.0.1:4010/v1/store-credit
"""


class _Serve(click.Command):
    """The command with the options that the systems declare."""

    @cached_property
    def of_systems(self) -> list[click.Parameter]:
        return [
            click.Option(
                ["--" + option.name.replace("_", "-")],
                is_flag=False,
                flag_value=option.flag_value,
                type=click.Choice(option.choices) if option.choices else str,
                metavar=None if option.choices else option.metavar,
                help=option.help,
            )
            for system in default_systems()
            for option in system.options
        ]

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        *own, help_option = super().get_params(ctx)
        return [*own, *self.of_systems, help_option]


def system_of(place: str) -> System:
    """Make the system that `module:Class` names.

    Raises:
        ValueError: There is none.
    """
    module, _, name = place.partition(":")
    try:
        made: Any = getattr(import_module(module), name)()
    except (ImportError, AttributeError, TypeError, ValueError) as error:
        raise ValueError(f"--system {place}: {error}; name a class as in my_package.my_module:MySystem") from error
    if not isinstance(made, System):
        raise ValueError(f"--system {place}: it is not a System (store_credit_mock.systems.system)")
    return made


@click.command("serve", cls=_Serve, epilog=_EXAMPLES)
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    metavar="HOST",
    help="address to listen on; any but loopback needs every token to be set",
)
@click.option("--port", type=click.IntRange(0, 65535), default=4010, show_default=True, help="port (0: any free one)")
@click.option(
    "--db", default=":memory:", metavar="WHERE", help=":memory: (default; at most 1 GiB), a file, or postgresql://..."
)
@click.option(
    "--sandbox", default="default", show_default=True, metavar="NAME", help="sandbox of requests that name none"
)
@click.option(
    "--max-sandboxes",
    type=click.IntRange(0, 1_000_000),
    default=MAX_SANDBOXES,
    show_default=True,
    help="how many further sandboxes requests may name, by X-Mock-Sandbox or by their key",
)
@click.option("--seed", metavar="N", help="make clock, ids and fault decisions come out the same again")
@click.option("--fixtures", type=Path, metavar="FILE", help="JSON or YAML file a fresh sandbox is filled from")
@click.option(
    "--strict/--observe",
    default=True,
    help="refuse what breaks the document (default), or answer as the real servers do and only report it",
)
@click.option("--control-token", metavar="TOKEN", help="opens /_mock/ (made up and printed if not given)")
@click.option(
    "--replay", type=Path, metavar="FILE", help="answer from a recording: a HAR file, or a folder of exchanges"
)
@click.option(
    "--allow-host",
    multiple=True,
    metavar="NAME",
    help="another name this mock goes by, besides loopback and --host (may be repeated)",
)
@click.option(
    "--allow-origin",
    multiple=True,
    metavar="ORIGIN",
    help="let pages of this origin use the mocked systems, such as http://localhost:3000 (may be repeated)",
)
@click.option("--document", type=Path, metavar="FILE", help="another openapi.yaml than the bundled one")
@click.option(
    "--system",
    "further",
    multiple=True,
    metavar="MODULE:CLASS",
    help="play this system too; its operations are in --document (may be repeated)",
)
@click.option(
    "--option",
    "further_options",
    multiple=True,
    metavar="NAME=VALUE",
    help="an option of such a system (may be repeated)",
)
@click.option("--plain-http", is_flag=True, help="let uvicorn alone read and write HTTP: slower, for a uvicorn too new")
@click.option("--coverage", type=Path, metavar="FILE", help="count what is exercised, and write it here at the end")
@click.option("--json", is_flag=True, help="print startup details to stdout as one JSON line")
def command(**arguments: Any) -> int:
    """Serve every system over HTTP until Ctrl-C."""
    try:
        from store_credit_mock.server.run import serve
    except ImportError as error:
        return _fail(str(error))
    path: Path | None = arguments["fixtures"]
    try:
        http_libraries.chosen()  # delivers webhooks; a misspelt setting must not wait for the first of them
        _check_folder(arguments["coverage"])
        guard = OriginGuard(
            arguments["host"], allow_hosts=arguments["allow_host"], allow_origins=arguments["allow_origin"]
        )
        engine = _engine(arguments)
    except FixturesError as error:
        from store_credit_mock.control.client import fixtures_line

        return _fail(str(error) if path is None else f"{path}:{fixtures_line(path, error.pointer)}: {error}")
    except (DocumentError, EngineError, ImportError, RecordingError, StorageError, ValueError) as error:
        return _fail(str(error))
    return _run(engine, arguments, serve, guard)


def _engine(arguments: dict[str, Any]) -> Engine:
    systems = [*default_systems(), *map(system_of, arguments["further"])]
    of_systems = {option.name: arguments.get(option.name) for system in systems for option in system.options}
    for pair in arguments["further_options"]:
        name, _, value = pair.partition("=")
        of_systems[name] = value
    fixtures = None
    if arguments["fixtures"] is not None:
        from store_credit_mock.control.client import read_fixtures

        fixtures = read_fixtures(arguments["fixtures"])
    options = Options(
        strict=arguments["strict"],
        seed=arguments["seed"],
        control_token=arguments["control_token"],
        fixtures=fixtures,
        **of_systems,
    )
    _check_reach(arguments["host"], options, systems)
    document = Document.read() if arguments["document"] is None else Document.read(arguments["document"])
    replay: Path | None = arguments["replay"]
    # A recording answers in the place of handlers.
    engine = Engine(
        Contract(document),
        open_storage(arguments["db"]),
        options,
        sandbox=arguments["sandbox"],
        systems=systems,
        partial=replay is not None,
        # A recording is of one sandbox.
        max_sandboxes=0 if replay is not None else arguments["max_sandboxes"],
    )
    if replay is not None:
        from store_credit_mock.recording.replay import Replay

        Replay(engine, replay)
    return engine


def _check_reach(host: str, options: Options, systems: list[System]) -> None:
    """Require every token to be set before listening on anything but loopback."""
    try:
        loopback = ipaddress.ip_address(host).is_loopback
    except ValueError:
        loopback = host == "localhost"
    secrets = [option.name for system in systems for option in system.options if option.secret]
    if not loopback and not (options.control_token and all(name in options.of_systems for name in secrets)):
        wanted = " and ".join("--" + name.replace("_", "-") for name in ("control_token", *secrets))
        raise ValueError(f"listening on {host} needs {wanted} to be set")


def _check_folder(path: Path | None) -> None:
    if path is not None and not path.absolute().parent.is_dir():
        raise ValueError(f"--coverage {path}: there is no folder {path.parent}")


def _run(engine: Engine, arguments: dict[str, Any], serve: Callable[..., bool], guard: OriginGuard) -> int:
    if arguments["coverage"] is not None:
        from store_credit_mock.coverage import Coverage

        engine.control.track_coverage(Coverage(engine.contract))
    # What was made at the start lives as long as the process; collections need not look at it.
    gc.freeze()
    host, port = arguments["host"], arguments["port"]

    def ready(host: str, port: int) -> None:
        _announce(engine, arguments, host, port)

    listened = serve(engine, host, port, ready, guard, plain=arguments["plain_http"])
    engine.close()
    if not listened:
        return _fail(f"{host}:{port} cannot be listened on; is it taken?", NOT_LISTENING)
    if arguments["coverage"] is not None:
        from store_credit_mock.coverage import CoverageError, write

        try:
            write(cast("Any", engine.control.coverage), arguments["coverage"])
        except CoverageError as error:
            return _fail(str(error), NOT_WRITTEN)
    return FINE


def _announce(engine: Engine, arguments: dict[str, Any], host: str, port: int) -> None:
    """Say that it listens, and whatever a caller has to know."""
    address, version, sandbox = _address(host, port), engine.contract.document.version, engine.sandbox
    # "Every address" is none that a browser can open.
    reachable = _address({"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host), port)  # noqa: S104
    inspector = f"{reachable}{PAGE}?ticket={engine.control.sessions.ticket()}"
    notes = [note for system in engine.systems.values() for note in system.startup_notes(sandbox)]
    if arguments["control_token"] is None:
        notes.insert(0, f"control token: {engine.control.token}")
    for line in (*notes, f"inspector, opens once: {inspector}", f"{address} document {version} ready"):
        print(line, file=sys.stderr, flush=True)
    if arguments["json"]:
        import orjson

        started = {
            "version": 1,
            "address": address,
            "document": version,
            "control_token": engine.control.token,
            "mode": "strict" if engine.options.strict else "observe",
            "inspector": inspector,
        }
        for system in engine.systems.values():
            started.update(system.startup(sandbox))
        sys.stdout.buffer.write(orjson.dumps(started) + b"\n")
        sys.stdout.flush()


def _address(host: str, port: int) -> str:
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _fail(text: str, code: int = NOT_STARTED) -> int:
    print(f"store-credit-mock: {text}", file=sys.stderr)
    return code
