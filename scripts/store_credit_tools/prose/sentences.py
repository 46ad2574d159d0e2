"""Texts cut into sentences, and some of them drawn at random for a reader who did not write them."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from store_credit_tools.prose.sources import Text, texts

_FEWEST_WORDS = 4
_END = re.compile(r"(?<=[.?!])\s+(?=[\"`*(\[]?[A-Z0-9`])")
_CODE = re.compile(r"`[^`]*`")
_ITEM = re.compile(r"^\s*(?:[-*]|\d+\.)\s+")
_QUOTED = "> "
_HEAD = re.compile(r"\A---\n(.*?)\n---\n", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence, and the line in which its paragraph begins."""

    path: str
    line: int
    text: str

    def __str__(self) -> str:
        """The place and the sentence."""
        return f"{self.path}:{self.line}: {self.text}"


def sentences(root: Path) -> Iterator[Sentence]:
    """Every sentence a reader sees, with its place."""
    for text in texts(root):
        for line, paragraph in paragraphs(text):
            for sentence in _END.split(paragraph):
                if len(re.findall(r"[A-Za-z]{2,}", _CODE.sub("", sentence))) >= _FEWEST_WORDS:
                    yield Sentence(text.path, line, sentence.strip())


def draw(root: Path, count: int, seed: int) -> list[Sentence]:
    """So many different sentences at random; the same for the same seed and texts."""
    known: dict[str, Sentence] = {}
    for sentence in sentences(root):
        known.setdefault(sentence.text, sentence)
    return random.Random(seed).sample(list(known.values()), min(count, len(known)))  # noqa: S311


def paragraphs(text: Text) -> Iterator[tuple[int, str]]:
    """The paragraphs, list items and table cells of a text with their lines; no code, headings or page fields."""
    if not text.markdown:
        yield text.line, " ".join(text.text.split())
        return
    content = text.text
    if head := _HEAD.match(content):
        lead = re.search(r"^lead: (.*)$", head[1], re.MULTILINE)
        if lead:
            yield text.line + content[: head.start(1) + lead.start()].count("\n"), lead[1]
        content = "\n" * head[0].count("\n") + content[head.end() :]
    gathered: list[str] = []
    began = fenced = 0
    for number, written in enumerate([*content.split("\n"), ""], text.line):
        line = written.removeprefix(_QUOTED)
        if line.lstrip().startswith("```"):
            fenced = not fenced
        row = not fenced and line.lstrip().startswith("|")
        skipped = fenced or row or line.startswith(("    ", "#", "{{", "<", ":::")) or line.lstrip().startswith("```")
        if gathered and (skipped or not line.strip() or _ITEM.match(line)):
            yield began, " ".join(" ".join(gathered).split())
            gathered = []
        if row:
            yield from ((number, cell) for cell in re.split(r"(?<!\\)\|", line.strip().strip("|")) if cell.strip(" -:"))
        elif line.strip() and not skipped:
            began = began if gathered else number
            gathered.append(_ITEM.sub("", line))
