"""`store-credit-mock serve`: its arguments, and how it is run.

Exit codes: 0 ended as requested, 1 could not listen, or could not write its coverage or journal, 2 could not start.
"""

from __future__ import annotations

import contextlib
import gc
from collections.abc import Callable
from functools import cached_property, partial
from importlib import import_module
from pathlib import Path
from typing import Any, Final, cast

import click
from click.core import ParameterSource

from store_credit_mock import http_libraries
from store_credit_mock.contract import Contract, Document, DocumentError
from store_credit_mock.core.engine import EngineError
from store_credit_mock.core.sandboxes import MAX_SANDBOXES
from store_credit_mock.factory import Engine, default_systems, systems_of
from store_credit_mock.recording import Journal, RecordingError
from store_credit_mock.sandbox import Options
from store_credit_mock.server.announcement import announce
from store_credit_mock.server.environment import unknown_variables
from store_credit_mock.server.ignored_options import ignored
from store_credit_mock.server.listening import Listening
from store_credit_mock.server.log import Log
from store_credit_mock.server.origin_guard import OriginGuard
from store_credit_mock.server.parent import PARENT, Parent
from store_credit_mock.server.system_options import options_of
from store_credit_mock.server.telemetry import Telemetry
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
        return options_of(default_systems())

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
        raise ValueError(
            f"--system {place}: {error}; use MODULE:CLASS, such as my_package.my_module:MySystem"
        ) from error
    if not isinstance(made, System):
        raise ValueError(f"--system {place}: not a subclass of store_credit_mock.systems.system.System")
    return made


