"""An account's credential: fetched when it is needed, from where the configuration says, and shown nowhere.

No variable of a function that can fail holds it as text, since tools that report errors show variables.
"""

from __future__ import annotations

import hashlib
import os
import shlex
import stat
import subprocess
from typing import Any, Final

from store_credit_jobs.config import Account
from store_credit_jobs.errors import JobsError

__all__ = ["Credential", "read_credential"]

_MOST_BYTES: Final = 65_536
_COMMAND_SECONDS: Final = 60.0


class Credential:
    """A key or token that is in no repr, traceback or pickle."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value.strip()

    def reveal(self) -> str:
        """Give the credential itself, for the client that sends it."""
        return self._value

    @property
    def fingerprint(self) -> str:
        """What tells two credentials apart and shows neither: 16 hexadecimal digits."""
        return hashlib.sha256(self._value.encode()).hexdigest()[:16]

    def unusable(self, account: Account) -> str | None:
        """Say why an account's jobs cannot use it; None where they can."""
        if not self._value or not self._value.isascii() or not self._value.isprintable() or " " in self._value:
            return "it is empty, or not a single word of ASCII characters"
        if self._value.startswith("pk_"):
            return "it is a publishable key (pk_...); store credit needs a secret one (sk_...)"
        if account.system == "spree-v3" and self._value.startswith("eyJ"):
            return (
                "it is a staff member's token (eyJ...), which is valid for only five minutes, and a job takes "
                "longer. Create a secret key (sk_...) with the scope write_store_credits"
            )
        if account.system == "spree-v3" and not self._value.startswith("sk_"):
            return "it is not a secret key (sk_...), which Spree's API v3 requires"
        if account.system == "vinr" and account.live is False and self._value.startswith(("sk_live_", "rk_live_")):
            return "it is a live key, but the account has live = false; remove that line, or use a test key"
        return None

    def __repr__(self) -> str:
        return "Credential(***)"

    def __reduce__(self) -> tuple[Any, ...]:
        raise TypeError("a credential cannot be pickled")


def read_credential(account: Account) -> Credential:
    """Fetch an account's credential.

    Raises:
        JobsError: `credential_missing`, it is not where the account says; `credential_file`, its file can be read by
            others; `credential_kind`, it is of a kind that the system or a job cannot use.
    """
    ((way, where),) = account.credential.items()
    place = f"account.{account.name}.token"
    if way == "env":
        credential = Credential(os.environ.get(where, ""))
        if not credential.reveal():
            raise JobsError(
                "credential_missing", f"{place}: the environment variable {where} is not set; set it to the credential"
            )
    elif way == "command":
        credential = _of_command(where, place)
    else:
        credential = _of_file(where, place)
    problem = credential.unusable(account)
    if problem is not None:
        raise JobsError("credential_kind", f"{place}: the credential from {way} cannot be used: {problem}")
    return credential


def _of_command(line: str, place: str) -> Credential:
    try:
        code, credential = _run(shlex.split(line))
    except ValueError:
        raise JobsError("credential_missing", f"{place}: the command has an unbalanced quotation mark") from None
    except subprocess.TimeoutExpired:
        text = f"{place}: the command did not end within {_COMMAND_SECONDS:.0f} seconds"
        raise JobsError("credential_missing", text) from None
    except OSError as error:
        raise JobsError("credential_missing", f"{place}: the command cannot be run: {error.strerror}") from None
    if code != 0:
        raise JobsError("credential_missing", f"{place}: the command ended with exit code {code}")
    return credential


def _run(words: list[str]) -> tuple[int, Credential]:
    # Its stdin and stderr are the person's: it may ask for a passphrase there.
    done = subprocess.run(words, stdout=subprocess.PIPE, timeout=_COMMAND_SECONDS, check=False)
    # Password stores write notes below the first line.
    return done.returncode, Credential(done.stdout[:_MOST_BYTES].decode("utf-8", "replace").strip().partition("\n")[0])


def _of_file(path: str, place: str) -> Credential:
    try:
        opened = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    except OSError as error:
        raise JobsError("credential_missing", f"{place}: {path} cannot be read: {error.strerror}") from None
    try:
        mode = os.fstat(opened).st_mode
        if not stat.S_ISREG(mode):
            raise JobsError("credential_file", f"{place}: {path} is not a regular file")
        if mode & 0o077:
            shown = f"mode {stat.S_IMODE(mode):04o}"
            raise JobsError(
                "credential_file", f"{place}: other users can access {path} ({shown}); run chmod 600 {path}"
            )
        return Credential(os.read(opened, _MOST_BYTES).decode("utf-8", "replace"))
    finally:
        os.close(opened)
