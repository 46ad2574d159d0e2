"""Finding out what became of a call whose outcome is unknown. No I/O here: a generator that asks its driver.

Whatever goes wrong on the way leaves the outcome as unknown as it was, and is told as that: an error of the search, or
of sending the call again, taken for its refusal would have the caller do it twice. Only a record, a whole search that
found none, and a refusal that proves that nothing was executed settle it.

Sources: contract/vinr.md section 7 and decision 51 (a key lives 24 hours, a stored refusal is replayed); design/jobs.md
0.1 (looking while the request still runs finds nothing, and doubles).
"""

from __future__ import annotations

from collections.abc import Generator
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from store_credit._core import codec, logs
from store_credit._core.actions import AskToken, Wait
from store_credit._core.echoes import mismatches
from store_credit._core.errors import (
    PROCESS,
    ConfigurationError,
    InvalidArgumentError,
    OutcomeUnknownError,
    StoreCreditError,
)
from store_credit._core.id_order import next_after
from store_credit._core.operation import Call, Operation
from store_credit._core.sent_request import SentRequest
from store_credit._core.settings import Settings
from store_credit._core.verdicts import json_object

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from store_credit._core.async_transport import AsyncTransport
    from store_credit._core.credentials import Credential
    from store_credit._core.transport import SyncTransport

__all__ = ["Settling", "drive", "drive_async", "settle"]

_PER_PAGE: Final = 100

Settling: TypeAlias = Generator[Call | Wait | AskToken, Any, Any]


def settle(
    error: OutcomeUnknownError, settings: Settings, grace: float, key_window: float, *, same_account: bool
) -> Settling:
    """Say what became of the call that an error is about: its record, or None where it surely did not happen."""
    if not isinstance(error, OutcomeUnknownError):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise InvalidArgumentError(f"settle() takes an OutcomeUnknownError, not a {type(error).__name__}")
    sent = error.sent
    if sent is None:
        raise InvalidArgumentError("this error holds no request that was sent, so that there is nothing to settle")
    if sent.origin != settings.origin + settings.path_prefix:
        raise ConfigurationError(f"the call went to {sent.origin}, and this client talks to another server")
    if sent.idempotency_key is not None:
        return (yield from _by_key(error, sent, settings, key_window, same_account=same_account))
    operation = _operation(sent, settings)
    if operation.reference is None or error.reference is None or operation.lookup is None:
        candidates: list[Any] = []
        if operation.lookup is not None:
            listing, _, _ = operation.lookup
            yield from _wait(error, settings, grace)
            page = yield from _search(error, _list(listing, error.lookup.get("filter", {}), "-id", settings))
            candidates = page.items
        found = f"; {len(candidates)} records, newest first, may be the one (error.candidates)" if candidates else ""
        why = f"it carries neither an idempotency key nor a reference= to look for, so that you decide{found}"
        raise _undecided(error, why, candidates)
    yield from _wait(error, settings, grace)
    return (yield from _by_reference(error, sent, operation, settings))


def _by_key(
    error: OutcomeUnknownError, sent: SentRequest, settings: Settings, key_window: float, *, same_account: bool
) -> Settling:
    age = _age(error, settings)
    if age >= key_window:
        raise _undecided(
            error,
            f"the call began {age / 3600:.1f} hours ago, and the server may have forgotten its idempotency key "
            f"{sent.idempotency_key!r}: sending it again might execute it twice. Look for its effect",
        )
    current = settings.credential.current
    if current is None and settings.credential.renewable:
        # Asked now: a function may give the key of another account.
        current = yield AskToken(None)
    if not same_account and current is not None and current.fingerprint != sent.credential:
        raise ConfigurationError(
            "this client's credential is not the one the call was sent with. An idempotency key holds within one "
            "account: settle with a client of that account, and pass same_account=True where its key was replaced"
        )
    call = Call(_operation(sent, settings), sent.path, list(sent.query), None, list(sent.headers), sent.idempotency_key)
    if sent.content is not None and call.operation.echoes:
        call.body = codec.decode(sent.content)
    call.content = sent.content
    call.settles = error
    # It may have been executed: only what proves that it was not is a refusal of it.
    call.uncertain = True
    return (yield call)


def _age(error: OutcomeUnknownError, settings: Settings) -> float:
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


