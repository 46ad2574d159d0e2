"""TLS of a served mock: with a certificate that is given, or with one that is made at the start."""

from __future__ import annotations

import datetime
import re
import ssl
import tempfile
from collections.abc import Iterable
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Final, NoReturn

__all__ = ["given", "self_signed"]

_DAYS: Final = 800
"""How long a certificate is valid; some clients take none that is valid for longer than 825 days."""
_ALWAYS: Final = (
    "localhost", "127.0.0.1", "::1", "*.localhost", "host.docker.internal", "host.testcontainers.internal",
    "host.containers.internal",
)  # fmt: skip

_NAME: Final = re.compile(r"(?:\*\.)?[a-z0-9](?:[a-z0-9-]{0,62})(?:\.[a-z0-9](?:[a-z0-9-]{0,62}))*")


def given(certificate: Path, key: Path) -> ssl.SSLContext:
    """Serve with a certificate that is there.

    Args:
        certificate: PEM file with the certificate, and those between it and the authority.
        key: PEM file with its key, not encrypted.

    Raises:
        ValueError: They cannot be used; the text says why.
    """
    for option, path in (("--tls-cert", certificate), ("--tls-key", key)):
        try:
            path.read_bytes()
        except OSError as error:
            raise ValueError(f"{option} {path}: cannot be read: {error.strerror}") from error

    def encrypted() -> NoReturn:
        raise ValueError(f"--tls-key {key}: the key is encrypted; use an unencrypted key")

    context = _context()
    try:
        context.load_cert_chain(certificate, key, encrypted)
    except ssl.SSLError as error:
        if error.reason == "KEY_VALUES_MISMATCH":
            raise ValueError(f"--tls-key {key}: this is not the key for --tls-cert {certificate}") from error
        text = f"--tls-cert {certificate}, --tls-key {key}: these are not a PEM certificate and its key in PEM format"
        raise ValueError(f"{text} ({error.reason or 'unreadable'})") from error
    return context


def self_signed(names: Iterable[str], authority: Path | None = None) -> tuple[ssl.SSLContext, Path]:
    """Serve with a certificate of an authority of its own, made now; its key never leaves this process.

    Args:
        names: What clients may call the mock, besides the names of loopback and of a container's host: names,
            addresses, and patterns for every name one level below (`*.svc.cluster.local`).
        authority: Where the authority's certificate is written, which clients have to trust; a temporary file if it is
            not given.

    Returns:
        The context, and where the certificate to trust is.

    Raises:
        ValueError: It cannot be written, or the extra `tls` is not installed.
    """
    try:
        import trustme
    except ImportError as error:
        raise ValueError(
            "--tls-self-signed needs the `tls` extra: pip install 'store-credit-mock[tls]'; or use your own"
            " certificate, with --tls-cert and --tls-key"
        ) from error
    until = datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=_DAYS)
    made = trustme.CA(organization_name="store-credit-mock", organization_unit_name="generated when the mock started")
    context = _context()
    asked = [_identity(f"*{name}" if name.startswith(".") else name) for name in names]
    # What cannot stand in a certificate, as a name with an underscore, no client would find there either.
    asked = [name for name in asked if ":" in name or _NAME.fullmatch(name)]
    issued: Any = made.issue_cert(*dict.fromkeys([*_ALWAYS, *asked]), not_after=until)
    issued.configure_cert(context)
    path = authority or Path(tempfile.mkdtemp(prefix="store-credit-mock-"), "certificate.pem")
    part = path.with_name(path.name + ".part")
    try:
        part.write_bytes(made.cert_pem.bytes())
        # Whoever waits for the file never finds a part of it.
        part.replace(path)
    except OSError as error:
        raise ValueError(f"--tls-ca {path} cannot be written: {error.strerror}") from error
    return context, path.absolute()


def _context() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_alpn_protocols(["http/1.1"])
    return context


def _identity(name: str) -> str:
    try:
        return str(ip_address(name.strip("[]")))
    except ValueError:
        return name.lower().rstrip(".")
