"""Which names a server on a developer's machine goes by, so that no web page reaches it under a name of its own.

A page of any site can have a name of that site lead to `127.0.0.1` (DNS rebinding), and then read what answers there.
Names that cannot be registered on the internet are safe: loopback's, those below `.localhost` (RFC 6761), and those
below `.internal`, which is never delegated and by which containers call their host (`host.docker.internal`,
`host.testcontainers.internal`). Any other has to be allowed.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable
from typing import Final

__all__ = ["HostNames", "host_of"]

_HOST: Final = re.compile(r"(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::[0-9]{1,5})?", re.IGNORECASE)
_PATTERN: Final = re.compile(r"(?:\*\.|\.)[a-z0-9_-]+(?:\.[a-z0-9_-]+)*\.?", re.IGNORECASE)
_PRIVATE: Final = (".localhost", ".internal")


def host_of(sent: str) -> str | None:
    """The name in a `Host` header: in lower case, without a port, brackets and a dot at the end.

    Returns:
        None if it is not a host.
    """
    fit = _HOST.fullmatch(sent)
    return None if fit is None else fit[1].lower().rstrip(".").strip("[]")


class HostNames:
    """The names a server goes by; `name in names` says whether one of them is meant.

    Args:
        allowed: Besides loopback and what is private by its name: names and addresses without a port, and patterns
            such as `*.svc` or `.svc.cluster.local`, which stand for every name below that one.

    Raises:
        ValueError: One of them is not a host and not a pattern.
    """

    def __init__(self, allowed: Iterable[str] = ()) -> None:
        exact: set[str] = {"localhost", "127.0.0.1", "::1"}
        below: list[str] = list(_PRIVATE)
        for name in allowed:
            if _PATTERN.fullmatch(name):
                below.append("." + name.lower().lstrip("*").strip("."))
            else:
                exact.add(_checked(name))
        self._exact = frozenset(exact)
        self._below = tuple(below)

    def __contains__(self, name: object) -> bool:
        if not isinstance(name, str):
            return False
        if name in self._exact or name.endswith(self._below):
            return True
        try:
            address = ipaddress.ip_address(name)
        except ValueError:
            return False
        return address.is_loopback or str(address) in self._exact


def _checked(name: str) -> str:
    if name == "*":
        raise ValueError(
            "'*' is not a valid host: it would let any website point its own host name at this server; list the hosts,"
            " or use a pattern such as '*.svc'"
        )
    try:
        return str(ipaddress.ip_address(name.strip("[]")))
    except ValueError:
        host = host_of(name)
    if host is None or not host or ":" in name.rpartition("]")[2]:
        raise ValueError(
            f"{name[:200]!r} is not a valid host; use a name or an address without a port, or a pattern such as '*.svc'"
        )
    return host
