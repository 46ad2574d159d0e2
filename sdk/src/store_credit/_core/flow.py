"""The way of one call, without I/O: a generator that asks for what it needs and is told what happened.

It yields a `WireRequest` to have it sent (and is sent a `Response` or a `Fault`), a `Wait` to sleep, and an `AskToken`
to have the client's credential fetched anew (and is sent the secret). It returns the call's result or raises.
The drivers in `store_credit._core.transport` do the I/O, one for sync and one for async.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from datetime import UTC, datetime
from typing import Any, Literal, NamedTuple, TypeAlias
from urllib.parse import quote, urlencode

from store_credit._core import codec, logs, observers
from store_credit._core.errors import (
    STATUS_ERRORS,
    APIConnectionError,
    APIStatusError,
    APITimeoutError,
    InvalidArgumentError,
    InvalidResponseError,
    OutcomeUnknownError,
    RateLimitError,
    ServerError,
    StoreCreditError,
)
from store_credit._core.operation import Call
from store_credit._core.options import Timeout
from store_credit._core.response import Response
from store_credit._core.retry import LONGEST_RETRY_AFTER, backoff, retry_after
from store_credit._core.settings import Secret, Settings
from store_credit._core.system import ErrorDetails

__all__ = ["AskToken", "Fault", "Flow", "Wait", "WireRequest", "flow"]


class WireRequest:
    """One attempt, as bytes. `target` is path and query, `operation` and `route` name it for traces."""

    __slots__ = ("content", "headers", "method", "operation", "route", "target", "timeout")

    def __init__(self, call: Call, headers: list[tuple[bytes, bytes]], target: str, timeout: Timeout) -> None:
        self.method = call.operation.method
        self.operation = call.operation.id
        self.route = call.operation.route
        self.content = call.content
        self.headers = headers
        self.target = target
        self.timeout = timeout


class Wait(NamedTuple):
    """Sleep for this many seconds."""

    seconds: float


class AskToken(NamedTuple):
    """Fetch the client's credential. `refused` is the one the server has just answered 401 to, or None at first."""

    refused: Secret | None


class Fault(NamedTuple):
    """No answer. `connect`: nothing was sent. `timeout`, `broken`: the server may have acted."""

    kind: Literal["connect", "timeout", "broken"]
    cause: BaseException


Flow: TypeAlias = Generator[WireRequest | Wait | AskToken, Any, Any]

_EXECUTED_OR_NOT = frozenset({408})


def flow(call: Call, settings: Settings) -> Flow:
    """Make one call: send, wait, resend, and give its result or its error."""
    operation = call.operation
    secret: Secret | None = None
    if operation.credential is not None:
        secret = settings.credential.current
        if secret is None:
            secret = yield AskToken(None)
    request = _request(call, settings, secret)
    budget = settings.max_retries if call.max_retries is None else call.max_retries
    attempt = 0
    retries = 0
    asked_again = False
    uncertain = False
    watched = bool(settings.hooks) or logs.logger.isEnabledFor(logs.logging.INFO)
    while True:
        attempt += 1
        if watched:
            observers.tell_request(settings, call, request, attempt)
        outcome: Response | Fault = yield request
        details = ErrorDetails()
        fault: Fault | None = None
        wait: float | None = None
        if type(outcome) is Response:
            response = outcome
            response.attempts = attempt
            response.idempotency_key = call.key
            response.operation = operation.id
            call.response = response
            status = response.status_code
            if watched:
                observers.tell_response(settings, call, response, attempt)
            if 200 <= status < 300:
                try:
                    return operation.read(response)
                except ValueError as error:
                    fault = Fault("broken", error)
            elif status == 401 and secret is not None and settings.credential.renewable and not asked_again:
                asked_again = True
                secret = yield AskToken(secret)
                request = _request(call, settings, secret)
                continue
            else:
                body = _json(response)
                details = settings.system.error_details(body)
                page = "text/html" in response.headers.get("content-type", "")
                if status == 404 and operation.method == "DELETE" and uncertain and not page:
                    # An earlier attempt went through and its answer was lost: the record is gone, as asked. A page
                    # comes from something in between.
                    return operation.read(Response(204, [], b""))
                wait = retry_after(response.headers.get("retry-after"))
        else:
            assert isinstance(outcome, Fault)
            fault, response, status = outcome, None, 0
        executed = (fault is not None and fault.kind != "connect") or status in _EXECUTED_OR_NOT or status >= 500
        uncertain = uncertain or executed
        if retries < budget and (wait is None or wait <= LONGEST_RETRY_AFTER):
            if executed:
                again = call.key is not None or operation.repeatable
            elif fault is not None or status == 429:
                again = True
            else:
                again = call.key is not None and settings.system.still_running(status, details)
            if again:
                retries += 1
                delay = backoff(retries) if wait is None else wait
                if watched:
                    observers.tell_retry(
                        settings, call, attempt, str(status) if fault is None else type(fault.cause).__name__, delay
                    )
                yield Wait(delay)
                continue
        raise _error(call, settings, response, fault, details, uncertain, attempt, secret) from (fault and fault.cause)


