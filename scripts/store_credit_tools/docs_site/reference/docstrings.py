"""Signatures and docstrings of a package of ours, read from its sources by griffe; nothing of it is imported."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Final, cast

import griffe

from store_credit_tools.docs_site.document import ROOT, PagesError

__all__ = [
    "Described",
    "Item",
    "annotation_of",
    "default_of",
    "described",
    "load",
    "members_of",
    "public_members",
    "signature_of",
    "source_of",
]

_WIDTH: Final = 100
_SOURCE: Final = re.compile(r"^Sources?: ", re.MULTILINE)
_DECISIONS: Final = "decided: x-decisions in openapi.yaml"


@dataclass(frozen=True, slots=True)
class Item:
    """An argument, an attribute or an error, as a docstring describes it."""

    name: str
    annotation: str
    text: str


@dataclass(frozen=True, slots=True)
class Described:
    """A docstring, taken apart."""

    text: str = ""
    arguments: tuple[Item, ...] = ()
    attributes: tuple[Item, ...] = ()
    raises: tuple[Item, ...] = ()
    returns: str = ""
    source: str = ""
    by_name: dict[str, Item] = field(default_factory=dict[str, Item])


@cache
def load(package: str, folder: str) -> griffe.Module:
    """Read a package below a folder of the repository.

    Raises:
        PagesError: It cannot be read.
    """
    try:
        found = griffe.load(
            package, search_paths=[ROOT / folder], allow_inspection=False, docstring_parser=griffe.Parser.google
        )
    except (griffe.GriffeError, ImportError, SyntaxError) as error:
        raise PagesError(f"{folder}/{package}: {error}") from error
    return cast("griffe.Module", found)


def source_of(found: griffe.Object | griffe.Alias) -> griffe.Object:
    """What a name stands for, through every import."""
    return found.final_target if isinstance(found, griffe.Alias) else found


def described(found: griffe.Object) -> Described:
    """Take the docstring of something apart; all empty without one."""
    if found.docstring is None:
        return Described()
    texts: list[str] = []
    items: dict[str, tuple[Item, ...]] = {}
    returns = ""
    # By the package's own convention the source of a rule stands last, in a paragraph of its own.
    for section in found.docstring.parse():
        match section:
            case griffe.DocstringSectionText():
                texts.append(section.value)
            case griffe.DocstringSectionReturns():
                returns = " ".join(" ".join(one.description.split()) for one in section.value)
            case (
                griffe.DocstringSectionParameters()
                | griffe.DocstringSectionAttributes()
                | griffe.DocstringSectionRaises()
            ):
                items[section.kind.value] = tuple(
                    Item(getattr(one, "name", "") or str(one.annotation), str(one.annotation or ""), one.description)
                    for one in section.value
                )
            case _:
                raise PagesError(
                    f"{found.canonical_path}: its docstring has a section {section.kind.value}, which the reference"
                    " does not show; write it as text"
                )
    text, _, source = _cut("\n\n".join(texts))
    attributes = items.get("attributes", ())
    return Described(
        text=text,
        arguments=items.get("parameters", ()),
        attributes=attributes,
        raises=items.get("raises", ()),
        returns=returns,
        source=source,
        by_name={one.name: one for one in attributes},
    )


def _cut(text: str) -> tuple[str, str, str]:
    found = _SOURCE.search(text)
    if found is None:
        return text.strip(), "", ""
    source = " ".join(text[found.end() :].split()).rstrip(".")
    # The decisions are cited on the page of the operation itself.
    parts = [part for part in source.split("; ") if part != _DECISIONS]
    told = "; ".join(parts)
    return text[: found.start()].strip(), found[0], f"{told[:1].upper()}{told[1:]}" if told else ""


def signature_of(function: griffe.Function, name: str, *, returns: bool = True) -> str:
    """How a function or method is called, as Python: in one line if it fits, else an argument a line."""
    arguments = list(_arguments(function))
    result = f" -> {function.returns}" if returns and function.returns is not None else ""
    line = f"{name}({', '.join(arguments)}){result}"
    if len(line) <= _WIDTH:
        return line
    inner = "".join(f"    {argument},\n" for argument in arguments)
    return f"{name}(\n{inner}){result}"


def _arguments(function: griffe.Function) -> Iterator[str]:
    keyword_only = False
    for number, one in enumerate(function.parameters):
        if number == 0 and one.name in {"self", "cls"}:
            continue
        kind = one.kind
        if kind is griffe.ParameterKind.var_positional:
            keyword_only = True
        elif kind is griffe.ParameterKind.keyword_only and not keyword_only:
            keyword_only = True
            yield "*"
        annotation = f": {annotation_of(one.annotation)}" if one.annotation is not None else ""
        if kind in {griffe.ParameterKind.var_positional, griffe.ParameterKind.var_keyword}:
            stars = "*" if kind is griffe.ParameterKind.var_positional else "**"
            yield f"{stars}{one.name}{annotation}"
        elif one.default is None:
            yield f"{one.name}{annotation}"
        else:
            yield f"{one.name}{annotation}{' = ' if annotation else '='}{default_of(one)}"


def annotation_of(annotation: object) -> str:
    """A type as a caller knows it: what a client's kind decides is an HTTP client of that kind."""
    return re.sub(r"\bH\b", "HTTPClient", str(annotation))


def default_of(parameter: griffe.Parameter) -> str:
    """The default of a parameter, where it is a constant the constant's value; empty without one."""
    default = parameter.default
    name = str(default or "")
    function = parameter.function
    if isinstance(default, griffe.ExprName) and name.isupper() and name != "UNSET" and function is not None:
        found = source_of(function.modules_collection[default.canonical_path])
        if isinstance(found, griffe.Attribute):
            return str(found.value).replace("_", "") if str(found.value)[:1].isdigit() else str(found.value)
    return name


def members_of(found: griffe.Object, *, inherited: bool) -> dict[str, griffe.Object]:
    """The members of a class by name, those of its bases after its own."""
    members = dict(found.members)
    if inherited and isinstance(found, griffe.Class):
        members = {**found.inherited_members, **members}
    return {name: source_of(one) for name, one in members.items() if not name.startswith("_") and _is_ours(one)}


def _is_ours(one: griffe.Object | griffe.Alias) -> bool:
    # A name that is imported from elsewhere, such as a type, cannot be resolved, and belongs to nobody here.
    try:
        source_of(one)
    except griffe.AliasResolutionError:
        return False
    return True


def public_members(found: griffe.Object, *, inherited: bool = True) -> Iterator[tuple[str, griffe.Object]]:
    """Methods, properties and attributes with a docstring, by name."""
    for name, one in members_of(found, inherited=inherited).items():
        if one.docstring is not None:
            yield name, one
