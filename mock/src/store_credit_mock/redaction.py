"""The redactor: takes credentials and passwords out of exchanges, texts and violations before anyone sees them."""

from __future__ import annotations

import base64
import contextlib
import json
import re
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, cast
from urllib.parse import quote, quote_plus, unquote, unquote_plus

import orjson

from store_credit_mock.contract import SecretNames, Violation
from store_credit_mock.http import Header

__all__ = ["MASK", "Redactor"]

MASK: Final = "<token>"
"""What stands in the place of a secret."""

_SHAPES: Final = re.compile(
    r"\b(?:[rs]k_(?:test|live)|whsec)_\w+|(?<![\w-])eyJ[\w-]{8,}\.[\w-]+\.[\w-]*|(?<=;jsessionid=)[\w.!-]+"
    r"|(?<=://)[^\s/@:\"'<>]{1,200}:[^\s/@\"'<>]{1,200}(?=@)"
)
"""What is a secret by its look, wherever it stands: VINR's keys, a JSON Web Token, a session in a path, user and
password of an address."""
_SIGNS: Final = ("k_test", "k_live", "whsec_", "eyJ", ";jsessionid=", "://")
"""One of these is in each of them: to look for them first takes a tenth of the time, for an access log's every path."""
_PART: Final = re.compile(
    r'(\bname="?([^";\r\n]{1,200})[^\r\n]{0,1000}\r?\n(?:[^\r\n]{1,1000}\r?\n){0,8}\r?\n)(.*?)(?=\r?\n--|\Z)', re.DOTALL
)
"""A part of a multipart body: its head, its name, its content."""
_SHORTEST: Final = 6
"""Letters from which on a secret is looked for in texts; a shorter one would be found in words."""
_REMEMBERED: Final = 200
_FEW: Final = 8
"""Spellings of secrets up to which it is faster to look for one after the other than for all with a pattern."""
_ESCAPE: Final = re.compile(r"%[0-9A-F]{2}")
_COOKIE: Final = re.compile(r"([^=;,\s]+)=([^;]*)")


