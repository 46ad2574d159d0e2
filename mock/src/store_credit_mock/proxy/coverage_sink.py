"""Coverage of what passes through the proxy: counted, written at the end, checked against gates."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

from store_credit_mock.coverage import Coverage, CoverageError, Gates, write
from store_credit_mock.proxy.proxy import Proxy

__all__ = ["CoverageSink"]


class CoverageSink:
    """Counts every exchange of a proxy from now on.

    Args:
        proxy: Whose exchanges.
        coverage: Where they are counted.
        gates: What must be reached in the end.
        path: The file that is written in the end.
    """

    def __init__(self, proxy: Proxy, coverage: Coverage, gates: Gates, path: Path) -> None:
        self._coverage = coverage
        self._gates = gates
        self._path = path
        proxy.settings.listeners.append(coverage.add)

    @classmethod
    def asked_for(cls, proxy: Proxy, options: SimpleNamespace) -> CoverageSink | None:
        """What the arguments of the command ask for; None if they ask for nothing.

        Raises:
            CoverageError: A gate names what the document lacks.
        """
        validator = proxy.settings.validator
        if options.coverage is None or validator is None:
            return None
        coverage = Coverage(validator.closed)
        coverage.only(options.only)
        gates = Gates(validator.closed, options.fail_under, options.require, options.only)
        return cls(proxy, coverage, gates, options.coverage)

    def end(self, code: int, fail: Callable[[str], int]) -> int:
        """Write the file and check the gates.

        Args:
            code: The exit code without it.
            fail: Says that something could not be done, and gives the exit code for it.
        """
        try:
            write(self._coverage, self._path)
        except CoverageError as error:
            return fail(str(error))
        failures = self._gates.failures(self._coverage)
        for failure in failures:
            fail(failure)
        return code or (1 if failures else 0)