def _by_reference(error: OutcomeUnknownError, sent: SentRequest, operation: Operation, settings: Settings) -> Settling:
    """Go through all records that may be the one, and compare the mark itself."""
    assert operation.lookup is not None
    listing, names, since = operation.lookup
    place = next(echo.response for echo in operation.echoes if echo.request == operation.reference)
    # The first id that the record repeats is its owner's: exact, where a text or an amount may be stored otherwise.
    owner = next(echo.name for echo in operation.echoes if echo.kind == "id" and echo.name in names)
    kept = (f"{owner}_eq", since)
    looked_for: dict[str, Any] = error.lookup["filter"]
    wanted = {name: value for name, value in looked_for.items() if name in kept}
    marked: list[Any] = []
    last = "0"
    while True:
        call = _list(listing, {**wanted, "id_gt": last}, "id", settings)
        page = yield from _search(error, call)
        if not page.items:
            break
        marked += [one for one in page.items if _member(json_object(one), place) == error.reference]
        assert call.operation.walk is not None
        try:
            last = next_after(call, call.operation.walk, page.items)
        except ValueError as why:
            raise _undecided(error, f"the server's list cannot be gone through by id: {why}", marked) from why
    if not marked:
        return None
    if len(marked) > 1:
        raise _undecided(error, f"{len(marked)} records carry the reference {error.reference!r}", marked)
    call = Call(operation, sent.path, list(sent.query))
    call.body = None if sent.content is None else codec.decode(sent.content)
    different = mismatches(operation, call, json_object(marked[0]))
    if different:
        why = "; ".join(str(one) for one in different)
        raise _undecided(error, f"the record with the reference {error.reference!r} is another one: {why}", marked)
    return marked[0]


def _search(error: OutcomeUnknownError, call: Call) -> Settling:
    """Look for records. An error of the search says nothing about the call, and must not be taken for its refusal."""
    try:
        return (yield call)
    except StoreCreditError as failed:
        raise _undecided(error, f"looking for it failed: {failed}") from failed


def _wait(error: OutcomeUnknownError, settings: Settings, grace: float) -> Settling:
    # A clock that was put back must not make the wait endless.
    left = grace - max(0.0, (settings.clock.now() - error.ended_at).total_seconds())
    if left > 0:
        yield Wait(left)


def _undecided(error: OutcomeUnknownError, why: str, candidates: list[Any] | None = None) -> OutcomeUnknownError:
    state = {**error.__dict__, "candidates": tuple(candidates or ())}
    text = logs.shown(f"{error.operation}: the outcome stays unknown: {why}")
    undecided = OutcomeUnknownError(text, started_at=error.started_at, ended_at=error.ended_at, sent=error.sent)
    undecided.__dict__.update(state, message=text)
    return undecided


def _operation(sent: SentRequest, settings: Settings) -> Operation:
    if " " in sent.operation:
        # A raw request: no method of a client stands behind it.
        return Operation(
            sent.operation, sent.method, sent.path, credential=sent.scheme, accept=b"*/*", keyed=True, creates=True
        )
    return _named(sent.operation, settings)


def _named(operation_id: str, settings: Settings) -> Operation:
    tag, _, name = operation_id.rpartition(".")
    module = import_module(f"{settings.system.package}.api.{tag.replace('.', '_')}")
    return getattr(module, f"_{name.upper()}")


def _list(operation_id: str, wanted: dict[str, Any], sort: str, settings: Settings) -> Call:
    operation = _named(operation_id, settings)
    query = [(f"filter[{key}]", str(value)) for key, value in wanted.items()]
    return Call(operation, operation.route, [*query, ("sort", sort), ("per_page", str(_PER_PAGE))])


def _member(value: Any, path: tuple[str, ...]) -> Any:
    for name in path:
        value = value.get(name) if codec.is_object(value) else None
    return value


def drive(steps: Settling, call: Callable[[Call], Any], transport: SyncTransport, credential: Credential) -> Any:
    """Do what settling asks for, blocking."""
    try:
        action = next(steps)
        while True:
            if isinstance(action, Wait):
                transport.sleep(action.seconds)
                action = next(steps)
            elif isinstance(action, AskToken):
                action = steps.send(transport.token(credential, action))
            else:
                try:
                    result = call(action)
                except StoreCreditError as error:
                    action = steps.throw(error)
                else:
                    action = steps.send(result)
    except StopIteration as stop:
        return stop.value


async def drive_async(
    steps: Settling, call: Callable[[Call], Awaitable[Any]], transport: AsyncTransport, credential: Credential
) -> Any:
    """Do what settling asks for, awaited."""
    try:
        action = next(steps)
        while True:
            if isinstance(action, Wait):
                await transport.sleep(action.seconds)
                action = next(steps)
            elif isinstance(action, AskToken):
                action = steps.send(await transport.token(credential, action))
            else:
                try:
                    result = await call(action)
                except StoreCreditError as error:
                    action = steps.throw(error)
                else:
                    action = steps.send(result)
    except StopIteration as stop:
        return stop.value
