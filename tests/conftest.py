"""What every test folder shares: the long runs and their time, and a pytest inside pytest that leaves no trace."""

import os
import signal
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

# No clock decides whether a test passes: the machine that runs it may be busy.
settings.register_profile("repository", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("repository")
# `--hypothesis-profile=long` asks the tests that count their own examples for many more; see CONTRIBUTING.md.
settings.register_profile("long", settings.get_profile("repository"))


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--soak` and `--kill-seed`."""
    parser.addoption(
        "--soak",
        type=int,
        nargs="?",
        const=2000,
        default=0,
        metavar="N",
        help="let each test of tests/soak, and the kill runs of tests/jobs, issue N credits (without N: 2000; default: "
        "a few)",
    )
    parser.addoption(
        "--kill-seed", type=int, default=15, metavar="N", help="when the kill runs of tests/jobs kill (default: 15)"
    )


def pytest_configure(config: pytest.Config) -> None:
    """Give commands what they have on a terminal, and keep what they note for their user out of that user's folder."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        # As in a shell's background, where a command, too, would rightly ignore it.
        signal.signal(signal.SIGINT, signal.default_int_handler)
    folder = tempfile.TemporaryDirectory(prefix="state-of-tests-")
    os.environ["XDG_STATE_HOME"] = folder.name
    config.add_cleanup(folder.cleanup)


# Whole folders with marks: what needs Node, and what is tried over sockets and in processes of its own.
MARKED = {"prism": ("toolchain",), "interop": ("toolchain",), "conditions": ("takes_seconds", "conditions")}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark whole folders, and take the time limit off runs that are asked to be long."""
    for item in items:
        for mark in MARKED.get(item.path.parent.name, ()):
            item.add_marker(mark)
    profile = config.getoption("--hypothesis-profile", None)
    if profile == "long" or config.getoption("--soak"):
        for item in items:
            item.add_marker(pytest.mark.timeout(0), append=False)


class _ModulesAtTheEnd:
    """A plugin of the pytest inside pytest, which notes what has been imported when that is over."""

    def __init__(self) -> None:
        self.found: dict[str, ModuleType] = {}

    def pytest_unconfigure(self) -> None:
        self.found |= sys.modules


@pytest.fixture
def imported_inside() -> Iterator[_ModulesAtTheEnd]:
    """Modules that outlive the pytest inside pytest."""
    seen = _ModulesAtTheEnd()
    yield seen
    for name, module in seen.found.items():
        sys.modules.setdefault(name, module)


@pytest.fixture
def pytester(
    imported_inside: _ModulesAtTheEnd, pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> Iterator[pytest.Pytester]:
    """pytest inside pytest, without a trace in the tests that follow.

    After a run in this process pytester drops every module that was first imported during it. A test that imports one
    of them later gets a second copy, whose classes are not those of the first, and fails in some orders of the tests
    and not in others. Here only the modules of the run's own folder go. (They are put back at the very end, since
    pytester drops them then, too; `imported_inside` is named first for that.)
    """
    run = pytester.inline_run

    def and_note_modules(*arguments: Any, plugins: Any = (), **options: Any) -> Any:
        return run(*arguments, plugins=[*plugins, imported_inside], **options)

    monkeypatch.setattr(pytester, "inline_run", and_note_modules)
    yield pytester
    folder = pytester.path
    imported_inside.found = {
        name: module
        for name, module in imported_inside.found.items()
        if (file := getattr(module, "__file__", None)) is not None and not Path(file).is_relative_to(folder)
    }
