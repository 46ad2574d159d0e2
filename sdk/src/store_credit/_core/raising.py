"""The error that a call ends with, and its text: what happened, and what to do about it."""

from __future__ import annotations

import ssl
from datetime import timedelta
from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit

from store_credit._core import codec, logs
from store_credit._core.credentials import Secret
from store_credit._core.errors import (
    STATUS_ERRORS,
    APIConnectionError,
    APIStatusError,
    APITimeoutError,
    InvalidResponseError,
    OutcomeUnknownError,
    RateLimitError,
    ServerError,
    StoreCreditError,
)
from store_credit._core.faults import (
    DeadlineError,
    Fault,
    PoolFullError,
    ResponseTooLargeError,
    UnexpectedStatusError,
    certificate_error,
    chain,
)
from store_credit._core.operation import Call
from store_credit._core.response import Response
from store_credit._core.secret_members import secrets_of
from store_credit._core.sent_request import SentRequest
from store_credit._core.server_time import surely_before
from store_credit._core.settings import Settings
from store_credit._core.verdicts import Attempt, json_of

__all__ = ["error_for"]

_EXCERPT = 200
"""Characters of a body that is not JSON which are shown."""
_LOOKED_AT: Final = 20_000
"""Characters of it that are looked at: more than what is shown, white space and a long credential together."""


class _Ending(NamedTuple):
    """What is known when a call ends without a result."""

    call: Call
    settings: Settings
    attempt: Attempt
    secret: Secret | None
    uncertain: bool

    @property
    def context(self) -> dict[str, Any]:
        call = self.call
        return {"operation": call.operation.id, "idempotency_key": call.shown_key, "attempts": call.attempts}

    @property
    def tried(self) -> str:
        attempts = self.call.attempts
        return f"after {attempts} attempts" if attempts > 1 else "at the first attempt"

    def hidden(self, text: str) -> str:
        """A text without the credentials that were sent, escaped and bounded."""
        return logs.shown(self.without_secrets(text))

    def without_secrets(self, text: str) -> str:
        """A text without the credentials that were sent, a password too: a server or proxy may repeat them.

        It is cut only afterwards: the first half of a token would not be found.
        """
        sent = [value.decode().removeprefix("Bearer ") for name, value in self.call.headers if logs.is_secret(name)]
        sent += secrets_of(self.call)
        for known in [*sent, *(self.secret.parts if self.secret is not None else [])]:
            # A shorter one is not a real credential, and would tear words apart.
            text = text.replace(known, "***") if len(known) >= 6 else text
        return text


def error_for(
    call: Call, settings: Settings, attempt: Attempt, secret: Secret | None, *, uncertain: bool
) -> StoreCreditError:
    """Make the error a call ends with. `uncertain`: an attempt may have been executed without a response to trust."""
    ending = _Ending(call, settings, attempt, secret, uncertain)
    response, fault = attempt.response, attempt.fault
    if call.operation.unknown_if_lost:
        status = 0 if response is None else response.status_code
        saved = settings.system.saved_before_refusing(status, attempt.details)
        settled = call.key is not None and (
            settings.system.refused_for_good(status, attempt.details)
            # What was kept under the key is what became of the first attempt.
            or (fault is None and settings.system.was_replayed(response))
        )
        if saved or (uncertain and not settled):
            return _unknown(ending, saved=saved)
    if fault is None:
        return _status_error(ending)
    text = f"{call.operation.id} got no usable response {ending.tried}: {_what_happened(ending)}"
    if response is not None or isinstance(fault.cause, ResponseTooLargeError):
        return InvalidResponseError(ending.hidden(text), response=response, mismatch=attempt.mismatch, **ending.context)
    if fault.kind == "timeout" or isinstance(fault.cause, DeadlineError):
        safe = "Nothing was sent" if fault.kind == "connect" else "The call may be repeated"
        more = "deadline=" if isinstance(fault.cause, DeadlineError) else "timeout="
        return APITimeoutError(ending.hidden(f"{text}. {safe}; a larger {more} waits longer"), **ending.context)
    return APIConnectionError(ending.hidden(f"{text}. {_connection_advice(settings, fault)}"), **ending.context)


