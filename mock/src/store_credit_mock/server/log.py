"""What a served mock says on stderr: as lines for people, or as JSON objects for programs that collect logs."""

from __future__ import annotations

import logging
import re
import sys
import time
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Final, Literal

import orjson

__all__ = ["Log"]

_LONGEST: Final = 1000
"""Letters of a path or a query that are shown."""
_PIECE: Final = 4096
"""Letters that a pipe takes in one piece, whoever else writes to it."""
_HIDDEN: Final = re.compile(r"[^\x21-\x7e]")


class Log:
    """Says whole lines in one piece, so that lines of several processes do not mix.

    Args:
        form: `text`, or `json`: then every line is an object with `time` (UTC), `level` and `message`.
    """

    def __init__(self, form: Literal["text", "json"] = "text") -> None:
        self._json = form == "json"

    def say(self, text: str, *, level: str = "info") -> None:
        """Say something."""
        self.write([self._object(level, text) if self._json else text])

    def exchange(
        self,
        method: str,
        path: str,
        query: str,
        status: int | None,
        at: int,
        seconds: float,
        operation: str | None,
        broken: bool,
    ) -> str:
        """The line of one exchange, without secrets: they are taken out before.

        Args:
            method: Of the request.
            path: Of the request.
            query: Of the request, empty where it has none.
            status: Of the response; None where the connection was closed without one.
            at: When it was over, in Unix milliseconds.
            seconds: How long it took, planned delays included.
            operation: What it was for, if that is known.
            broken: Whether it broke the OpenAPI document.
        """
        path, query = _visible(path), _visible(query) if query else query
        milliseconds = round(seconds * 1000, 3)
        shown = "dropped" if status is None else status
        if self._json:
            told = {
                "time": _stamp(at), "level": "info", "message": f"{method} {path} {shown}", "method": method,
                "path": path, "query": query, "status": status, "milliseconds": milliseconds, "operation": operation,
                "violation": broken,
            }  # fmt: skip
            return orjson.dumps(told).decode()
        target = f"{path}?{query}" if query else path
        ending = " violates the OpenAPI document" if broken else ""
        return f"{_stamp(at)} {method} {target} {shown} {milliseconds:g} ms {operation or '-'}{ending}"

    def write(self, lines: Sequence[str]) -> None:
        """Write lines at once, or by halves where they are too long for a pipe to take them in one piece."""
        text = "\n".join(lines)
        if len(text) >= _PIECE and len(lines) > 1:
            half = len(lines) // 2
            self.write(lines[:half])
            self.write(lines[half:])
            return
        try:  # noqa: SIM105 - a context manager takes as long as the rest of this
            sys.stderr.write(text + "\n")  # which flushes it
        except (OSError, ValueError):
            pass  # Whoever read it has gone; exchanges go on.

    def take_logging(self) -> None:
        """Let what libraries log come as the same objects; as text they come as they are."""
        if self._json:
            handler = logging.StreamHandler()
            handler.setFormatter(_Formatter(self._object))
            logging.getLogger().addHandler(handler)

    def _object(self, level: str, text: str) -> str:
        return orjson.dumps({"time": _stamp(time.time_ns() // 1_000_000), "level": level, "message": text}).decode()


class _Formatter(logging.Formatter):
    def __init__(self, made: Callable[[str, str], str]) -> None:
        super().__init__()
        self._made = made

    def format(self, record: logging.LogRecord) -> str:
        return self._made(record.levelname.lower(), super().format(record))


@lru_cache(maxsize=2)
def _stamp(at: int) -> str:
    seconds, milliseconds = divmod(at, 1000)
    return f"{time.strftime('%Y-%m-%dT%H:%M:%S', time.gmtime(seconds))}.{milliseconds:03d}Z"


def _visible(text: str) -> str:
    text = text[: _LONGEST + 1]
    if not (text.isascii() and text.isprintable()) or " " in text:
        # A letter that moves the cursor, or ends the line, has no business in a log.
        text = _HIDDEN.sub(lambda found: f"\\x{ord(found[0]):02x}", text)
    return text if len(text) <= _LONGEST else text[:_LONGEST] + "..."
