"""HAR 1.2 (HTTP Archive), whole after every exchange: a crash leaves a file that any reader of HAR opens."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from typing import Any, Final, cast
from urllib.parse import parse_qsl, urlsplit

import orjson

from store_credit_mock.recording.recorded_exchange import RecordedExchange
from store_credit_mock.sandbox import as_iso

__all__ = ["HarFile", "RecordingError", "read_har"]

_END: Final = b"\n]}}\n"


class RecordingError(Exception):
    """A recording cannot be written or read; the text says which and why."""


class HarFile:
    """A HAR file that grows.

    Args:
        path: The file; it must not be there yet.
        origin: Where the exchanges went, `https://shop.example`; the addresses in the file begin with it.

    Raises:
        RecordingError: It is there, or cannot be made.
    """

    def __init__(self, path: Path, origin: str) -> None:
        self.path = path
        self._origin = origin.rstrip("/")
        try:
            # Whoever is not the user has no business with what customers were given.
            self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError as error:
            raise RecordingError(f"{path} already exists; move it, or use another file name") from error
        except OSError as error:
            raise RecordingError(f"{path}: cannot be created: {error.strerror}") from error
        # Here, as the module of the metadata takes two megabytes, and who only serves makes no HAR file.
        from importlib.metadata import version

        head = {"version": "1.2", "creator": {"name": "store-credit-mock", "version": version("store-credit-mock")}}
        self._end = 0
        self._first = True
        self._append(b'{"log":' + orjson.dumps(head)[:-1] + b',"entries":[')

    def add(self, entry: RecordedExchange) -> None:
        """Write one exchange.

        Raises:
            RecordingError: It could not be written whole; what was there before still is.
        """
        text = orjson.dumps(self._entry(entry))
        self._append((b"\n" if self._first else b",\n") + text)
        self._first = False

    def _append(self, text: bytes) -> None:
        """Put text in the place of the end, with a new end after it, in one write."""
        whole = text + _END
        try:
            os.lseek(self._file, self._end, os.SEEK_SET)
            written = os.write(self._file, whole)
            if written != len(whole):
                raise OSError(28, "No space left on device")
        except OSError as error:
            with contextlib.suppress(OSError):
                os.ftruncate(self._file, self._end)
                os.lseek(self._file, self._end, os.SEEK_SET)
                os.write(self._file, _END)
            raise RecordingError(f"{self.path}: cannot be written: {error.strerror}") from error
        self._end += len(text)

    def close(self) -> None:
        """Let go of the file."""
        with contextlib.suppress(OSError):
            os.close(self._file)

    def _entry(self, entry: RecordedExchange) -> dict[str, Any]:
        address = self._origin + entry.path + (f"?{entry.query}" if entry.query else "")
        request: dict[str, Any] = {
            "method": entry.method,
            "url": address,
            "httpVersion": "HTTP/1.1",
            "cookies": [],
            "headers": _pairs(entry.request_headers),
            "queryString": _pairs(parse_qsl(entry.query, keep_blank_values=True)),
            "headersSize": -1,
            "bodySize": -1 if entry.request_body is None else len(entry.request_body.encode()),
        }
        if entry.request_body:
            request["postData"] = {"mimeType": _kind(entry.request_headers), "text": entry.request_body}
        content: dict[str, Any] = {
            "size": len((entry.response_body or "").encode()),
            "mimeType": _kind(entry.response_headers),
        }
        if entry.response_body is not None:
            content["text"] = entry.response_body
        made: dict[str, Any] = {
            "startedDateTime": as_iso(entry.at),
            "time": round(entry.elapsed, 1),
            "request": request,
            "response": {
                "status": entry.status,
                "statusText": entry.reason,
                "httpVersion": "HTTP/1.1",
                "cookies": [],
                "headers": _pairs(entry.response_headers),
                "content": content,
                "redirectURL": next((v for n, v in entry.response_headers if n.lower() == "location"), ""),
                "headersSize": -1,
                "bodySize": -1,
            },
            "cache": {},
            "timings": {"send": 0, "wait": round(entry.elapsed, 1), "receive": 0},
        }
        if entry.operation:
            made["_operation"] = entry.operation
        if entry.left_out:
            made["comment"] = entry.left_out
        return made


def _pairs(pairs: list[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in pairs]


def _kind(headers: list[tuple[str, str]]) -> str:
    return next((value for name, value in headers if name.lower() == "content-type"), "")


def read_har(path: Path) -> list[RecordedExchange]:
    """Read the exchanges of a HAR file, whoever wrote it. Of a file that was cut off the whole exchanges are read.

    Raises:
        RecordingError: It cannot be read, or is not valid HAR.
    """
    try:
        text = path.read_bytes()
    except OSError as error:
        raise RecordingError(f"{path}: cannot be read: {error.strerror}") from error
    try:
        entries: Any = orjson.loads(text)["log"]["entries"]
    except orjson.JSONDecodeError as error:
        entries = _rescued(text)
        if not entries:
            raise RecordingError(f"{path} is not valid JSON: {error}") from error
    except (KeyError, TypeError) as error:
        raise RecordingError(f"{path} is not a valid HAR file: it has no log.entries") from error
    made: list[RecordedExchange] = []
    for number, entry in enumerate(cast("list[Any]", entries), 1):
        try:
            made.append(_read(number, entry))
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise RecordingError(
                f"{path}: entry {number} is not a valid HAR entry ({type(error).__name__}: {error})"
            ) from error
    return made


def _rescued(text: bytes) -> list[Any]:
    """Our own entries stand one a line; the last may be cut."""
    found: list[Any] = []
    for line in text.splitlines()[1:]:
        try:
            found.append(orjson.loads(line.rstrip(b",")))
        except orjson.JSONDecodeError:
            break
    return [entry for entry in found if isinstance(entry, dict)]


def _read(number: int, entry: Any) -> RecordedExchange:
    request, response = entry["request"], entry["response"]
    address = urlsplit(str(request["url"]))
    content = response.get("content", {})
    body: str | None = content.get("text")
    left_out = str(entry.get("comment", ""))
    if content.get("encoding") == "base64":
        import base64

        try:
            body = base64.b64decode(body or "").decode()
        except UnicodeDecodeError:
            body, left_out = None, "the body of the response was not text"
    if body is None and not left_out:
        body = ""
    sent = request.get("postData", {})
    sent_text: str | None = sent.get("text")
    if sent_text is None:
        pairs = sent.get("params")
        if pairs:
            from urllib.parse import urlencode

            sent_text = urlencode([(pair["name"], pair.get("value", "")) for pair in pairs])
        elif "body of the request" not in left_out:
            sent_text = ""
    return RecordedExchange(
        number, 0, float(entry.get("time") or 0), str(entry.get("_operation", "")), str(request["method"]).upper(),
        address.path or "/", address.query, _listed(request), sent_text, int(response["status"]),
        str(response.get("statusText", "")), _listed(response), body, left_out,
    )  # fmt: skip


def _listed(message: Any) -> list[tuple[str, str]]:
    return [(str(pair["name"]), str(pair["value"])) for pair in message.get("headers", [])]
