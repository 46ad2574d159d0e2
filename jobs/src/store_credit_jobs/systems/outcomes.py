"""What a write has come to: the one place where responses and errors become states of a step.

The rules, with the reasons in their order:

- A 2xx of the expected status whose body is about what was sent: `DONE`.
- No byte can have left (no connection, no place in the pool), or the server refuses before it acts (429, 401, 403):
  `PLANNED`. 401 and 403 stop the job, since every other row would meet the same.
- A 4xx that is not in the system's own words, such as the HTML of a filter or a proxy, says nothing of what the server
  behind it has done: `UNKNOWN`. 401 and 403 stop the job even so. 429 is left out: who limits refuses before anything
  is passed on.
- Any other 4xx is a definite refusal: `REFUSED`. But one of an idempotency key that was used with another body is
  `HELD`, since something was done under that key; and so is one of a request whose forerunner has an unknown outcome,
  unless the server gives it as what it stored for the key.
- Everything else, from a lost response to a 202, a redirect, or a success that repeats another amount: `UNKNOWN`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, cast

import attrs

from store_credit import (
    APIStatusError,
    ConfigurationError,
    InvalidArgumentError,
    MoneyError,
    OutcomeUnknownError,
    StoreCreditError,
)
from store_credit_jobs.journal.steps import Outcome, RequestSent, State, Step, Stop
from store_credit_jobs.systems.http import Http, Write, number, retry_after, server_time

__all__ = ["FOREIGN", "LONGEST_WAIT", "REPLAYED", "Landed", "Rules", "carry_out", "has_code", "held", "refused"]

FOREIGN: Final = "foreign_response"
"""The code of a step whose request was refused by something that is not the system."""

LONGEST_WAIT: Final = 3600.0
"""Seconds: a server that asks for a longer wait stops the job, to be resumed by a person."""
REPLAYED: Final = "idempotent-replayed"
"""The header by which VINR and Spree's API v3 say that a response is what they stored under the idempotency key."""

_RUNNING: Final = "idempotency_in_progress"
_KEY_REUSED: Final = frozenset({"idempotency_conflict", "idempotency_key_reused"})
_SAID: Final = 500
"""Characters of a message that are kept."""
_NO_HEADERS: Final[Mapping[str, str]] = {}


@attrs.frozen(slots=True)
class Landed:
    """A write that the server says it has carried out.

    Attributes:
        made: The id of the credit that was created, changed or deleted.
        differs: In what the response is about something else than was sent; None where in nothing.
        code: As `Outcome.code`, for instance `mark_missing`.
        said: What is to be known about it, or None.
    """

    made: str
    differs: str | None = None
    code: str | None = None
    said: str | None = None


@attrs.frozen(slots=True)
class Rules:
    """In what a write differs from others.

    Attributes:
        status: What the server responds with when it has carried it out.
        own: Whether the decoded body of a refusal, None where it is not JSON, is in the system's own words.
        kept: Refusals that the server stores under the idempotency key and gives again, although they say nothing of
            the row: the step is planned again as its next generation.
        uncertain: An earlier request of the same generation may have been carried out.
        final: Whether a refusal, by status and code, is the stored outcome of the key, and so of the earlier request.
    """

    status: int
    own: Callable[[Any], bool]
    kept: frozenset[int] = frozenset()
    uncertain: bool = False
    final: Callable[[int, str | None], bool] = lambda status, code: False  # noqa: ARG005 - what others look at


def carry_out(step: Step, http: Http, send: Callable[[], Landed | Outcome], rules: Rules) -> Outcome:
    """Send the write of a step and say what became of it.

    Args:
        step: The step, as it was claimed.
        http: The account's HTTP client.
        send: Reads what has to be read before and makes the one call of the SDK; gives an `Outcome` of its own where it
            does not send.
        rules: In what this write differs from others.

    Raises:
        UnannouncedWriteError: `send` sends more than one write.
        ConfigurationError: The client cannot be used; nothing was sent.
    """
    at = http.clock.now()
    with http.writing() as write:
        try:
            landed = send()
        except (ConfigurationError, AssertionError):
            raise
        except StoreCreditError as error:
            return _after_error(step, error, http, write, at, rules)
        except Exception as error:
            if not write.left:
                raise
            # Whatever it is, the request may have arrived.
            return _outcome(step, State.UNKNOWN, write, at, said=type(error).__name__)
    if isinstance(landed, Outcome):
        return landed
    if write.status != rules.status:
        why = f"the server sent {write.status}, but only {rules.status} means success"
        return _outcome(step, State.UNKNOWN, write, at, code="echo_differs", said=why)
    if landed.differs is not None:
        return _outcome(step, State.UNKNOWN, write, at, code="echo_differs", said=landed.differs)
    how = "replayed" if write.headers.get(REPLAYED) == "true" else "sent"
    return _outcome(step, State.DONE, write, at, made=landed.made, how=how, code=landed.code, said=landed.said)


