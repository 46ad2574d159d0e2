"""What the tests of the repository's own habits look at."""

import subprocess
from pathlib import Path

import pytest

from bootstrap import ROOT


@pytest.fixture(scope="session")
def tracked() -> list[Path]:
    """Every file git tracks that is in the work tree and is text."""
    listed = subprocess.run(["git", "-C", ROOT, "ls-files", "-z"], capture_output=True, text=True, check=False)
    if listed.returncode != 0:
        pytest.skip("not a git checkout, so there is no list of tracked files")
    paths = [ROOT / name for name in listed.stdout.split("\0") if name]
    return [path for path in paths if path.is_file() and b"\0" not in path.read_bytes()[:8192]]
