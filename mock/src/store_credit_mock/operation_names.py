"""Names of operations as a user writes them, whole or as a pattern; one that fits none is an error, never nothing."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from fnmatch import fnmatchcase

__all__ = ["UnknownNameError", "fitting", "known_name"]


class UnknownNameError(ValueError):
    """No operation or system has the name; the text names the nearest one."""


def fitting(pattern: str, known: Iterable[str]) -> frozenset[str]:
    """The operations that a pattern such as `vinr.*` or a whole operationId names; at least one.

    Raises:
        UnknownNameError: There is none, as after a slip of the pen.
    """
    names = list(known)
    found = frozenset(name for name in names if fnmatchcase(name, pattern))
    if not found:
        near = get_close_matches(pattern, names, 1, 0.5)
        hint = f"did you mean {near[0]}?" if near else "a valid name is vinr.store_credit.create"
        raise UnknownNameError(f"operation: {pattern[:200]!r} matches no operation of the OpenAPI document; {hint}")
    return found


def known_name(name: str, known: Iterable[str], what: str) -> str:
    """A name that is known.

    Args:
        name: As the user wrote it.
        known: All there are.
        what: What is named, as the error begins with it: `system`.

    Raises:
        UnknownNameError: It is not known.
    """
    names = sorted(known)
    if name not in names:
        near = get_close_matches(name, names, 1, 0.5)
        hint = f"did you mean {near[0]}? " if near else ""
        known = ", ".join(names) or "none"
        raise UnknownNameError(f"{what}: there is no {what} named {name[:200]!r}; {hint}known: {known}")
    return name
