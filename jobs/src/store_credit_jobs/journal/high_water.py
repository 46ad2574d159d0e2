"""How far a journal has come, written outside of it: beside it in the workspace, and in the folder of its user.

A journal that comes out of a backup, lacks its write-ahead log or was copied is behind the mark, and is refused. It is
written when a runner begins, every few seconds while it commits, and when it ends, so that commits cost nothing more.
"""

from __future__ import annotations

import hashlib
import json
import os
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, cast

import attrs

from store_credit_jobs.addresses import is_of_this_machine
from store_credit_jobs.errors import JobsError
from store_credit_jobs.journal.origin import Origin

__all__ = ["Campaigns", "HighWater", "Mark", "state_folder"]

_NAME: Final = "journal.mark"


@attrs.frozen(slots=True)
class Mark:
    """A mark.

    Attributes:
        journal: The journal's id.
        counter: Its counter.
        began: When the journal was made, seconds since 1970.
        workspace: The folder that it was in.
    """

    journal: str
    counter: int
    began: float
    workspace: str


def state_folder() -> Path | None:
    """Give the folder in which this user's programs keep their state; None where there is none."""
    named = os.environ.get("XDG_STATE_HOME", "")
    try:
        return (Path(named) if Path(named).is_absolute() else Path.home() / ".local" / "state") / "store-credit"
    except RuntimeError:
        return None


class HighWater:
    """The marks of a journal.

    Args:
        folder: The workspace.
        origin: What the journal says of itself.
    """

    def __init__(self, folder: Path, origin: Origin) -> None:
        self._folder = folder
        self._origin = origin
        state = state_folder()
        self._here = folder / _NAME
        self._away = None if state is None else state / "journals" / f"{origin.journal}.json"

    @property
    def highest(self) -> int:
        """The highest counter that was written."""
        return max((mark.counter for mark in self._marks()), default=0)

    def behind(self) -> tuple[str, float] | None:
        """Say why the journal is not the newest one, and since when it may lack something; None where it is."""
        origin = self._origin
        for mark in self._marks():
            if mark.journal != origin.journal:
                return "this is not the journal that belongs to this workspace", mark.began
            if mark.counter > origin.counter:
                return (
                    (
                        f"this is an older copy: it has been marked {origin.counter} times, but {mark.counter} marks "
                        "are known"
                    ),
                    origin.at,
                )
        return None

    def write(self, counter: int) -> None:
        """Write both marks; the one in the user's folder as far as that can be written.

        Raises:
            OSError: The workspace cannot be written.
        """
        origin = self._origin
        mark = Mark(origin.journal, counter, origin.began, str(self._folder))
        if self._away is not None:
            with suppress(OSError):
                _write(self._away, attrs.asdict(mark))
        _write(self._here, attrs.asdict(mark))

    def _marks(self) -> list[Mark]:
        found = [_read(path) for path in (self._here, self._away) if path is not None]
        marks: list[Mark] = []
        for one in found:
            with suppress(TypeError):
                marks.append(Mark(**one))
        return marks


class Campaigns:
    """Which journal issues a campaign of an account, as far as this user knows: a second one would issue it again.

    A server on this machine is left out: it is a mock, which forgets what it has issued.

    Args:
        folder: The workspace.
        journal: The journal's id.
    """

    def __init__(self, folder: Path, journal: str) -> None:
        self._folder = folder
        self._journal = journal
        self._state = state_folder()

    def refuse_other(self, account: str, campaign: str) -> None:
        """Refuse a campaign that another journal issues.

        Raises:
            JobsError: `other_journal`.
        """
        found = self.other(account, campaign)
        if found is None:
            return
        place = Path(str(found.get("workspace")))
        exists = (place / "journal.db").exists()
        there = "which still exists: select it with --workspace" if exists else "which no longer exists"
        raise JobsError(
            "other_journal",
            f"campaign {campaign} of {account} was issued from the workspace {place}, {there}. This"
            " workspace has no record of what was issued, and would issue it again. Restore that workspace. If it has"
            f" been lost, run `store-credit jobs accept-restored --campaign {campaign}` instead; each row is then"
            " looked up before it is sent. Nothing was sent",
        )

    def other(self, account: str, campaign: str) -> dict[str, Any] | None:
        """Give what was written about a campaign that another journal issues."""
        path = self._path(account, campaign)
        found = {} if path is None else _read(path)
        return found if found.get("journal") not in (None, self._journal) else None

    def note(self, account: str, campaign: str, now: float) -> None:
        """Write that this journal issues a campaign, as far as the folder can be written."""
        path = self._path(account, campaign)
        if path is None or _read(path).get("journal") == self._journal:
            return
        told = {"account": account, "campaign": campaign, "journal": self._journal, "workspace": str(self._folder)}
        with suppress(OSError):
            _write(path, told | {"began": now})

    def _path(self, account: str, campaign: str) -> Path | None:
        if self._state is None or is_of_this_machine(account.partition("|")[2].rpartition("|")[0]):
            return None
        name = hashlib.sha256(f"{account}\x1f{campaign}".encode()).hexdigest()[:32]
        return self._state / "campaigns" / f"{name}.json"


def _read(path: Path) -> dict[str, Any]:
    """Give what a file says; nothing where it is not there, or is no file of ours."""
    try:
        found: Any = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return cast("dict[str, Any]", found) if isinstance(found, dict) else {}


def _write(path: Path, told: dict[str, Any]) -> None:
    """Write a file for its owner alone, whole or not at all."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}.new")
    try:
        with os.fdopen(os.open(draft, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "w", encoding="utf-8") as file:
            json.dump(told, file)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except OSError:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
        raise
