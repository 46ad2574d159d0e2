"""Which snapshot an audit is made of: a file, one of the workspace, or one that is read from the server now."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

import attrs

from store_credit_jobs.audit.report import Note
from store_credit_jobs.config import Account
from store_credit_jobs.errors import JobsError
from store_credit_jobs.snapshots.snapshot_file import Snapshot, SnapshotHead, seconds_of, time_text
from store_credit_jobs.snapshots.store import SnapshotStore

__all__ = ["Source", "source_from_file", "source_from_workspace", "tells_the_past"]

_LEDGERS: Final = {"spree-v2", "spree-v3"}


@attrs.frozen(slots=True)
class Source:
    """A snapshot, and what is around it.

    Attributes:
        snapshot: What is added up.
        history: The heads of the account's snapshots, the oldest first.
        earlier: The last snapshot that had ended at the time in question, where that is another one.
        notes: What a reader has to know of it.
    """

    snapshot: Snapshot
    history: tuple[SnapshotHead, ...] = ()
    earlier: Snapshot | None = None
    notes: tuple[Note, ...] = ()


def source_from_file(path: Path) -> Source:
    """Take a file."""
    return Source(Snapshot.open(path))


def tells_the_past(account: Account) -> bool:
    """Whether an account's system keeps ledgers: Spree's API v2, and v3 from the ledger on, which came with 6.0."""
    if account.system == "spree-v3":
        server = account.server or "5"
        return server.endswith("+ledger") or ("-" not in server and int(server.partition(".")[0]) >= 6)
    return account.system in _LEDGERS


def source_from_workspace(
    store: SnapshotStore, account: Account, as_of: float | None, read: Callable[[], Snapshot] | None
) -> Source:
    """Take a snapshot of an account's own.

    Args:
        store: The workspace's snapshots.
        account: Whose.
        as_of: The time in question, in seconds since 1970, or None for now.
        read: Reads a new one from the server and adds it to the store; None where no server is to be asked.

    Raises:
        JobsError: `no_snapshot`: there is none from before that time, or none at all; or what reading one raises.
    """
    past = as_of is not None and not tells_the_past(account)
    if past and as_of is not None:
        # What was not kept then cannot be found out now: nothing is asked.
        found = store.as_of(account, as_of)
        if found is None:
            raise JobsError("no_snapshot", _none_before(store, account, as_of))
    else:
        found = store.newest(account) if read is None else read()
        if found is None:
            text = (
                f"there is no snapshot of {account.name} in {store.folder(account)}: to create one, leave out --stored"
            )
            raise JobsError("no_snapshot", text)
    chain = store.chain(account)
    earlier = None
    if as_of is not None and as_of < seconds_of(found.head.started):
        earlier = store.as_of(account, as_of)
    notes: tuple[Note, ...] = ()
    if chain.problems:
        text = f"The chain of snapshots has {len(chain.problems)} problems: run `store-credit audit chain`"
        notes = (Note("chain_broken", text),)
    return Source(found, tuple(one.head for one in chain.snapshots), earlier, notes)


def _none_before(store: SnapshotStore, account: Account, as_of: float) -> str:
    kept = store.chain(account).snapshots
    first = f"the first one was completed at {kept[0].head.ended}" if kept else "there is none at all"
    return (
        f"{account.name}: {account.system} does not report past states. This needs a snapshot from before "
        f"{time_text(as_of)}, but {first}. To have snapshots, run `store-credit audit` regularly"
    )