@click.command("serve", cls=_Serve, epilog=_EXAMPLES)
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    metavar="HOST",
    help="address to listen on; any address other than loopback requires all tokens to be set",
)
@click.option("--port", type=click.IntRange(0, 65535), default=4010, show_default=True, help="port (0: any free port)")
@click.option("--uds", type=Path, metavar="PATH", help="listen on a Unix socket instead of --host and --port")
@click.option("--tls-cert", type=Path, metavar="FILE", help="use TLS with this certificate (PEM)")
@click.option("--tls-key", type=Path, metavar="FILE", help="the key for --tls-cert (PEM, not encrypted)")
@click.option("--tls-self-signed", is_flag=True, help="use TLS with a certificate generated at startup")
@click.option(
    "--tls-ca",
    type=Path,
    metavar="FILE",
    help="file for the certificate that clients must trust (default: a temporary file)",
)
@click.option(
    "--db",
    default=":memory:",
    metavar="WHERE",
    help="where to keep the data: :memory: (default, at most 1 GiB), a file, or postgresql://...",
)
@click.option(
    "--sandbox",
    default="default",
    show_default=True,
    metavar="NAME",
    help="the sandbox for requests that do not name a sandbox",
)
@click.option(
    "--max-sandboxes",
    type=click.IntRange(0, 1_000_000),
    default=MAX_SANDBOXES,
    show_default=True,
    help="maximum number of additional sandboxes, which requests select with X-Mock-Sandbox or with their key",
)
@click.option("--seed", metavar="N", help="make the clock, ids and faults reproducible")
@click.option("--fixtures", type=Path, metavar="FILE", help="JSON or YAML file with fixtures for a fresh sandbox")
@click.option(
    "--samples",
    is_flag=True,
    help="fill a fresh sandbox with the data used by the samples on the reference pages, and print the variables that"
    " the samples read",
)
@click.option(
    "--strict/--observe",
    default=True,
    help="reject requests that violate the OpenAPI document (default), or respond as the real servers do and only"
    " report violations",
)
@click.option("--control-token", metavar="TOKEN", help="token for /_mock/ (generated and printed if not set)")
@click.option(
    "--replay", type=Path, metavar="FILE", help="respond from a recording: a HAR file, or a folder of exchanges"
)
@click.option(
    "--allow-host",
    multiple=True,
    metavar="NAME",
    help="an additional host name for this mock (besides loopback, *.internal and --host), or a pattern such as"
    " '*.svc' (may be repeated)",
)
@click.option(
    "--allow-origin",
    multiple=True,
    metavar="ORIGIN",
    help="allow pages from this origin, such as http://localhost:3000 or 'http://localhost:*', to use the mocked"
    " systems (may be repeated)",
)
@click.option("--document", type=Path, metavar="FILE", help="use this OpenAPI document instead of the bundled one")
@click.option(
    "--system",
    multiple=True,
    metavar="MODULE:CLASS",
    help="add this system, whose operations are in --document (may be repeated)",
)
@click.option(
    "--option",
    multiple=True,
    metavar="NAME=VALUE",
    help="an option of a system added with --system (may be repeated)",
)
@click.option(
    "--exit-with-parent",
    is_flag=False,
    flag_value=PARENT,
    metavar="[PID]",
    help="stop when the process that started this one ends, or when the process with this PID ends",
)
@click.option("--access-log", is_flag=True, help="log every exchange on stderr, without secrets")
@click.option(
    "--log-format",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="format of the lines on stderr: plain text, or JSON objects",
)
@click.option("--metrics", is_flag=True, help="count exchanges, and serve the counts for Prometheus at /_mock/metrics")
@click.option(
    "--plain-http", is_flag=True, help="let uvicorn alone handle HTTP (slower, but works with newer uvicorn versions)"
)
@click.option("--coverage", type=Path, metavar="FILE", help="measure coverage, and write it to this file at the end")
@click.option(
    "--journal", type=Path, metavar="FILE", help="write every exchange to this file as a line of JSON, without secrets"
)
@click.option("--json", is_flag=True, help="print startup details to stdout as one JSON line")
def command(**arguments: Any) -> int:
    """Serve every system over HTTP until Ctrl-C."""
    log = Log(arguments["log_format"])
    log.take_logging()
    try:
        from store_credit_mock.server.run import serve
    except ImportError as error:
        return _fail(log, str(error))
    for line in unknown_variables(click.get_current_context()):
        log.say(f"store-credit-mock: {line}", level="warning")
    path: Path | None = arguments["fixtures"]
    with contextlib.ExitStack() as ended:
        gc.disable()  # until it serves: what is made before is there to stay
        ended.callback(gc.enable)
        try:
            http_libraries.chosen()  # delivers webhooks; a misspelt setting must not wait for the first of them
            _check_folder(arguments["coverage"])
            listening = _listening(arguments)
            ended.callback(listening.close)
            parent = Parent.read(arguments["exit_with_parent"])
            guard = OriginGuard(
                # By a unix socket comes no browser, but perhaps a container that calls the mock by a name of its own.
                arguments["host"] if listening.uds is None else "0.0.0.0",  # noqa: S104 - recognised, not bound
                allow_hosts=arguments["allow_host"],
                allow_origins=arguments["allow_origin"],
                tell=partial(log.say, level="warning"),
            )
            engine = _engine(arguments, listening, log)
            telemetry = _telemetry(engine, arguments, log)
            journal = _journal(engine, arguments["journal"], log)
        except FixturesError as error:
            from store_credit_mock.control.client import fixtures_line

            return _fail(log, str(error) if path is None else f"{path}:{fixtures_line(path, error.pointer)}: {error}")
        except (DocumentError, EngineError, ImportError, RecordingError, StorageError, ValueError) as error:
            return _fail(log, str(error))
        for note in ignored(engine, path):
            log.say(f"store-credit-mock: {note}", level="warning")
        serving = partial(
            serve, guard=guard, plain=arguments["plain_http"], uds=listening.uds, tls=listening.context, parent=parent,
            telemetry=telemetry,
        )  # fmt: skip
        code = _run(engine, arguments, listening, serving, log)
        if journal is not None:
            journal.close()
            if journal.missing:
                return _fail(log, f"--journal {journal.path}: {journal.missing} exchanges are missing", NOT_WRITTEN)
        return code


def _telemetry(engine: Engine, arguments: dict[str, Any], log: Log) -> Telemetry | None:
    if not (arguments["access_log"] or arguments["metrics"]):
        return None
    metrics = None
    if arguments["metrics"]:
        from importlib.metadata import version

        from store_credit_mock.server.metrics import Metrics

        metrics = Metrics({"version": version("store-credit-mock"), "document": engine.contract.document.version})
    return Telemetry(engine, metrics, log if arguments["access_log"] else None)


