"""Where a served mock listens, and what its addresses look like."""

from __future__ import annotations

import ipaddress
import os
import shutil
import socket
import ssl
import stat
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from store_credit_mock.server import tls

__all__ = ["Listening"]

_LONGEST: Final = 103
"""Bytes of a unix socket's path; macOS takes no more."""


@dataclass(frozen=True)
class Listening:
    """Where a mock listens.

    Attributes:
        host: Address or name.
        port: 0 takes any free one.
        uds: Path of a unix socket, in the place of both.
        context: What makes it speak TLS.
        certificate: What clients have to trust then, where it was made at the start.
        temporary: Whether that is a file of ours, which goes at the end.
    """

    host: str = "127.0.0.1"
    port: int = 0
    uds: Path | None = None
    context: ssl.SSLContext | None = None
    certificate: Path | None = None
    temporary: bool = False

    @classmethod
    def read(
        cls,
        host: str,
        port: int,
        uds: Path | None,
        *,
        cert: Path | None,
        key: Path | None,
        self_signed: bool,
        ca: Path | None,
        names: Iterable[str] = (),
    ) -> Listening:
        """Read the options of the command.

        Raises:
            ValueError: They exclude each other, or cannot be used.
        """
        if self_signed and (cert is not None or key is not None):
            raise ValueError("--tls-self-signed cannot be combined with --tls-cert and --tls-key")
        if (cert is None) != (key is None):
            wanted = "--tls-key" if key is None else "--tls-cert"
            raise ValueError(f"--tls-cert and --tls-key must be set together; {wanted} is missing")
        if ca is not None and not self_signed:
            raise ValueError(
                "--tls-ca specifies where --tls-self-signed writes its certificate; also set --tls-self-signed"
            )
        if uds is not None:
            _check_socket(uds)
        context, certificate = None, None
        if self_signed:
            context, certificate = tls.self_signed([*_own_names(host), *names], ca)
        elif cert is not None and key is not None:
            context = tls.given(cert, key)
        return cls(host, port, uds, context, certificate, temporary=certificate is not None and ca is None)

    @property
    def scheme(self) -> str:
        """`http` or `https`."""
        return "http" if self.context is None else "https"

    @property
    def exposed(self) -> bool:
        """Whether others than this machine may reach it."""
        if self.uds is not None:
            return False
        try:
            return not ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return self.host != "localhost"

    @property
    def place(self) -> str:
        """Where it listens, for people."""
        return f"{self.host}:{self.port}" if self.uds is None else str(self.uds)

    def url(self, host: str, port: int) -> str:
        """The address of a place on a network; over a unix socket any name will do."""
        if self.uds is not None:
            return f"{self.scheme}://localhost"
        return f"{self.scheme}://[{host}]:{port}" if ":" in host else f"{self.scheme}://{host}:{port}"

    def close(self) -> None:
        """Remove what was made for it."""
        if self.uds is not None:
            self.uds.unlink(missing_ok=True)
        if self.temporary and self.certificate is not None:
            shutil.rmtree(self.certificate.parent, ignore_errors=True)


def _own_names(host: str) -> list[str]:
    """What this machine is called, as clients in other containers may call it."""
    return [name for name in (host, socket.gethostname()) if name not in {"0.0.0.0", "::", ""}]  # noqa: S104


def _check_socket(path: Path) -> None:
    """See that a socket can be made there."""
    if len(os.fsencode(path)) > _LONGEST:
        shorter = Path(tempfile.gettempdir(), path.name)
        raise ValueError(f"--uds {path}: the path must be at most {_LONGEST} bytes long; use, for example, {shorter}")
    if not path.absolute().parent.is_dir():
        raise ValueError(f"--uds {path}: the folder {path.parent} does not exist")
    try:
        kind = path.lstat().st_mode
    except FileNotFoundError:
        return
    if not stat.S_ISSOCK(kind):
        raise ValueError(f"--uds {path}: this path already exists and is not a socket")
    with socket.socket(socket.AF_UNIX) as other:
        try:
            other.connect(os.fspath(path))
        except OSError:
            return  # Left by a server that was killed; whoever listens there next takes it away.
    raise ValueError(f"--uds {path}: another server is already listening on this socket")
