"""JSON values as Python holds them: copied and compared however deep they nest, and named in an error's text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, TypeGuard, cast

__all__ = ["MAX_DEPTH", "copied", "described", "equal", "is_array", "is_object"]

MAX_DEPTH: Final = 100_000
"""Levels of nesting beyond which a value is taken to contain itself. No parser reads that deep."""

_LONGEST = 60


def is_object(value: object) -> TypeGuard[dict[str, Any]]:
    """Whether a decoded value is a JSON object."""
    return isinstance(value, dict)


def is_array(value: object) -> TypeGuard[list[Any]]:
    """Whether a decoded value is a JSON array."""
    return isinstance(value, list)


def _empty(value: Any) -> Any:
    """An empty container for what a value contains; None for a value without members."""
    if isinstance(value, Mapping):
        return {}
    return [] if isinstance(value, list) else None


def copied(value: Any) -> Any:
    """Copy a JSON value, so that a change to either is not seen in the other.

    Raises:
        ValueError: The value contains itself.
    """
    # Without recursion: what a parser could read must not be too deep to be copied.
    result = _empty(value)
    if result is None:
        return value
    pending: list[tuple[Any, Any, int]] = [(value, result, 1)]
    while pending:
        source, target, depth = pending.pop()
        if depth > MAX_DEPTH:
            raise ValueError("the value contains itself, or is nested too deeply")
        if is_object(target):
            for key, item in cast("Mapping[str, Any]", source).items():
                inner = _empty(item)
                target[key] = item if inner is None else inner
                if inner is not None:
                    pending.append((item, inner, depth + 1))
        else:
            for item in source:
                inner = _empty(item)
                target.append(item if inner is None else inner)
                if inner is not None:
                    pending.append((item, inner, depth + 1))
    return result


def equal(first: Any, second: Any) -> bool:
    """Compare two JSON values, however deep they nest; the order of an object's members does not count."""
    try:
        return bool(first == second)
    except RecursionError:
        pass
    pending = [(first, second)]
    while pending:
        one, other = pending.pop()
        if is_object(one) and is_object(other):
            if one.keys() != other.keys():
                return False
            pending += [(item, other[key]) for key, item in one.items()]
        elif is_array(one) and is_array(other):
            if len(one) != len(other):
                return False
            pending += zip(one, other, strict=True)
        elif one != other:
            return False
    return True


def described(value: Any) -> str:
    """Name a JSON value for an error's text: its kind and, within bounds, what it is."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return f"the text {value!r}" if len(value) <= _LONGEST else f"the text {value[:_LONGEST]!r}..."
    if isinstance(value, int | float):
        # A number with a fraction keeps the text it came as (codec.ExactFloat). One of 5,000 digits has no repr.
        try:
            text = str(getattr(value, "text", None) or repr(value))
        except ValueError:
            return "a number of too many digits"
        return f"the number {text}" if len(text) <= _LONGEST else f"the number {text[:_LONGEST]}..."
    if is_object(value):
        return "an object"
    if is_array(value):
        return "a list"
    name = type(value).__name__
    return f"an {name}" if name[0] in "aeiouAEIOU" else f"a {name}"
