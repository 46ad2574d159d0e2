"""Coverage of a pytest run: counted in every worker, merged in the main process, shown and gated at the end."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

from store_credit_mock.contract import Contract
from store_credit_mock.coverage.coverage import Coverage, CoverageError
from store_credit_mock.coverage.files import write, write_text
from store_credit_mock.coverage.gates import Gates
from store_credit_mock.coverage.html_report import page
from store_credit_mock.coverage.text_report import table

if TYPE_CHECKING:
    from _pytest.terminal import TerminalReporter

__all__ = ["NAME", "CoverageRun"]

NAME: Final = "store_credit_coverage"
"""What the plugin is registered as, and what a worker calls its part."""


class CoverageRun:
    """The plugin of one process of a run.

    Args:
        config: With the options.

    Attributes:
        contract: The compiled document, for the fixtures too.
        coverage: What was counted here, and in the main process of a distributed run everywhere.

    Raises:
        pytest.UsageError: An option cannot be followed.
    """

    def __init__(self, config: pytest.Config) -> None:
        option = config.option
        self._file = _path(option.store_credit_coverage, "--store-credit-coverage", ".json")
        self._html = _path(option.store_credit_coverage_html, "--store-credit-coverage-html", ".html")
        self.contract = Contract()
        self.coverage = Coverage(self.contract)
        try:
            only: list[str] = option.store_credit_only
            self._shown = self.coverage.only(only)
            self._gates = Gates(self.contract, option.store_credit_fail_under, option.store_credit_require, only)
        except CoverageError as error:
            raise pytest.UsageError(f"store credit coverage options: {error}") from error
        self._failures: list[str] = []
        self._lost = 0

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any, error: object) -> None:
        """Take what a worker counted."""
        del error
        part = getattr(node, "workeroutput", {}).get(NAME)
        if part is None:
            self._lost += 1
        else:
            self.coverage.merge(Coverage.from_json(self.contract, part, "a worker"))

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Hand a worker's part over; in the main process write the files and check the gates."""
        output: dict[str, Any] | None = getattr(session.config, "workeroutput", None)
        if output is not None:
            output[NAME] = self.coverage.to_json()
            return
        if session.config.option.collectonly:
            return
        self._failures = self._gates.failures(self.coverage)
        try:
            if self._file is not None:
                write(self.coverage, self._file)
            if self._html is not None:
                write_text(self._html, page(self._shown, self.contract).encode())
        except CoverageError as error:
            self._failures.append(str(error))
        if self._failures and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: TerminalReporter, config: pytest.Config) -> None:
        """Show the table, and what was not reached."""
        if config.option.collectonly:
            return
        terminalreporter.section("store credit coverage")
        terminalreporter.write_line(table(self._shown, missing=config.option.verbose > 0))
        if self._file is not None:
            terminalreporter.write_line(f"written to {self._file}")
        if self._html is not None:
            terminalreporter.write_line(f"written to {self._html}")
        if self._file is None and config.option.verbose <= 0:
            terminalreporter.write_line("-v lists what is missing")
        if self._lost:
            terminalreporter.write_line(f"{self._lost} workers ended without handing over their results", yellow=True)
        for failure in self._failures:
            terminalreporter.write_line(f"FAILED: {failure}", red=True)


def _path(text: str | None, option: str, suffix: str) -> Path | None:
    if not text:
        return None
    # Without the suffix it is most likely a folder of tests that stood after an option without a value.
    if not text.endswith(suffix):
        raise pytest.UsageError(f"{option} {text}: the file name must end in {suffix}; write {option}=FILE{suffix}")
    path = Path(text).absolute()
    if not path.parent.is_dir():
        raise pytest.UsageError(f"{option} {text}: the folder {path.parent} does not exist")
    return path
