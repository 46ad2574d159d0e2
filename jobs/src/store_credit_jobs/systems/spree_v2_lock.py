"""A lock on the server itself, for two machines that might issue one campaign on Spree v2, which has no keys.

Each makes a category of the same name, and the one with the lowest id goes on. It looks twice: a category whose request
was slower may have a lower id and come to light only after the first look.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import contextmanager

from store_credit import SpreeClient, StoreCreditError
from store_credit_jobs.errors import JobsError
from store_credit_jobs.exit_codes import ExitCode
from store_credit_jobs.systems.http import Http

__all__ = ["server_lock"]


@contextmanager
def server_lock(
    client: SpreeClient, http: Http, campaign: str, grace: float, stopped: Callable[[], bool]
) -> Generator[None]:
    """Hold a campaign's lock.

    A runner that is killed leaves its category behind; the next one is told which.

    Args:
        client: A client that never sends again by itself.
        http: Its HTTP client.
        campaign: The campaign.
        grace: Seconds after which a request has ended.
        stopped: Whether to stop waiting.

    Raises:
        JobsError: `server_locked`, another runner has it; `server_lock_failed`, no category could be made or removed;
            `interrupted`.
    """
    name = f"store-credit lock {campaign}"
    try:
        with http.writing():
            own = client.store_credit_categories.create(name=name).id
    except StoreCreditError as error:
        text = f"the category {name!r}, which serves as the lock, could not be created: {error.message}"
        raise JobsError("server_lock_failed", f"{text}. If the category exists, delete it") from None
    try:
        _look(client, name, own)
        if not http.clock.wait(grace, stopped):
            raise JobsError("interrupted", "stopped while waiting for the lock", exit_code=ExitCode.INTERRUPTED)
        _look(client, name, own)
        yield
    except BaseException as error:
        why = _remove(client, http, own)
        if why is not None:
            error.add_note(f"the lock was not removed: delete the category {own} ({name}): {why}")
        raise
    why = _remove(client, http, own)
    if why is not None:
        text = f"the lock could not be removed: delete the category {own} ({name}) in Spree: {why}"
        raise JobsError("server_lock_failed", text)


def _look(client: SpreeClient, name: str, own: str) -> None:
    listed = client.store_credit_categories.list(filter={"name_eq": name})
    # A server ignores a filter that it does not know.
    first = min((one for one in listed if one.name == name), key=lambda one: int(one.id), default=None)
    if first is not None and int(first.id) < int(own):
        since = first.created_at.isoformat(timespec="seconds")
        text = f"another runner has held the lock since {since}: the category {first.id} ({name})"
        advice = "If that runner has ended, delete the category in Spree"
        raise JobsError("server_locked", f"{text}. {advice}", exit_code=ExitCode.LOCKED)


def _remove(client: SpreeClient, http: Http, own: str) -> str | None:
    try:
        with http.writing():
            client.store_credit_categories.delete(own)
    except StoreCreditError as error:
        return error.message
    return None
