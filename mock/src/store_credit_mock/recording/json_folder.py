"""Folders with one file for each exchange, in the form of `tests/recordings/`: written by the proxy, read by all."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Final, cast
from urllib.parse import parse_qsl, quote, urlencode

import orjson

from store_credit_mock.http import Request, Response
from store_credit_mock.recording.har import RecordingError
from store_credit_mock.recording.recorded_exchange import TRANSFER_HEADERS, RecordedExchange

__all__ = [
    "ExchangeFile",
    "Folder",
    "as_recorded",
    "body_bytes",
    "body_text",
    "exchange_json",
    "parse_exchange",
    "read_file",
    "read_files",
    "read_folder",
]

_NO_EXCHANGE: Final = frozenset({"index.json", "sequence.json"})
_TOKEN: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
"""A method or the name of a header (RFC 9110)."""
_HEADER_TEXT: Final = re.compile(r"[\t\x20-\x7e\x80-\xff]*")
_QUERY: Final = "%!$&'()*+,;=:@/?[]-._~"
"""What stands in a query as it is."""
_LONE: Final = re.compile("[\ud800-\udfff]")


class Folder:
    """A folder that grows by a file for each exchange.

    Args:
        path: The folder; it is made, or is empty.

    Raises:
        RecordingError: It holds something, or cannot be made.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            path.mkdir(mode=0o700, parents=True, exist_ok=True)
            if any(path.iterdir()):
                raise RecordingError(f"{path} is not empty; empty it, or use another folder")
        except OSError as error:
            raise RecordingError(f"{path}: cannot be created: {error.strerror}") from error

    def add(self, entry: RecordedExchange) -> None:
        """Write one exchange, whole or not at all.

        Raises:
            RecordingError: It could not be written.
        """
        label = re.sub(r"[^\w.]", "_", entry.operation) or "other"
        path = self.path / f"{entry.number:05d}.{label}.json"
        scratch = path.with_suffix(".part")
        try:
            with os.fdopen(os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
                file.write(
                    orjson.dumps(
                        exchange_json(path.stem, entry, "recorded by the proxy"),
                        option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE,
                    )
                )
            scratch.replace(path)
        except OSError as error:
            raise RecordingError(f"{path}: cannot be written: {error.strerror}") from error

    def close(self) -> None:
        """Nothing is open between exchanges."""


def exchange_json(name: str, entry: RecordedExchange, meaning: str) -> dict[str, Any]:
    """An exchange as a JSON value.

    Args:
        name: The file's, without `.json`.
        entry: The exchange.
        meaning: What it is.
    """
    query: dict[str, Any] = {}
    for key, value in parse_qsl(entry.query, keep_blank_values=True):
        earlier = query.get(key)
        several: list[Any] = cast("list[Any]", earlier) if isinstance(earlier, list) else [earlier]
        query[key] = value if earlier is None else [*several, value]
    made: dict[str, Any] = {
        "name": name,
        "meaning": meaning,
        "seq": entry.number,
        "as": "client",
        "request": {
            "method": entry.method,
            "path": entry.path,
            "query": query,
            "headers": _headers(entry.request_headers, {"host", "cookie"}),
            "body": _value(entry.request_body, entry.request_headers),
        },
        "response": {
            "status": entry.status,
            "headers": _headers(entry.response_headers, {"set-cookie"}),
            "body": _value(entry.response_body, entry.response_headers),
        },
        "elapsed_ms": round(entry.elapsed, 1),
    }
    if entry.left_out:
        made["left_out"] = entry.left_out
    return made


def _headers(headers: list[tuple[str, str]], dropped: set[str]) -> dict[str, str]:
    made: dict[str, str] = {}
    for name, value in headers:
        if name.lower() in TRANSFER_HEADERS or name.lower() in dropped:
            continue
        known = next((key for key in made if key.lower() == name.lower()), name)
        made[known] = f"{made[known]}, {value}" if known in made else value
    return made


def _value(body: str | None, headers: list[tuple[str, str]]) -> Any:
    """JSON as it stands, with its own digits; other text as a string; None for nothing."""
    if not body:
        return None
    kind = next((value for name, value in headers if name.lower() == "content-type"), "")
    if "json" in kind:
        try:
            json.loads(body, parse_constant=_no_json)
        except (ValueError, RecursionError):
            return body
        return orjson.Fragment(body.strip())
    return body


def _no_json(name: str) -> None:
    raise ValueError(f"{name} is not valid JSON, although Python accepts it")


@dataclass(frozen=True, slots=True)
class ExchangeFile:
    """One file of such a folder.

    Numbers with a fraction are `Decimal`, so that no digit is lost.

    Attributes:
        name: The file's, without `.json`.
        method: In capitals.
        path: Without the query, percent-encoded or not.
        query: A parameter that was repeated has a list.
        request_headers: As recorded.
        request_body: The JSON value; text where something else was sent (a form, malformed JSON); None for no body.
        status: HTTP status.
        response_headers: As recorded.
        response_body: As `request_body`.
        number: `seq`, its place among the exchanges of the folder; 0 if it has none.
        elapsed: Milliseconds until the response.
        left_out: Which bodies were not recorded, and why.
        raw_query: The query where the file has it as one text; it is sent as it stands, whatever its escapes mean.
    """

    name: str
    method: str
    path: str
    query: Mapping[str, str | list[str]]
    request_headers: Mapping[str, str]
    request_body: Any
    status: int
    response_headers: Mapping[str, str]
    response_body: Any
    number: int = 0
    elapsed: float = 0
    left_out: str = ""
    raw_query: str = ""

    def request_header(self, name: str) -> str | None:
        """The value of a request header, whose name may have any case."""
        return _header(self.request_headers, name)

    def response_header(self, name: str) -> str | None:
        """The value of a response header, whose name may have any case."""
        return _header(self.response_headers, name)

    @property
    def query_pairs(self) -> list[tuple[str, str]]:
        """The query as pairs; a repeated parameter has one for each value."""
        return [
            (name, str(text))
            for name, value in self.query.items()
            for text in (value if isinstance(value, list) else [value])
        ]

    @property
    def query_string(self) -> str:
        """The query as it is sent."""
        if self.raw_query:
            return quote(self.raw_query, safe=_QUERY)
        return urlencode(self.query_pairs, quote_via=quote)

    def request(self) -> Request:
        """The request as bytes."""
        headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in self.request_headers.items()]
        return Request(self.method, self.path, self.query_string, headers, body_bytes(self.request_body))

    def response(self) -> Response:
        """The response as bytes, without the headers about how its body was sent."""
        headers = [
            (name.lower().encode("latin-1"), value.encode("latin-1"))
            for name, value in self.response_headers.items()
            if name.lower() not in TRANSFER_HEADERS
        ]
        return Response(self.status, headers, body_bytes(self.response_body))


