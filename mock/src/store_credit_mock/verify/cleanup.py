"""Clearing up: what was made is deleted, or, where a system deletes nothing, let run out."""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime

from store_credit_mock.http_libraries import httpx
from store_credit_mock.systems.control_route import ControlError
from store_credit_mock.verify.created_records import REMOVABLE, CreatedRecord, CreatedRecords
from store_credit_mock.verify.scenarios import Target
from store_credit_mock.verify.scenarios.spree_crud import PLATFORM
from store_credit_mock.verify.scenarios.vinr_crud import PATH
from store_credit_mock.verify.transport import Wire

__all__ = ["clear"]

_SOON = 60
"""Seconds by the server's clock after which VINR's credit has run out."""


def clear(wire: Wire, made: CreatedRecords, target: Target, *, keep: bool = False) -> list[str]:
    """Undo and remove what can be; returns what is or may be left, a sentence for each kind.

    Args:
        wire: What to send with.
        made: What was made.
        target: The clients.
        keep: Undo, such as a clock that stands, but remove nothing.
    """
    wire.clearing = True
    left: list[str] = []
    for what, undo in reversed(made.undo.copy()):
        try:
            undo()
            made.undo.remove((what, undo))
        except (httpx.HTTPError, ControlError) as error:
            left.append(f"{what} ({error})")
    soon = max((thing.created for thing in made.left if thing.created is not None), default=0) + _SOON
    for resource in REMOVABLE:
        for thing in [thing for thing in made.left if thing.resource == resource]:
            if keep:
                thing.note = "kept, as --keep says"
                continue
            if wire.gone:
                thing.note = "the server does not answer any more"
                continue
            with contextlib.suppress(httpx.HTTPError):
                if resource == "vinr.store_credit":
                    _let_run_out(target, thing, soon)
                else:
                    # As long as an order stands, what it has used is not to be denied.
                    _delete(target, thing, reset=not made.undo)
    groups: dict[tuple[str, str], list[str]] = {}
    for thing in made.left:
        unnoted = "no response" if thing.resource in REMOVABLE else "verify has no way to remove it"
        groups.setdefault((thing.resource, thing.note or unnoted), []).append(thing.id)
    left.extend(f"{len(ids)} of {resource} ({note}): {', '.join(ids)}" for (resource, note), ids in groups.items())
    left.extend(
        f"perhaps {count} more of {resource}: as many requests to make one had no response that tells"
        for resource, count in made.doubtful.items()
    )
    return left


def _delete(target: Target, thing: CreatedRecord, *, reset: bool) -> None:
    assert target.spree is not None
    path = f"{PLATFORM}/{thing.resource.removeprefix('spree.')}/{thing.id}"
    answer = target.spree.delete(path)
    # 422 is what the document has; another server may refuse in another way.
    refused = answer.status_code == 422 or (thing.used and answer.status_code not in {204, 404})
    if refused and thing.resource == "spree.store_credits" and reset:
        target.spree.patch(path, json={"store_credit": {"amount_used": 0, "amount_authorized": 0}})
        answer = target.spree.delete(path)
    if answer.status_code == 404:
        thing.removed = True
    elif not thing.removed:
        thing.note = f"DELETE is answered with {answer.status_code}"


def _let_run_out(target: Target, thing: CreatedRecord, soon: int) -> None:
    assert target.vinr is not None
    answer = target.vinr.post(f"{PATH}/{thing.id}", json={"expires_at": soon})
    if answer.status_code == 200:
        at = datetime.fromtimestamp(soon, UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
        thing.note = f"VINR deletes none; they expire at {at}"
    else:
        thing.note = f"VINR deletes none, and a change of expires_at is answered with {answer.status_code}"
