"""What the README shows, runs."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from store_credit_tools.readme_samples import samples

README = Path(__file__).parents[2] / "mock" / "README.md"
SAMPLES = samples(README)
# Of docker, uvx, pipx and scripts/replay.
OF_OTHERS = {"--build", "--from", "--mock", "--preinstall", "--publish", "--rm", "--tag", "--wait"}


@pytest.mark.takes_seconds
def test_the_samples_that_are_tests_pass(pytester: pytest.Pytester) -> None:
    """A user's test, pasted into a file, passes with nothing but the package installed."""
    tests = [sample.code for sample in SAMPLES if "def test_" in sample.code]
    pytester.makepyfile("\n\n".join(tests))

    pytester.runpytest_subprocess("--strict-markers", "-W", "error").assert_outcomes(passed=len(tests))


@pytest.mark.parametrize(
    "sample", [sample for sample in SAMPLES if "def test_" not in sample.code], ids=lambda s: s.line
)
def test_the_other_samples_run(sample: object) -> None:
    """The rest runs as it stands."""
    exec(compile(sample.code, str(README), "exec"), {})  # pyright: ignore[reportAttributeAccessIssue]


@pytest.mark.takes_seconds
def test_every_option_of_the_command_that_is_shown_exists(pytestconfig: pytest.Config) -> None:
    """No option is promised that neither the command's help nor the plugin has."""
    known: set[str] = set()
    for words in (["serve"], ["proxy"], ["verify"], ["coverage", "merge"], ["coverage", "report"], ["document"]):
        command = [sys.executable, "-m", "store_credit_mock", *words, "--help"]
        said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        known |= set(re.findall(r"--[a-z][a-z-]+", said))
    known |= {"--unix-socket", "--cacert", "--http"}  # curl's
    known |= {f"--{name.replace('_', '-')}" for name in vars(pytestconfig.option) if name.startswith("store_credit")}
    shown = set(re.findall(r"--[a-z][a-z-]+", README.read_text("utf-8")))

    assert shown <= known | OF_OTHERS