def _header(headers: Mapping[str, str], name: str) -> str | None:
    return next((value for key, value in headers.items() if key.lower() == name.lower()), None)


def read_file(path: Path) -> ExchangeFile:
    """Read one exchange.

    Raises:
        RecordingError: The file cannot be read, or holds no exchange.
    """
    try:
        text = path.read_bytes()
    except OSError as error:
        raise RecordingError(f"{path}: cannot be read: {error.strerror}") from error
    return parse_exchange(text, path.name.removesuffix(".json"), str(path))


def parse_exchange(text: bytes, name: str, place: str) -> ExchangeFile:
    """Read one exchange from its JSON.

    Args:
        text: UTF-8.
        name: What it is called.
        place: Where it stands, as errors begin with it.

    Raises:
        RecordingError: It is no exchange.
    """
    try:
        data: Any = json.loads(text.decode(), parse_float=Decimal)
        request, response = data["request"], data["response"]
        raw = request.get("query")
        exchange = ExchangeFile(
            name,
            _member(request, "method", str).upper(),
            _member(request, "path", str),
            _query(raw) if isinstance(raw, str) else _member(request, "query", dict, {}),
            _member(request, "headers", dict, {}),
            request.get("body"),
            _member(response, "status", int),
            _member(response, "headers", dict, {}),
            response.get("body"),
            _member(data, "seq", int, 0),
            float(data.get("elapsed_ms") or 0),
            str(data.get("left_out", "")),
            raw if isinstance(raw, str) else "",
        )
        _check(exchange)
        return exchange
    except (json.JSONDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise RecordingError(f"{place}: the file is not valid JSON: {error}") from error
    except KeyError as error:
        raise RecordingError(f"{place}: the exchange has no {error}") from error
    except (ValueError, TypeError, AttributeError) as error:
        raise RecordingError(f"{place}: the exchange is not valid: {error}") from error


def _query(text: str) -> dict[str, str | list[str]]:
    made: dict[str, str | list[str]] = {}
    for name, value in parse_qsl(text, keep_blank_values=True):
        earlier = made.get(name)
        if earlier is None:
            made[name] = value
        else:
            made[name] = [*(earlier if isinstance(earlier, list) else [earlier]), value]
    return made


def _member(owner: Any, name: str, kind: type, default: Any = None) -> Any:
    value = owner[name] if default is None else owner.get(name)
    if value is None and default is not None:
        return default
    if not isinstance(value, kind):
        raise TypeError(f"{name} is {type(value).__name__}, expected {kind.__name__}")
    return value


def _check(one: ExchangeFile) -> None:
    """Refuse what could not have gone over the wire."""
    if not _TOKEN.fullmatch(one.method):
        raise ValueError(f"request.method is {one.method!r}; use a method such as GET")
    if not re.fullmatch(r"/[^?#]*|\*", one.path):
        raise ValueError(
            f"request.path is {one.path!r}; write only the path, beginning with a slash, and put the query in `query`"
        )
    for name, value in one.query.items():
        texts: list[Any] = value if isinstance(value, list) else [value]
        if not all(isinstance(text, str) for text in texts):
            raise ValueError(f"request.query.{name} is {value!r}; write a string or a list of strings")
    for side, headers in (("request", one.request_headers), ("response", one.response_headers)):
        sent: Mapping[str, Any] = headers
        for name, value in sent.items():
            if not isinstance(value, str):
                raise TypeError(f"{side}.headers.{name} must be a string, not {type(value).__name__}")
            # The value is not shown: it may be a secret.
            if not _HEADER_TEXT.fullmatch(value):
                raise ValueError(f"{side}.headers.{name} contains a character that is not valid in a header")
            if not _TOKEN.fullmatch(name):
                raise ValueError(f"{side}.headers: {name!r} is not a valid header name")
    if not 200 <= one.status <= 999:
        raise ValueError(f"response.status is {one.status}, but must be at least 200")


def read_files(folder: Path) -> list[ExchangeFile]:
    """Read every exchange of a folder, by name.

    Raises:
        RecordingError: It is not a folder, holds no exchange, or a file in it is none.
    """
    if not folder.is_dir():
        raise RecordingError(f"{folder} is not a folder")
    made = [read_file(path) for path in sorted(folder.glob("*.json")) if path.name not in _NO_EXCHANGE]
    if not made:
        raise RecordingError(f"{folder} contains no exchange files (*.json, except index.json and sequence.json)")
    return made


def read_folder(path: Path) -> list[RecordedExchange]:
    """Read the exchanges of a folder as they were recorded, by `seq` and name.

    Raises:
        RecordingError: See `read_files`.
    """
    return [as_recorded(one) for one in sorted(read_files(path), key=lambda one: (one.number, one.name))]


def as_recorded(one: ExchangeFile) -> RecordedExchange:
    """The same exchange as other kinds of recordings have it."""
    bodies = [
        None if f"body of the {side}" in one.left_out else body_text(body)
        for side, body in (("request", one.request_body), ("response", one.response_body))
    ]
    return RecordedExchange(
        one.number, 0, one.elapsed, "", one.method, one.path, one.query_string,
        list(one.request_headers.items()), bodies[0], one.status, "",
        list(one.response_headers.items()), bodies[1], one.left_out,
    )  # fmt: skip


def body_bytes(body: Any) -> bytes:
    """The bytes of a recorded body."""
    return body_text(body).encode("utf-8", "surrogatepass")


def body_text(body: Any) -> str:
    """The text of a recorded body: text as it is, anything else as JSON with its own digits; empty for None."""
    if body is None:
        return ""
    return body if isinstance(body, str) else _json(body)


def _json(value: Any) -> str:
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, Mapping):
        members = cast("Mapping[str, Any]", value).items()
        return "{" + ",".join(f"{_json(name)}:{_json(item)}" for name, item in members) + "}"
    if isinstance(value, list):
        return "[" + ",".join(_json(item) for item in cast("list[Any]", value)) + "]"
    text = json.dumps(value, ensure_ascii=False)
    # Half of a surrogate pair has no bytes of its own, only an escape.
    return json.dumps(value) if _LONE.search(text) else text
