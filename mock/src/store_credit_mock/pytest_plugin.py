"""The pytest plugin: the fixtures `store_credit_mock`, a fresh isolated sandbox, and `store_credit_server`, over HTTP.

`@pytest.mark.store_credit_mock(strict=False, seed=7, profile="4.10", fixtures={...})` changes the sandbox's options.
Without the marker it is strict and seeded with 0, so that a test does the same on every run. The server takes the same
options, and those of `@pytest.mark.store_credit_server(scope="module")` before them.

`--store-credit-coverage` counts which parts of the document the sandboxes of all tests exercised.
"""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal, cast

import pytest

if TYPE_CHECKING:
    from store_credit_mock.contract import Contract
    from store_credit_mock.coverage import Coverage
    from store_credit_mock.coverage.pytest_run import CoverageRun
    from store_credit_mock.local_server import Server
    from store_credit_mock.mock import Mock

__all__ = [
    "pytest_addoption",
    "pytest_configure",
    "pytest_runtest_call",
    "pytest_runtest_makereport",
    "pytest_runtest_setup",
    "pytest_runtest_teardown",
    "store_credit_coverage",
    "store_credit_mock",
    "store_credit_mock_contract",
    "store_credit_server",
]

_SCOPES: Final = ("function", "module", "session")
_USED: pytest.StashKey[list[Mock]] = pytest.StashKey()
"""What a test uses."""
_SHARED: pytest.StashKey[Server] = pytest.StashKey()
"""The server that a module or session has by its ini file, while it runs."""
_RUN: pytest.StashKey[CoverageRun] = pytest.StashKey()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the settings of the ini file, and the options of coverage."""
    parser.addini("store_credit_mock_seed", "seed of the mocks (default: 0)", default="0")
    parser.addini(
        "store_credit_mock_strict", "reject requests that violate the OpenAPI document", type="bool", default=True
    )
    parser.addini(
        "store_credit_mock_fixtures", "JSON or YAML file with fixtures for the mocks, relative to the ini file"
    )
    parser.addini(
        "store_credit_mock_options",
        "options of the systems, one NAME=VALUE per line, such as profile=4.10",
        type="linelist",
    )
    parser.addini(
        "store_credit_mock_fail_on_violations",
        "fail a test if an exchange in it violated the OpenAPI document",
        type="bool",
        default=False,
    )
    parser.addini("store_credit_server_scope", "function, module or session (default: function)", default="function")
    group = parser.getgroup("store credit mock")
    group.addoption(
        "--store-credit-coverage",
        nargs="?",
        const="",
        metavar="FILE.json",
        help="show which parts of openapi.yaml the store_credit_mock fixture covered, and write them to a file",
    )
    group.addoption("--store-credit-coverage-html", metavar="FILE.html", help="write the coverage as an HTML page")
    group.addoption(
        "--store-credit-fail-under",
        type=float,
        metavar="PERCENT",
        help="fail if the coverage is lower than this percentage",
    )
    group.addoption(
        "--store-credit-require",
        action="append",
        default=[],
        metavar="OPERATION:STATUS",
        help="fail if this response, such as vinr.store_credit.create:201, was not seen (may be repeated)",
    )
    group.addoption(
        "--store-credit-only",
        action="append",
        default=[],
        metavar="OPERATION",
        help="show only these operations, such as 'vinr.*', and calculate the percentage from them (may be repeated)",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Register the marker."""
    config.addinivalue_line(
        "markers",
        "store_credit_mock(strict=True, seed=0, control_token=None, fixtures=None, fail_on_violations=False, ...): "
        "options of the fixtures store_credit_mock and store_credit_server, including those of the systems, such as "
        "profile='4.10'",
    )
    config.addinivalue_line(
        "markers",
        "store_credit_server(scope='function', host='127.0.0.1', port=0, db=':memory:', ...): the same, only for "
        "the fixture store_credit_server; scope is 'function', 'module' or 'session'",
    )
    # A word of the options first, so that a run without coverage imports nothing for it.
    option = config.option
    if (
        option.store_credit_coverage is not None
        or option.store_credit_coverage_html is not None
        or option.store_credit_fail_under is not None
        or option.store_credit_require
    ):
        from store_credit_mock.coverage.pytest_run import NAME, CoverageRun

        config.stash[_RUN] = run = CoverageRun(config)
        config.pluginmanager.register(run, NAME)


