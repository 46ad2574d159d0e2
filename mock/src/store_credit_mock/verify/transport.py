"""HTTP transport of `verify`: enforces the request budget and validates every response."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlsplit

import orjson

from store_credit_mock.contract import ExchangeValidator, Match, Violation
from store_credit_mock.core.exchange_log import Exchange
from store_credit_mock.http import Request, Response
from store_credit_mock.http_libraries import httpx
from store_credit_mock.verify.created_records import CreatedRecords
from store_credit_mock.verify.deadline_transport import NoAnswerError, UnsendableError

__all__ = [
    "GONE_AFTER",
    "GoneError",
    "HeldBackError",
    "SpentError",
    "Step",
    "UndocumentedError",
    "UnsendableError",
    "VerifyTransport",
]

GONE_AFTER: Final = 3
"""Requests without a response, one after another, after which the server counts as gone."""
_LONGEST_PAUSE: Final = 60.0
"""Seconds that a 429 is waited out; a longer pause is left to the user."""
_ATTEMPTS: Final = 4


class SpentError(httpx.TransportError):
    """As many requests were sent as may be."""


class HeldBackError(httpx.TransportError):
    """The request could have changed a record that was not made in this run, and was not sent."""


class UndocumentedError(HeldBackError):
    """The same, because the document does not have the request: a document of one's own may lack what is asked here."""


class GoneError(httpx.TransportError):
    """The server has stopped answering; nothing more is sent."""


@dataclass(frozen=True)
class Step:
    """One request with what came of it.

    Attributes:
        request: The request.
        status: Status of the response; None if there was none.
        wrong: How the response broke the OpenAPI document.
        trouble: Why there was no response; empty if there was one.
        operation: operationId; empty for the control plane, and where the OpenAPI document has none.
        value: The response's JSON; None if it has none.
    """

    request: httpx.Request
    status: int | None
    wrong: tuple[Violation, ...]
    trouble: str = ""
    operation: str = ""
    value: Any = field(default=None, repr=False)


