"""What the outcome of one attempt says about the request: whether it was executed, and whether it may be sent again."""

from __future__ import annotations

from enum import Enum
from typing import Any, Final

from store_credit._core.echoes import mismatches
from store_credit._core.faults import Fault, UnexpectedStatusError
from store_credit._core.mismatch import Mismatch
from store_credit._core.operation import Call
from store_credit._core.response import Response
from store_credit._core.retry import LONGEST_RETRY_AFTER, refuses_retry, retry_after
from store_credit._core.settings import Settings
from store_credit._core.system import ErrorDetails, problem_details

__all__ = ["Attempt", "Verdict", "judge"]

_REDIRECTED: Final = frozenset({302, 303})
"""After a POST these may say that it was done and where to look (RFC 9110, 15.4.4); other redirects come before."""


class Verdict(Enum):
    """What may follow an attempt."""

    DONE = "the server executed it, and the response can be trusted"
    NOT_SENT = "nothing was sent: any request may be sent again"
    LIMITED = "the server refused it for its rate limit, without acting"
    LOST = "the server may have executed it, and there is no response to trust"
    RUNNING = "the first use of the same idempotency key has not ended"
    REFUSED = "the server refused it"


class Attempt:
    """The outcome of one attempt.

    Attributes:
        verdict: What it says about the request.
        result: What the operation reads from the response, where the verdict is DONE.
        response: What arrived, or None.
        fault: What went wrong on the way, or with the response's body; None for an error status.
        details: What an error body says.
        mismatch: Where the response differs from the request.
        wait: Seconds that the server asks to wait, or None.
    """

    __slots__ = ("details", "fault", "mismatch", "response", "result", "verdict", "wait")

    def __init__(self, verdict: Verdict, response: Response | None, fault: Fault | None = None) -> None:
        self.verdict = verdict
        self.result: Any = None
        self.response = response
        self.fault = fault
        self.details = ErrorDetails()
        self.mismatch: list[Mismatch] = []
        self.wait: float | None = None

    @property
    def final(self) -> bool:
        """Whether sending again would end the same way, or the server asks not to."""
        if self.fault is not None:
            return self.fault.final
        assert self.response is not None
        # How long a rate limit is waited for is a setting of the client.
        too_long = self.verdict is not Verdict.LIMITED and self.wait is not None and self.wait > LONGEST_RETRY_AFTER
        return too_long or self.response.status_code in _REDIRECTED or refuses_retry(self.response.headers)

    @property
    def reason(self) -> str:
        """Why the request is sent again: a status, or the fault's name."""
        if self.fault is not None:
            return type(self.fault.cause).__name__
        assert self.response is not None
        return str(self.response.status_code)


def judge(call: Call, settings: Settings, outcome: Response | Fault) -> Attempt:
    """Read an attempt's response, or say why it cannot be used."""
    if isinstance(outcome, Fault):
        return Attempt(Verdict.NOT_SENT if outcome.kind == "connect" else Verdict.LOST, None, outcome)
    if 200 <= outcome.status_code < 300:
        return _success(call, outcome)
    status = outcome.status_code
    body = json_of(outcome)
    details = settings.system.error_details(body)
    if details == ErrorDetails():
        details = problem_details(body)
    if status == 429:
        verdict = Verdict.LIMITED
    elif status == 408 or status >= 500 or (status in _REDIRECTED and call.operation.unknown_if_lost):
        verdict = Verdict.LOST
    elif call.key is not None and settings.system.still_running(status, details):
        verdict = Verdict.RUNNING
    else:
        verdict = Verdict.REFUSED
    attempt = Attempt(verdict, outcome)
    attempt.details = details
    # By the server's clock where it tells the time: a date of its own is meant by that.
    now = settings.server_time.at(settings.clock.monotonic()) or settings.clock.now()
    attempt.wait = retry_after(outcome.headers, now)
    return attempt


def _success(call: Call, response: Response) -> Attempt:
    operation = call.operation
    if operation.unknown_if_lost and operation.statuses and response.status_code not in operation.statuses:
        wanted = ", ".join(map(str, operation.statuses))
        why = f"the server sent {response.status_code}, but only {wanted} means success"
        return Attempt(Verdict.LOST, response, Fault("broken", UnexpectedStatusError(why), final=True))
    try:
        result = operation.read(response)
    except ValueError as error:
        return Attempt(Verdict.LOST, response, Fault("broken", error))
    if operation.echoes:
        found = mismatches(operation, call, json_object(result))
        if found:
            # Another record's response, or another value than was asked for. Sending again would prove nothing.
            why = "the response does not match the request: " + "; ".join(str(one) for one in found)
            attempt = Attempt(Verdict.LOST, response, Fault("broken", ValueError(why), final=True))
            attempt.mismatch = found
            return attempt
    attempt = Attempt(Verdict.DONE, response)
    attempt.result = result
    return attempt


def json_object(record: Any) -> Any:
    """The JSON object that a record was read from; for a JSON:API document the object under `data`."""
    return record._json()


def json_of(response: Response) -> Any:
    """The JSON value of a response's body, or None where it holds none."""
    try:
        return response.json()
    except ValueError:
        return None