def _listening(arguments: dict[str, Any]) -> Listening:
    if arguments["uds"] is not None:
        source = click.get_current_context().get_parameter_source
        named = [f"--{name}" for name in ("host", "port") if source(name) is not ParameterSource.DEFAULT]
        if named:
            raise ValueError(f"--uds listens only on a Unix socket; omit either --uds or {' and '.join(named)}")
    return Listening.read(
        arguments["host"],
        arguments["port"],
        arguments["uds"],
        cert=arguments["tls_cert"],
        key=arguments["tls_key"],
        self_signed=arguments["tls_self_signed"],
        ca=arguments["tls_ca"],
        names=arguments["allow_host"],
    )


def _engine(arguments: dict[str, Any], listening: Listening, log: Log) -> Engine:
    named = arguments["document"]
    contract = Contract(None if named is None else Document.read(named, partial(_note, log)))
    systems = systems_of(contract, list(map(system_of, arguments["system"])))
    of_systems = {option.name: arguments.get(option.name) or None for system in systems for option in system.options}
    for option in (one for system in default_systems() for one in system.options if one.name not in of_systems):
        if arguments.get(option.name):
            flag = "--" + option.name.replace("_", "-")
            _note(log, f"{flag} is ignored: the OpenAPI document has no operation of this system")
    for pair in arguments["option"]:
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
        samples=arguments["samples"],
        **of_systems,
    )
    _check_reach(listening, options, systems)
    replay: Path | None = arguments["replay"]
    # A recording answers in the place of handlers.
    engine = Engine(
        contract,
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


def _note(log: Log, text: str) -> None:
    log.say(f"store-credit-mock: {text}", level="warning")


def _journal(engine: Engine, path: Path | None, log: Log) -> Journal | None:
    """Begin the journal; raises RecordingError where it cannot be written."""
    if path is None:
        return None
    from importlib.metadata import version

    mode = "strict" if engine.options.strict else "observe"
    run = {"mock": version("store-credit-mock"), "document": engine.contract.document.version, "mode": mode}
    journal = Journal(path, engine.contract.document.secret_names, run, partial(_fail, log))
    engine.exchanges.everywhere.append(journal.add)
    return journal


def _check_reach(listening: Listening, options: Options, systems: list[System]) -> None:
    """Require every token to be set before listening where others than this machine may reach it."""
    options_ = (option for system in systems for option in system.options)
    secrets = [option.name for option in options_ if option.secret and option.default is None]
    if listening.exposed and not (options.control_token and all(name in options.of_systems for name in secrets)):
        wanted = " and ".join("--" + name.replace("_", "-") for name in ("control_token", *secrets))
        raise ValueError(f"listening on {listening.host} requires {wanted} to be set")


def _check_folder(path: Path | None) -> None:
    if path is not None and not path.absolute().parent.is_dir():
        raise ValueError(f"--coverage {path}: the folder {path.parent} does not exist")


def _run(engine: Engine, arguments: dict[str, Any], listening: Listening, serve: Callable[..., bool], log: Log) -> int:
    if arguments["coverage"] is not None:
        from store_credit_mock.coverage import Coverage

        engine.control.track_coverage(Coverage(engine.contract))

    def ready(host: str, port: int) -> None:
        announce(engine, arguments, listening, host, port, log)

    listened = serve(engine, listening.host, listening.port, ready)
    engine.close()
    if not listened:
        return _fail(log, f"cannot listen on {listening.place}; the address may be in use", NOT_LISTENING)
    if arguments["coverage"] is not None:
        from store_credit_mock.coverage import CoverageError, write

        try:
            write(cast("Any", engine.control.coverage), arguments["coverage"])
        except CoverageError as error:
            return _fail(log, str(error), NOT_WRITTEN)
    return FINE


def _fail(log: Log, text: str, code: int = NOT_STARTED) -> int:
    log.say(f"store-credit-mock: {text}", level="error")
    return code
