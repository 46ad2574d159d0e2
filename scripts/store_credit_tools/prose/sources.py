"""Where the texts that a reader sees come from: the OpenAPI document, decisions, guides, READMEs, commands and errors.

The responses that the mock imitates are recorded facts and not ours to word: `systems/` is left out of the mock.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

# The pure loader takes some ten times as long.
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_PROSE = {"description", "summary", "cause", "remedy", "x-remedy", "x-if-lost", "x-no-sdk-method"}
_DECIDED = {"question", "decision", "reason", "note"}
_EXAMPLES = {"example", "value", "default", "enum", "const"}
_PAGES = ("README.md", "sdk/README.md", "mock/README.md", "jobs/README.md", "docs/guides/*.md")
_CODE = ("sdk/src/store_credit/_core", "mock/src/store_credit_mock", "jobs/src/store_credit_jobs")
_IMITATED = "mock/src/store_credit_mock/systems/"
_SHOWN = {"help", "epilog", "description"}


@dataclass(frozen=True, slots=True)
class Text:
    """One text, as it was written, and its place."""

    path: str
    line: int
    text: str
    markdown: bool


def texts(root: Path) -> Iterator[Text]:
    """Every text a reader sees, file by file."""
    yield from _of_yaml(root, "openapi.yaml", _PROSE)
    yield from _of_yaml(root, "docs/decisions.yaml", _DECIDED)
    for pattern in _PAGES:
        for path in sorted(root.glob(pattern)):
            yield Text(_relative(path, root), 1, path.read_text("utf-8"), markdown=True)
    for folder in _CODE:
        for path in sorted((root / folder).rglob("*.py")):
            if not _relative(path, root).startswith(_IMITATED):
                yield from _of_code(root, path)


def _relative(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix()


def _of_yaml(root: Path, name: str, members: set[str]) -> Iterator[Text]:
    seen: set[int] = set()

    def walk(node: yaml.Node, key: str) -> Iterator[Text]:
        if id(node) in seen:  # an alias of YAML
            return
        seen.add(id(node))
        if isinstance(node, yaml.MappingNode):
            for name_node, value in node.value:
                if name_node.value not in _EXAMPLES or isinstance(value, yaml.MappingNode):
                    yield from walk(value, name_node.value)
        elif isinstance(node, yaml.SequenceNode):
            for item in node.value:
                yield from walk(item, "")
        elif isinstance(node, yaml.ScalarNode) and key in members:
            block = node.style in ("|", ">")
            yield Text(name, node.start_mark.line + (2 if block else 1), node.value, markdown=True)

    loader: Any = _LOADER((root / name).read_text("utf-8"))
    document: yaml.Node | None = loader.get_single_node()
    if document is not None:
        yield from walk(document, "")


def _of_code(root: Path, path: Path) -> Iterator[Text]:
    """What an error says, and the help of a command: the strings of a `raise` and of `help=`."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Raise) and node.exc is not None:
            yield from _strings(root, path, node.exc)
        elif isinstance(node, ast.keyword) and node.arg in _SHOWN:
            yield from _strings(root, path, node.value)


def _strings(root: Path, path: Path, node: ast.AST) -> Iterator[Text]:
    if isinstance(node, ast.JoinedStr):
        parts = [part.value if isinstance(part, ast.Constant) else "`...`" for part in node.values]
        yield Text(_relative(path, root), node.lineno, "".join(map(str, parts)), markdown=False)
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield Text(_relative(path, root), node.lineno, node.value, markdown=False)
    else:
        for child in ast.iter_child_nodes(node):
            yield from _strings(root, path, child)
