"""What counts as live: where a mistake costs somebody money."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

__all__ = ["AddressError", "checked_address", "is_loopback", "why_live"]

_LIVE_HOSTS = {"api.vinr.com"}


class AddressError(ValueError):
    """The address cannot be used; the text says why."""


def checked_address(text: str) -> str:
    """The address of a server, without a slash at its end.

    Raises:
        AddressError: It is not a plain address of a server.
    """
    if not text.isprintable() or not text.isascii() or any(character.isspace() for character in text):
        raise AddressError("the address holds characters that no address has; write it as http://127.0.0.1:4010")
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError as error:
        raise AddressError(f"the address cannot be read: {error}") from error
    if parts.username is not None or parts.password is not None:
        raise AddressError("the address holds credentials; give them as options or in the environment")
    if parts.scheme not in {"http", "https"} or not parts.hostname or port == 0:
        raise AddressError("the address is not that of a server; write it as http://127.0.0.1:4010")
    if parts.query or parts.fragment:
        raise AddressError("the address has a query or a fragment; give the server's address alone")
    return text.rstrip("/")


def is_loopback(address: str) -> bool:
    """Whether an address leads to this machine for certain."""
    host = urlsplit(address).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def why_live(address: str, system: str, key: str | None) -> str | None:
    """Why a server counts as live, as a clause; None if it does not.

    VINR's keys say so themselves: `sk_live_` and `rk_live_` are live, `sk_test_` and `rk_test_` are not, and any other
    key counts as live unless the server is this machine. Spree's tokens say nothing, so every server but this machine
    does.
    """
    host = urlsplit(address).hostname or ""
    if system == "spree":
        return (
            None
            if is_loopback(address)
            else f"{host} is not this machine, and a Spree token does not say what it opens"
        )
    kind = (key or "").lower()
    if kind.startswith(("sk_live_", "rk_live_")):
        return "the key is a live one"
    if host.rstrip(".") in _LIVE_HOSTS:
        return f"{host} is VINR's live server"
    if kind.startswith(("sk_test_", "rk_test_")) or is_loopback(address):
        return None
    return f"{host} is not this machine, and the key does not begin as a test key does"
