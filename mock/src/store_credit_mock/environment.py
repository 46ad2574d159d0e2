"""Variables of this process's environment that are set for a time and put back afterwards."""

from __future__ import annotations

import os
from collections.abc import Mapping
from threading import Lock
from typing import Final

__all__ = ["Variables"]

_LOCK: Final = Lock()
_set: Final[list[Variables]] = []
_before: Final[dict[str, str | None]] = {}
"""What stood there before any of ours; None where nothing did."""


class Variables:
    """Some variables, set from `set` to `put_back`.

    Several may be set at once and put back in any order: the newest still there counts, and in the end stands what
    stood there before the first, whatever was done to a variable in between.

    Args:
        values: By name.
    """

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = dict(values)

    def set(self) -> None:
        """Set them, or set them again."""
        with _LOCK:
            if self in _set:
                _set.remove(self)
            _set.append(self)
            for name, value in self._values.items():
                _before.setdefault(name, os.environ.get(name))
                os.environ[name] = value

    def put_back(self) -> None:
        """Put back what stood there before; does nothing where they are not set."""
        with _LOCK:
            if self not in _set:
                return
            _set.remove(self)
            for name in self._values:
                left = next((other for other in reversed(_set) if name in other._values), None)
                value = _before.pop(name) if left is None else left._values[name]
                if value is None:
                    os.environ.pop(name, None)
                else:
                    os.environ[name] = value
