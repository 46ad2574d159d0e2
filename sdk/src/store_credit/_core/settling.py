"""Finding out what became of a call whose outcome is unknown. No I/O here: a generator that asks its driver.

Whatever goes wrong on the way leaves the outcome as unknown as it was, and is told as that: an error of the search, or
of sending the call again, taken for its refusal would have the caller do it twice. Only a record, a whole search that
found none, and a refusal that proves that nothing was executed settle it.

Sources: contract/vinr.md section 7 and decision 51 (a key lives 24 hours, a stored refusal is replayed); design/jobs.md
0.1 (looking while the request still runs finds nothing, and doubles).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from store_credit._core import codec
from store_credit._core.actions import AskToken, Wait
from store_credit._core.echoes import mismatches
from store_credit._core.errors import (
    ConfigurationError,
    InvalidArgumentError,
    OutcomeUnknownError,
    StoreCreditError,
)
from store_credit._core.id_order import next_after
from store_credit._core.operation import Call, Operation
from store_credit._core.sent_request import SentRequest
from store_credit._core.settings import Settings
from store_credit._core.settling_ended import once_ended
from store_credit._core.settling_parts import (
    Settling,
    age,
    has_account,
    member,
    named,
    operation_of,
    repeat,
    search,
    undecided,
    wait,
)
from store_credit._core.verdicts import json_object

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from store_credit._core.async_transport import AsyncTransport
    from store_credit._core.credentials import Credential
    from store_credit._core.transport import SyncTransport

__all__ = ["Settling", "drive", "drive_async", "settle"]

_PER_PAGE: Final = 100


def settle(
    error: OutcomeUnknownError, settings: Settings, grace: float, key_window: float, *, same_account: bool
) -> Settling:
    """Say what became of the call that an error is about: its record, or None if it surely did not happen."""
    if not isinstance(error, OutcomeUnknownError):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise InvalidArgumentError(f"settle() expects an OutcomeUnknownError, not a {type(error).__name__}")
    sent = error.sent
    if sent is None:
        raise InvalidArgumentError(
            "this error does not contain the request that was sent, so it cannot be settled: the error was created "
            "by hand, or the request contains a credential, such as a sign-in password"
        )
    if sent.origin != settings.origin + settings.path_prefix:
        raise ConfigurationError(f"the call was sent to {sent.origin}, but this client uses a different server")
    operation = operation_of(sent, settings)
    if sent.idempotency_key is not None and operation.unlocked:
        return (yield from once_ended(error, operation, settings, grace, key_window, same_account=same_account))
    if sent.idempotency_key is not None:
        return (yield from _by_key(error, operation, settings, key_window, same_account=same_account))
    if operation.reference is None or error.reference is None or operation.lookup is None:
        candidates: list[Any] = []
        if operation.lookup is not None:
            listing, _, _ = operation.lookup
            yield from wait(error, settings, grace)
            page = yield from search(error, _list(listing, error.lookup.get("filter", {}), "-id", settings))
            candidates = page.items
        found = f"; {len(candidates)} records may be the right one (error.candidates)" if candidates else ""
        why = f"the call has neither an idempotency key nor a reference= to search for, so you must decide{found}"
        raise undecided(error, why, candidates)
    yield from wait(error, settings, grace)
    return (yield from _by_reference(error, sent, operation, settings))


def _by_key(
    error: OutcomeUnknownError, operation: Operation, settings: Settings, key_window: float, *, same_account: bool
) -> Settling:
    sent = error.sent
    assert sent is not None
    since = age(error, settings)
    if since >= key_window:
        raise undecided(
            error,
            f"the call began {since / 3600:.1f} hours ago, and the server may have deleted its idempotency key "
            f"{sent.idempotency_key!r}: sending the call again might execute it twice. Check whether it took effect",
        )
    _, secret = yield from has_account(settings, sent, operation, same_account=same_account)
    return (yield repeat(error, operation, secret, uncertain=True))


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
        page = yield from search(error, call)
        if not page.items:
            break
        marked += [one for one in page.items if member(json_object(one), place) == error.reference]
        assert call.operation.walk is not None
        try:
            last = next_after(call, call.operation.walk, page.items)
        except ValueError as why:
            raise undecided(error, f"the records in the server's list cannot be ordered by id: {why}", marked) from why
    if not marked:
        return None
    if len(marked) > 1:
        raise undecided(error, f"{len(marked)} records have the reference {error.reference!r}", marked)
    call = Call(operation, sent.path, list(sent.query))
    call.body = None if sent.content is None else codec.decode(sent.content)
    different = mismatches(operation, call, json_object(marked[0]))
    if different:
        why = "; ".join(str(one) for one in different)
        raise undecided(
            error, f"the record with the reference {error.reference!r} differs from the request: {why}", marked
        )
    return marked[0]


def _list(operation_id: str, wanted: dict[str, Any], sort: str, settings: Settings) -> Call:
    operation = named(operation_id, settings)
    query = [(f"filter[{key}]", str(value)) for key, value in wanted.items()]
    return Call(operation, operation.route, [*query, ("sort", sort), ("per_page", str(_PER_PAGE))])


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
