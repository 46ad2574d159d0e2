"""Parts of whole programs, so that what a guide shows is what a test has compiled and run.

A part stands between two comments of its own: `// >>> name` and `// <<< name`, or `# >>> name` and `# <<< name`.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Mapping
from pathlib import Path

from jinja2 import TemplateRuntimeError

__all__ = ["excerpts", "parts"]

_LANGUAGES = {
    ".go": "go",
    ".java": "java",
    ".mjs": "javascript",
    ".php": "php",
    ".py": "python",
    ".rb": "ruby",
    ".sh": "shell",
    ".toml": "toml",
    ".ts": "typescript",
    ".yaml": "yaml",
}
_PART = re.compile(
    r"^\s*(?P<mark>//|#) >>> (?P<name>\w+)\n(?P<code>.*?)^\s*(?P=mark) <<< (?P=name)$", re.DOTALL | re.MULTILINE
)


def parts(program: Path) -> Mapping[str, str]:
    """The parts of a program by name, each moved to the left margin."""
    return {
        found["name"]: textwrap.dedent(found["code"]).strip("\n")
        for found in _PART.finditer(program.read_text("utf-8"))
    }


def excerpts(folder: Path) -> Callable[[str, str], str]:
    """Make what a guide calls for a part: `{{ excerpt("go/store_credit_test.go", "start") }}`, in a line of its own."""

    def excerpt(program: str, name: str) -> str:
        path = folder / program
        if not path.is_file():
            raise TemplateRuntimeError(f"there is no program {program} in {folder.name}/")
        known = parts(path)
        if name not in known:
            raise TemplateRuntimeError(f"{program} has no part {name!r}; it has {', '.join(known)}")
        return f"```{_LANGUAGES[path.suffix]}\n{known[name]}\n```"

    return excerpt
