"""What is different between the systems: how credit is created, found again, changed and listed."""

from __future__ import annotations

from importlib import import_module
from typing import Any, Final

from store_credit_jobs.config import Account
from store_credit_jobs.errors import JobsError
from store_credit_jobs.systems.clock import Clock
from store_credit_jobs.systems.credentials import Secret
from store_credit_jobs.systems.http import Http
from store_credit_jobs.systems.system import System

__all__ = ["connect"]

_HOMES: Final = {
    "vinr": ("vinr", "Vinr"),
    "spree-v2": ("spree_v2", "SpreeV2"),
    "spree-v3": ("spree_v3", "SpreeV3"),
}


def connect(
    account: Account,
    credential: Secret,
    *,
    http_client: Any = None,
    clock: Clock | None = None,
    timeout: float = 30.0,
    connections: int = 100,
) -> System:
    """Make the system of an account. Nothing is sent yet.

    Args:
        account: Which account.
        credential: Its key or token.
        http_client: A client of httpx or httpx2 that sends the requests, for tests and rehearsals; its owner closes it.
        clock: What the time is; this machine's clock if None.
        timeout: Seconds to wait for each piece of a response.
        connections: Most requests at one time.

    Raises:
        JobsError: `system_unknown`; or `credential_kind`, it is of a kind that the system cannot use.
    """
    home = _HOMES.get(account.system)
    if home is None:
        names = ", ".join(_HOMES)
        raise JobsError("system_unknown", f"account {account.name}: system {account.system!r} is not one of {names}")
    module = import_module(f"{__name__}.{home[0]}")
    http = Http(account.url, client=http_client, clock=clock or Clock(), connections=connections)
    made: System = getattr(module, home[1])(account, credential, http, timeout=timeout)
    return made
