"""The Python samples: programs in `docs/samples/`, of which the part between two marks is shown."""

from __future__ import annotations

from pathlib import Path

from store_credit_tools.docs_site.sampling.errors import SampleError

__all__ = ["BEGIN", "END", "PROGRAMS", "program", "program_path"]

ROOT = Path(__file__).resolve().parents[4]
PROGRAMS = ROOT / "docs" / "samples"
BEGIN = "# The part shown begins here."
END = "# The part shown ends here."


def program_path(operation: str, *, awaited: bool = False, folder: Path = PROGRAMS) -> Path:
    """Where an operation's program is: `vinr.store_credit.create` in `vinr/store_credit/create.py`.

    Args:
        operation: The operationId.
        awaited: Whether the program for the async client is meant: `create_async.py`.
        folder: Where the programs are.
    """
    *rooms, name = operation.split(".")
    return folder.joinpath(*rooms, f"{name}_async.py" if awaited else f"{name}.py")


def program(path: Path, what: str) -> str:
    """The part of a program that is shown.

    Args:
        path: The program.
        what: What it is a sample of, for messages.

    Raises:
        SampleError: The file is missing, or has not exactly one pair of marks with something between them.
    """
    shown = path.relative_to(ROOT) if path.is_relative_to(ROOT) else path
    try:
        lines = path.read_text("utf-8").splitlines()
    except FileNotFoundError:
        raise SampleError(
            f"{shown} is missing: add a program that shows {what}, and put what the page is to show between the lines"
            f" `{BEGIN}` and `{END}`"
        ) from None
    marks = [(number, line.strip()) for number, line in enumerate(lines) if line.strip() in (BEGIN, END)]
    if [mark for _, mark in marks] != [BEGIN, END]:
        raise SampleError(f"{shown}: needs the line `{BEGIN}` once and after it the line `{END}` once")
    part = "\n".join(lines[marks[0][0] + 1 : marks[1][0]]).strip("\n")
    if not part.strip():
        raise SampleError(f"{shown}:{marks[0][0] + 1}: there is nothing between the marks")
    return part
