"""A recording played back: the responses of an engine come from what was recorded, not from handlers."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qsl

import orjson

from store_credit_mock.contract import Violation
from store_credit_mock.core.error_responder import ErrorResponder
from store_credit_mock.core.responses import VIOLATION_HEADER, header_text
from store_credit_mock.http import Header, Request, Response
from store_credit_mock.recording.recorded_exchange import TRANSFER_HEADERS, RecordedExchange, content_type
from store_credit_mock.recording.recorder import read_recording
from store_credit_mock.redaction import Redactor

if TYPE_CHECKING:
    from store_credit_mock.core.engine import BaseEngine
    from store_credit_mock.core.faults import Fault

__all__ = ["Replay"]

_FORM: Final = "application/x-www-form-urlencoded"
_Key = tuple[str, str, tuple[tuple[str, str], ...], str]


class Replay:
    """Answers requests with what was answered to the same request when it was recorded.

    The same is: method, path, query and body, secrets masked on both sides; neither the order of parameters nor that
    of a JSON object's members counts. A request that was recorded several times gets its answers in that order,
    then the last again.

    Args:
        engine: Whose requests are answered from now on; its control plane stays.
        path: A HAR file or a folder.

    Raises:
        RecordingError: The recording cannot be read.
    """

    def __init__(self, engine: BaseEngine, path: Path) -> None:
        self._engine = engine
        self._secrets = Redactor(engine.contract.document.secret_names)
        self._refusals = ErrorResponder(engine)
        self._answers: dict[_Key, list[RecordedExchange]] = {}
        self._given: Counter[_Key] = Counter()
        self._source = path
        self.count = 0
        for entry in read_recording(path):
            kind = next((value for name, value in entry.request_headers if name.lower() == "content-type"), "")
            key = _key(
                entry.method, entry.path, entry.query, entry.request_body, kind.partition(";")[0].strip().lower()
            )
            self._answers.setdefault(key, []).append(entry)
            self.count += 1
        engine.set_responder(self.answer)

    def answer(
        self,
        request: Request,
        fault: Fault | None = None,  # noqa: ARG002 - takes a handler's place
        at: int | None = None,  # noqa: ARG002 - likewise
    ) -> Response:
        """Answer one request."""
        engine = self._engine
        engine.sandbox.ordinal = number = engine.sandbox.ordinal + 1
        secrets = self._secrets
        secrets.learn(request.headers, request.query, request.body)
        kind = content_type(request.headers)
        path, body = secrets.text(request.path), secrets.body(request.body, kind)
        key = _key(request.method, path, secrets.query(request.query), body, kind)
        entries = self._answers.get(key)
        violations: tuple[Violation, ...] = ()
        if entries is None:
            response, violations = self._unknown(request, key)
        else:
            entry = entries[min(self._given[key], len(entries) - 1)]
            self._given[key] += 1
            response = self._recorded(request, entry)
        match = engine.contract.find(request.method, request.path)
        operation = "" if match is None else match.operation.id
        engine.exchanges.add(number, engine.sandbox.clock.now(), operation, request, response, violations, None)
        return response

    def _recorded(self, request: Request, entry: RecordedExchange) -> Response:
        if entry.response_body is None:
            return self._refusals.fail(
                request, 404, f"the recording contains this response without its body: {entry.left_out}"
            )
        headers: list[Header] = [
            (name.lower().encode("latin-1"), value.encode("latin-1", "replace"))
            for name, value in entry.response_headers
            if name.lower() not in TRANSFER_HEADERS and not name.startswith(":")
        ]
        return Response(entry.status, headers, entry.response_body.encode())

    def _unknown(self, request: Request, key: _Key) -> tuple[Response, tuple[Violation, ...]]:
        """Say what is recorded that comes nearest."""
        asked = f"{request.method} {request.path}"
        near = [known for known in self._answers if known[:2] == key[:2]]
        if not near:
            paths = sorted({f"{known[0]} {known[1]}" for known in self._answers})
            more = "" if len(paths) <= 5 else f" and {len(paths) - 5} more"
            text = f"the recording does not contain {asked}; it contains {', '.join(paths[:5])}{more}"
        elif all(known[2] != key[2] for known in near):
            queries = ["&".join(f"{name}={value}" for name, value in known[2]) or "none" for known in near[:3]]
            text = f"the recording contains {asked} with a different query: {', '.join(queries)}"
        else:
            text = f"the recording contains {asked} with a different body"
        text = "".join(letter if " " <= letter <= "~" else "?" for letter in text)[:500]
        violations = (Violation("request", "", "/path", "recording", "a recorded request", asked[:200], text),)
        response = self._refusals.fail(request, 404, text)
        response.headers.append((VIOLATION_HEADER, header_text(violations)))
        return response, violations


def _key(method: str, path: str, query: str, body: str | None, kind: str) -> _Key:
    pairs = tuple(sorted(parse_qsl(query, keep_blank_values=True)))
    return (method, path, pairs, _comparable(body or "", kind))


def _comparable(body: str, kind: str) -> str:
    if not body:
        return ""
    if kind == _FORM:
        return repr(sorted(parse_qsl(body, keep_blank_values=True)))
    try:
        value: Any = orjson.loads(body)
    except orjson.JSONDecodeError:
        return body
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()
