"""Whether an address is of this machine: what is behind it moves no real money, and may forget all of it."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit

__all__ = ["is_of_this_machine"]


def is_of_this_machine(address: str) -> bool:
    """Tell of a URL, or of host and path alone, whether its host is this machine by name or number."""
    host = urlsplit(address if "://" in address else f"//{address}").hostname or ""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
