"""What type checkers say of the HTTP clients that users pass, whichever of the two libraries they have installed."""

import json
import subprocess
import sys
import sysconfig
import venv
from collections.abc import Callable
from pathlib import Path

import pytest

from bootstrap import ROOT
from store_credit_tools.node import LINTERS, NodeUnavailableError, command

pytestmark = pytest.mark.toolchain

LIBRARIES = ["httpx", "httpx2"]
CORES = {"httpx": "httpcore", "httpx2": "httpcore2"}


def sample(library: str) -> Path:
    """The uses of one library."""
    return ROOT / "tests" / "typing" / f"with_{library}.py"


def test_both_libraries_are_used_alike() -> None:
    """The samples differ in the library they import and in the name of the other."""
    first, second = (sample(library).read_text("utf-8") for library in LIBRARIES)

    assert first != second
    assert first.replace("with_httpx2.py", "with_httpx.py").replace("import httpx as", "import httpx2 as") == second


@pytest.fixture
def without(tmp_path: Path) -> Callable[[str], Path]:
    """Make an environment with everything that is installed here but one HTTP library; returns its folder."""

    def make(library: str) -> Path:
        folder = tmp_path / "without"
        venv.create(folder, symlinks=True)
        (packages,) = folder.glob("lib/python*/site-packages")
        for path in Path(sysconfig.get_path("purelib")).iterdir():
            if path.name.partition("-")[0] not in (library, CORES[library]):
                (packages / path.name).symlink_to(path)
        return folder

    return make


def mypy(environment: Path, folder: Path) -> list[str]:
    """The command line that checks the files of a folder with mypy."""
    python = environment / "bin" / "python"
    settings = folder / "mypy.ini"
    settings.write_text("[mypy]\nstrict = true\n", "utf-8")
    options = ["--config-file", str(settings), "--python-executable", str(python), "--cache-dir", "mypy"]
    return [sys.executable, "-m", "mypy", *options, "sample.py", "absent.py"]


def pyright(environment: Path, folder: Path) -> list[str]:
    """The command line that checks the files of a folder with pyright."""
    settings = {"include": ["sample.py", "absent.py"], "typeCheckingMode": "strict"}
    (folder / "pyrightconfig.json").write_text(json.dumps(settings), "utf-8")
    try:
        return [*command(LINTERS, "pyright"), "--warnings", "--pythonpath", str(environment / "bin" / "python")]
    except NodeUnavailableError as reason:
        pytest.skip(str(reason))


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="environments are laid out differently")
@pytest.mark.parametrize("library", LIBRARIES)
@pytest.mark.parametrize("checker", [mypy, pyright], ids=lambda checker: checker.__name__)
def test_clients_are_typed_with_one_library_installed(
    checker: Callable[[Path, Path], list[str]], library: str, without: Callable[[str], Path], tmp_path: Path
) -> None:
    """Right uses are accepted, wrong ones refused, and nothing is of an unknown type."""
    (other,) = set(LIBRARIES) - {library}
    environment = without(other)
    file = tmp_path / "sample.py"
    file.write_bytes(sample(library).read_bytes())
    # The other one is really not there.
    absent = tmp_path / "absent.py"
    absent.write_text(f"import {other}\n", "utf-8")
    done = subprocess.run(checker(environment, tmp_path), cwd=tmp_path, capture_output=True, text=True, check=False)

    assert done.returncode == 1, done.stdout + done.stderr
    assert other in done.stdout
    assert file.name not in done.stdout, done.stdout