def _unknown(ending: _Ending, *, saved: bool) -> OutcomeUnknownError:
    call, settings, response = ending.call, ending.settings, ending.attempt.response
    secret = ending.secret
    now = settings.clock.monotonic()
    ended = settings.clock.now()
    elapsed = now - call.started
    by_server = settings.server_time.at(call.started)
    started = by_server or ended - timedelta(seconds=elapsed)
    by_server_clock = by_server is not None
    if call.settles is not None:
        # Nothing that is sent later makes the first attempt younger.
        first = call.settles
        started, by_server_clock = first.started_at, first.by_server_clock
        elapsed = (ended - first.ended_at).total_seconds() + first.elapsed
    reference = _member(call.body, call.operation.reference) if call.operation.reference else None
    error = OutcomeUnknownError(
        "",
        response=response,
        code=ending.attempt.details.code,
        lookup=_lookup(call, surely_before(started, by_server_clock=by_server_clock)),
        started_at=started,
        by_server_clock=by_server_clock,
        ended_at=ended,
        elapsed=elapsed,
        reference=reference if isinstance(reference, str) else None,
        mismatch=ending.attempt.mismatch,
        sent=_sent(call, settings, secret),
        **ending.context,
    )
    if call.settles is not None:
        # Its times are those of the first error.
        error.made_in = call.settles.made_in
    if error.code in settings.system.spent_codes:
        # settle() would not send it again under its key either.
        advice = f"It is {error.code}. {call.operation.if_lost or 'Check whether it took effect before you repeat it'}"
    else:
        advice = _how_to_find_out(call, error, saved=saved)
    text = f"{call.operation.id}: outcome unknown {ending.tried}: {_what_happened(ending)}. {advice}"
    error.message = ending.hidden(text)
    error.args = (error.message,)
    return error


def _sent(call: Call, settings: Settings, secret: Secret | None) -> SentRequest | None:
    """What `settle()` needs; None of a request that holds a credential itself, which no error may keep."""
    if secrets_of(call):
        return None
    return SentRequest(
        call.operation.id,
        call.operation.method,
        settings.origin + settings.path_prefix,
        call.path,
        tuple(call.query),
        call.content,
        call.sent_key or call.key,
        tuple(pair for pair in call.headers if not logs.is_secret(pair[0])),
        call.operation.credential,
        None if secret is None else settings.system.fingerprint(secret.sent_with(call.operation.security)),
    )


def _how_to_find_out(call: Call, error: OutcomeUnknownError, *, saved: bool) -> str:
    operation = call.operation
    began = error.started_at.isoformat(timespec="seconds")
    if error.sent is None:
        return (
            "The request contains a credential, which is not stored in the error, so settle() cannot send it again: "
            "sign in again, or check whether it took effect"
        )
    if call.key is not None and operation.unlocked:
        looks = "looks for the record and, only if there is none, " if operation.listing else "and "
        return (
            "Pass the error to the client's settle(), which waits until the request can no longer be running, "
            f"{looks}sends the request again with the same key (while the first request is running, a second one "
            "would also be executed)"
        )
    if call.key is not None:
        return (
            "Pass the error to the client's settle(), which repeats the call with its idempotency_key: the first "
            "response, even an error, is replayed, and the call is not executed twice"
        )
    if error.reference is not None:
        return (
            f"Pass the error to the client's settle(), which waits until the request can no longer be running and "
            f"looks for the record with the reference {error.reference!r}"
        )
    probably = "The server has most likely executed it. " if saved else ""
    if operation.if_lost:
        return f"{probably}{operation.if_lost}"
    if error.lookup and operation.lookup is not None:
        arguments = ", ".join(f"{name}={value!r}" for name, value in error.lookup.items())
        return (
            f"{probably}Before you create it again, search with {operation.lookup[0]}({arguments}); error.lookup "
            f"contains these arguments. The call began at {began}"
        )
    return f"{probably}Check whether it took effect before you repeat it. The call began at {began}"


def _lookup(call: Call, since: str | None) -> dict[str, Any]:
    if call.operation.lookup is None:
        return {}
    body: Any = call.body if call.operation.root is None else _member(call.body, (call.operation.root,))
    if not codec.is_object(body):
        return {}
    _, names, since_filter = call.operation.lookup
    wanted = {f"{name}_eq": body[name] for name in names if body.get(name) is not None}
    if since_filter is not None and since is not None:
        wanted[since_filter] = since
    return {"filter": wanted, "sort": "-id"} if wanted else {"sort": "-id"}


def _member(body: Any, path: tuple[str, ...]) -> Any:
    for name in path:
        body = body.get(name) if codec.is_object(body) else None
    return body


def _status_error(ending: _Ending) -> APIStatusError:
    call, settings, attempt = ending.call, ending.settings, ending.attempt
    response, details = attempt.response, attempt.details
    assert response is not None
    status = response.status_code
    kind = STATUS_ERRORS.get(status, ServerError if status >= 500 else APIStatusError)
    said = details.message or _said_by_field(attempt) or _excerpt(ending, response)
    label = f"{status} {details.code}" if details.code else str(status)
    where = f", parameter {details.param}" if details.param else ""
    if details.scope and details.scope not in said:
        where += f", requires the scope {details.scope}"
    asked = f" ({call.operation.method} {settings.path_prefix}{call.path.partition('?')[0]})" if status == 404 else ""
    # The server's own words are cut, not the advice behind them.
    said = logs.cut(ending.without_secrets(said))
    error = kind(
        ending.hidden(f"{call.operation.id}{asked} got {label}{where}: {said}{_status_advice(ending, status)}"),
        response=response,
        code=details.code,
        type=details.type,
        param=details.param,
        errors=details.errors,
        required_scope=details.scope,
        details=details.details,
        body=json_of(response),
        **ending.context,
    )
    if isinstance(error, RateLimitError):
        error.retry_after = attempt.wait
    return error


