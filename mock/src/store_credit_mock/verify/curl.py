"""A request as one line of curl that can be pasted into a shell; credentials are variables of that shell."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Iterator, Mapping

from store_credit_mock.http_libraries import httpx
from store_credit_mock.verify.credentials import Credentials

__all__ = ["curl_line"]

_UNSAID = {"accept", "accept-encoding", "connection", "content-length", "host", "user-agent"}
"""Headers that curl sends by itself, or that no server here looks at."""
_PLAIN = re.compile(r"[\x20-\x7e\u00a0-\ud7ff\ue000-\ufffd]*")
"""What a report shows as it is."""


def curl_line(request: httpx.Request, credentials: Credentials, variables: Mapping[str, str] | None = None) -> str:
    """Write a request as one line.

    Args:
        request: The request.
        credentials: The secrets, in whose place their variables stand.
        variables: Further texts for which variables stand, with their names.
    """
    known = [*credentials.pairs(), *((name, text) for text, name in (variables or {}).items())]

    def quoted(text: str) -> str:
        return _quoted(text, known)

    words = ["curl", "-sS", "-i"]
    body = request.content
    # A zero byte would end an argument.
    piped = b"\0" in body
    if request.method == "HEAD":
        # Asked for with -X, curl would wait for a body.
        words.append("-I")
    elif request.method != ("POST" if body else "GET"):
        words += ["-X", shlex.quote(request.method)]
    url = str(request.url)
    if re.search(r"[\[\]{}]", url):
        words.append("-g")
    if re.search(r"/\.{1,2}(/|$|\?)", url):
        words.append("--path-as-is")
    for raw, value in request.headers.multi_items():
        name = raw.lower()
        if name not in _UNSAID:
            # curl leaves a header without a value away unless it is written so.
            words += ["-H", quoted(f"{_title(name)}: {value}" if value else f"{_title(name)};")]
    if body:
        if "content-type" not in request.headers:
            words += ["-H", "'Content-Type:'"]
        words += ["--data-binary", "@-"] if piped else _body(body, quoted)
    words.append(quoted(url))
    line = " ".join(words)
    return f"printf '{_octal(body)}' | {line}" if piped else line


def _body(body: bytes, quoted: Callable[[str], str]) -> list[str]:
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        return ["--data-binary", _escaped(body)]
    # A leading @ would name a file.
    return ["--data-raw", quoted(text)]


def _title(name: str) -> str:
    return "-".join(part.capitalize() for part in name.split("-"))


def _quoted(text: str, known: list[tuple[str, str]]) -> str:
    # Cut at the secrets, so that nothing that stands beside one is read by the shell.
    words = [_alone(text)]
    pieces: list[tuple[str, bool]] = [(text, False)]
    for name, secret in known:
        pieces = [cut for piece, done in pieces for cut in ([(piece, done)] if done else _cut(piece, secret, name))]
    if any(done for _, done in pieces):
        words = [f'"${piece}"' if done else _alone(piece) for piece, done in pieces if piece]
    return "".join(words)


def _cut(text: str, secret: str, name: str) -> Iterator[tuple[str, bool]]:
    for number, piece in enumerate(text.split(secret)):
        if number:
            yield name, True
        yield piece, False


def _octal(content: bytes) -> str:
    return "".join(chr(byte) if 0x20 <= byte < 0x7F and byte not in b"'\\%" else f"\\{byte:03o}" for byte in content)


def _alone(text: str) -> str:
    return shlex.quote(text) if _PLAIN.fullmatch(text) else _escaped(text.encode("utf-8", "surrogatepass"))


def _escaped(content: bytes) -> str:
    plain = "".join(chr(byte) if 0x20 <= byte < 0x7F and byte not in b"'\\" else f"\\x{byte:02x}" for byte in content)
    return f"$'{plain}'"
