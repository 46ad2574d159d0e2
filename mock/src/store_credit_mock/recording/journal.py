"""The journal of a run: every exchange as a line of JSON, written before its response is sent."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from threading import Lock
from typing import Any, Final, cast

import orjson

from store_credit_mock.contract import SecretNames, Violation
from store_credit_mock.core.exchange_log import Exchange
from store_credit_mock.recording.har import RecordingError
from store_credit_mock.recording.json_folder import ExchangeFile, exchange_json, parse_exchange
from store_credit_mock.recording.recorded_exchange import CapturedExchange, redacted
from store_credit_mock.redaction import Redactor

__all__ = ["SUFFIX", "Journal", "documents", "read_exchanges", "read_journal"]

_PHRASES: Final = {status.value: status.phrase for status in HTTPStatus}

SUFFIX: Final = ".jsonl"
"""What the name of a journal ends in where it is told from other recordings by that."""


class Journal:
    """A file that grows by a line for each exchange; what was there stays.

    Each line goes to the operating system at once, so that none is lost when the process is killed. Several processes
    and sandboxes may share a file. A line is an exchange in the form of the files in `tests/recordings/`, with what the
    mock knows besides; the first of each run says when it began and with what.

    Args:
        path: The file.
        names: Which names are those of secrets.
        run: What the first line says of the run.
        complain: Told once, in a sentence, that a line could not be written.

    Attributes:
        missing: How many exchanges could not be written.

    Raises:
        RecordingError: It cannot be written.
    """

    def __init__(
        self, path: Path, names: SecretNames, run: Mapping[str, Any], complain: Callable[[str], object]
    ) -> None:
        self.path = path
        self.missing = 0
        self._secrets = Redactor(names)
        self._complain = complain
        self._lock = Lock()
        # Whoever is not the user has no business with what customers were given.
        try:
            self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            self._torn = _ends_within_a_line(path)
            self._write({"run": {"started": _now(), **run}})
        except OSError as error:
            raise RecordingError(f"--journal {path} cannot be written: {error.strerror}") from error

    def add(self, exchange: Exchange, sandbox: str) -> None:
        """Write an exchange of a sandbox, for `ExchangeLog.everywhere`."""
        with self._lock:
            try:
                self._write(self._line(exchange, sandbox))
            except OSError as error:
                # The mock is not there for its journal: whoever tests goes on, and is told.
                self.missing += 1
                if self.missing == 1:
                    self._complain(f"--journal {self.path} cannot be written: {error.strerror}")

    def close(self) -> None:
        """Let go of the file."""
        os.close(self._file)

    def _write(self, line: Mapping[str, Any]) -> None:
        # A body stands there with its own digits and blanks; only between its values can it have the end of a line.
        made = orjson.dumps(line).replace(b"\n", b" ").replace(b"\r", b" ")
        text = memoryview(b"\n" * self._torn + made + b"\n")
        self._torn = True
        while text:
            text = text[os.write(self._file, text) :]
        self._torn = False

    def _line(self, exchange: Exchange, sandbox: str) -> dict[str, Any]:
        request, response = exchange.request, exchange.response
        taken = CapturedExchange(
            exchange.number, exchange.at, 0.0, exchange.operation, request.method, request.path, request.query,
            request.headers, request.body, response.status, _PHRASES.get(response.status, ""),
            response.headers, response.body,
        )  # fmt: skip
        recorded = redacted(taken, self._secrets)
        name = f"{exchange.number:05d}.{exchange.operation or 'other'}"
        return {
            **exchange_json(name, recorded, "served by the mock"),
            "operation": exchange.operation or None,
            "sandbox": sandbox,
            "time": _now(),
            "at": exchange.at,
            "dropped": response.incomplete,
            "fault": None if exchange.fault is None else self._secrets.text(exchange.fault),
            "violations": [one.as_dict() for one in self._secrets.violations(exchange.violations)],
        }


def _now() -> str:
    """The machine's time, by which the logs of everything else go."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _ends_within_a_line(path: Path) -> bool:
    if not path.is_file():
        return False
    with path.open("rb") as file:
        if not file.seek(0, os.SEEK_END):
            return False
        file.seek(-1, os.SEEK_END)
        return file.read(1) != b"\n"


def _lines(path: Path) -> Iterator[tuple[int, bytes, dict[str, Any]]]:
    """Number, text and value of each line; one that was cut off in the writing is passed over."""
    try:
        with path.open("rb") as file:
            for number, line in enumerate(file, 1):
                try:
                    data: Any = json.loads(line)
                except RecursionError as error:
                    raise RecordingError(f"{path}: line {number} is nested too deeply") from error
                except ValueError:
                    continue
                yield number, line, cast("dict[str, Any]", data) if isinstance(data, dict) else {"run": {}}
    except OSError as error:
        raise RecordingError(f"{path}: cannot be read: {error.strerror}") from error


def _exchanges(path: Path) -> Iterator[tuple[ExchangeFile, dict[str, Any]]]:
    found = False
    for number, line, members in _lines(path):
        if "run" not in members:
            found = True
            yield parse_exchange(line, str(members.get("name", number)), f"{path}: line {number}"), members
    if not found:
        raise RecordingError(f"{path} contains no exchanges; a journal has one JSON object per line")


def read_journal(path: Path) -> list[ExchangeFile]:
    """Read the exchanges whose response arrived.

    Raises:
        RecordingError: It cannot be read, or holds no exchange.
    """
    return [exchange for exchange, members in _exchanges(path) if not members.get("dropped")]


def documents(path: Path) -> set[str]:
    """The versions of the document that the runs of a journal were validated against.

    Raises:
        RecordingError: It cannot be read.
    """
    runs = [members["run"] for _, _, members in _lines(path) if "run" in members]
    return {str(run["document"]) for run in runs if "document" in run}


def read_exchanges(path: Path) -> Iterator[Exchange]:
    """Read every exchange, as an exchange log has it, but that secrets are redacted.

    Raises:
        RecordingError: It cannot be read, or holds no exchange.
    """
    for one, members in _exchanges(path):
        response = one.response()
        response.dropped = bool(members.get("dropped"))
        try:
            violations = tuple(Violation(**violation) for violation in members.get("violations", ()))
        except TypeError as error:
            raise RecordingError(
                f"{path}: exchange {one.name} has violations that this version of the mock cannot read: {error}"
            ) from error
        operation, fault = members.get("operation") or "", members.get("fault")
        yield Exchange(one.number, int(members.get("at", 0)), operation, one.request(), response, violations, fault)
