"""The snapshots of a workspace: for each account a folder with a chain of them.

Each snapshot's head holds the seal of the one before it, and a small file beside them the seal of the newest. So a
snapshot that was changed, replaced, put between two or taken out is noticed. Who may write to the folder can of course
write all of it anew: against that helps only a seal that was written down elsewhere (`audit chain --expect`).
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Generator, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final
from urllib.parse import quote

import attrs

from store_credit_jobs.config import Account
from store_credit_jobs.errors import JobsError, Problem
from store_credit_jobs.snapshots.export import Reading, head_of, read_into
from store_credit_jobs.snapshots.snapshot_file import Snapshot, SnapshotDraft, remove_abandoned, seconds_of, time_text
from store_credit_jobs.systems.system import System

__all__ = ["Chain", "SnapshotStore"]

_NEWEST: Final = "newest"


@attrs.frozen(slots=True)
class Chain:
    """An account's snapshots, and whether they are all there.

    Attributes:
        snapshots: The oldest first; those that do not belong to the chain are left out.
        problems: What is wrong with the chain; empty where it is whole.
    """

    snapshots: tuple[Snapshot, ...]
    problems: tuple[Problem, ...]


class SnapshotStore:
    """The snapshots in a workspace.

    Args:
        workspace: The workspace's folder; `snapshots` in it is made when the first one is added.
    """

    def __init__(self, workspace: Path) -> None:
        self._folder = workspace / "snapshots"

    def folder(self, account: Account) -> Path:
        """Give the folder of an account: another host or system under the same name is another account."""
        return self._folder / quote(account.identity, safe="@+=,").replace("%7C", "_")

    def add(self, system: System, account: Account, how: Reading | None = None) -> Snapshot:
        """Read all credits of an account, and add them to its chain.

        Two that do this at once both read, and are added one after the other.

        Raises:
            JobsError: What `SnapshotDraft` raises.
            StoreCreditError: The server does not answer as it should.
        """
        how = how or Reading()
        folder = self.folder(account)
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            text = f"{folder}: {error.strerror}: no snapshot was created"
            raise JobsError("snapshot_not_written", text) from None
        remove_abandoned(folder)
        started = time_text(how.clock())
        with SnapshotDraft(folder, started) as draft:
            ledger = read_into(draft, system, account, how)
            ended = time_text(how.clock())
            with _locked(folder):
                previous = self._last_seal(account)
                made = draft.seal(head_of(account, draft, started, ended, ledger, previous))
                _write_newest(folder, made.sha256)
        return made

    def chain(self, account: Account, *, check: bool = False) -> Chain:
        """Put an account's snapshots in their order, and look whether one is missing.

        Args:
            account: Whose.
            check: Also check every byte of each of them.
        """
        folder = self.folder(account)
        problems: list[Problem] = []
        found: dict[str, Snapshot] = {}
        for path in sorted(folder.glob("*.jsonl")):
            if path.name.startswith("."):
                continue
            try:
                snapshot = Snapshot.open(path) if check else Snapshot.peek(path)
            except JobsError as error:
                problems.append(Problem(error.code, error.message))
                continue
            if snapshot.head.identity != account.identity:
                text = f"it belongs to another account, {snapshot.head.identity!r}: remove it"
                problems.append(Problem("snapshot_foreign", text, str(path)))
            elif snapshot.sha256 in found:
                text = f"it is the same as {found[snapshot.sha256].path.name}: remove one of them"
                problems.append(Problem("snapshot_double", text, str(path)))
            else:
                found[snapshot.sha256] = snapshot
        ordered = _in_order(found, problems)
        problems.extend(_newest_problems(_read_newest(folder), found, ordered, folder))
        return Chain(tuple(ordered), tuple(problems))

    def newest(self, account: Account) -> Snapshot | None:
        """Give an account's newest snapshot, None where there is none; it is checked."""
        found = self.chain(account).snapshots
        return Snapshot.open(found[-1].path) if found else None

    def as_of(self, account: Account, at: float) -> Snapshot | None:
        """Give the last snapshot that had ended at a time (seconds since 1970), or None; it is checked."""
        found = [one for one in self.chain(account).snapshots if seconds_of(one.head.ended) <= at]
        return Snapshot.open(found[-1].path) if found else None

    def _last_seal(self, account: Account) -> str | None:
        chain = self.chain(account)
        told = _read_newest(self.folder(account))
        # Where the newest one was taken away, the next one points to it all the same, so that the gap stays visible.
        if told is not None and told not in {one.sha256 for one in chain.snapshots}:
            return told
        return chain.snapshots[-1].sha256 if chain.snapshots else None


def _in_order(found: dict[str, Snapshot], problems: list[Problem]) -> list[Snapshot]:
    after: dict[str | None, list[Snapshot]] = {}
    for snapshot in sorted(found.values(), key=lambda one: seconds_of(one.head.ended)):
        before = snapshot.head.previous
        after.setdefault(before if before in found else None, []).append(snapshot)
    ordered: list[Snapshot] = []
    first = True
    for start in after.get(None, []):
        if start.head.previous is not None:
            text = f"the snapshot before it, with the seal {start.head.previous}, is missing or damaged"
            problems.append(Problem("snapshot_removed", text, str(start.path)))
        elif not first:
            text = "it begins a second chain for the account, or the snapshots before it were replaced"
            problems.append(Problem("snapshot_second_chain", text, str(start.path)))
        first = False
        waiting = [start]
        while waiting:
            snapshot = waiting.pop(0)
            ordered.append(snapshot)
            next_ones = after.get(snapshot.sha256, [])
            problems.extend(
                Problem(
                    "snapshot_fork", f"it has the same place in the chain as {next_ones[0].path.name}", str(other.path)
                )
                for other in next_ones[1:]
            )
            waiting.extend(next_ones)
    return ordered


def _newest_problems(
    told: str | None, found: dict[str, Snapshot], ordered: list[Snapshot], folder: Path
) -> Iterator[Problem]:
    place = str(folder / _NEWEST)
    if told is None:
        # A process that died between the first snapshot and this file leaves one snapshot and no file.
        if len(ordered) > 1:
            yield Problem("snapshot_newest", "the file that names the newest snapshot is missing", place)
    elif told not in found:
        yield Problem("snapshot_removed", f"the newest snapshot, with the seal {told}, is missing or damaged", place)
    elif told not in (ordered[-1].sha256, ordered[-1].head.previous):
        text = "it names a snapshot that is not the newest: the file was replaced, or snapshots were added later"
        yield Problem("snapshot_newest", text, place)


def _read_newest(folder: Path) -> str | None:
    try:
        return (folder / _NEWEST).read_text("ascii").strip() or None
    except (OSError, UnicodeDecodeError):
        return None


def _write_newest(folder: Path, sha256: str) -> None:
    draft = folder / f".{_NEWEST}"
    try:
        with draft.open("w", encoding="ascii") as file:
            file.write(f"{sha256}\n")
            file.flush()
            os.fsync(file.fileno())
        draft.replace(folder / _NEWEST)
    except OSError as error:
        text = (
            f"{folder / _NEWEST}: {error.strerror}: the snapshot was created, but the next `audit chain` will report "
            "a problem"
        )
        raise JobsError("snapshot_not_written", text) from None
    finally:
        with suppress(OSError):
            draft.unlink(missing_ok=True)


@contextmanager
def _locked(folder: Path) -> Generator[None]:
    with (folder / ".lock").open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
