"""The recorded scripts of Spree API v3: one for each server, in the order in which they were run on one database."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, cast

from store_credit_mock.recording import RecordingError

__all__ = ["SERVERS", "Script", "Server", "Step", "is_script", "read_script"]


@dataclass(frozen=True, slots=True)
class Server:
    """A server that was recorded.

    Attributes:
        suffix: What names of its files end with.
        profile: The profile of the mock that plays it.
        inherits: The suffix of the server whose responses are its own where it has no file.
        overlay: The suffix of the same server with further files, and the profile of that.
    """

    suffix: str
    profile: str
    inherits: str | None = None
    overlay: tuple[str, str] | None = None

    @property
    def suffixes(self) -> Mapping[str, str]:
        """The profile of each suffix its files may have."""
        return {self.suffix: self.profile} | ({} if self.overlay is None else dict([self.overlay]))


SERVERS: Final = (
    Server("spree554", "5.5", inherits="spree561"),
    Server("spree561", "5.6"),
    Server("spree600alpha", "6.0-alpha", overlay=("spree600alpha_overlay", "6.0-alpha+ledger")),
)

_CUT: Final = re.compile(r"(.+?)\.\.\. \((\d+) characters\)", re.DOTALL)
_CALLS: Final = re.compile(r"\((\d+) calls sent\)")


@dataclass(frozen=True, slots=True)
class Step:
    """One step.

    Attributes:
        run: The suffix of the server it ran on.
        script: `steps`, `steps_overlay`, `steps_hooks` or `steps_extra`.
        number: From 1 in its script.
        name: Of its files, without the suffix.
        meaning: What it does.
        caller: Whose credentials it sends; a name of `initial_state.as`.
        method: In capitals; empty where nothing was sent.
        path: With placeholders.
        query: As one text, with placeholders.
        headers: As recorded; None takes a header away.
        body: JSON value or raw text, with placeholders; None for no body.
        saves: The place in the response by the name it is kept under.
        statuses: What was answered: one status, or one for each twin.
        recorded: Whether there is a file of it.
        twins: How many times it was sent at the same moment.
        partner: The path of another request sent at the same moment.
        until_refused: Whether it was sent again and again until it was refused.
        calls: How many times that was, or the recording gave up; 0 if that is not known.
        locked: What row another session held meanwhile: `cart` or `order`.
        back_office: What was done without a request.
    """

    run: str
    script: str
    number: int
    name: str
    meaning: str
    caller: str
    method: str
    path: str
    query: str
    headers: Mapping[str, str | None]
    body: Any
    saves: Mapping[str, str]
    statuses: tuple[int, ...]
    recorded: bool
    twins: int = 1
    partner: str | None = None
    until_refused: bool = False
    calls: int = 0
    locked: str | None = None
    back_office: str | None = None

    def __str__(self) -> str:
        return f"{self.script} {self.number}, {self.name}"


@dataclass(frozen=True, slots=True)
class Script:
    """What `sequence.json` says.

    Attributes:
        initial: The state that the first step found.
        runs: The steps of each server's scripts, in order, by the suffix of the server.
        ids: The id that each name had, by the suffix of the server.
    """

    initial: Mapping[str, Any]
    runs: Mapping[str, Sequence[Step]]
    ids: Mapping[str, Mapping[str, str]] = field(repr=False)

    def given(self, server: Server) -> Mapping[str, str]:
        """The ids that were there before the first step, by name: those that no step saves."""
        saved = {name for step in self.runs.get(server.suffix, ()) for name in step.saves}
        return {name: identity for name, identity in self.ids.get(server.suffix, {}).items() if name not in saved}


def is_script(folder: Path) -> bool:
    """Whether a folder has a script of this form, and not that of API v2."""
    try:
        return "runs" in json.loads((folder / "sequence.json").read_bytes())
    except (OSError, ValueError):
        return False


def read_script(folder: Path) -> Script:
    """Read the script of a folder.

    Raises:
        RecordingError: There is none, or it cannot be understood.
    """
    path = folder / "sequence.json"
    try:
        content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        runs: dict[str, list[Step]] = {}
        for run in content["runs"]:
            server = next((one for one in SERVERS if run["run"] in one.suffixes), None)
            if server is None:
                raise ValueError(f"run {run['run']} is of a server that the mock has no profile of")
            runs.setdefault(server.suffix, []).extend(_step(run, item) for item in run["steps"])
        return Script(content["initial_state"], runs, content.get("ids", {}))
    except OSError as error:
        raise RecordingError(f"{path}: cannot be read: {error.strerror}; name a folder with a sequence.json") from None
    except (ValueError, KeyError, TypeError) as error:
        raise RecordingError(f"{path}: is not a script: {error!r}") from None


def _step(run: Mapping[str, Any], item: Mapping[str, Any]) -> Step:
    request: dict[str, Any] = item.get("request") or {}
    status: Any = item.get("status")
    meaning = str(item.get("meaning", ""))
    calls = _CALLS.search(meaning)
    return Step(
        run=run["run"],
        script=run["script"],
        number=item["seq"],
        name=item["name"],
        meaning=meaning,
        caller=item.get("as") or "nobody",
        method=request.get("method", ""),
        path=request.get("path", ""),
        query=request.get("query") or "",
        headers=request.get("headers") or {},
        body=_whole(request.get("body")),
        saves=item.get("saves") or {},
        statuses=tuple(cast("list[int]", status) if isinstance(status, list) else [status] if status else []),
        recorded=bool(item.get("recorded", True)),
        twins=item.get("twins", 1),
        partner=item.get("at_the_same_moment"),
        until_refused=bool(item.get("sent_until_429")),
        calls=0 if calls is None else int(calls[1]),
        locked=item.get("row_locked_elsewhere"),
        back_office=item.get("back_office"),
    )


def _whole(value: Any) -> Any:
    """A body as it was sent: a long run of one letter is written down cut, with how many there were."""
    if isinstance(value, dict):
        return {name: _whole(item) for name, item in cast("dict[str, Any]", value).items()}
    if isinstance(value, list):
        return [_whole(item) for item in cast("list[Any]", value)]
    if isinstance(value, str) and (cut := _CUT.fullmatch(value)) is not None and len(set(cut[1])) == 1:
        return cut[1][0] * int(cut[2])
    return value
