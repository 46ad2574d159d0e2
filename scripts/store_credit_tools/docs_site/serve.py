"""The site beside a running mock, on one address of this machine.

Both are served by one small app, so that a page may ask the mock without any cross-origin rule being loosened: files of
the site first, `/_docs/mock.json` for what "Try it" starts from, `/_docs/verdicts.json` for what was wrong with the
last request to an operation, everything else to the mock.
"""

from __future__ import annotations

import json
import re
import secrets
import sys
from collections.abc import Mapping
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote

from store_credit_mock import Engine, Options
from store_credit_mock.contract import Document
from store_credit_mock.server.app import App, Receive, Scope, Send
from store_credit_mock.server.run import Server
from store_credit_tools.docs_site.samples import sample_requests
from store_credit_tools.docs_site.sampling.requests import SampleRequest
from store_credit_tools.docs_site.sampling.sandbox import SEED, SampleSandbox
from store_credit_tools.docs_site.verdicts import verdicts

__all__ = ["SiteApp", "serve_site", "site_app"]

HOST: Final = "127.0.0.1"
_LOOPBACK = re.compile(r"(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?")
_SETTINGS: Final = "/_docs/mock.json"
_VERDICTS: Final = "/_docs/verdicts.json"
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


class SiteApp(App):
    """The mock's app with the files of a site before it.

    Args:
        engine: The mock.
        folder: The site.
        settings: What "Try it" starts from, by operationId: `credential`, `more_credentials` (by header),
            `path`, `body`.
    """

    def __init__(self, engine: Engine, folder: Path, settings: Mapping[str, Any]) -> None:
        super().__init__(engine)
        self.folder = folder.resolve()
        self.settings = json.dumps(settings).encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; only a page of this very address may make one."""
        if scope["type"] != "http":
            return
        headers: dict[bytes, str] = {name: value.decode("latin-1") for name, value in scope["headers"]}
        host = headers.get(b"host", "")
        origin = headers.get(b"origin")
        if _LOOPBACK.fullmatch(host) is None or origin not in {None, f"http://{host}"}:
            await _answer(send, 403, "text/plain", b"This site is for pages of its own address on this machine.\n")
            return
        path: str = scope["path"]
        if path == _SETTINGS:
            await _answer(send, 200, "application/json", self.settings)
        elif path == _VERDICTS:
            await _answer(send, 200, "application/json", self.verdicts(scope["query_string"].decode("latin-1")))
        elif scope["method"] in {"GET", "HEAD"} and (file := self._file(path)) is not None:
            await _answer(send, 200, _TYPES[file.suffix], b"" if scope["method"] == "HEAD" else file.read_bytes())
        elif path.endswith((".html", ".md")) and (missing := self._file("/404.html")) is not None:
            await _answer(send, 404, _TYPES[".html"], b"" if scope["method"] == "HEAD" else missing.read_bytes())
        else:
            await super().__call__(scope, receive, send)

    def verdicts(self, operation: str) -> bytes:
        """What was wrong with the last exchange of an operation, or of none that the document has."""
        found = [one for one in self.engine.exchanges if one.operation == operation]
        return json.dumps([asdict(one) for one in verdicts(found[-1].violations if found else ())]).encode()

    def _file(self, path: str) -> Path | None:
        """The file at a path, which only chooses among those there are, so that it can neither lead out nor be odd."""
        wanted = path.removeprefix("/") or "index.html"
        files = (file for ending in _TYPES for file in self.folder.rglob(f"*{ending}"))
        return next((file for file in files if file.relative_to(self.folder).as_posix() == wanted), None)


async def _answer(send: Send, status: int, media_type: str, body: bytes) -> None:
    headers = [(b"content-type", media_type.encode()), (b"content-length", b"%d" % len(body)), *_SAFETY]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def site_app(folder: Path, document: Document | None = None) -> SiteApp:
    """Put a fresh mock, in the state the samples start from, behind a site.

    Args:
        folder: The site.
        document: The document; the repository's if None.
    """
    document = document or Document.read()
    requests = sample_requests(document)
    with closing(SampleSandbox(requests)) as sandbox:
        settings = {name: _setting(document, request, sandbox.environment) for name, request in requests.items()}
    # Nobody needs the token: the control plane stays shut.
    engine = Engine(options=Options(seed=SEED, samples=True, control_token=secrets.token_urlsafe(24)))
    return SiteApp(engine, folder, settings)


def _setting(document: Document, request: SampleRequest, environment: Mapping[str, str]) -> Mapping[str, Any]:
    template = document.operations[request.operation].template
    pattern = re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>[^/]+)", re.escape(template))
    found = re.fullmatch(pattern, request.path)
    credentials = [header for header in request.headers if header.secret]
    return {
        "credential": environment.get(credentials[0].secret, "") if credentials else "",
        "more_credentials": {one.name: one.text + environment.get(one.secret, "") for one in credentials[1:]},
        "path": {} if found is None else {name: unquote(value) for name, value in found.groupdict().items()},
        "body": request.content,
    }


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
        app.engine.close()
    if server.started:
        return 0
    print(
        f"scripts/docs: cannot listen on {HOST}:{port}; the address may be in use. Choose another port with --port",
        file=sys.stderr,
    )
    return 2
