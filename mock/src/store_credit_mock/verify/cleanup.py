"""Clearing up: what was made is deleted, or, where a system deletes nothing, let run out."""

from __future__ import annotations

import contextlib

from store_credit_mock.http_libraries import httpx
from store_credit_mock.systems.control_route import ControlError
from store_credit_mock.verify.created_records import CreatedRecords
from store_credit_mock.verify.scenarios.assertions import Target
from store_credit_mock.verify.systems import VerifiedSystem
from store_credit_mock.verify.transport import VerifyTransport

__all__ = ["clear"]


def clear(
    wire: VerifyTransport, made: CreatedRecords, system: VerifiedSystem, target: Target, *, keep: bool = False
) -> list[str]:
    """Undo and remove what can be; returns what is or may be left, a sentence for each kind.

    Args:
        wire: What to send with.
        made: What was made.
        system: How its records are removed.
        target: The client.
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
    removable = system.removable()
    for resource in removable:
        for thing in [thing for thing in made.left if thing.resource == resource]:
            if keep:
                thing.note = "kept because of --keep"
                continue
            if wire.gone:
                thing.note = "the server no longer responds"
                continue
            with contextlib.suppress(httpx.HTTPError):
                system.remove(target, thing, made)
    groups: dict[tuple[str, str], list[str]] = {}
    for thing in made.left:
        unnoted = "no response" if thing.resource in removable else "verify cannot remove it"
        groups.setdefault((thing.resource, thing.note or unnoted), []).append(thing.id)
    left.extend(f"{len(ids)} of {resource} ({note}): {', '.join(ids)}" for (resource, note), ids in groups.items())
    left.extend(
        f"perhaps {count} more of {resource}: this many requests to create one had no clear response"
        for resource, count in made.uncertain.items()
    )
    return left
