"""The Python samples of a README, for the test that runs them and the type checker that reads them.

A sample is a block fenced as `python`. One that cannot run alone says why after the language, where no reader sees it:

    ```python not run: needs a web framework

It is compiled all the same.
"""

import ast
import inspect
import re
import textwrap
from pathlib import Path
from typing import NamedTuple

__all__ = ["Sample", "as_module", "samples"]

_BLOCK = re.compile(r"^```python(?: not run: (?P<reason>[^\n]+))?\n(?P<code>.*?)^```", re.DOTALL | re.MULTILINE)


class Sample(NamedTuple):
    """One block of a README."""

    line: int
    """The line of its first statement, counted from 1."""
    reason: str | None
    """Why it is not run, None where it is."""
    code: str

    @property
    def awaits(self) -> bool:
        """Whether `await` stands outside a function, as in an interactive session."""
        code = compile(self.code, "README", "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
        return bool(code.co_flags & inspect.CO_COROUTINE)


def samples(readme: Path) -> list[Sample]:
    """Read the samples of a README in their order.

    Raises:
        ValueError: A block's first line is fenced as Python with words this module does not know.
    """
    text = readme.read_text("utf-8")
    found = [
        Sample(text.count("\n", 0, block.start("code")) + 1, block["reason"], block["code"])
        for block in _BLOCK.finditer(text)
    ]
    fences = len(re.findall(r"^\s*```python", text, re.MULTILINE))
    if fences != len(found):
        raise ValueError(f"{readme} has {fences} Python blocks, {len(found)} of them fenced as readme_samples.py says")
    return found


def as_module(readme: Path) -> str:
    """Write the samples that run as one module, each below a comment that names its line, for a type checker.

    Tests are left out: people write them without types.
    """
    # A name may be imported again: each sample is a program of its own.
    loose = ("UnusedVariable", "UnusedImport", "UnusedExpression", "DuplicateImport")
    parts = ["# pyright: strict, " + ", ".join(f"report{name}=false" for name in loose) + "\n"]
    for sample in samples(readme):
        if sample.reason is None and not re.search(r"^def test_", sample.code, re.MULTILINE):
            parts.append(f"# {readme.name}:{sample.line}")
            if sample.awaits:
                parts.append(f"async def sample_{sample.line}() -> None:\n{textwrap.indent(sample.code, '    ')}")
            else:
                parts.append(sample.code)
    return "\n".join(parts)
