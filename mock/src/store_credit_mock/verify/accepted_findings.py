"""Findings that somebody has judged and accepted, in a file: `--accept` and `--write-accept`."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, Final, cast

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from store_credit_mock.verify.findings import Finding

__all__ = ["AcceptedFinding", "AcceptedFindings", "shipped", "write_accepted"]

_SHIPPED: Final = Path(__file__).parent / "accepted"
_MEMBERS: Final = ("check", "operation", "place", "reason", "cites")
_NOT_RECORDED: Final = {
    "spree-v3-6.0": "no release of Spree 6.0 has been recorded yet; its behaviour is known only from its code",
}
"""Why a file that one may look for does not come with the package."""
_HEAD: Final = """\
# Findings of `store-credit-mock verify` that are accepted: `--accept {name}` leaves them out of the exit code.
# Each is one check on one operation at one place; `*` matches any text in them. An entry that is not found again is
# reported at the end of a run. Sorted; written by `--write-accept`, which keeps the reasons written here.
"""


@dataclass(frozen=True)
class AcceptedFinding:
    """One entry.

    Attributes:
        check: Name of the check.
        operation: operationId or a pattern of them.
        place: Status, place and rule, or a pattern of them.
        reason: Why it is accepted.
        cites: What shows it, such as a recording; may be empty.
        source: The file it stands in.
    """

    check: str
    operation: str
    place: str
    reason: str
    cites: str = ""
    source: str = ""

    def covers(self, finding: Finding) -> bool:
        """Whether it is about a finding."""
        return (
            self.check == finding.check
            and fnmatchcase(finding.operation, self.operation)
            and fnmatchcase(finding.place, _literal_brackets(self.place))
        )

    def __str__(self) -> str:
        return f"{self.check} on {self.operation or 'any path'}: {self.place}"


def _literal_brackets(pattern: str) -> str:
    # Of the characters of a pattern, `[` stands in names of parameters.
    return pattern.replace("[", "[[]")


def shipped() -> list[str]:
    """Name the files that come with the package."""
    return sorted(path.stem for path in _SHIPPED.glob("*.yaml"))


class AcceptedFindings:
    """The entries of one or several files.

    Args:
        sources: Paths, or names of files that come with the package, such as `spree-5.3`.

    Raises:
        ValueError: A file is not there, or is not such a file; the text says where and what.
    """

    def __init__(self, sources: Sequence[str] = ()) -> None:
        self.entries: list[AcceptedFinding] = [entry for source in sources for entry in _read(source)]
        self._met: set[AcceptedFinding] = set()

    def judged(self, finding: Finding) -> Finding:
        """Return the finding, with the reason if it is accepted."""
        for entry in self.entries:
            if entry.covers(finding):
                self._met.add(entry)
                cited = f" ({entry.cites})" if entry.cites else ""
                return replace(finding, accepted=f"{entry.reason}{cited}")
        return finding

    @property
    def stale(self) -> list[AcceptedFinding]:
        """The entries that nothing was found for."""
        return [entry for entry in self.entries if entry not in self._met]

    def reason_for(self, finding: Finding) -> AcceptedFinding | None:
        """The entry that accepts a finding, if one does."""
        return next((entry for entry in self.entries if entry.covers(finding)), None)


def _read(source: str) -> list[AcceptedFinding]:
    path = Path(source)
    if not path.is_file():
        path = _SHIPPED / f"{source}.yaml"
        if "/" in source or not path.is_file():
            if source in _NOT_RECORDED:
                raise ValueError(f"--accept {source}: there is no such file, because {_NOT_RECORDED[source]}")
            names = shipped()
            near = get_close_matches(source, names, 1, 0.5)
            meant = f"; did you mean {near[0]}?" if near else "."
            raise ValueError(f"--accept {source}: there is no such file, either at this path or in the package{meant}"
                             f" The package includes {', '.join(names)}")  # fmt: skip
    try:
        parser: Any = YAML(typ="safe", pure=True)
        data: Any = parser.load(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise ValueError(f"--accept {path} cannot be read: {error}") from error
    except YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = "" if mark is None else f":{mark.line + 1}"
        raise ValueError(f"--accept {path}{line}: the file is not valid YAML or JSON") from error
    found: Any = cast("dict[str, Any]", data).get("accepted") if isinstance(data, dict) else None
    if not isinstance(found, list):
        raise ValueError(f"--accept {path}: the file has no `accepted` list; `--write-accept FILE` writes a valid file")
    return [_entry(entry, f"{path}: accepted[{number}]") for number, entry in enumerate(cast("list[Any]", found))]


def _entry(value: Any, place: str) -> AcceptedFinding:
    if not isinstance(value, dict):
        raise ValueError(f"--accept {place} must be a mapping with {', '.join(_MEMBERS)}")
    entry = cast("dict[str, Any]", value)
    for name in entry:
        if name not in _MEMBERS:
            near = get_close_matches(str(name), _MEMBERS, 1)
            meant = f"; did you mean {near[0]!r}?" if near else ""
            raise ValueError(f"--accept {place}: {name!r} is not a valid member{meant}")
    for name in _MEMBERS[:4]:
        if not isinstance(entry.get(name), str):
            raise ValueError(f"--accept {place}: `{name}` is missing or is not a string")
    return AcceptedFinding(**{name: str(entry.get(name) or "") for name in _MEMBERS}, source=place.partition(": ")[0])


def write_accepted(path: Path, findings: Iterable[Finding], known: AcceptedFindings) -> int:
    """Write an entry for each finding, with the reasons that are known; returns how many entries there are.

    Raises:
        OSError: The file cannot be written.
    """
    entries: dict[tuple[str, str, str], AcceptedFinding] = {}
    for finding in findings:
        if finding.known:
            continue
        entry = known.reason_for(finding) or AcceptedFinding(
            finding.check, finding.operation, finding.place, "not judged yet"
        )
        entries[entry.check, entry.operation, entry.place] = entry
    rows = [
        {name: text for name in _MEMBERS if (text := getattr(entry, name)) or name != "cites"}
        for _, entry in sorted(entries.items())
    ]
    yaml: Any = YAML(typ="rt")
    yaml.width = 4096
    written = io.StringIO()
    yaml.dump({"accepted": rows}, written)
    path.write_text(_HEAD.format(name=path.name) + written.getvalue(), "utf-8")
    return len(rows)
