"""A text that fits a regular expression: always the same one, and a short one."""

from __future__ import annotations

import re
from importlib import import_module
from typing import Any, Final

__all__ = ["pattern_text"]

_parser: Any = import_module("re._parser")
"""What Python reads patterns with; it has no public name, and has been the same since 2.0."""
_CATEGORIES: Final = {"CATEGORY_DIGIT": "0", "CATEGORY_SPACE": " ", "CATEGORY_WORD": "a"}
_LETTERS: Final = "".join(map(chr, [*range(97, 123), *range(65, 91), *range(48, 58), *range(32, 48), *range(58, 65)]))
"""What is tried where a pattern says what a letter is not: letters first, then digits, then the rest of ASCII."""
_LONGEST: Final = 10_000


def pattern_text(pattern: str, least: int = 0) -> str | None:
    """Make a text in which a pattern is found.

    Args:
        pattern: As JSON Schema has it.
        least: Characters it should have.

    Returns:
        None where the pattern is not one that Python knows, or asks for what is not made here.
    """
    try:
        compiled = re.compile(pattern)
        parsed: Any = _parser.parse(pattern)
    except (re.error, RecursionError, OverflowError):
        return None
    for more in (0, 1, 2, 4, 8, 16, least):
        try:
            text = "".join(_made(parsed, more, []))
        except _UnfitError:
            return None
        if len(text) > _LONGEST:
            return None
        if len(text) >= least and compiled.search(text):
            return text
    return None


class _UnfitError(Exception):
    """The pattern asks for what is not made here."""


def _made(parsed: Any, more: int, groups: list[tuple[int, str]]) -> list[str]:
    made: list[str] = []
    for operator, argument in parsed:
        name = str(operator)
        if name == "LITERAL":
            made.append(chr(argument))
        elif name == "NOT_LITERAL":
            made.append(next(letter for letter in _LETTERS if ord(letter) != argument))
        elif name == "ANY":
            made.append("a")
        elif name == "IN":
            made.append(_one_of(argument))
        elif name == "BRANCH":
            made += _made(argument[1][0], more, groups)
        elif name == "SUBPATTERN":
            inner = "".join(_made(argument[-1], more, groups))
            groups.append((argument[0], inner))
            made.append(inner)
        elif name in {"MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"}:
            lowest, highest, inner = argument
            for _ in range(min(int(highest), int(lowest) + more)):
                made += _made(inner, more, groups)
        elif name == "ATOMIC_GROUP":
            made += _made(argument, more, groups)
        elif name == "GROUPREF":
            made.append(next((text for number, text in groups if number == argument), ""))
        elif name not in {"AT", "ASSERT", "ASSERT_NOT"}:  # What is found in the end is looked at as a whole.
            raise _UnfitError
    return made


def _one_of(choices: Any) -> str:
    if str(choices[0][0]) == "NEGATE":
        return next((letter for letter in _LETTERS if not any(_holds(one, letter) for one in choices[1:])), "a")
    name, argument = str(choices[0][0]), choices[0][1]
    if name == "RANGE":
        return chr(argument[0])
    if name == "CATEGORY":
        known = _CATEGORIES.get(str(argument))
        return known if known is not None else next(one for one in _LETTERS if _holds(choices[0], one))
    return chr(argument)


def _holds(choice: Any, letter: str) -> bool:
    name, argument = str(choice[0]), choice[1]
    if name == "RANGE":
        return argument[0] <= ord(letter) <= argument[1]
    if name == "CATEGORY":
        category = str(argument)
        fits = {
            "DIGIT": letter.isdigit(), "SPACE": letter.isspace(), "WORD": letter.isalnum() or letter == "_",
        }  # fmt: skip
        return fits[category.rpartition("_")[2]] is not ("_NOT_" in category)
    return argument == ord(letter)