@pytest.fixture(scope="session")
def store_credit_mock_contract(pytestconfig: pytest.Config) -> Contract:
    """The compiled document, once for each process."""
    run = pytestconfig.stash.get(_RUN, None)
    if run is not None:
        return run.contract
    from store_credit_mock.contract import Contract

    return Contract()


@pytest.fixture(scope="session")
def store_credit_coverage(pytestconfig: pytest.Config) -> Coverage | None:
    """What counts coverage in this run, for engines and proxies of your own; None where no option asks for it."""
    run = pytestconfig.stash.get(_RUN, None)
    return None if run is None else run.coverage


@pytest.fixture
def store_credit_mock(
    request: pytest.FixtureRequest, store_credit_mock_contract: Contract, store_credit_coverage: Coverage | None
) -> Generator[Mock]:
    """A mock of VINR and Spree for this test alone, with ready clients."""
    from store_credit_mock.mock import Mock

    chosen = _chosen(request.node, "store_credit_mock")
    with _told("store_credit_mock"):
        mock = Mock(store_credit_mock_contract, **chosen)
    try:
        if store_credit_coverage is not None:
            mock.engine.control.track_coverage(store_credit_coverage)
        _use(request.node, mock)
        yield mock
    finally:
        mock.close()


class _Servers:
    """The servers that the tests of one module or session share: one for each choice of options."""

    def __init__(self, contract: Contract, coverage: Coverage | None) -> None:
        self._made: list[tuple[dict[str, Any], Server]] = []
        self._contract, self._coverage = contract, coverage

    def get(self, chosen: dict[str, Any]) -> Server:
        for options, server in self._made:
            if options == chosen:
                return server
        server = _started(self._contract, self._coverage, chosen)
        self._made.append((chosen, server))
        return server

    def stop(self) -> None:
        for _, server in self._made:
            server.stop()


def _pool(scope: Literal["module", "session"]) -> Any:
    def servers(store_credit_mock_contract: Contract, store_credit_coverage: Coverage | None) -> Generator[_Servers]:
        made = _Servers(store_credit_mock_contract, store_credit_coverage)
        yield made
        made.stop()

    return pytest.fixture(scope=scope, name=f"_store_credit_servers_of_{scope}")(servers)


_of_module = _pool("module")
_of_session = _pool("session")


def _scope(fixture_name: str, config: pytest.Config) -> Any:  # noqa: ARG001 - pytest gives both by name
    return _known_scope(config.getini("store_credit_server_scope"), "store_credit_server_scope")


@pytest.fixture(scope=_scope)
def store_credit_server(
    request: pytest.FixtureRequest, store_credit_mock_contract: Contract, store_credit_coverage: Coverage | None
) -> Generator[Server]:
    """A mock of VINR and Spree over HTTP, in a thread; the environment's variables lead clients to it."""
    chosen = _chosen(request.node, "store_credit_mock", "store_credit_server")
    scope = _known_scope(chosen.pop("scope", request.scope), "scope")
    if request.scope != "function":
        if scope != request.scope:
            raise pytest.UsageError(
                f"the ini file sets store_credit_server_scope = {request.scope}, but a marker sets scope = {scope}"
            )
        stash = request.config.stash
        stash[_SHARED] = server = _started(store_credit_mock_contract, store_credit_coverage, chosen)
        yield server
        del stash[_SHARED]
        server.stop()
    elif scope == "function":
        server = _started(store_credit_mock_contract, store_credit_coverage, chosen)
        _use(request.node, server)
        yield server
        server.stop()
    else:
        servers = cast("_Servers", request.getfixturevalue(f"_store_credit_servers_of_{scope}"))
        server = servers.get(chosen)
        server.set_environment()
        server.take_violations()
        _use(request.node, server)
        yield server