def refused(step: Step, code: str, said: str) -> Outcome:
    """Say that a step was not sent, since the server would refuse it or ought to: it is for a person to plan anew."""
    return Outcome(step, State.REFUSED, code=code, said=said)


def held(step: Step, code: str, said: str) -> Outcome:
    """Say that a person has to decide about a step."""
    return Outcome(step, State.HELD, code=code, said=said)


def _after_error(step: Step, error: StoreCreditError, http: Http, write: Write, at: float, rules: Rules) -> Outcome:
    said = error.message[:_SAID]
    response = error.response
    headers = _NO_HEADERS if response is None else response.headers
    wait = retry_after(headers, server_time(headers) or http.clock.now())

    def outcome(state: State, code: str | None = None, **more: Any) -> Outcome:
        stop = Stop.TOO_LONG if wait is not None and wait > LONGEST_WAIT else None
        return _outcome(step, state, write, at, headers, code=code, said=said, wait=wait, **{"stop": stop, **more})

    if not write.left and isinstance(error, InvalidArgumentError | MoneyError):
        return outcome(State.REFUSED, "invalid_argument")
    status = error.status_code if isinstance(error, APIStatusError) else None
    code = error.code or (None if response is None or response.status_code < 300 else f"http_{response.status_code}")
    if isinstance(error, APIStatusError) and write.left and _from_another(error, rules):
        denied = status in (401, 403)
        return outcome(State.UNKNOWN, code if denied else FOREIGN, **({"stop": Stop.CREDENTIALS} if denied else {}))
    if status in (401, 403):
        return outcome(State.PLANNED, code, stop=Stop.CREDENTIALS, next_generation=write.left and status in rules.kept)
    if status == 429:
        return outcome(State.PLANNED, code, next_generation=write.left and status in rules.kept)
    if not write.left:
        return outcome(State.PLANNED, code or "not_sent")
    if isinstance(error, OutcomeUnknownError) or status is None:
        return outcome(State.UNKNOWN, "echo_differs" if getattr(error, "mismatch", ()) else code)
    if not 400 <= status < 500 or status == 408 or code == _RUNNING:
        return outcome(State.UNKNOWN, code)
    if code in _KEY_REUSED:
        return outcome(State.HELD, code)
    if rules.uncertain and not rules.final(status, error.code):
        return outcome(State.HELD, "refused_on_resend")
    return outcome(State.REFUSED, code)


def _from_another(error: APIStatusError, rules: Rules) -> bool:
    """Tell whether a refusal is of a filter, a proxy or another server, which proves nothing about the system."""
    return 400 <= error.status_code < 500 and error.status_code not in (408, 429) and not rules.own(error.body)


def has_code(body: Any) -> bool:
    """Whether a body is an error of VINR's or of Spree's API v3: `{"error": {"code": ...}}`."""
    error: Any = cast("Mapping[str, Any]", body).get("error") if isinstance(body, Mapping) else None
    return isinstance(error, Mapping) and isinstance(cast("Mapping[str, Any]", error).get("code"), str)


def _outcome(
    step: Step, state: State, write: Write, at: float, headers: Mapping[str, str] | None = None, **more: Any
) -> Outcome:
    headers = write.headers if headers is None else headers
    request_id = headers.get("x-vinr-request-id") or headers.get("x-request-id")
    allowed, left = number(headers, "x-ratelimit-limit"), number(headers, "x-ratelimit-remaining")
    return Outcome(
        step,
        state,
        sent=RequestSent(at, write.status, request_id) if write.tried else None,
        limit=None if allowed is None or left is None else (allowed, left),
        server_time=server_time(headers),
        **more,
    )
