"""Trials of mutants: in a copy of the repository, with the tests that run the changed lines, within a time."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator, Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Final, NamedTuple

from coverage import CoverageData

from store_credit_tools.mutate.mutants import Mutant

__all__ = ["Outcome", "Reach", "Trial", "TrialError", "Trials", "copied"]

SOURCES: Final = ("sdk/src", "mock/src")

PYTEST: Final = ("-x", "-q", "-rfE", "--tb=no", "--hypothesis-seed=0", "-p", "no:cacheprovider")


class TrialError(Exception):
    """Mutants cannot be tried; the text says what to do first."""


class Outcome(StrEnum):
    """What became of a mutant."""

    KILLED = "killed"
    SURVIVED = "survived"
    TIMED_OUT = "timed out"
    NOT_RUN = "no test runs it"


# By the exit codes of pytest, None for one that was ended. Any other is a test that failed, or a module that no longer
# imports.
_OUTCOMES: Final[Mapping[int | None, Outcome]] = {None: Outcome.TIMED_OUT, 0: Outcome.SURVIVED, 5: Outcome.NOT_RUN}


class Trial(NamedTuple):
    """One mutant and what became of it.

    Attributes:
        mutant: The change.
        outcome: Whether a test noticed.
        tests: How many test functions were chosen for it.
        seconds: How long they ran.
    """

    mutant: Mutant
    outcome: Outcome
    tests: int
    seconds: float


class Reach:
    """Which test functions run which line, as `scripts/test --coverage` has seen it.

    Args:
        root: The root of the repository, where `.coverage` is.

    Raises:
        TrialError: It is not there.
    """

    def __init__(self, root: Path) -> None:
        file = root / ".coverage"
        if not file.exists():
            raise TrialError("which test runs which line is not known yet: run scripts/test --coverage first")
        self._root = root
        self._written = file.stat().st_mtime
        self._data = CoverageData(str(file))
        self._data.read()
        self._modules: dict[str, str | None] = {}

    def tests(self, mutant: Mutant) -> list[str] | None:
        """Name the test functions that run a mutant's lines, those of a file named like its module first.

        Returns:
            Their ids for pytest; an empty list when no test runs the lines, None when they run where no test is on the
            stack: on import, in a thread, or in a process that a test starts.

        Raises:
            TrialError: The module was changed since.
        """
        path = self._root / mutant.path
        if path.stat().st_mtime > self._written:
            raise TrialError(
                f"{mutant.path} was changed since its lines were counted: run scripts/test --coverage again"
            )
        lines = self._data.contexts_by_lineno(str(path))
        contexts = {name for line in range(mutant.line, mutant.last + 1) for name in lines.get(line, ())}
        found = {test for test in map(self._test, contexts) if test is not None}
        if not found and contexts:
            return None
        return sorted(found, key=lambda test: (path.stem not in test, test))

    def _test(self, context: str) -> str | None:
        """Turn `tests.sdk.test_money.test_it` into `tests/sdk/test_money.py::test_it`."""
        parts = context.split(".")
        for count in range(len(parts) - 1, 0, -1):
            file = Path(*parts[:count]).with_suffix(".py")
            if (self._root / file).is_file():
                return "::".join([file.as_posix(), *parts[count:]])
        return None


@contextlib.contextmanager
def copied(root: Path) -> Generator[Path]:
    """Copy what git tracks, and what an editable install has put beside the sources, into a folder that goes again.

    Args:
        root: The root of the repository, of which nothing is changed.
    """
    listed = subprocess.run(["git", "-C", root, "ls-files", "-z"], capture_output=True, text=True, check=True)
    with tempfile.TemporaryDirectory(prefix="mutants-", ignore_cleanup_errors=True) as scratch:
        folder = Path(scratch).resolve() / "copy"
        for name in filter(None, listed.stdout.split("\0")):
            if (root / name).is_file() and not name.startswith(SOURCES):
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(root / name, folder / name)
        for source in SOURCES:
            shutil.copytree(root / source, folder / source, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
        yield folder


class Trials:
    """The copy in which mutants are tried.

    Args:
        folder: The copy.
        limit: Seconds for one mutant.

    Raises:
        TrialError: Python imports other code than the copy's.
    """

    def __init__(self, folder: Path, limit: float) -> None:
        self._folder = folder
        self._limit = limit
        # Before the editable installs; no bytecode, which is found by the second and the size of a file.
        path = os.pathsep.join(str(folder / source) for source in SOURCES)
        self._environment = {**os.environ, "PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1"}
        self._failing: set[str] = set()
        self._check_imports()

    def _check_imports(self) -> None:
        code = "import store_credit, store_credit_mock as mock; print(store_credit.__file__, mock.__file__, sep='\\n')"
        command = [sys.executable, "-c", code]
        found = subprocess.check_output(command, cwd=self._folder, env=self._environment, text=True).splitlines()
        if not all(Path(line).is_relative_to(self._folder) for line in found):
            raise TrialError(f"not the code in {self._folder} is imported but {', '.join(found)}")

    def judge(self, mutant: Mutant, tests: Sequence[str]) -> Trial:
        """Run tests on the copy with one mutant in it, and take the mutant back.

        A test that fails without the mutant, too, as one may that needs the environment or the history that a copy
        lacks, kills nothing: it is left out, in this trial and in those after it.

        Args:
            mutant: The change.
            tests: Arguments of pytest that choose tests.
        """
        started = time.monotonic()
        outcome = Outcome.NOT_RUN if not tests else self._outcome(mutant, tests)
        return Trial(mutant, outcome, sum("::" in test for test in tests), time.monotonic() - started)

    def _outcome(self, mutant: Mutant, tests: Sequence[str]) -> Outcome:
        while True:
            with self._changed(mutant):
                status, output = self._pytest(tests)
            if status in _OUTCOMES:
                return _OUTCOMES[status]
            blamed = [
                # A parameter in an id may have spaces.
                line.partition(" ")[2].partition(" - ")[0]
                for line in output.splitlines()
                if line.startswith(("FAILED ", "ERROR "))
            ]
            if not blamed or self._pytest(blamed)[0] == 0:
                return Outcome.KILLED
            self._failing.update(blamed)

    @contextlib.contextmanager
    def _changed(self, mutant: Mutant) -> Generator[None]:
        path = self._folder / mutant.path
        source = path.read_bytes()
        path.write_bytes(mutant.apply(source))
        try:
            yield
        finally:
            path.write_bytes(source)

    def _pytest(self, tests: Sequence[str]) -> tuple[int | None, str]:
        """Run pytest in a process group of its own, which is ended after the limit with all that it started."""
        deselected = [f"--deselect={test}" for test in sorted(self._failing)]
        process = subprocess.Popen(
            [sys.executable, "-m", "pytest", *PYTEST, *deselected, *tests],
            cwd=self._folder,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        try:
            output, _ = process.communicate(timeout=self._limit)
        except subprocess.TimeoutExpired:
            return None, ""
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
        return process.returncode, output
