"""What every test folder shares: the name of the long run, and how long the soak goes on."""

import pytest
from hypothesis import settings

# `--hypothesis-profile=long` asks the tests that count their own examples for many more; see CONTRIBUTING.md.
settings.register_profile("long")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--soak`."""
    parser.addoption(
        "--soak", type=int, default=0, metavar="N", help="let each test of tests/soak issue N credits (default: a few)"
    )
