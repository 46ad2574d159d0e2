"""What every way of settling an unknown outcome is made of. No I/O here: generators that ask their driver."""

from __future__ import annotations

from collections.abc import Generator
from importlib import import_module
from typing import Any, Final, TypeAlias

from store_credit._core import codec, logs
from store_credit._core.actions import AskToken, Wait
from store_credit._core.credentials import Secret
from store_credit._core.errors import PROCESS, ConfigurationError, OutcomeUnknownError, StoreCreditError
from store_credit._core.operation import Call, Operation
from store_credit._core.sent_request import SentRequest
from store_credit._core.settings import Settings

__all__ = ["Settling", "age", "has_account", "member", "named", "operation_of", "repeat", "search", "undecided", "wait"]

Settling: TypeAlias = Generator[Call | Wait | AskToken, Any, Any]

_CLOCKS_DIFFER: Final = 300.0
"""Seconds by which the clocks of two machines may differ."""


def wait(error: OutcomeUnknownError, settings: Settings, grace: float) -> Settling:
    """Wait until the call's last request cannot be running any more."""
    since = (settings.clock.now() - error.ended_at).total_seconds()
    if error.made_in != PROCESS:
        # The clock of another machine may be behind this one's.
        since -= _CLOCKS_DIFFER
    # A clock that was put back must not make the wait endless.
    left = grace - max(0.0, since)
    if left > 0:
        yield Wait(left)


def search(error: OutcomeUnknownError, call: Call) -> Settling:
    """Look for records. An error of the search says nothing about the call, and must not be taken for its refusal."""
    try:
        return (yield call)
    except StoreCreditError as failed:
        raise undecided(error, f"the look-up failed: {failed}") from failed


def undecided(error: OutcomeUnknownError, why: str, candidates: list[Any] | None = None) -> OutcomeUnknownError:
    """Make the error of an outcome that stays unknown. `candidates`: records that may be the one."""
    state = {**error.__dict__, "candidates": tuple(candidates or ())}
    text = logs.shown(f"{error.operation}: the outcome is still unknown: {why}")
    made = OutcomeUnknownError(text, started_at=error.started_at, ended_at=error.ended_at, sent=error.sent)
    made.__dict__.update(state, message=text)
    return made


def has_account(settings: Settings, sent: SentRequest, operation: Operation, *, same_account: bool) -> Settling:
    """Whether the client's credential is the one that the call was sent with, and what to pass to `repeat` for it.

    Of a client that holds several, those are found that the call was sent with, even if another call would be sent
    with others of them: the second is None where nothing must be chosen.

    Raises:
        ConfigurationError: It is another, and nobody says that it is of the same account.
    """
    current = settings.credential.known_for(None, operation.security) or settings.credential.current
    if current is None and settings.credential.renewable:
        # Asked now: a function may give the key of another account.
        current = yield AskToken(None)
    if current is None:
        return True, None
    fingerprint = settings.system.fingerprint
    if fingerprint(current.sent_with(operation.security)) == sent.credential:
        return True, None
    for each in current.alternatives(operation.security):
        if fingerprint(each) == sent.credential:
            return True, each
    if not same_account:
        raise ConfigurationError(
            "the call was sent with a different credential. An idempotency key is valid only within one account: "
            "settle the call with a client for the account that made it. If only its API key was replaced, pass "
            "same_account=True"
        )
    return False, None


def repeat(error: OutcomeUnknownError, operation: Operation, secret: Secret | None, *, uncertain: bool) -> Call:
    """Make the call that sends a request again, under the key it was sent with.

    Args:
        error: The error about it.
        operation: What it calls.
        secret: What `has_account` found to send it with.
        uncertain: It may have been executed: only what proves that it was not is a refusal of it.
    """
    sent = error.sent
    assert sent is not None
    call = Call(operation, sent.path, list(sent.query), None, list(sent.headers), sent.idempotency_key)
    if sent.content is not None and operation.echoes:
        call.body = codec.decode(sent.content)
    call.content = sent.content
    call.secret = secret
    call.settles = error
    call.uncertain = uncertain
    return call


def age(error: OutcomeUnknownError, settings: Settings) -> float:
    """Seconds since a call began: the most that a clock shows. Each may have been put back, but hardly both.

    A clock is compared with itself alone, so that a server whose clock is days away keeps its keys as long as any. An
    error from another process may come from a machine with another clock: then every comparison counts.
    """
    now = settings.clock.now()
    server = settings.server_time.at(settings.clock.monotonic())
    ages = [(now - error.ended_at).total_seconds() + error.elapsed]
    if server is not None:
        ages.append((server - error.started_at).total_seconds())
    if error.made_in != PROCESS:
        ages.append((now - error.started_at).total_seconds())
    return max(ages)


def operation_of(sent: SentRequest, settings: Settings) -> Operation:
    """The operation that a request called."""
    if " " in sent.operation:
        # A raw request: no method of a client stands behind it.
        return Operation(
            sent.operation,
            sent.method,
            sent.path.partition("?")[0],
            credential=sent.scheme,
            accept=b"*/*",
            keyed=True,
            creates=sent.method == "POST",
            security=() if sent.scheme is None else settings.system.security,
            unlocked=settings.system.unlocked_keys,
        )
    return named(sent.operation, settings)


def named(operation_id: str, settings: Settings) -> Operation:
    """A generated operation by its id."""
    tag, _, name = operation_id.rpartition(".")
    module = import_module(f"{settings.system.package}.api.{tag.replace('.', '_')}")
    return getattr(module, f"_{name.upper()}")


def member(value: Any, path: tuple[str, ...]) -> Any:
    """What members lead to, None where one is missing."""
    for name in path:
        value = value.get(name) if codec.is_object(value) else None
    return value
