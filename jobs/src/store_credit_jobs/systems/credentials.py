"""What a system needs of a credential, and whether real money is behind it."""

from __future__ import annotations

from typing import Protocol

from store_credit_jobs.addresses import is_of_this_machine
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
    """Tell whether real money is behind an account.

    A key of VINR's says it by its prefix. Any other host than this machine is live unless the configuration says
    otherwise.
    """
    prefix = credential.reveal()[:8]
    if account.system == "vinr" and prefix[3:] in ("live_", "test_"):
        return prefix[3:] == "live_"
    if account.live is not None:
        return account.live
    return not is_of_this_machine(account.url)
