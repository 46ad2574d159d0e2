"""The recorded responses of a folder, by server and step."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from store_credit_mock.recording import ExchangeFile, RecordingError, read_file
from store_credit_tools.replay.spree_v3.script import SERVERS, Script, Server, Step

__all__ = ["SUFFIX", "Published", "Responses", "is_response", "responses_of", "suffix_of", "unknown_versions"]

SUFFIX: Final = re.compile(r"(.+)\.(spree\d+\w*)")
"""Name of a step, and suffix of a server: of files without a variant."""
_NOT_RESPONSES: Final = frozenset({"index", "sequence"})


@dataclass(frozen=True, slots=True)
class Published:
    """A response as it was recorded.

    Attributes:
        file: The exchange.
        twins: The responses to what was sent at the same moment.
        webhooks: What a listener received afterwards, in order.
    """

    file: ExchangeFile
    twins: Sequence[ExchangeFile] = ()
    webhooks: Sequence[Mapping[str, Any]] | None = None

    @property
    def name(self) -> str:
        """The file's, without `.json`."""
        return self.file.name


@dataclass(frozen=True, slots=True)
class Responses:
    """What a folder holds of one server.

    Attributes:
        own: Its responses by script and number of the step.
        inherited: Those of the server it inherits from, where it has none of its own.
        passed_over: Names of the others, each with the reason.
    """

    own: Mapping[tuple[str, str, int], Published]
    inherited: Mapping[tuple[str, str, int], Published] = field(default_factory=dict[tuple[str, str, int], Published])
    passed_over: Mapping[str, str] = field(default_factory=dict[str, str])

    def of(self, step: Step) -> tuple[Published | None, bool]:
        """The response to a step and whether it is inherited."""
        key = (step.run, step.script, step.number)
        return (self.own[key], False) if key in self.own else (self.inherited.get(key), True)


def suffix_of(path: Path) -> str | None:
    """The suffix of a server that a file's name ends with; None where it has none of this API."""
    found = SUFFIX.fullmatch(path.stem)
    return found[2] if found is not None and any(found[2] in server.suffixes for server in SERVERS) else None


def is_response(path: Path) -> bool:
    """Whether a file is of this API, whatever its version."""
    return suffix_of(path) is not None or path.stem.startswith("v3.")


def unknown_versions(folder: Path) -> Mapping[str, str]:
    """Names of the files that are of a version the mock has no profile of, each with the reason."""
    return {
        path.stem: "the mock has no profile of this version of Spree"
        for path in sorted(folder.glob("*.json"))
        if is_response(path) and suffix_of(path) is None
    }


def responses_of(folder: Path, script: Script, server: Server) -> Responses:
    """Read what a folder holds of a server.

    Raises:
        RecordingError: A step's file cannot be understood.
    """
    passed_over: dict[str, str] = {}
    own = _read(folder, script, server.suffix, server.suffixes, passed_over)
    inherited: dict[tuple[str, str, int], Published] = {}
    if own and server.inherits is not None:
        # Its script is the other's, on the same database rows.
        read = _read(folder, script, server.inherits, {server.inherits: ""}, {})
        steps = {(step.script, step.name): step for step in script.runs.get(server.suffix, ())}
        for step in script.runs.get(server.inherits, ()):
            published = read.get((step.run, step.script, step.number))
            twin = steps.get((step.script, step.name))
            if published is not None and twin is not None:
                inherited[twin.run, twin.script, twin.number] = published
    return Responses(own, inherited, passed_over)


def _read(
    folder: Path, script: Script, run: str, suffixes: Mapping[str, str], passed_over: dict[str, str]
) -> dict[tuple[str, str, int], Published]:
    by_name = {(step.run, step.name): step for step in script.runs.get(run, ())}
    found: dict[tuple[str, str, int], Published] = {}
    for path in sorted(folder.glob("*.json")):
        if path.stem in _NOT_RESPONSES or suffix_of(path) not in suffixes:
            continue
        matched = SUFFIX.fullmatch(path.stem)
        if matched is None:
            continue
        step = by_name.get((matched[2], matched[1]))
        if step is None:
            passed_over[path.stem] = "no step of the script has its name"
            continue
        found[step.run, step.script, step.number] = _published(path)
    return found


def _published(path: Path) -> Published:
    file = read_file(path)
    content: dict[str, Any] = json.loads(path.read_bytes(), parse_float=Decimal)
    try:
        twins = [
            ExchangeFile(
                file.name, file.method, file.path, file.query, {}, None, twin["status"], twin["headers"], twin["body"]
            )
            for twin in content.get("twins", ())
        ]
        return Published(file, twins, content.get("webhooks"))
    except (KeyError, TypeError) as error:
        raise RecordingError(f"{path}: is not an exchange with twins: {error!r}") from None
