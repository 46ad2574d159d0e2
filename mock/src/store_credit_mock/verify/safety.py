"""Addresses of servers: whether they can be used, and whether they are of this machine."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

__all__ = ["AddressError", "checked_address", "is_loopback"]


class AddressError(ValueError):
    """The address cannot be used; the text says why."""


def checked_address(text: str) -> str:
    """The address of a server, without a slash at its end.

    Raises:
        AddressError: It is not a plain address of a server.
    """
    if not text.isprintable() or not text.isascii() or any(character.isspace() for character in text):
        raise AddressError(
            "the address contains characters that are not valid in a URL; use an address such as http://127.0.0.1:4010"
        )
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError as error:
        raise AddressError(f"the address is not valid: {error}") from error
    if parts.username is not None or parts.password is not None:
        raise AddressError("the address contains credentials; pass them as options or in the environment")
    if parts.scheme not in {"http", "https"} or not parts.hostname or port == 0:
        raise AddressError("this is not a server address; use an address such as http://127.0.0.1:4010")
    if parts.query or parts.fragment:
        raise AddressError("the address must not contain a query or a fragment")
    return text.rstrip("/")


def is_loopback(address: str) -> bool:
    """Whether an address leads to this machine for certain."""
    host = urlsplit(address).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
