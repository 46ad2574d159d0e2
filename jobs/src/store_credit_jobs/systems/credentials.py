"""What a system needs of a credential, and whether real money is behind it."""

from __future__ import annotations

from typing import Protocol

from store_credit_jobs import credentials
from store_credit_jobs.config import Account

__all__ = ["Secret", "is_live"]


class Secret(Protocol):
    """A key or token that no repr, traceback or pickle shows."""

    @property
    def fingerprint(self) -> str:
        """What tells two credentials apart and shows neither."""
        ...

    def reveal(self) -> str:
        """Give the credential itself. Call it where it is handed to the client, so that no variable holds it."""
        ...


def is_live(account: Account, credential: Secret) -> bool:
    """Tell whether real money is behind an account; see `store_credit_jobs.credentials.is_live`."""
    return credentials.is_live(account, credentials.Credential(credential.reveal()))
