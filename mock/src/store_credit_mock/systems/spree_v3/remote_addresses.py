"""Where a request came from, as far as its headers say."""

from __future__ import annotations

from ipaddress import ip_address
from typing import Final

from store_credit_mock.http import Request

__all__ = ["LOCAL", "remote_address"]

LOCAL: Final = "127.0.0.1"
"""What every request comes from that no proxy names an address for."""


def remote_address(request: Request) -> str:
    """The last address of `X-Forwarded-For` that is no proxy's, as Rails takes it; private ones count as proxies."""
    named = request.header("x-forwarded-for")
    for part in reversed(named.split(",")) if named else ():
        try:
            address = ip_address(part.strip())
        except ValueError:
            continue
        # Addresses for documentation are private to Python, and public to Rails.
        if not address.is_private or str(address).startswith(("192.0.2.", "198.51.100.", "203.0.113.", "2001:db8:")):
            return str(address)
    return LOCAL
