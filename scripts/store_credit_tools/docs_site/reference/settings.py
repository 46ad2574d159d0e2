"""The settings of the environment: every variable that the SDK, the mock and the jobs read.

Which ones there are is found in the sources; what each is for stands in `docs/settings.yaml`. Neither may have a
variable that the other lacks. The variables of command-line options come from the commands themselves.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Final

from store_credit_mock.contract.document import compile_yaml
from store_credit_tools.docs_site.anchors import Register
from store_credit_tools.docs_site.document import ROOT, PagesError
from store_credit_tools.docs_site.reference.commands import GROUP, settings_of
from store_credit_tools.docs_site.reference.sheet import Sheet, group_of
from store_credit_tools.docs_site.view_model import Attribute, Page

__all__ = ["check_described", "settings_page", "variables_read"]

TEXTS: Final = ROOT / "docs" / "settings.yaml"
_TITLES: Final = {"sdk": "SDK", "mock": "Mock", "jobs": "Jobs"}
_NAME: Final = re.compile(r"_?(?:VINR|SPREE|STORE_CREDIT)_[A-Z0-9_]+")
_READERS: Final = frozenset({"environment", "os.environ.get", "environ.get", "os.getenv", "getenv"})
_MAPPINGS: Final = frozenset({"os.environ", "environ"})
_PREFIX: Final = "STORE_CREDIT_MOCK"
"""Of the variables of all options of the mock's command; a variable itself it is not."""


@cache
def variables_read(folder: Path) -> Mapping[str, str]:
    """Find the variables that the Python sources below a folder name, with the place of each.

    One is found by how it is read, such as `os.environ.get("TERM")`, or by its name, as it may be handed on. Names of a
    module's own (`__all__`) are not variables.
    """
    found: dict[str, str] = {}
    for path in sorted(folder.rglob("*.py")):
        text = path.read_text("utf-8")
        # Parsing takes a while, and few modules name any.
        for name, line in _names(ast.parse(text)) if _NAME.search(text) or "environ" in text else ():
            found.setdefault(name, f"{path.relative_to(folder.parent)}:{line}")
    found.pop(_PREFIX, None)
    return found


def _names(tree: ast.Module) -> Iterator[tuple[str, int]]:
    exported = {
        id(node)
        for statement in tree.body
        if isinstance(statement, ast.Assign) and "__all__" in map(ast.unparse, statement.targets)
        for node in ast.walk(statement)
    }
    for node in ast.walk(tree):
        place: ast.expr | None = None
        if isinstance(node, ast.Call) and _dotted(node.func) in _READERS and node.args:
            place = node.args[0]
        elif isinstance(node, ast.Subscript) and _dotted(node.value) in _MAPPINGS:
            place = node.slice
        elif isinstance(node, ast.Constant) and id(node) not in exported and _NAME.fullmatch(str(node.value)):
            place = node
        if isinstance(place, ast.Constant) and isinstance(place.value, str):
            yield place.value, place.lineno


def _dotted(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return f"{_dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""


def check_described(part: str, read: Mapping[str, str], described: Mapping[str, str]) -> None:
    """Make sure that the variables of a part are those that are described.

    Raises:
        PagesError: One is read and not described, or described and not read.
    """
    for name, place in read.items():
        if name not in described:
            raise PagesError(
                f"{part}/{place}: the variable {name} is read, and docs/settings.yaml does not describe it"
            )
    for name in described:
        if name not in read:
            raise PagesError(f"docs/settings.yaml: nothing in {part}/src reads the variable {name}; take it out")


def settings_page(register: Register) -> Page:
    """Make the page.

    Raises:
        PagesError: A variable is not described, or described and never read.
    """
    sheet = Sheet(
        "environment",
        "Environment variables",
        GROUP,
        "Every environment variable that the SDK, the mock and the jobs read.",
        register,
    )
    sheet.prose(
        "In the SDK, a variable that is set but empty counts as not set. A client's argument and a command's option"
        " take precedence over the variable."
    )
    texts = compile_yaml(TEXTS.read_bytes(), str(TEXTS))["data"]
    for part, title in _TITLES.items():
        described = texts[part]
        check_described(part, variables_read(ROOT / part / "src"), described)
        anchor = sheet.heading(title)
        group = group_of(
            Attribute(
                name=name, anchor=sheet.anchors.member(anchor, name), type="string", description=str(described[name])
            )
            for name in described
        )
        sheet.entry(title, anchor, [("variable", part)], parts=[("Variables", group)])
    _options(sheet)
    return sheet.page()


def _options(sheet: Sheet) -> None:
    by_command: dict[str, list[str]] = {}
    for one in settings_of():
        by_command.setdefault(one.command, []).append(f"- `{one.name}`: `{one.option}`")
    for command, lines in by_command.items():
        title = f"Options of {command}"
        anchor = sheet.heading(title)
        text = f"For what each option does, see [`{command}`](command:{command.replace(' ', '_')})."
        sheet.entry(title, anchor, [("variable", command)], text=text, parts=[("Variables", "\n".join(lines))])
