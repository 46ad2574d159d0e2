"""Inspector sign-in: one-time links that are exchanged for a session cookie.

Both live in this process and end with it. Only digests are kept, so that nothing here is worth reading.
"""

from __future__ import annotations

import secrets
from hashlib import sha256
from typing import Final

from store_credit_mock.http import Request

__all__ = ["PAGE", "Sessions", "cookie_name", "own_origin"]

PAGE: Final = "/_mock/ui"
"""Where the inspector is."""
KEPT: Final = 100
"""How many tickets, and how many sign-ins, are remembered; the oldest are forgotten."""

_COOKIE: Final = "store_credit_mock_"
_SAFE: Final = frozenset({"GET", "HEAD"})


def own_origin(request: Request) -> bool | None:
    """Whether a request comes from a page of the address it was sent to; None if it does not say.

    `Origin` is compared with `Host`, port included: to a cookie every port of one machine is the same place. Where
    there is no `Origin`, `Sec-Fetch-Site` counts, which a page cannot set.
    """
    origin = request.header("origin")
    if origin is not None:
        host = request.header("host")
        return host is not None and origin.lower() in {f"http://{host}".lower(), f"https://{host}".lower()}
    site = request.header("sec-fetch-site")
    return None if site is None else site in {"same-origin", "none"}


def cookie_name(host: str) -> str:
    """The name of the cookie at the port that a `Host` names: 80 where it names none."""
    port = host.rpartition(":")[2]
    return _COOKIE + (port if port.isascii() and port.isdigit() else "80")


class Sessions:
    """Tickets that open the inspector once, and the cookies that keep it open."""

    def __init__(self) -> None:
        self._tickets: dict[bytes, None] = {}
        self._cookies: dict[bytes, None] = {}

    def ticket(self) -> str:
        """Make a ticket. It works once, and until the process ends."""
        return _make(self._tickets)

    def redeem(self, ticket: str, host: str) -> str | None:
        """Change a ticket for a `Set-Cookie` value.

        Args:
            ticket: As it came.
            host: The `Host` it came to: mocks on several ports of one machine have a cookie each.

        Returns:
            None if the ticket is unknown or used.
        """
        if self._tickets.pop(_digest(ticket), self) is self:
            return None
        return f"{cookie_name(host)}={_make(self._cookies)}; HttpOnly; SameSite=Strict; Path=/_mock"

    def known(self, request: Request) -> bool:
        """Whether a request carries the cookie of a sign-in."""
        for name, value in request.headers:
            if name.lower() == b"cookie":
                for pair in value.decode("latin-1").split(";"):
                    key, _, text = pair.strip().partition("=")
                    if key.startswith(_COOKIE) and _digest(text) in self._cookies:
                        return True
        return False

    def admitted(self, request: Request) -> bool:
        """Whether the cookie may be used for this: what changes something must say that it comes from our own page."""
        own = own_origin(request)
        return own is not False if request.method in _SAFE else own is True


def _make(kept: dict[bytes, None]) -> str:
    text = secrets.token_urlsafe(32)
    kept[_digest(text)] = None
    if len(kept) > KEPT:
        del kept[next(iter(kept))]
    return text


def _digest(text: str) -> bytes:
    return sha256(text.encode("utf-8", "replace")).digest()
