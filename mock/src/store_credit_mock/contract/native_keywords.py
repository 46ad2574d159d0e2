"""Keywords that the validator does not know, written as those it does: so they are checked in compiled code."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any, Final

import jsonschema_rs

from store_credit_mock.contract.keywords import PATTERN

__all__ = ["DECIMAL", "make_native"]

DECIMAL: Final = r"^-?\d+(\.\d+)?$"
"""What `format: decimal` means for a string."""

_UNCHECKED: Final = frozenset({"password", "unix-time"})
"""Formats that are no syntax of a string: a secret is any text, a time in seconds a number with its own bounds."""
_BITS: Final = {"int32": 31, "int64": 63}


def make_native(schema: dict[str, Any]) -> None:
    """Change the keywords of one schema, those inside it left out."""
    kind = schema.get("format")
    if kind == "decimal":
        del schema["format"]
        if "pattern" in schema:
            schema.setdefault("allOf", []).append({"pattern": DECIMAL})
        else:
            schema["pattern"] = DECIMAL
    elif kind in _UNCHECKED:
        del schema["format"]
    elif kind in _BITS:
        bound = 2 ** _BITS[kind]
        schema.setdefault("minimum", -bound)
        schema.setdefault("maximum", bound - 1)
    pattern = schema.get("pattern")
    if isinstance(pattern, str) and not _is_known(pattern):
        plain = _with_plain_hyphens(pattern)
        if _is_known(plain):
            schema["pattern"] = plain
        elif _is_known_to_python(pattern):
            schema[PATTERN] = schema.pop("pattern")


@lru_cache(maxsize=4096)
def _is_known(pattern: str) -> bool:
    """Whether the validator reads a pattern."""
    try:
        jsonschema_rs.Draft202012Validator({"pattern": pattern})
    except Exception:  # noqa: BLE001 - whatever the reason
        return False
    return True


def _with_plain_hyphens(pattern: str) -> str:
    r"""Escape hyphens that JavaScript takes for themselves: `[\w-.]`, which is in common use, as `[\w\-.]`."""
    return _CLASS.sub(lambda found: _HYPHEN.sub(r"\-", found[0]), pattern)


_CLASS: Final = re.compile(r"(?<!\\)\[(?:\\.|[^\]\\])*\]")
_HYPHEN: Final = re.compile(r"(?<=\\[wdsWDS])-|-(?=\\[wdsWDS])")


def _is_known_to_python(pattern: str) -> bool:
    try:
        re.compile(pattern)
    except re.error:
        return False
    return True
