"""The commands that a guide shows, run in their order in one folder, and what they print beside what the guide shows.

`store-credit` runs in this process, by the entry point that its script has: a Python of its own for each of thirty
commands would take half a minute. Everything else runs in a shell.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
import subprocess
from collections.abc import Iterator, MutableMapping
from pathlib import Path

from store_credit_jobs.cli.main import main

__all__ = ["SHOWN_ADDRESS", "SHOWN_FOLDER", "Block", "Folder", "blocks", "commands", "pattern", "without_chance"]

SHOWN_ADDRESS = "http://127.0.0.1:4010"
SHOWN_FOLDER = "/home/jane/credits"
_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_FILE = re.compile(r"`([\w.-]+\.(?:csv|jsonl|toml|yaml))`")
_FILES = ("csv", "jsonl", "toml", "yaml")
_FAILS = ' || echo "exit code $?"'
_CHANCE = (
    # Progress, which a command prints where it takes ten seconds.
    (r"^(?:sending|checking|looking up what was sent): .*\n|^waiting (?:until|as|for) .*\n", ""),
    (r"\b20\d{6}T\d{6}Z-[0-9a-f]{12}\b", "<snapshot>"),
    (r"\b20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z", "<time>"),
    (r"\b20\d\d-\d\d\b", "<month>"),
    (r"\b[0-9a-f]{16,64}\b", "<hash>"),
    (r"\b\d+ s\b", "<seconds>"),
    (r"\b[\d,.]+ rows/s\b", "<rate>"),
    (r"\bsc_[0-9a-f]{20}\b", "<credit>"),
)
"""What differs from run to run, and what stands in its place where outputs are compared."""


class Block:
    """A block of a guide."""

    def __init__(self, language: str, text: str, before: str) -> None:
        self.language = language
        self.text = text
        *_, named = [None, *_FILE.findall(before.rstrip("\n").rpartition("\n\n")[2])]
        self.file: str | None = named if language in _FILES else None
        """The last name of a file in the paragraph before it."""


def blocks(guide: str) -> Iterator[Block]:
    """Every block, in its order."""
    for found in _BLOCK.finditer(guide):
        yield Block(found[1], found[2], guide[: found.start()])


def commands(console: str) -> Iterator[tuple[str, str]]:
    """Each command of a console block, and what it prints there."""
    for found in re.finditer(r"^\$ ((?:[^\n]*\\\n)*[^\n]*)\n(.*?)(?=^\$ |\Z)", console, re.DOTALL | re.MULTILINE):
        yield found[1], found[2]


def without_chance(text: str) -> str:
    """A text without what differs from run to run."""
    for what, instead in _CHANCE:
        text = re.sub(what, instead, text, flags=re.MULTILINE)
    return text


def pattern(shown: str) -> re.Pattern[str]:
    """What an output has to match; a line `...` stands for any lines."""
    parts = re.split(r"^\.\.\.\n", without_chance(shown), flags=re.MULTILINE)
    return re.compile(".*".join(map(re.escape, parts)), re.DOTALL)


class Folder:
    """Where the commands of a guide run.

    Args:
        path: An empty folder, which is the current one.
        address: Of the mock, in the place of the address that guides print.
        environment: Of this process; `export` changes it.
    """

    def __init__(self, path: Path, address: str, environment: MutableMapping[str, str]) -> None:
        self.path = path
        self.address = address
        self.environment = environment
        self.jobs: dict[str, str] = {}
        """Ids of jobs that were seen, by those that the guide shows."""

    def write(self, block: Block) -> None:
        """Save a file that the guide shows."""
        assert block.file is not None, block.text
        (self.path / block.file).write_text(self._real(block.text), "utf-8")

    def shell(self, script: str) -> None:
        """Run lines of a shell."""
        subprocess.run(["sh", "-euc", self._real(script)], cwd=self.path, check=True)

    def run(self, command: str, shown: str) -> str:
        """Run a command of a console block; returns what it prints, in the words of the guide."""
        if command.startswith("export "):
            for one in shlex.split(command)[1:]:
                name, _, value = one.partition("=")
                self.environment[name] = value
            return ""
        command, fails, _ = self._real(command).partition(_FAILS)
        words = shlex.split(command.replace("\\\n", ""))
        assert words[0] == "store-credit", command
        said = io.StringIO()
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
            try:
                main(words[1:])
            except SystemExit as ended:
                code = ended.code
        output = said.getvalue() + (f"exit code {code}\n" if fails else "")
        assert bool(code) is bool(fails), f"{command}: exit code {code}\n{output}"
        self._see(output, shown)
        return self._told(output)

    def _see(self, output: str, shown: str) -> None:
        ids = [list(dict.fromkeys(re.findall(r"\bjb_\w+", text))) for text in (shown, output)]
        for one, other in zip(*ids, strict=False):
            self.jobs.setdefault(one, other)

    def _real(self, text: str) -> str:
        for shown, job in self.jobs.items():
            text = re.sub(rf"\b{shown}\b", job, text)
        return text.replace(SHOWN_ADDRESS, self.address)

    def _told(self, text: str) -> str:
        for shown, job in self.jobs.items():
            text = text.replace(job, shown)
        shown, here = (one.partition("//")[2] for one in (SHOWN_ADDRESS, self.address))
        return text.replace(here, shown).replace(os.fspath(self.path), SHOWN_FOLDER)
