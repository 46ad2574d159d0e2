"""The way of one call, without I/O: a generator that asks for what it needs and is told what happened.

It yields a `WireRequest` to have it sent (and is sent a `Response` or a `Fault`), a `Wait` to sleep, a `Turn` to wait
for it (and is sent None or a `Fault`), an `AskToken` to have the client's credential fetched anew (and is sent the
secret), and an `Await` for what an async hook returned. It returns the call's result or raises. The drivers do the I/O:
`store_credit._core.transport` and `async_transport`.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable
from functools import partial
from typing import Any
from urllib.parse import quote

from store_credit._core import codec, logs, observers
from store_credit._core.actions import AskToken, Await, Flow, Held, Wait, WireRequest
from store_credit._core.arguments import Encoded
from store_credit._core.call_options import FreshKey, idempotency_key
from store_credit._core.credentials import Secret
from store_credit._core.errors import InvalidArgumentError
from store_credit._core.faults import Fault
from store_credit._core.keyring import Keyring
from store_credit._core.operation import Call
from store_credit._core.options import replacing
from store_credit._core.raising import error_for
from store_credit._core.rate_gate import Ticket
from store_credit._core.requests import give_up
from store_credit._core.response import Response
from store_credit._core.retry import backoff
from store_credit._core.settings import Settings
from store_credit._core.unset import Unset
from store_credit._core.verdicts import Attempt, Verdict, judge

__all__ = ["flow"]

_ASK_AGAIN = 1.0
"""Seconds after which an attempt that waits for its turn asks again, or an eighth of a longer wait."""


class Progress:
    """How far a call has come: what it may still spend, and what it cannot take back.

    Attributes:
        expires: When the deadline passes, in seconds of the monotonic clock; None without one.
        budget: How often it may be resent, rate limits apart.
        retries: How often it was, likewise.
        refused: The server has refused it for its rate limit.
        limited: Seconds waited for that limit since.
    """

    __slots__ = ("budget", "expires", "limited", "refused", "retries")

    def __init__(self, call: Call, settings: Settings) -> None:
        deadline = settings.deadline if isinstance(call.deadline, Unset) else call.deadline
        self.expires = None if deadline is None else call.started + deadline
        self.budget = settings.max_retries if call.max_retries is None else call.max_retries
        self.retries = 0
        self.refused = False
        self.limited = 0.0

    def fits(self, now: float, wait: float) -> bool:
        """Whether a wait of so many seconds ends before the deadline."""
        return self.expires is None or now + wait < self.expires

    def patience(self, settings: Settings, now: float) -> float:
        """Seconds that the call can wait for the rate limit; below 0 where its time is over."""
        left = settings.max_rate_limit_wait - self.limited
        return left if self.expires is None else min(left, self.expires - now)

    def can_wait(self, settings: Settings, now: float, wait: float) -> bool:
        """Whether the call has the time to wait so many seconds more for the rate limit."""
        return wait <= self.patience(settings, now) and self.fits(now, wait)


def flow(call: Call, settings: Settings) -> Flow:
    """Make one call: send, wait, resend, and give its result or its error."""
    call.started = settings.clock.monotonic()
    try:
        progress = Progress(call, settings)
        settings.system.check_call(call, settings.params)
        # Before the headers are made: a body that cannot be written must not show them in a traceback.
        _encode(call)
        if call.operation.serialize_by or call.operation.unlocked:
            result = yield from _in_turn(call, settings, progress)
        else:
            result = yield from _attempts(call, settings, progress)
    except Exception as error:
        settings.unsettled.note(call, error, settings.clock)
        yield from observers.ended(settings, call, error)
        raise
    except BaseException as error:
        settings.unsettled.note(call, error, settings.clock)
        raise
    if settings.hooks:
        yield from observers.ended(settings, call, None)
    return result


def _in_turn(call: Call, settings: Settings, progress: Progress) -> Flow:
    """Make the attempts while no other call of the client changes the same."""
    left = None if progress.expires is None else progress.expires - settings.clock.monotonic()
    turn = settings.turns.turn(call, settings.origin + settings.path_prefix, settings.params, left)
    if turn is None:
        return (yield from _attempts(call, settings, progress))
    try:
        late = yield turn
        if late is not None:
            attempt = Attempt(Verdict.NOT_SENT, None, late)
            raise error_for(call, settings, attempt, call.secret, uncertain=False) from late.cause
        return (yield from _attempts(call, settings, progress))
    finally:
        turn.leave()


def _attempts(call: Call, settings: Settings, progress: Progress) -> Flow:
    operation = call.operation
    watched = bool(settings.hooks) or logs.logger.isEnabledFor(logs.logging.INFO)
    secret = settings.credential.known_for(call.secret, operation.security)
    renewed = secret is not None or not settings.credential.renewable
    asked = False
    if operation.credential is not None and secret is None:
        secret = settings.credential.current
        if secret is None:
            secret = yield from _token(call, settings, progress, None)
    while True:
        gate = settings.gates.gate(secret, writes=operation.method not in ("GET", "HEAD"))
        # Without resends there is no waiting either.
        patience = progress.patience(settings, settings.clock.monotonic())
        ticket = Ticket(gate, hurried=progress.budget == 0, patience=patience)
        begin = partial(_begin, call, settings, watched=watched)
        request = _request(call, settings, secret, progress.expires, ticket, begin)
        if operation.unlocked:
            settings.unsettled.check(call, settings.clock)
        outcome = yield from _send(call, settings, request, progress, watched=watched)
        attempt = judge(call, settings, outcome)
        if attempt.mismatch:
            give_up(request)
        # A call that waited in vain for a connection has sent nothing that could fail.
        if attempt.fault is not None and watched and call.on_wire:
            elapsed = settings.clock.monotonic() - call.attempt_started
            yield from observers.attempt_failed(settings, call, attempt.fault.cause, elapsed)
        call.on_wire = False
        if attempt.verdict is Verdict.DONE:
            settings.system.learn(attempt.result)
            return attempt.result
        if secret is not None and attempt.response and attempt.response.status_code == 401:
            if not renewed:
                renewed = asked = True
                # The caller's own key goes on: another credential may have keys of its own, and this one is not kept.
                _give_up_key(call, settings, attempt, replayed=False)
                secret = yield from _token(call, settings, progress, secret)
                continue
            if asked and _give_up_key(call, settings, attempt, replayed=True):
                asked = False
                continue
        if call.uncertain and _is_gone(call, attempt):
            return operation.read(Response(204, [], b""))
        call.uncertain = call.uncertain or attempt.verdict is Verdict.LOST
        delay = _delay(call, attempt, progress, ticket, settings)
        if delay is None:
            raise error_for(call, settings, attempt, secret, uncertain=call.uncertain) from (
                attempt.fault and attempt.fault.cause
            )
        if watched:
            yield from observers.retry_scheduled(settings, call, attempt.reason, delay)
        if attempt.verdict is not Verdict.LIMITED:
            # For a rate limit the gate does the waiting, together with all other calls.
            progress.retries += 1
            yield Wait(delay)
        else:
            _give_up_key(call, settings, attempt, replayed=True)


def _token(call: Call, settings: Settings, progress: Progress, refused: Secret | None) -> Generator[Any, Any, Secret]:
    """Have the credential fetched.

    Raises:
        StoreCreditError: The call's deadline came first.
    """
    left = None if progress.expires is None else progress.expires - settings.clock.monotonic()
    given = yield AskToken(refused, left)
    if isinstance(given, Fault):
        late = Attempt(Verdict.NOT_SENT, None, given)
        raise error_for(call, settings, late, refused, uncertain=call.uncertain) from given.cause
    return given


def _send(
    call: Call, settings: Settings, request: WireRequest, progress: Progress, *, watched: bool
) -> Generator[Any, Any, Response | Fault]:
    """Put one attempt on the wire, once the gate lets it through, and keep what its response tells of the server."""
    clock, ticket = settings.clock, request.ticket
    outcome: Response | Fault | Held | None = None
    try:
        while True:
            outcome = yield request
            if not isinstance(outcome, Held):
                break
            now = clock.monotonic()
            # It gives up only for what the server itself asks, or when its time is over.
            asked = ticket.gate.closed_for(now)
            pause = _pause(outcome.seconds, asked)
            # One that was not refused yet waits in the queue of its own client, however long that is.
            counted = pause if progress.refused else 0.0
            if progress.can_wait(settings, now, max(counted, asked)) and progress.fits(now, pause):
                progress.limited += counted
                yield Wait(pause)
            else:
                # It goes at once: it is for the server to refuse it.
                ticket.hurried = True
    finally:
        arrived = clock.monotonic()
        response = outcome if isinstance(outcome, Response) else None
        if response is not None:
            settings.server_time.note(response.headers.raw(b"date"), arrived)
        ticket.leave(response, arrived, lambda: settings.server_time.at(arrived) or clock.now())
    if response is not None:
        response.attempts = call.attempts
        response.idempotency_key = call.shown_key
        response.operation = call.operation.id
        call.response = response
        if watched:
            yield from observers.response_received(settings, call, response)
        return response
    assert isinstance(outcome, Fault)
    return outcome


def _pause(turn: float, asked: float) -> float:
    """Seconds until an attempt asks the gate again, given those until its turn and those that the server asks for.

    Its turn in the queue comes earlier or later than it seems now, as others learn more of the limit.
    """
    if turn <= max(_ASK_AGAIN, asked * 1.1):
        return turn
    return max(_ASK_AGAIN, asked, turn / 8)


def _begin(call: Call, settings: Settings, request: WireRequest, *, watched: bool) -> Iterable[Await]:
    """An attempt goes on the wire now."""
    call.attempts += 1
    call.attempt_started = settings.clock.monotonic()
    call.on_wire = True
    return observers.request_sent(settings, call, request) if watched else ()


def _delay(call: Call, attempt: Attempt, progress: Progress, ticket: Ticket, settings: Settings) -> float | None:
    """Seconds until the request is sent again, or None where it is not."""
    now = settings.clock.monotonic()
    if attempt.verdict is Verdict.LIMITED:
        progress.refused = True
        delay, asked = ticket.gate.wait(now), ticket.gate.closed_for(now)
        # One that did not wait for its turn was the last: the next would not wait either, and be refused like it.
        waits = not ticket.hurried and not attempt.final
        return delay if waits and progress.can_wait(settings, now, asked) else None
    if progress.retries >= progress.budget or attempt.final or attempt.verdict is Verdict.REFUSED:
        return None
    if attempt.verdict is Verdict.LOST and not _may_repeat(call):
        return None
    delay = backoff(progress.retries + 1) if attempt.wait is None else attempt.wait
    return delay if progress.fits(now, delay) else None


def _may_repeat(call: Call) -> bool:
    """Whether a request that may be running still can be sent again."""
    return call.operation.repeatable or (call.key is not None and not call.operation.unlocked)


def _give_up_key(call: Call, settings: Settings, attempt: Attempt, *, replayed: bool) -> bool:
    """Go on under another key where this one gives the same refusal again: nothing was done under it.

    A caller's own is given up only where the server says that its refusal is kept, and `replayed` lets it be: who
    repeats the action begins with the same key, and has to find what was done. What is settled keeps its key.
    """
    response = attempt.response
    assert response is not None
    if call.key is None or call.settles or not settings.system.keeps_refusal(response.status_code):
        return False
    if isinstance(call.key, FreshKey):
        call.key = idempotency_key(None)
    elif replayed and settings.system.was_replayed(response):
        call.refusals += 1
    else:
        return False
    return True


def _is_gone(call: Call, attempt: Attempt) -> bool:
    """Whether a DELETE that may have been executed before now finds nothing: the record is gone, as asked."""
    response = attempt.response
    if response is None or response.status_code != 404 or call.operation.method != "DELETE":
        return False
    # A page comes from something in between.
    return "text/html" not in response.headers.get("content-type", "")


def _encode(call: Call) -> None:
    if call.content is None and call.body is not None:
        try:
            call.content = codec.encode(call.body).encode()
        except (TypeError, ValueError, RecursionError) as error:
            raise InvalidArgumentError(f"the body cannot be written as JSON: {error}") from error


def _target(call: Call, settings: Settings, credentials: list[tuple[str, str]]) -> str:
    target = settings.path_prefix + call.path
    query = [*settings.params, *call.query, *credentials]
    if query:
        try:
            target += ("&" if "?" in target else "?") + "&".join(
                f"{quote(name, safe=',')}={value if isinstance(value, Encoded) else quote(value, safe=',')}"
                for name, value in query
            )
        except UnicodeEncodeError as error:
            raise InvalidArgumentError(f"the query contains text that is not valid Unicode: {error}") from error
    return target


def _request(
    call: Call,
    settings: Settings,
    secret: Secret | None,
    expires: float | None,
    ticket: Ticket,
    begin: Callable[[WireRequest], Iterable[Await]],
) -> WireRequest:
    operation = call.operation
    placed = secret.place(operation.security, operation.id) if isinstance(secret, Keyring) else None
    target = _target(call, settings, placed.query if placed else [])
    timeout = settings.timeout if call.timeout is None else call.timeout
    if placed:
        headers = settings.headers_for(operation.accept, None, None) + placed.headers
    else:
        headers = settings.headers_for(operation.accept, operation.credential, secret)
    if call.content is not None:
        headers.append((b"Content-Type", operation.media_type))
        headers.append((b"Content-Length", b"%d" % len(call.content)))
    elif operation.method not in ("GET", "HEAD", "OPTIONS", "DELETE"):
        headers.append((b"Content-Length", b"0"))
    if call.headers:
        headers = replacing(headers, call.headers)
    headers = settings.system.finish(call, headers)
    if placed and placed.cookies:
        sent = [value.decode() for name, value in headers if name == b"Cookie"]
        headers = replacing(headers, [(b"Cookie", "; ".join([*sent, *placed.cookies]).encode())])
    return WireRequest(call, headers, target, timeout, expires, ticket, begin)