def _said_by_field(attempt: Attempt) -> str:
    """What an error with a code and no message says in another place; a server may send an empty one."""
    if attempt.details.code is None:
        return ""
    by_field = (attempt.details.errors or {}).items()
    return "; ".join(f"{name} {text}" for name, texts in by_field for text in texts) or "(no further details)"


def _status_advice(ending: _Ending, status: int) -> str:
    settings, attempt = ending.settings, ending.attempt
    assert attempt.response is not None
    own = settings.system.advice(status, attempt.details, ending.call)
    if status == 401:
        return f". {settings.credential.advice}{own}"
    if own:
        return own
    if status == 429:
        return "" if attempt.wait is None else f". The server asks you to wait {attempt.wait:g} seconds"
    if status == 409 and ending.call.key is not None:
        if settings.system.still_running(status, attempt.details):
            return ". Retry later with the same idempotency_key"
        return ". For a new action, use a new idempotency_key; to repeat an action, send the same body"
    if 300 <= status < 400 and status != 304:
        place = attempt.response.headers.get("location")
        # Without its query, where a token may stand.
        to = f" to {urlsplit(place)._replace(query='', fragment='').geturl()}" if place else ""
        return (
            f". The server redirects{to}, but the SDK does not follow redirects: check the base URL {settings.origin}"
        )
    return ""


def _excerpt(ending: _Ending, response: Response) -> str:
    kind = response.headers.get("content-type", "")
    if response.status_code < 300 and ("json" in kind or not kind):
        # Part of a good response: it may hold a token.
        return f"({len(response.content)} bytes, not shown)"
    text = " ".join(ending.without_secrets(response.text[:_LOOKED_AT]).split())
    if not text:
        return "(no body)"
    return text if len(text) <= _EXCERPT else text[:_EXCERPT] + " ..."


def _what_happened(ending: _Ending) -> str:
    response, fault = ending.attempt.response, ending.attempt.fault
    if fault is None:
        assert response is not None
        said = ending.attempt.details.message or _said_by_field(ending.attempt) or _excerpt(ending, response)
        return f"the server sent {response.status_code}: {logs.cut(ending.without_secrets(said))}"
    if isinstance(fault.cause, DeadlineError | PoolFullError | ResponseTooLargeError | UnexpectedStatusError):
        return str(fault.cause)
    cause = f"{type(fault.cause).__name__}: {fault.cause}" if str(fault.cause) else type(fault.cause).__name__
    cause = logs.cut(ending.without_secrets(cause))
    if ending.attempt.mismatch:
        return f"{response and response.status_code}, and {fault.cause}"
    if response is not None:
        kind = response.headers.get("content-type", "no content type")
        hint = "; check the base URL" if "html" in kind else ""
        body = f"a body that cannot be used ({cause}){hint}: {_excerpt(ending, response)}"
        return f"{response.status_code}, {kind}, with {body}"
    match fault.kind:
        case "connect":
            return f"no connection was established ({cause})"
        case "timeout":
            return f"the response did not arrive in time ({cause})"
        case "broken":
            return f"the connection was lost before the response was complete ({cause})"


def _connection_advice(settings: Settings, fault: Fault) -> str:
    cause = fault.cause
    if isinstance(cause, PoolFullError) or type(cause).__name__ == "PoolTimeout":
        return "No connection was free: make fewer calls at the same time, or inject a client with more connections"
    distrust = certificate_error(cause)
    if distrust is not None:
        # On trio the cause itself has no text.
        why = getattr(distrust, "verify_message", "") or str(distrust)
        return (
            f"The certificate of {settings.origin} is not trusted ({why}). If you use your own certificate "
            "authority, set SSL_CERT_FILE (REQUESTS_CA_BUNDLE is not read), or pass "
            "http_client=default_http_client(verify=...)"
        )
    if any(isinstance(one, ssl.SSLError) for one in chain(cause)):
        return (
            f"No TLS connection to {settings.origin} could be established: check that the server uses https on this "
            "port"
        )
    if type(cause).__name__ == "ProxyError":
        return (
            "The proxy refused the connection: check HTTP_PROXY, HTTPS_PROXY, ALL_PROXY and NO_PROXY, or the "
            "injected client's"
        )
    if fault.final:
        return "The error comes from this program's own transport or hooks, not from the network"
    proxy = _proxy_of(settings)
    if proxy:
        return f"Check that {settings.origin} can be reached through the proxy {proxy}, or add its host to NO_PROXY"
    return f"Check that {settings.origin} is the right address and can be reached"


def _proxy_of(settings: Settings) -> str | None:
    """The environment's proxy for the server, without user name and password, as the HTTP library chooses it."""
    from urllib.request import getproxies, proxy_bypass

    if settings.injected:
        return None
    proxies = getproxies()
    found = proxies.get(settings.base.scheme) or proxies.get("all")
    if found is None or proxy_bypass(settings.base.hostname or ""):
        return None
    parts = urlsplit(found if "://" in found else f"http://{found}")
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"