def _request(call: Call, settings: Settings, secret: Secret | None) -> WireRequest:
    operation = call.operation
    headers = settings.headers_for(operation.accept, operation.credential, secret)
    if call.content is None and call.body is not None:
        try:
            call.content = codec.encode(call.body).encode()
        except (TypeError, ValueError, RecursionError) as error:
            raise InvalidArgumentError(f"the body cannot be written as JSON: {error}") from error
    if call.content is not None:
        headers.append((b"Content-Type", b"application/json"))
        headers.append((b"Content-Length", b"%d" % len(call.content)))
    elif operation.method not in ("GET", "HEAD", "OPTIONS", "DELETE"):
        headers.append((b"Content-Length", b"0"))
    if call.key is not None:
        headers.append((b"Idempotency-Key", call.key.encode()))
    if call.headers:
        replaced = {name.lower() for name, _ in call.headers}
        headers = [pair for pair in headers if pair[0].lower() not in replaced] + call.headers
    target = settings.path_prefix + call.path
    if call.query:
        try:
            target += ("&" if "?" in target else "?") + urlencode(call.query, quote_via=quote, safe=",")
        except UnicodeEncodeError as error:
            raise InvalidArgumentError(f"the query holds text that is not Unicode: {error}") from error
    return WireRequest(call, headers, target, settings.timeout if call.timeout is None else call.timeout)


def _json(response: Response) -> Any:
    try:
        return response.json()
    except ValueError:
        return None


def _error(
    call: Call,
    settings: Settings,
    response: Response | None,
    fault: Fault | None,
    details: ErrorDetails,
    uncertain: bool,
    attempts: int,
    secret: Secret | None,
) -> StoreCreditError:
    operation = call.operation

    def hidden(text: str) -> str:
        # A server or proxy may repeat what it was sent.
        sent = [value.decode().removeprefix("Bearer ") for name, value in call.headers if logs.is_secret(name)]
        for known in [*sent, *([secret.reveal()] if secret is not None else [])]:
            # A shorter one is no real credential, and would tear words apart.
            text = text.replace(known, "***") if len(known) >= 6 else text
        return text

    context: dict[str, Any] = {"operation": operation.id, "idempotency_key": call.key, "attempts": attempts}
    status = 0 if response is None else response.status_code
    tried = f"after {attempts} attempts" if attempts > 1 else "at the first attempt"
    if operation.creates:
        saved = settings.system.saved_before_refusing(status, details)
        if saved or (uncertain and not settings.system.refused_for_good(status, details)):
            what = _what_happened(fault, response, details)
            text = f"{operation.id}: outcome unknown {tried}: {what}. {_how_to_find_out(call, saved)}"
            return OutcomeUnknownError(
                hidden(text), response=response, code=details.code, lookup=_lookup(call), **context
            )
    if fault is not None:
        text = hidden(f"{operation.id} got no usable answer {tried}: {_what_happened(fault, response, details)}")
        if fault.kind == "timeout":
            return APITimeoutError(f"{text}. Repeating it is safe; a larger timeout= waits longer", **context)
        if fault.kind == "broken" and response is not None:
            return InvalidResponseError(text, response=response, **context)
        where = (
            f"Check that {settings.origin} is the right address and can be reached, also through a proxy if one is set"
        )
        return APIConnectionError(f"{text}. {where}", **context)
    assert response is not None
    return _status_error(call, settings, response, details, context, hidden)


