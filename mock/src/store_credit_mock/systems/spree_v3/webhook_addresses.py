"""Which addresses a webhook endpoint may have: none inside a network, unless the mock was told to allow it."""

from __future__ import annotations

import ipaddress
from typing import Final
from urllib.parse import urlsplit

from store_credit_mock.systems.call import Call
from store_credit_mock.systems.spree_v3.errors import Errors

__all__ = ["OPTION", "problems"]

OPTION: Final = "spree_v3_private_webhooks"
_INSIDE: Final = ("localhost", ".localhost", ".local", ".internal")
"""Names that lead inside a network wherever they are asked for; others are not looked up."""


def problems(call: Call, url: object) -> Errors:
    """What is wrong with an address, as the model's checks say it."""
    if not isinstance(url, str) or not url.strip():
        return [("url", "can't be blank"), ("url", "must be a valid URL")]
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        parts, host = None, None
    if parts is None or parts.scheme not in {"http", "https"} or not host:
        return [("url", "must be a valid URL")]
    if call.sandbox.of_systems[OPTION] != "on" and _is_private(host):
        return [("url", "must not point to an internal or private network address")]
    return []


def _is_private(host: str) -> bool:
    name = host.rstrip(".").lower()
    if name == _INSIDE[0] or name.endswith(_INSIDE[1:]):
        return True
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        return _is_short_form(name)
    mapped = getattr(address, "ipv4_mapped", None)
    return not (mapped or address).is_global


def _is_short_form(name: str) -> bool:
    """Whether a name is an IPv4 address as only old resolvers write it, such as `127.1`, `0x7f.1` or `2130706433`."""
    parts = name.split(".")
    if not 1 <= len(parts) <= 4:
        return False
    try:
        numbers = [int(part, 0) if part.startswith("0x") else int(part.lstrip("0") or "0") for part in parts]
    except ValueError:
        return False
    last = numbers.pop()
    number = sum(value << 8 * (3 - place) for place, value in enumerate(numbers)) + last
    return not 0 <= number < 2**32 or not ipaddress.ip_address(number).is_global
