"""What may be said of a credential: a fingerprint of it, and whether real money is behind it. Never the credential."""

from __future__ import annotations

import hashlib
from ipaddress import ip_address
from urllib.parse import urlsplit

from store_credit_jobs.config import Account

__all__ = ["fingerprint", "is_live"]


def fingerprint(account: Account, credential: str) -> str:
    """Give 16 hex digits that differ where the credential or the account does."""
    return hashlib.sha256(f"{account.identity}\0{credential}".encode()).hexdigest()[:16]


def is_live(account: Account, credential: str) -> bool:
    """Tell whether real money is behind an account.

    A key that says it is live is believed whatever the configuration says; else the configuration is; else a test key,
    and a server on this machine, are not live, and everything else is.
    """
    if "_live_" in credential[:8]:
        return True
    if account.live is not None:
        return account.live
    if "_test_" in credential[:8]:
        return False
    host = urlsplit(account.url).hostname or ""
    if host == "localhost" or host.endswith(".localhost"):
        return False
    try:
        return not ip_address(host).is_loopback
    except ValueError:
        return True
