"""The guides: Markdown written by hand, with holes for what the document knows.

A guide begins with a head of `name: value` lines between two lines `---`: title, group, position (its place in the
navigation; with decimals it stands between two others), lead. A hole is a Jinja2 expression. One that gives text is
filled in place: `{{ version }}`, or a part of a program, `{{ excerpt("go/store_credit_test.go", "start") }}`. One that
calls for a block, such as `{{ events() }}` or `{{ schema("SpreeAmount") }}`, stands in a line of its own.

Markdown between a line `::: cards` and a line `:::` is a panel, which only looks different in HTML: `cards` shows a
list of links as cards, each followed by a colon, which a card leaves out, and a sentence. `sample` shows a request and
its response; on a wide screen, if the page begins with cards and a sample, the sample stands beside the title. A
picture stands in a paragraph of its own: `![the same in words](pictures/name.svg "its caption")`; `pictures.py` says
how it is shown.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from jinja2 import Environment, StrictUndefined, TemplateError, TemplateSyntaxError

from store_credit_tools.docs_site.document import PagesError

__all__ = ["BLOCKS", "PANELS", "Guide", "Hole", "Panel", "read_guides"]

BLOCKS = ("schema", "events", "error_codes", "refusals", "headers", "schemes", "decisions", "changelog", "differences")
"""The holes that stand for a block."""
PANELS = ("cards", "sample")
"""The ways in which Markdown can look different from the text around it."""

_HEAD = re.compile(r"\A---\n(?P<head>.*?)\n---\n(?P<text>.*)\Z", re.DOTALL)
_NAMES = {"title", "group", "position", "lead"}
# A control character no guide can contain by accident.
_MARK = "\x02"
_APART = re.compile(
    rf"^{_MARK}(?P<name>\w+) (?P<argument>[\w.]*){_MARK}$|^::: (?P<look>\w+)\n(?P<inner>.*?)\n:::$",
    re.MULTILINE | re.DOTALL,
)
_FENCE_OF_PANEL = re.compile(r"^:::", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Hole:
    """A place in a guide where a block goes."""

    name: str
    """One of `BLOCKS`."""
    argument: str
    """What the block is about: a schema, a system, a letter; may be empty."""


@dataclass(frozen=True, slots=True)
class Panel:
    """Markdown that looks different from the text around it."""

    look: str
    """One of `PANELS`."""
    text: str


@dataclass(frozen=True, slots=True)
class Guide:
    """A page written by hand."""

    slug: str
    title: str
    group: str
    position: float
    lead: str
    parts: tuple[str | Hole | Panel, ...]
    """Markdown, holes and panels, in turn."""

    @property
    def schemas(self) -> Iterator[str]:
        """The schemas it shows."""
        return (part.argument for part in self.parts if isinstance(part, Hole) and part.name == "schema")


def read_guides(folder: Path, values: Mapping[str, Any]) -> tuple[Guide, ...]:
    """Read every guide of a folder, in the order of their positions.

    Args:
        folder: Where the `*.md` files are.
        values: What holes inside a line may name.

    Raises:
        PagesError: A head is incomplete or a hole cannot be filled; the text names file and line.
    """
    environment = Environment(undefined=StrictUndefined, keep_trailing_newline=True, autoescape=False)  # noqa: S701 - the result is Markdown
    names = cast("dict[str, Any]", environment.globals)  # pyright: ignore[reportUnknownMemberType]
    names.update({name: _hole_maker(name) for name in BLOCKS}, **values)
    guides = [_read(path, environment) for path in sorted(folder.glob("*.md"))]
    return tuple(sorted(guides, key=lambda guide: guide.position))


def _hole_maker(name: str) -> Any:
    def hole(argument: str = "") -> str:
        return f"{_MARK}{name} {argument}{_MARK}"

    return hole


def _read(path: Path, environment: Environment) -> Guide:
    found = _HEAD.match(path.read_text("utf-8"))
    if found is None:
        raise PagesError(f"{path.name}:1: a guide begins with a head between two lines of ---")
    head: dict[str, str] = {}
    for line in found["head"].splitlines():
        name, _, value = line.partition(": ")
        head[name] = value
    if set(head) != _NAMES:
        raise PagesError(f"{path.name}:1: the head has to name {', '.join(sorted(_NAMES))}, each once")
    offset = found["head"].count("\n") + 2
    try:
        text = environment.from_string("\n" * (offset + 1) + found["text"]).render().strip("\n")
    except TemplateSyntaxError as error:
        raise PagesError(f"{path.name}:{error.lineno}: {error.message}") from error
    except TemplateError as error:
        raise PagesError(f"{path.name}:{_line_of(error)}: {error.message}") from error
    parts = tuple(_parts(text))
    texts = [part if isinstance(part, str) else part.text for part in parts if not isinstance(part, Hole)]
    if any(_MARK in one for one in texts):
        raise PagesError(f"{path.name}: a hole for a block has to stand in a line of its own")
    unknown = [part.look for part in parts if isinstance(part, Panel) and part.look not in PANELS]
    if unknown or any(_FENCE_OF_PANEL.search(one) for one in texts):
        raise PagesError(
            f"{path.name}: a panel begins with a line ::: and {' or '.join(PANELS)}, and ends with a line :::"
        )
    return Guide(path.stem, head["title"], head["group"], float(head["position"]), head["lead"], parts)


def _line_of(error: TemplateError) -> int | str:
    """The line of the guide an error comes from, told by its frame inside the template."""
    trace = error.__traceback__
    line: int | str = "?"
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == "<template>":
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


def _parts(text: str) -> Iterator[str | Hole | Panel]:
    end = 0
    for found in _APART.finditer(text):
        if text[end : found.start()].strip():
            yield text[end : found.start()].strip("\n")
        yield (
            Panel(found["look"], found["inner"].strip("\n"))
            if found["look"]
            else Hole(found["name"], found["argument"])
        )
        end = found.end()
    if text[end:].strip():
        yield text[end:].strip("\n")
