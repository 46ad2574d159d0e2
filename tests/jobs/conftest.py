"""The table of the kill runs, shown whenever some ran."""

from __future__ import annotations

import pytest

from jobs_support.kill_runs import HEADER, PROPERTY


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Show the table; from reports, which also come from the processes of pytest-xdist."""
    reports = [*terminalreporter.getreports("passed"), *terminalreporter.getreports("failed")]
    lines = [
        str(value)
        for report in reports
        if report.when == "call"
        for name, value in report.user_properties
        if name == PROPERTY
    ]
    if lines:
        terminalreporter.section("killed with SIGKILL, counted on the server")
        for line in (HEADER, *lines):
            terminalreporter.write_line(line)
