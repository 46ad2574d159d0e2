"""A folder with one file for each exchange, in the form of `tests/recordings/`, which `scripts/replay` reads."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any, Final, cast
from urllib.parse import parse_qsl, quote, urlencode

import orjson

from store_credit_mock.recording.har import RecordingError
from store_credit_mock.recording.recorded_exchange import TRANSFER_HEADERS, RecordedExchange

__all__ = ["Folder", "read_folder"]

_NO_EXCHANGE: Final = frozenset({"index.json", "sequence.json"})


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
                raise RecordingError(f"{path}: is not empty; empty it or name another folder")
        except OSError as error:
            raise RecordingError(f"{path}: cannot be made: {error.strerror}") from error

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
                    orjson.dumps(_file(path.stem, entry), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
                )
            scratch.replace(path)
        except OSError as error:
            raise RecordingError(f"{path}: cannot be written: {error.strerror}") from error

    def close(self) -> None:
        """Nothing is open between exchanges."""


def _file(name: str, entry: RecordedExchange) -> dict[str, Any]:
    query: dict[str, Any] = {}
    for key, value in parse_qsl(entry.query, keep_blank_values=True):
        earlier = query.get(key)
        several: list[Any] = cast("list[Any]", earlier) if isinstance(earlier, list) else [earlier]
        query[key] = value if earlier is None else [*several, value]
    made: dict[str, Any] = {
        "name": name,
        "meaning": "recorded by the proxy",
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
            json.loads(body)
        except (ValueError, RecursionError):
            return body
        return orjson.Fragment(body.strip())
    return body


def read_folder(path: Path) -> list[RecordedExchange]:
    """Read the exchanges of a folder, by `seq` and name.

    Raises:
        RecordingError: It is not a folder, or a file in it holds no exchange.
    """
    made: list[tuple[int, str, RecordedExchange]] = []
    try:
        files = sorted(path.glob("*.json"))
    except OSError as error:
        raise RecordingError(f"{path}: cannot be read: {error.strerror}") from error
    for file in files:
        if file.name in _NO_EXCHANGE:
            continue
        try:
            data: Any = json.loads(file.read_text("utf-8"), parse_float=_Digits, parse_int=_Digits)
            made.append((int(data.get("seq") or 0), file.name, _read(data)))
        except OSError as error:
            raise RecordingError(f"{file}: cannot be read: {error.strerror}") from error
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise RecordingError(f"{file}: is not an exchange: {type(error).__name__}: {error}") from error
    if not made:
        raise RecordingError(f"{path}: holds no exchange files (*.json)")
    made.sort(key=lambda one: one[:2])
    return [entry for _, _, entry in made]


class _Digits(str):
    """A number as it is written."""

    __slots__ = ()


def _read(data: Any) -> RecordedExchange:
    request, response = data["request"], data["response"]
    query: dict[str, Any] = request.get("query") or {}
    pairs: list[tuple[str, str]] = []
    for name, value in query.items():
        texts: list[Any] = cast("list[Any]", value) if isinstance(value, list) else [value]
        pairs.extend((name, str(text)) for text in texts)
    left_out = str(data.get("left_out", ""))
    bodies = [_text(side.get("body")) for side in (request, response)]
    return RecordedExchange(
        int(data.get("seq") or 0), 0, float(data.get("elapsed_ms") or 0), "", str(request["method"]).upper(),
        str(request["path"]), urlencode(pairs, quote_via=quote), _listed(request),
        None if "body of the request" in left_out else bodies[0], int(response["status"]), "", _listed(response),
        None if "body of the response" in left_out else bodies[1], left_out,
    )  # fmt: skip


def _listed(message: Any) -> list[tuple[str, str]]:
    headers: dict[str, Any] = message.get("headers") or {}
    return [(str(name), str(value)) for name, value in headers.items()]


def _text(value: Any) -> str:
    """The text of a body: text as it is, anything else as JSON with its own digits."""
    if value is None:
        return ""
    if isinstance(value, str) and not isinstance(value, _Digits):
        return value
    return _json(value)


def _json(value: Any) -> str:
    if isinstance(value, _Digits):
        return str(value)
    if isinstance(value, dict):
        members = cast("dict[str, Any]", value).items()
        return "{" + ",".join(f"{json.dumps(name, ensure_ascii=False)}:{_json(item)}" for name, item in members) + "}"
    if isinstance(value, list):
        return "[" + ",".join(_json(item) for item in cast("list[Any]", value)) + "]"
    return json.dumps(value, ensure_ascii=False)