class Redactor:
    """Takes out what is secret by its name or its shape, and every value it has seen in such a place before.

    A token that came in one response is also taken out of everything after it, wherever it stands.

    Args:
        names: Which names are those of secrets.
        known: Secrets to take out from the start, with what to show in the place of each.
    """

    def __init__(self, names: SecretNames | None = None, known: Mapping[str, str] | None = None) -> None:
        self._names = names or SecretNames()
        self._known = dict(known or {})
        self._seen: OrderedDict[str, None] = OrderedDict()
        self._compiled: tuple[re.Pattern[str], dict[str, str]] | None = None

    def add(self, secret: str, shown: str) -> None:
        """Take out one more secret, however short it is, and show a text in its place."""
        self._known.setdefault(secret, shown)
        self._compiled = None

    def learn(self, headers: Iterable[Header], query: str, body: bytes) -> None:
        """Take note of the secrets in one message; they are then taken out of every text."""
        for name, sent in headers:
            lower = name.lower()
            text = sent.decode("latin-1")
            if lower in {b"authorization", b"proxy-authorization"}:
                self._keep(text.partition(" ")[2].strip() or text)
                self._learn_basic(text)
            elif lower in {b"cookie", b"set-cookie"}:
                # Only the first pair of Set-Cookie is one; the rest are its attributes.
                pairs = _COOKIE.findall(text)
                for _, cookie in pairs if lower == b"cookie" else pairs[:1]:
                    value = cookie.strip('" ')
                    self._keep(value)
                    # What a program makes of it is repeated without the encoding.
                    self._keep(unquote(value))
            elif self._names.is_secret_header(lower):
                self._keep(text)
            elif lower in {b"location", b"referer", b"link"} and (b"?" in sent or b"#" in sent):
                for pairs in re.split(r"[?#>]", text)[1:]:
                    self._learn_pairs(pairs)
        if query:
            self._learn_pairs(query)
        if body:
            self._learn_body(body)

    def _learn_basic(self, text: str) -> None:
        scheme, _, encoded = text.partition(" ")
        if scheme.lower() == "basic":
            with contextlib.suppress(ValueError):
                self._keep(base64.b64decode(encoded).decode().partition(":")[2])

    def _learn_pairs(self, text: str) -> None:
        for pair in text.split("&"):
            name, _, value = pair.partition("=")
            if self._names.is_secret(unquote_plus(name)):
                # As it was sent, too: its bytes may be no UTF-8, and its escapes in small letters.
                self._keep(value)
                self._keep(unquote_plus(value, errors="replace"))

    def _learn_body(self, body: bytes) -> None:
        if body[:1] in b"{[":
            try:
                self._learn_value(orjson.loads(body))
            except orjson.JSONDecodeError:
                text = body.decode("utf-8", "replace")
                for name, value in re.findall(r'"([\w-]{1,64})"\s*:\s*"((?:[^"\\]|\\.)*)', text):
                    if self._names.is_secret(name):
                        self._keep(value)
        elif body[:2] == b"--":
            for _, name, value in _PART.findall(body.decode("utf-8", "replace")):
                if self._names.is_secret(name):
                    self._keep(value)
        elif b"=" in body and b"<" not in body[:1]:
            self._learn_pairs(body.decode("utf-8", "replace"))

    def _learn_value(self, value: Any) -> None:
        # Without recursion: a body may be nested more deeply than Python calls functions.
        waiting: list[tuple[Any, bool]] = [(value, False)]
        while waiting:
            value, secret = waiting.pop()
            if isinstance(value, dict):
                members = cast("dict[str, Any]", value).items()
                waiting += [(member, secret or self._names.is_secret(name)) for name, member in members]
            elif isinstance(value, list):
                waiting += [(item, secret) for item in cast("list[Any]", value)]
            elif secret and isinstance(value, str):
                self._keep(value)

    def _keep(self, secret: str) -> None:
        if len(secret) < _SHORTEST or secret == MASK:
            return
        if secret not in self._seen:
            self._compiled = None
        self._seen[secret] = None
        self._seen.move_to_end(secret)
        if len(self._seen) > _REMEMBERED:
            self._seen.popitem(last=False)

    # Taking them out

    def text(self, text: str) -> str:
        """A text without any secret that is known or was learned."""
        if self._known or self._seen:
            pattern, shown = self._compiled or self._compile()
            if len(shown) > _FEW or _holds(text, shown):
                text = pattern.sub(lambda found: shown[found[0]], text)
        return _SHAPES.sub(MASK, text) if _holds(text, _SIGNS) else text

    def _compile(self) -> tuple[re.Pattern[str], dict[str, str]]:
        secrets = {**dict.fromkeys(self._seen, MASK), **self._known}
        shown = {form: text for secret, text in secrets.items() for form in _spellings(secret)}
        # The longest first: one secret may be a part of another.
        pattern = re.compile("|".join(map(re.escape, sorted(shown, key=len, reverse=True))))
        self._compiled = pattern, shown
        return self._compiled

    def headers(self, headers: Iterable[Header]) -> list[tuple[str, str]]:
        """Headers as text; of a credential the scheme or the cookie's name is left."""
        made: list[tuple[str, str]] = []
        for name, value in headers:
            lower = name.lower()
            text = value.decode("latin-1")
            if lower in {b"authorization", b"proxy-authorization"}:
                scheme, blank, _ = text.partition(" ")
                text = f"{scheme} {MASK}" if blank else MASK
            elif lower in {b"cookie", b"set-cookie"}:
                cookies = _COOKIE.findall(text)
                kept = cookies if lower == b"cookie" else cookies[:1]
                text = "; ".join(f"{cookie}={MASK}" for cookie, _ in kept) or MASK
                if lower == b"set-cookie":
                    text += "".join(value.decode("latin-1").partition(";")[1:])
            elif self._names.is_secret_header(lower):
                text = MASK
            else:
                text = (
                    self.text(self._address(text)) if lower in {b"location", b"referer", b"link"} else self.text(text)
                )
            made.append((name.decode("latin-1"), text))
        return made

    def _address(self, text: str) -> str:
        # Tokens are given in the query and, as OAuth does, in the fragment.
        head, *rest = re.split(r"([?#>])", text)
        return head + "".join(part if part in "?#>" else self.query(part) for part in rest)

    def query(self, query: str) -> str:
        """A query, still encoded, with the values of secret parameters masked; the rest stays as it is."""
        if not query:
            return query
        parts: list[str] = []
        for part in query.split("&"):
            name, mark, _ = part.partition("=")
            parts.append(
                f"{name}={quote(MASK, safe='')}" if mark and self._names.is_secret(unquote_plus(name)) else part
            )
        return self.text("&".join(parts)).replace(MASK, quote(MASK, safe=""))

    def body(self, content: bytes, kind: str) -> str | None:
        """A body as text with every secret masked; None if it is not text.

        JSON keeps its own digits and order wherever that can be done.
        """
        try:
            text = content.decode("utf-8")
        except UnicodeDecodeError:
            return None
        if "\0" in text:
            return None
        if kind == "application/x-www-form-urlencoded":
            return self.query(text)
        text = self.text(text)
        if kind.startswith("multipart/"):
            return _PART.sub(lambda found: found[1] + (MASK if self._names.is_secret(found[2]) else found[3]), text)
        if text[:1] in {"{", "["}:
            try:
                value = json.loads(text)
                redacted = self._redact(value, escaped="\\u" in text)
                if redacted != value:
                    # One too short to be looked for in a text, or spelled in another way than JSON is here.
                    text = json.dumps(redacted, ensure_ascii=False)
            except (ValueError, RecursionError):
                # Part of a document, perhaps, or nested too deeply: whatever looks like a secret member goes.
                return re.sub(r'("([\w-]{1,64})"\s*:\s*")((?:[^"\\]|\\.)*)', self._redact_member, text)
        elif "=" in text and kind in {"", "text/plain"}:
            return self.query(text)
        return text

    def _redact_member(self, found: re.Match[str]) -> str:
        return found[1] + MASK if self._names.is_secret(found[2]) else found[0]

    def _redact(self, value: Any, *, secret: bool = False, escaped: bool = False) -> Any:
        """A JSON value without secrets: by the names of members, and with `escaped` also inside every text."""
        if isinstance(value, dict):
            return {
                name: self._redact(member, secret=secret or self._names.is_secret(name), escaped=escaped)
                for name, member in cast("dict[str, Any]", value).items()
            }
        if isinstance(value, list):
            return [self._redact(item, secret=secret, escaped=escaped) for item in cast("list[Any]", value)]
        if secret and value and value is not True:
            return MASK
        return self.text(value) if escaped and isinstance(value, str) else value

    def violations(self, found: Sequence[Violation]) -> tuple[Violation, ...]:
        """The same violations without a secret in any text of theirs."""
        made: list[Violation] = []
        for one in found:
            last = one.pointer.rpartition("/")[2]
            secret = self._names.is_secret(last) and one.keyword not in {"required", "type"}
            got = MASK if secret else self.text(one.got)
            message = self.text(one.message)
            if secret and one.got:
                message = message.replace(one.got, MASK)
            made.append(
                Violation(one.side, one.operation, one.pointer, one.keyword, one.expected, got, message, one.line)
            )
        return tuple(made)


def _holds(text: str, parts: Iterable[str]) -> bool:
    for part in parts:  # noqa: SIM110 - `any` takes three times as long, and an access log asks for every path
        if part in text:
            return True
    return False


def _spellings(secret: str) -> set[str]:
    """How a secret may be written: as it is, in JSON, in a query."""
    encoded = {quote(secret, safe=""), quote(secret), quote_plus(secret)}
    return {secret, json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1],
            secret.replace("/", "\\/"), *encoded, *(_ESCAPE.sub(_small, text) for text in encoded)}  # fmt: skip


def _small(escape: re.Match[str]) -> str:
    return escape[0].lower()
