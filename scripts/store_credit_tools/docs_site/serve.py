"""The site beside running mocks, on one address of this machine.

All are served by one small app, so that a page may ask a mock without any cross-origin rule being loosened: files of
the site first, `/_docs/mock.json` for what "Try it" starts from, `/_docs/verdicts.json` for what was wrong with the
last request to an operation, everything else to the mock. What comes after `/_docs/spree-6.0` and its like is a path of
the mock of that version of Spree, with the same two files.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Final
from urllib.parse import unquote

from store_credit_mock.contract import Document
from store_credit_mock.server.app import Receive, Scope, Send
from store_credit_mock.server.run import Server
from store_credit_tools.docs_site.sample_mocks import PREFIX, SampleMock, SampleMocks

__all__ = ["SiteApp", "serve_site", "site_app"]

HOST: Final = "127.0.0.1"
_LOOPBACK = re.compile(r"(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?")
_SETTINGS: Final = "/_docs/mock.json"
_VERDICTS: Final = "/_docs/verdicts.json"
_OF_VERSION: Final = re.compile(rf"{re.escape(PREFIX)}([^/]+)(/.*)".encode())
_TYPES: Final = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    # Browsers show plain text; `text/markdown` some of them save.
    ".md": "text/plain; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".webp": "image/webp",
    ".xml": "application/xml",
    ".json": "application/json",
    ".yaml": "text/plain; charset=utf-8",
}
_POLICY: Final = (
    b"default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self' data:;"
    b" base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_SAFETY: Final = (
    (b"content-security-policy", _POLICY),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cache-control", b"no-cache"),
)


class SiteApp(SampleMock):
    """The usual mock's app, with the files of a site before it and the mocks of other versions beside it.

    Args:
        mocks: The mocks.
        folder: The site.
    """

    def __init__(self, mocks: SampleMocks, folder: Path) -> None:
        super().__init__(mocks.usual.engine, mocks.usual.settings)
        self.mocks = mocks
        self.folder = folder.resolve()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; only a page of this very address may make one."""
        if scope["type"] != "http":
            return
        headers: dict[bytes, str] = {name: value.decode("latin-1") for name, value in scope["headers"]}
        host = headers.get(b"host", "")
        origin = headers.get(b"origin")
        if _LOOPBACK.fullmatch(host) is None or origin not in {None, f"http://{host}"}:
            await _answer(send, 403, "text/plain", b"This site is for pages of its own address on this machine.\n")
        elif found := _OF_VERSION.fullmatch(scope.get("raw_path") or scope["path"].encode()):
            mock = self.mocks.of(unquote(found[1].decode("latin-1")))
            if mock is None:
                await _answer(send, 404, "text/plain", b"The mock does not play this version.\n")
                return
            below = {**scope, "path": unquote(found[2].decode("latin-1")), "raw_path": found[2]}
            if not await _settings_or_verdicts(mock, below, send):
                await mock(below, receive, send)
        elif not await _settings_or_verdicts(self, scope, send):
            await self._site(scope, receive, send)

    async def _site(self, scope: Scope, receive: Receive, send: Send) -> None:
        path: str = scope["path"]
        if scope["method"] in {"GET", "HEAD"} and (file := self._file(path)) is not None:
            await _answer(send, 200, _TYPES[file.suffix], b"" if scope["method"] == "HEAD" else file.read_bytes())
        elif path.endswith((".html", ".md")) and (missing := self._file("/404.html")) is not None:
            await _answer(send, 404, _TYPES[".html"], b"" if scope["method"] == "HEAD" else missing.read_bytes())
        else:
            await super().__call__(scope, receive, send)

    def _file(self, path: str) -> Path | None:
        """The file at a path, which only chooses among those there are, so that it can neither lead out nor be odd."""
        wanted = path.removeprefix("/") or "index.html"
        files = (file for ending in _TYPES for file in self.folder.rglob(f"*{ending}"))
        return next((file for file in files if file.relative_to(self.folder).as_posix() == wanted), None)


async def _settings_or_verdicts(mock: SampleMock, scope: Scope, send: Send) -> bool:
    """Respond to what "Try it" asks about a mock; False for any other request."""
    if scope["path"] == _SETTINGS:
        await _answer(send, 200, "application/json", json.dumps(mock.settings).encode())
    elif scope["path"] == _VERDICTS:
        await _answer(send, 200, "application/json", mock.verdicts(scope["query_string"].decode("latin-1")))
    else:
        return False
    return True


async def _answer(send: Send, status: int, media_type: str, body: bytes) -> None:
    headers = [(b"content-type", media_type.encode()), (b"content-length", b"%d" % len(body)), *_SAFETY]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def site_app(folder: Path, document: Document | None = None) -> SiteApp:
    """Put fresh mocks, in the state the samples start from, behind a site.

    Args:
        folder: The site.
        document: The document; the repository's if None.
    """
    return SiteApp(SampleMocks(document or Document.read()), folder)


def serve_site(folder: Path, port: int) -> int:
    """Serve a site beside a fresh mock until Ctrl-C or SIGTERM.

    Args:
        folder: The site.
        port: Where to listen on 127.0.0.1; 0 takes any free one.

    Returns:
        The exit code: 0 ended as asked, 2 could not listen.
    """
    app = site_app(folder)

    def ready(host: str, taken: int) -> None:
        print(f"http://{host}:{taken}/ shows the pages beside a mock; Ctrl-C ends both", flush=True)

    server = Server(app, HOST, port, ready)
    # The mock's own protocol takes requests past the app to the engine; here the app comes first.
    server.config.http = "auto"
    try:
        server.run()
    except SystemExit:  # uvicorn's way of saying that it cannot listen
        pass
    finally:
        app.mocks.close()
    if server.started:
        return 0
    print(
        f"scripts/docs: cannot listen on {HOST}:{port}; the address may be in use. Choose another port with --port",
        file=sys.stderr,
    )
    return 2
