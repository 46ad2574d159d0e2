"""Errors that end a command, each with a code for programs and a sentence for people."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from store_credit_jobs.exit_codes import ExitCode

__all__ = ["JobsError", "Problem"]


class Problem(NamedTuple):
    """One thing that is wrong with a row, a file or an argument.

    Attributes:
        code: For programs, such as `amount_decimals`.
        text: What is wrong and what to do.
        file: The file's name as it was given, or None.
        line: The line of the file, counted from 1, or None.
        key: The row's key, or None.
    """

    code: str
    text: str
    file: str | None = None
    line: int | None = None
    key: str | None = None

    def __str__(self) -> str:
        place = "" if self.file is None else self.file if self.line is None else f"{self.file}:{self.line}"
        key = "" if self.key is None else f"key {self.key}"
        where = " ".join(part for part in (place, key) if part)
        return f"{where}: {self.text}" if where else self.text


class JobsError(Exception):
    """A command cannot go on.

    Args:
        code: For programs, such as `journal_locked`.
        message: What happened, where, and what to do. Holds no credential.
        exit_code: How the command ends.
        problems: Each of them where there are several, in the order of the file.
    """

    def __init__(
        self,
        code: str,
        message: str,
        *,
        exit_code: ExitCode = ExitCode.USAGE,
        problems: Sequence[Problem] = (),
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.exit_code = exit_code
        self.problems = tuple(problems)