def _status_error(
    call: Call,
    settings: Settings,
    response: Response,
    details: ErrorDetails,
    context: dict[str, Any],
    hidden: Callable[[str], str],
) -> APIStatusError:
    status = response.status_code
    kind = STATUS_ERRORS.get(status, ServerError if status >= 500 else APIStatusError)
    said = details.message or _excerpt(response)
    label = f"{status} {details.code}" if details.code else str(status)
    where = f", parameter {details.param}" if details.param else ""
    advice = _advice(settings, status, details, context, response.headers.get("retry-after"))
    asked = f" ({call.operation.method} {settings.path_prefix}{call.path.partition('?')[0]})" if status == 404 else ""
    text = f"{context['operation']}{asked} was answered {label}{where}: {said}{advice}"
    error = kind(
        hidden(text),
        response=response,
        code=details.code,
        type=details.type,
        param=details.param,
        errors=details.errors,
        body=_json(response),
        **context,
    )
    if isinstance(error, RateLimitError):
        error.retry_after = retry_after(response.headers.get("retry-after"))
    return error


def _advice(
    settings: Settings, status: int, details: ErrorDetails, context: Mapping[str, Any], retry_header: str | None
) -> str:
    if status == 401:
        return f". {settings.credential.advice}"
    if status == 429:
        wait = retry_after(retry_header)
        return "" if wait is None else f". The server asks to wait {wait:g} seconds"
    if status == 409 and context["idempotency_key"] is not None:
        if settings.system.still_running(status, details):
            return ". Ask again later with the same idempotency_key"
        return ". Use a new idempotency_key for a new action, and the same body for the same one"
    if 300 <= status < 400 and status != 304:
        return f". Redirects are not followed: check the base URL {settings.origin}"
    return ""


def _excerpt(response: Response) -> str:
    kind = response.headers.get("content-type", "")
    if response.status_code < 300 and ("json" in kind or not kind):
        # Part of a good answer: it may hold a token.
        return f"({len(response.content)} bytes, not shown)"
    text = " ".join(response.text[:2000].split())
    if not text:
        return "(no body)"
    return text if len(text) <= 200 else text[:200] + " ..."


def _what_happened(fault: Fault | None, response: Response | None, details: ErrorDetails) -> str:
    if fault is None:
        assert response is not None
        return f"answered {response.status_code}: {details.message or _excerpt(response)}"
    cause = f"{type(fault.cause).__name__}: {fault.cause}" if str(fault.cause) else type(fault.cause).__name__
    if response is not None:
        kind = response.headers.get("content-type", "no content type")
        hint = "; is the base URL the right one?" if "html" in kind else ""
        what = f"answered {response.status_code}, {kind}, with a body that cannot be read ({cause}){hint}"
        return f"{what}: {_excerpt(response)}"
    match fault.kind:
        case "connect":
            return f"no connection was made ({cause})"
        case "timeout":
            return f"the answer did not arrive in time ({cause})"
        case "broken":
            return f"the connection broke before the answer was whole ({cause})"


def _how_to_find_out(call: Call, saved: bool) -> str:
    if call.key is not None:
        return "Repeat the call with idempotency_key=error.idempotency_key: it cannot happen twice under one key"
    lookup = _lookup(call)
    if not lookup or call.operation.lookup is None:
        return "Look for the record before you create it again"
    arguments = ", ".join(f"{name}={value!r}" for name, value in lookup.items())
    probably = "The server has most likely saved it. " if saved else ""
    now = datetime.now(UTC).isoformat(timespec="seconds")
    return (
        f"{probably}Before you create it again, look with {call.operation.lookup[0]}({arguments}); error.lookup holds "
        f"these arguments, and the time of this attempt is {now}"
    )


def _lookup(call: Call) -> dict[str, Any]:
    if call.operation.lookup is None:
        return {}
    body: Any = call.body
    if codec.is_object(body) and len(body) == 1:
        body = next(iter(body.values()))
    if not codec.is_object(body):
        return {}
    wanted = {f"{name}_eq": body[name] for name in call.operation.lookup[1] if body.get(name) is not None}
    return {"filter": wanted, "sort": "-id"} if wanted else {"sort": "-id"}