class VerifyTransport(httpx.BaseTransport):
    """Sends, counts and checks. One request at a time, from whichever thread.

    Args:
        inner: What sends.
        validator: Validates responses against the document.
        made: Learns what is made, and forbids to touch anything else.
        limit: How many requests may be sent at all.
        base: The server's address; its path comes before those of the document.
        seen: Called with each exchange.
        sleep: Waits, in seconds, when the server says that requests come too fast.

    Attributes:
        sent: Requests sent so far.
        held_back: Requests that were not sent, because they could have changed what was not made here.
        unsendable: Requests that the HTTP client here did not take.
        last: The last request to the system itself, of those that were sent.
        trail: What was sent since it was last emptied, in order, the control plane's included.
        notes: What answers have that the document does not know, once each.
        limit: How many requests may be sent at all.
        ran_out: Whether one was not sent because that many had been.
        clearing: Whether the requests kept for clearing up may be used.
        could_make: Asked about a create that failed with a 5xx: may it have made a record all the same?
    """

    def __init__(
        self,
        inner: httpx.BaseTransport,
        validator: ExchangeValidator,
        made: CreatedRecords,
        *,
        limit: int,
        base: str,
        seen: Callable[[Exchange], None] | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._inner = inner
        self._judge = validator
        self._made = made
        self.limit = limit
        self._prefix = urlsplit(base).path.rstrip("/")
        self._seen = seen
        self._sleep = sleep
        self._lock = threading.RLock()
        self._unanswered = 0
        self.sent = 0
        self.ran_out = False
        self.held_back = 0
        self.last: Step | None = None
        self.unsendable = 0
        self.trail: list[Step] = []
        self.notes: dict[str, None] = {}
        self.clearing = False
        self.could_make: Callable[[Request, Match, int], bool] = _may_have

    @property
    def spent(self) -> bool:
        """Whether nothing more can be sent but to clear up; what may yet be made needs two requests."""
        return self.sent + self._made.cleanup_cost + 1 > self.limit

    @property
    def left(self) -> int:
        """How many requests may still be sent, besides those kept for clearing up."""
        return max(0, self.limit - self.sent - self._made.cleanup_cost)

    @property
    def broken(self) -> list[Step]:
        """What broke the OpenAPI document or got no response, of the trail."""
        return [step for step in self.trail if step.wrong or step.trouble]

    @property
    def gone(self) -> bool:
        """Whether the server has stopped answering."""
        return self._unanswered >= GONE_AFTER

    def close(self) -> None:
        """Close what sends."""
        self._inner.close()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request, again if it came too fast.

        Raises:
            SpentError: No more requests may be sent.
            UndocumentedError: The document does not have it, so that what it would change is not known.
            HeldBackError: It could change records of others.
            UnsendableError: The HTTP client does not take it.
            GoneError: The server has stopped answering.
            NoAnswerError: There was no response.
        """
        with self._lock:
            request.read()
            answer = self._once(request)
            for _ in range(1, _ATTEMPTS):
                if answer.status_code != 429:
                    break
                pause = _pause(answer)
                if pause > _LONGEST_PAUSE:
                    break
                self._sleep(pause)
                answer = self._once(request)
            return answer

    def _once(self, request: httpx.Request) -> httpx.Response:
        raw, _, query = request.url.raw_path.decode("ascii").partition("?")
        path = raw.removeprefix(self._prefix)
        plain = Request(request.method, path, query, request.headers.raw, request.content)
        control = path.startswith("/_mock/")
        match = None if control else self._judge.closed.find(request.method, path)
        if not control and self._made.would_touch_foreign(request.method, match):
            self.held_back += 1
            if match is None:
                text = f"the OpenAPI document has no {request.method} {path}, which could change other people's records"
                raise UndocumentedError(text, request=request)
            raise HeldBackError(f"{request.method} {path} could change other people's records", request=request)
        self._take(request, makes=match is not None and self._made.makes(match.operation))
        try:
            answer = self._inner.handle_request(request)
            answer.read()
            self._unanswered = 0
            if control:
                self.trail.append(Step(request, answer.status_code, (), value=_value(answer.content)))
            else:
                self._learn(request, plain, answer)
        except KeyboardInterrupt:
            # Until it is noted what a response says was made, nothing would remove it.
            self._made.doubt(match)
            raise
        except UnsendableError:
            self.sent -= 1
            self.unsendable += 1
            raise
        except httpx.TransportError as error:
            self._unanswered += 1
            if not (isinstance(error, NoAnswerError) and error.unsent):
                self._made.doubt(match)
            text = str(error) or "the connection failed"
            step = Step(request, None, (), text, "" if match is None else match.operation.id)
            self.trail.append(step)
            if not control:
                self.last = step
            raise error if isinstance(error, NoAnswerError) else NoAnswerError(text, request=request) from error
        return answer

    def _take(self, request: httpx.Request, *, makes: bool) -> None:
        if self.gone and not self.clearing:
            raise GoneError(f"the server has not responded to {GONE_AFTER} requests in a row", request=request)
        # What is made needs a request more, to be removed again.
        kept = 0 if self.clearing else self._made.cleanup_cost + (1 if makes else 0)
        if self.sent + kept >= self.limit:
            self.ran_out = True
            raise SpentError(f"all {self.limit} requests allowed by --max-requests have been sent", request=request)
        self.sent += 1

    def _learn(self, request: httpx.Request, plain: Request, answer: httpx.Response) -> None:
        # httpx has undone the coding of the body.
        headers = [(name.lower(), value) for name, value in answer.headers.raw if name.lower() != b"content-encoding"]
        response = Response(answer.status_code, headers, answer.content)
        located = self._judge.locate(plain.method, plain.path)
        asked = self._judge.request(located, plain)
        answered = self._judge.response(located, response.status, headers, response.body)
        operation = "" if located.operation is None else located.operation.id
        value = _value(answer.content)
        step = Step(request, response.status, answered.violations, operation=operation, value=value)
        self.last = step
        self.trail.append(step)
        for note in answered.notes:
            self.notes[f"{operation}: {note.message}"] = None
        failed = response.status >= 500 and located.operation is not None and self._made.makes(located.operation)
        made = not failed or located.match is None or self.could_make(plain, located.match, response.status)
        self._made.note(located.match, response.status, value, records=made)
        if self._seen is not None:
            violations = (*asked.violations, *answered.violations)
            now = int(time.time() * 1000)
            self._seen(Exchange(self.sent, now, operation, plain, response, violations, None))


def _may_have(_request: Request, _match: Match, _status: int) -> bool:
    """What is to be thought of a create that failed where nothing is known of the system."""
    return True


def _value(content: bytes) -> Any:
    try:
        return orjson.loads(content)
    except orjson.JSONDecodeError:
        return None


def _pause(answer: httpx.Response) -> float:
    text = answer.headers.get("retry-after", "1")
    try:
        return max(0.0, float(text))
    except ValueError:
        return 1.0