def _started(contract: Contract, coverage: Coverage | None, chosen: dict[str, Any]) -> Server:
    from store_credit_mock.local_server import Server

    with _told("store_credit_server"):
        server = Server(contract, **chosen).start()
    if coverage is not None:
        server.engine.control.track_coverage(coverage)
    return server


@contextmanager
def _told(fixture: str) -> Generator[None]:
    """Say of a wrong option that it is one of a marker, or of the ini file."""
    try:
        yield
    except ValueError as error:
        raise pytest.UsageError(f"the marker {fixture}: {error}") from error


def _known_scope(scope: Any, name: str) -> str:
    if scope not in _SCOPES:
        raise pytest.UsageError(f"{name} must be one of {', '.join(_SCOPES)}, not {scope!r}")
    return scope


def _chosen(node: pytest.Item | pytest.Collector, *markers: str) -> dict[str, Any]:
    """The options of the ini file, and those of markers in their place, the nearest last."""
    config = node.config
    chosen: dict[str, Any] = {
        "seed": config.getini("store_credit_mock_seed"),
        "strict": config.getini("store_credit_mock_strict"),
        "fail_on_violations": config.getini("store_credit_mock_fail_on_violations"),
    }
    if fixtures := config.getini("store_credit_mock_fixtures"):
        chosen["fixtures"] = (config.rootpath if config.inipath is None else config.inipath.parent) / Path(fixtures)
    for line in config.getini("store_credit_mock_options"):
        name, equals, value = line.partition("=")
        if not equals:
            raise pytest.UsageError(f"store_credit_mock_options: {line!r} does not have the form NAME=VALUE")
        chosen[name.strip()] = value.strip()
    for name in markers:
        for marker in reversed(list(node.iter_markers(name))):
            if marker.args:
                raise pytest.UsageError(f"the {name} marker accepts only named options, such as seed=7")
            chosen.update(marker.kwargs)
    return chosen


def _use(item: pytest.Item, mock: Mock) -> None:
    item.stash.setdefault(_USED, []).append(mock)


def _mocks(item: pytest.Item) -> list[Mock]:
    """What a test uses, by its own fixtures and by those of its module or session."""
    used = [*item.stash.get(_USED, ())]
    shared = item.config.stash.get(_SHARED, None)
    if shared is not None and "store_credit_server" in getattr(item, "fixturenames", ()):
        used.append(shared)
    return used


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Lead clients to the server once more, whatever the test before has done to the environment."""
    for mock in _mocks(item):
        cast("Server", mock).set_environment()
        mock.take_violations()
    if item.config.getini("store_credit_server_scope") == "function" or not item.get_closest_marker(
        "store_credit_server"
    ):
        return
    for node, _ in item.iter_markers_with_node("store_credit_server"):
        if isinstance(node, pytest.Item | pytest.Class):
            raise pytest.UsageError(
                "the ini file configures one server for each"
                f" {item.config.getini('store_credit_server_scope')}, so a single test cannot set its own options"
            )


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, Any, Any]:
    """Fail a test in which an exchange broke the OpenAPI document, where that is asked for."""
    result = yield
    _fail_on_violations(item)
    return result


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item) -> Generator[None, Any, Any]:
    """Say the same of what fixtures have done after the test."""
    result = yield
    _fail_on_violations(item)
    return result


def _fail_on_violations(item: pytest.Item) -> None:
    found = [mock.take_violations() for mock in _mocks(item) if mock.fail_on_violations]
    if text := "\n".join(filter(None, found)):
        pytest.fail(text, pytrace=False)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Show what went through the mock when a test fails."""
    del call  # part of the hook; the report has what is needed
    result = yield
    if result.failed:
        from store_credit_mock.in_process import report

        for mock in _mocks(item):
            # Reported already, with the failure itself.
            mock.take_violations()
            name = "store_credit_server" if hasattr(mock, "set_environment") else "store_credit_mock"
            result.sections.append((name, report(mock.engine)))
    return result
