"""Make the environment a script needs, then run the script inside it.

Every script in this folder starts with two lines, on any Python from 3.11 on and with nothing installed:

    import bootstrap

    bootstrap.enter("base")

The names are lock files: `base` is `requirements/base.txt`. The first call makes `.venv/` at the root of the
repository, installs the named locks with their hashes checked, and installs the package under `sdk/` in editable form;
with the locks `mock` and `jobs` those under `mock/` and `jobs/` too.
Later calls compare stamps and cost a few milliseconds. Nothing outside the repository is changed.

Only the standard library is used here, and only syntax that Python 3.6 parses: an older Python must get as far as the
sentence that says which Python is needed.
"""

import sys

if sys.version_info < (3, 11):
    sys.exit(
        f"These scripts need Python 3.11 or newer; {sys.executable} is {sys.version.split()[0]}.\n"
        f"Name a newer one, for example: python3.11 {' '.join(sys.argv)}"
    )

import contextlib
import hashlib
import importlib.util
import os
import shutil
import subprocess
from collections.abc import Generator
from pathlib import Path

__all__ = ["ROOT", "BootstrapError", "Environment", "alone", "enter"]

ROOT = Path(__file__).resolve().parent.parent
STAMPS = "stamps"
LOG = "setup.log"


class BootstrapError(Exception):
    """The environment could not be made; the text says what to change."""


class Environment:
    """A virtual environment at the root of the repository that holds exactly what lock files name.

    Args:
        name: Folder of the environment below the root.
        locks: Names of files in `requirements/`, without `.txt`, installed in this order.
        wheels: Names of lock files whose wheels are kept in the environment's `wheels/` folder, for tests that install
            the package elsewhere without a network.
        package: Whether the package under `sdk/` is installed too, in editable form, and with the locks `mock` and
            `jobs` those in the folders of these names.
    """

    def __init__(
        self, name: str, locks: tuple[str, ...], wheels: tuple[str, ...] = (), *, package: bool = True
    ) -> None:
        self.folder = ROOT / name
        self.python = self.folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
        self.steps = {f"install-{lock}": self._lock_inputs(lock) for lock in locks}
        self.steps.update({f"wheels-{lock}": self._lock_inputs(lock) for lock in wheels})
        if package:
            sources = ("pyproject.toml", "hatch_build.py", "src/store_credit/_core/version.py")
            self.steps["package-sdk"] = [ROOT / "sdk" / source for source in sources]
            if "mock" in locks:
                self.steps["package-mock"] = [ROOT / "mock" / source for source in sources[:2]]
            if "jobs" in locks:
                self.steps["package-jobs"] = [ROOT / "jobs" / "pyproject.toml"]

    @property
    def current(self) -> bool:
        """Whether this process already runs inside the environment."""
        return Path(sys.prefix).resolve() == self.folder.resolve()

    def stale(self) -> list[str]:
        """Name the steps whose stamp is missing or was left by other inputs."""
        if not self._whole():
            return list(self.steps)
        return [step for step in self.steps if self._read_stamp(step) != self._fingerprint(step)]

    def make(self) -> None:
        """Bring the environment up to date; a half-made one, or one moved here from elsewhere, is made again.

        Raises:
            BootstrapError: Python lacks `venv` or `ensurepip`, the folder is somebody else's, or an install failed.
        """
        with alone(ROOT / f"{self.folder.name}.lock"):
            if not self._whole():
                self._create()
            for step in self.stale():
                self._run_step(step)

    def environ(self) -> dict[str, str]:
        """Give the variables of a process inside the environment, so that its commands come first on `PATH`."""
        variables = dict(os.environ, VIRTUAL_ENV=str(self.folder))
        variables.pop("PYTHONHOME", None)
        first = str(self.python.parent)
        path = [part for part in variables.get("PATH", os.defpath).split(os.pathsep) if part != first]
        variables["PATH"] = os.pathsep.join([first, *path])
        return variables

    def _lock_inputs(self, lock: str) -> list[Path]:
        return [ROOT / "requirements" / f"{lock}.txt"]

    def _stamp(self, step: str) -> Path:
        return self.folder / STAMPS / step

    def _read_stamp(self, step: str) -> str | None:
        with contextlib.suppress(OSError):
            return self._stamp(step).read_text("utf-8")
        return None

    def _fingerprint(self, step: str) -> str:
        digest = hashlib.sha256()
        for path in self.steps[step]:
            try:
                digest.update(path.read_bytes())
            except OSError as error:
                raise BootstrapError(f"{path} cannot be read ({error.strerror}); the checkout is not whole") from error
        return digest.hexdigest()

    def _whole(self) -> bool:
        # Scripts and links in an environment hold its absolute path, so that a moved one does not work.
        return self._read_stamp("folder") == str(self.folder) and self.python.exists()

    def _create(self) -> None:
        for module in ("venv", "ensurepip"):
            if importlib.util.find_spec(module) is None:
                raise BootstrapError(
                    f"This Python ({sys.executable}) comes without the module {module}, which makes environments.\n"
                    f"On Debian and Ubuntu: apt install python3-venv. Elsewhere: use a complete Python 3.11 or newer."
                )
        if self.folder.exists():
            ours = (self.folder / LOG).exists() or not any(self.folder.iterdir())
            if not ours:
                raise BootstrapError(f"{self.folder} was not made by these scripts; move or remove it, then run again")
            shutil.rmtree(self.folder)
        self.folder.mkdir()
        (self.folder / LOG).touch()
        # Inside an environment sys.executable may be the one just removed.
        base = getattr(sys, "_base_executable", sys.executable)
        self._call(f"making it with Python {sys.version.split()[0]}", [base, "-m", "venv", str(self.folder)])
        (self.folder / STAMPS).mkdir()
        self._stamp("folder").write_text(str(self.folder), "utf-8")

    def _run_step(self, step: str) -> None:
        pip = [str(self.python), "-m", "pip", "--disable-pip-version-check", "--no-input"]
        kind, _, lock = step.partition("-")
        hashed = ["--require-hashes", "--no-deps", "--requirement", str(ROOT / "requirements" / f"{lock}.txt")]
        if kind == "install":
            self._call(f"installing requirements/{lock}.txt", [*pip, "install", *hashed])
        elif kind == "wheels":
            place = self.folder / "wheels"
            shutil.rmtree(place, ignore_errors=True)
            self._call(f"keeping wheels of requirements/{lock}.txt", [*pip, "download", *hashed, "--dest", str(place)])
        else:
            package = str(ROOT / lock)
            options = ("--no-deps", "--no-build-isolation", "--editable")
            self._call(f"installing {lock}/", [*pip, "install", *options, package])
        self._stamp(step).write_text(self._fingerprint(step), "utf-8")

    def _call(self, what: str, command: list[str]) -> None:
        print(f"{self.folder.name}: {what} ...", file=sys.stderr, flush=True)
        log = self.folder / LOG
        with log.open("ab") as output:
            start = output.tell()
            status = subprocess.call(command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, cwd=ROOT)
        if status != 0:
            with log.open("rb") as written:
                written.seek(start)
                last = written.read().decode("utf-8", "replace").splitlines()[-15:]
            raise BootstrapError(
                "\n".join(f"    {line}" for line in last)
                + f"\n{self.folder.name}: {what} failed; the whole output is in {log}."
                + "\nPackages come from the index pip is configured for: check the network, a proxy (HTTPS_PROXY) and"
                + " `pip config list`, then run the same command again."
            )


