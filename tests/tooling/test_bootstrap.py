"""Environments are made once, made again when they are broken, and never taken from anybody else."""

import subprocess
import sys
from pathlib import Path

import pytest

import bootstrap
from bootstrap import BootstrapError, Environment


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository whose one lock file asks for nothing, so that no index is needed."""
    (tmp_path / "requirements").mkdir()
    (tmp_path / "requirements" / "empty.txt").write_text("# nothing\n")
    monkeypatch.setattr(bootstrap, "ROOT", tmp_path)
    return tmp_path


def environment() -> Environment:
    return Environment("env", ("empty",), package=False)


@pytest.fixture
def made(root: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was run; making an environment takes seconds, so that only the file that tells it is there is made."""
    ran: list[str] = []

    def call(self: Environment, what: str, command: list[str]) -> None:
        ran.append(what.split(maxsplit=1)[0])
        if "venv" in command:
            self.python.parent.mkdir()
            self.python.touch()

    monkeypatch.setattr(Environment, "_call", call)
    return ran


def test_an_environment_is_made_once(made: list[str]) -> None:
    """The second call finds the stamps and has nothing to do."""
    environment().make()
    environment().make()

    assert environment().stale() == []
    assert made == ["making", "installing"]


def test_a_changed_lock_is_installed_without_starting_over(root: Path, made: list[str]) -> None:
    """Only the step that reads the changed file is stale."""
    environment().make()
    (root / "requirements" / "empty.txt").write_text("# still nothing\n")

    assert environment().stale() == ["install-empty"]
    environment().make()
    assert environment().stale() == []
    assert made == ["making", "installing", "installing"]


def test_a_half_made_environment_is_made_again(root: Path, made: list[str]) -> None:
    """Somebody pressed Ctrl-C while it was being made: no stamp says it is whole."""
    environment().make()
    (root / "env" / "stamps" / "folder").unlink()

    environment().make()

    assert environment().stale() == []
    assert made == ["making", "installing"] * 2


def test_an_environment_whose_python_is_gone_is_made_again(root: Path, made: list[str]) -> None:
    """The system's Python was replaced and the link in the environment points nowhere."""
    environment().make()
    environment().python.unlink()

    environment().make()

    assert made == ["making", "installing"] * 2


def test_a_moved_environment_is_made_again(root: Path, made: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands in an environment hold its absolute path, so that a copied checkout needs its own."""
    environment().make()
    moved = root.with_name(root.name + "-moved")
    root.rename(moved)
    monkeypatch.setattr(bootstrap, "ROOT", moved)

    assert environment().stale() == ["install-empty"]
    environment().make()
    assert made == ["making", "installing"] * 2


def test_a_folder_of_somebody_else_is_left_alone(root: Path, made: list[str]) -> None:
    """An environment these scripts did not make is refused, not removed."""
    (root / "env").mkdir()
    (root / "env" / "precious").touch()

    with pytest.raises(BootstrapError, match="move or remove it"):
        environment().make()
    assert (root / "env" / "precious").exists()


def test_a_python_without_ensurepip_is_told_what_to_install(made: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Debian ships Python without the part that makes environments."""
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None if name == "ensurepip" else object())

    with pytest.raises(BootstrapError, match="apt install python3-venv"):
        environment().make()


def test_a_missing_lock_file_is_named(made: list[str]) -> None:
    """A checkout that is not whole gives one sentence with the path."""
    with pytest.raises(BootstrapError, match=r"absent\.txt cannot be read"):
        Environment("env", ("absent",), package=False).make()


def test_a_failed_install_shows_the_end_of_its_output_and_is_tried_again(root: Path) -> None:
    """The message holds the tool's own last lines; no stamp is left, so that the next run starts there."""
    failing = environment()
    failing.folder.mkdir()
    with pytest.raises(BootstrapError, match=r"(?s)no such index.*pretending failed"):
        failing._call("pretending", [sys.executable, "-c", "import sys; sys.exit('no such index')"])

    assert failing.stale() == ["install-empty"]


@pytest.mark.slow
def test_two_scripts_started_at_once_make_one_environment(root: Path) -> None:
    """The second waits for the first and then finds the work done; the Python inside runs."""
    program = (
        "import sys; from pathlib import Path; import bootstrap; bootstrap.ROOT = Path(sys.argv[1]);"
        "bootstrap.Environment('env', ('empty',), package=False).make()"
    )
    command = [sys.executable, "-c", program, str(root)]
    scripts = Path(bootstrap.__file__).parent
    both = [subprocess.Popen(command, cwd=scripts, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    said = "".join(process.communicate()[1] for process in both)

    assert [process.returncode for process in both] == [0, 0]
    assert said.count("making it") == 1
    assert environment().stale() == []
    subprocess.run([environment().python, "-m", "pip", "--version"], check=True, stdout=subprocess.DEVNULL)
