"""Serves the inspector's three files, and changes a ticket for a cookie.

The page holds no data: it asks the control plane like any other client. Whatever it shows came from requests somebody
else made, so it may run no script but its own, and may not turn text into HTML at all.
"""

from __future__ import annotations

from functools import cache
from html import escape
from importlib.resources import files
from typing import Final

from store_credit_mock.contract import read_query
from store_credit_mock.control.sessions import PAGE, Sessions
from store_credit_mock.http import Header, Request, Response

__all__ = ["InspectorRoutes"]

_ASSETS: Final = {
    f"{PAGE}/inspector.css": ("inspector.css", b"text/css; charset=utf-8"),
    f"{PAGE}/inspector.js": ("inspector.js", b"text/javascript; charset=utf-8"),
}
_POLICY: Final = (
    b"default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; base-uri 'none';"
    b" form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
)
_HEADERS: Final[tuple[Header, ...]] = (
    (b"content-security-policy", _POLICY),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"cache-control", b"no-store"),
)
_HTML: Final = b"text/html; charset=utf-8"
_USED: Final = "This link has already been used, or it belongs to a mock that has ended."
_SHUT: Final = "This browser is not signed in yet."


@cache
def _content(name: str) -> bytes:
    return files("store_credit_mock.server.inspector").joinpath(name).read_bytes()


class InspectorRoutes:
    """The inspector of one engine.

    Args:
        sessions: Of the control plane that the page talks to; its tickets open it.
        scheme: Of the mock's address.
    """

    def __init__(self, sessions: Sessions, scheme: str = "http") -> None:
        self._sessions = sessions
        self._scheme = scheme

    def answer(self, request: Request) -> Response | None:
        """Answer with a page or one of its files; None if the request is for neither."""
        path = request.path
        if not path.startswith(PAGE) or request.method not in {"GET", "HEAD"}:
            return None
        if path in _ASSETS:
            name, media_type = _ASSETS[path]
            return _page(200, _content(name), media_type)
        return self._entrance(request) if path == PAGE or path == PAGE + "/" else None

    def _entrance(self, request: Request) -> Response:
        sessions = self._sessions
        host = request.header("host") or ""
        ticket = dict(read_query(request.query)).get("ticket")
        if ticket is not None and request.method == "GET":
            cookie = sessions.redeem(ticket, host)
            if cookie is not None:
                # The page itself, no redirection: a strict cookie is not sent along with one that began elsewhere.
                answer = _page(200, _content("inspector.html"))
                if self._scheme == "https":
                    cookie += "; Secure"
                answer.headers.append((b"set-cookie", cookie.encode("ascii")))
                return answer
        if sessions.known(request):
            return _page(200, _content("inspector.html"))
        text = _content("shut.html").decode("utf-8")
        text = text.replace("REASON", _SHUT if ticket is None else _USED).replace(
            "ADDRESS", escape(f"{self._scheme}://{host}")
        )
        return _page(401, text.encode("utf-8"))


def _page(status: int, body: bytes, media_type: bytes = _HTML) -> Response:
    return Response(status, [(b"content-type", media_type), *_HEADERS], body)