@contextlib.contextmanager
def alone(lock: Path) -> Generator[None]:
    """Hold off a second script that was started at the same moment.

    Args:
        lock: The file that is locked while the block runs; it is made and stays, empty.
    """
    with lock.open("w") as handle:
        try:
            import fcntl
        except ImportError:  # Windows: the lock only guards a rare moment, so go on without it
            yield
            return
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print(f"{lock.stem}: another script is setting it up; waiting ...", file=sys.stderr, flush=True)
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def enter(*locks: str, folder: str = ".venv", wheels: tuple[str, ...] = (), package: bool = True) -> None:
    """Return inside an environment that holds the named locks, after starting the running script again if need be.

    Args:
        locks: Names of files in `requirements/`, without `.txt`.
        folder: The environment's folder below the root of the repository.
        wheels: See `Environment`.
        package: See `Environment`.

    Raises:
        SystemExit: The environment could not be made; the reason is printed, the exit code is 2.
    """
    environment = Environment(folder, locks, wheels, package=package)
    try:
        changed = bool(environment.stale())
        if changed:
            environment.make()
    except BootstrapError as error:
        print(error, file=sys.stderr)
        sys.exit(2)
    os.environ.update(environment.environ())
    os.environ.pop("PYTHONHOME", None)
    if environment.current and not changed:
        return
    command = [str(environment.python), *sys.argv]
    if os.name == "nt":  # execv on Windows gives the terminal back before the new process is done
        sys.exit(subprocess.call(command))
    os.execv(command[0], command)
