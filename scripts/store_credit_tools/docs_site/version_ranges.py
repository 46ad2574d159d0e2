"""Versions of a system in few words: `since 5.6`, `5.5 to 6.0-alpha`, `until 5.6`, `6.0 only`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from store_credit_mock.contract.version_cut import versions_of

__all__ = ["VersionRange", "known_versions", "range_of", "runs"]

_FEW = 2
"""Neighbours that are named one by one, since a range of them would be no shorter."""


class VersionRange(NamedTuple):
    """The versions of a system that have something which others lack."""

    phrase: str
    """In few words; nothing lies between the two ends of a range but what is meant."""
    exact: str
    """Every one of them, oldest first."""

    @property
    def sentence(self) -> str:
        """The phrase with a capital letter, without a full stop."""
        return self.phrase[:1].upper() + self.phrase[1:]


def known_versions(data: Mapping[str, Any], named: Sequence[str]) -> Sequence[str]:
    """The versions of the system that some are of, oldest first, as `x-systems` lists them.

    Only where it lists all of them can anybody say what lies between two versions.
    """
    systems: Sequence[str] = tuple(data.get("x-systems", {}))
    return next((known for one in systems if set(named) <= set(known := versions_of(data, one))), ())


def range_of(data: Mapping[str, Any], owner: Mapping[str, Any]) -> VersionRange | None:
    """The versions that have something, by its `x-versions`; None where all have it.

    Args:
        data: The whole document.
        owner: A part of it.
    """
    named: Sequence[str] = owner.get("x-versions", ())
    if not named:
        return None
    known = known_versions(data, named)
    exact = [one for one in known if one in named] or list(named)
    return VersionRange(_phrase(exact, known), ", ".join(exact))


def runs(named: Sequence[str], known: Sequence[str]) -> Sequence[str]:
    """Versions one by one, or three or more neighbours as `5.5 to 6.0`.

    Args:
        named: Those that are meant, oldest first.
        known: All versions of the system, oldest first; empty if they are not listed, so that each is named.
    """
    found: list[str] = []
    for run in _neighbours(named, known):
        found += run if len(run) <= _FEW else [f"{run[0]} to {run[-1]}"]
    return found


def _neighbours(named: Sequence[str], known: Sequence[str]) -> Iterator[Sequence[str]]:
    """The longest runs without a gap."""
    run: list[str] = []
    for one in named:
        if run and (one not in known or known.index(one) != known.index(run[-1]) + 1):
            yield run
            run = []
        run.append(one)
    if run:
        yield run


def _phrase(named: Sequence[str], known: Sequence[str]) -> str:
    words: list[str] = []
    for run in _neighbours(named, known):
        if len(run) == 1:
            words.append(run[0])
        elif run[-1] == known[-1]:
            words.append(f"since {run[0]}")
        else:
            words.append(f"until {run[-1]}" if run[0] == known[0] else f"{run[0]} to {run[-1]}")
    said = ", ".join([*words[:-2], " and ".join(words[-2:])])
    return said if any(" " in word for word in words) else f"{said} only"
