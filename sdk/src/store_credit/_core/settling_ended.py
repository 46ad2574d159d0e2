"""Finding out what became of a call on a server whose idempotency keys do not lock while a request runs.

Sending again while the first request runs would do it twice, so its end is waited for. Then the record is looked for,
over the whole list and not by a filter, which the server may ignore. Only where it is not there is the request sent
again, under the same key and from the same account: what has ended is replayed. No I/O here.

Sources: contract/spree-v3.md sections 2.1 and 7 (recorded: memo is not filterable, twins are both executed).
"""

from __future__ import annotations

from typing import Any, Final

from store_credit._core import codec
from store_credit._core.echoes import mismatches, moment
from store_credit._core.errors import NotFoundError, OutcomeUnknownError
from store_credit._core.operation import Call, Operation
from store_credit._core.server_time import surely_before
from store_credit._core.settings import Settings
from store_credit._core.settling_parts import Settling, age, has_account, member, named, repeat, search, undecided, wait
from store_credit._core.verdicts import json_object

__all__ = ["once_ended"]

_READINGS: Final = 5
"""How often a list is read that changes meanwhile."""
_MOST_PAGES: Final = 10_000


def once_ended(
    error: OutcomeUnknownError,
    operation: Operation,
    settings: Settings,
    grace: float,
    key_window: float,
    *,
    same_account: bool,
) -> Settling:
    """Wait for the first request's end, look for its record, and send it again where there is none.

    After the key's window, and with another credential of the account, it is only looked for.
    """
    sent = error.sent
    assert sent is not None
    same, secret = yield from has_account(settings, sent, operation, same_account=same_account)
    yield from wait(error, settings, grace)
    changed: list[Any] = []
    if operation.listing is not None:
        found, changed = yield from _look(error, operation, settings)
        if found is not None:
            return found
    if error.code in settings.system.spent_codes:
        advice = operation.if_lost or "Check whether it took effect"
        raise undecided(
            error, f"the call was resent and rejected with {error.code}, so its key cannot be used again. {advice}"
        )
    since = age(error, settings)
    if same and since < key_window:
        # A list in which it is not proves that it was not executed; without one only a replay proves anything.
        return (yield repeat(error, operation, secret, uncertain=operation.listing is None))
    if changed:
        found = f"{len(changed)} similar records may have had it before they were changed (error.candidates)"
        raise undecided(error, f"no record has the reference {error.reference!r}; {found}", changed)
    if operation.listing is not None:
        return None
    late = f"the call began {since / 3600:.1f} hours ago, and the server may have deleted its idempotency key"
    why = (
        late
        if same
        else "the call was sent with a different credential, whose idempotency keys do not apply to this one"
    )
    raise undecided(error, f"{why}: sending the call again might execute it twice. Check whether it took effect")


def _look(error: OutcomeUnknownError, operation: Operation, settings: Settings) -> Settling:
    """Find the record, None where a whole list does not have it; and those like it that may have lost its mark.

    Raises:
        OutcomeUnknownError: Several may be the one, or one that has its mark is another.
    """
    sent = error.sent
    assert sent is not None
    assert operation.listing is not None
    records = yield from _whole_list(error, named(operation.listing, settings), settings)
    call = Call(operation, sent.path, list(sent.query))
    call.body = None if sent.content is None else codec.decode(sent.content)
    since = moment(surely_before(error.started_at, by_server_clock=error.by_server_clock))
    recent = [one for one in records if not _is_older(json_object(one), since)]
    if not (error.reference or "").strip():
        alike = [one for one in recent if not mismatches(operation, call, json_object(one))]
        if alike:
            mark = ".".join(operation.reference or ("memo",))
            found = f"{len(alike)} records may be the right one (error.candidates, newest first)"
            raise undecided(error, f"the call has no {mark} to identify its record, so you must decide; {found}", alike)
        return None, []
    assert operation.reference is not None
    assert error.reference is not None
    place = next((one.response for one in operation.echoes if one.request == operation.reference), operation.reference)
    marked = [one for one in recent if _same_mark(member(json_object(one), place), error.reference)]
    if not marked:
        return None, [one for one in recent if _lost_its_mark(operation, call, json_object(one))]
    if len(marked) > 1:
        raise undecided(error, f"{len(marked)} records have the reference {error.reference!r}", marked)
    different = mismatches(operation, call, json_object(marked[0]))
    if different:
        why = "; ".join(str(one) for one in different)
        raise undecided(
            error, f"the record with the reference {error.reference!r} differs from the request: {why}", marked
        )
    return marked[0], []


def _lost_its_mark(operation: Operation, call: Call, record: Any) -> bool:
    """Whether a record is what a call would have made but for its mark, and was changed after it was made."""
    marks = {one.name for one in operation.echoes if one.request == operation.reference}
    changed = member(record, ("updated_at",)) != member(record, ("created_at",))
    return changed and {one.name for one in mismatches(operation, call, record)} <= marks


def _same_mark(kept: Any, sent: str) -> bool:
    # A server that trims what it keeps keeps the same mark.
    return isinstance(kept, str) and kept.strip() == sent.strip()


def _is_older(record: Any, since: Any) -> bool:
    """Whether a record was surely there before the call began."""
    created = moment(member(record, ("created_at",)))
    return created is not None and since is not None and created < since


def _whole_list(error: OutcomeUnknownError, listing: Operation, settings: Settings) -> Settling:
    """Read all pages, and again where records came or went meanwhile: a page that moved may have hidden one.

    Raises:
        OutcomeUnknownError: It never stood still, or is not valid.
    """
    sent = error.sent
    assert sent is not None
    tenant = [pair for pair in sent.headers if pair[0].lower() in settings.system.tenant_headers]
    for _ in range(_READINGS):
        found: dict[Any, Any] = {}
        counts: set[int] = set()
        number, pages = 1, 1
        while number <= min(pages, _MOST_PAGES):
            query = settings.system.list_query(number)
            try:
                page = yield from search(error, Call(listing, sent.path, query, None, list(tenant)))
            except OutcomeUnknownError as failed:
                if isinstance(failed.__cause__, NotFoundError) and failed.__cause__.code is not None:
                    # The API itself says that there is nobody whose list it would be.
                    return []
                raise
            try:
                pages, count = settings.system.list_extent(page.body)
            except ValueError as why:
                raise undecided(error, f"the server's list cannot be read to the end: {why}") from why
            counts.add(count)
            found |= {one.id: one for one in page.items}
            number += 1
        if counts == {len(found)}:
            return list(found.values())
    raise undecided(
        error,
        f"the list that would contain the record changed each of the {_READINGS} times it was read; settle the "
        "error again",
    )
