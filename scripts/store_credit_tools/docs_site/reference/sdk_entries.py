"""Names of the SDK as entries of a page: classes, functions, methods and constants."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

import griffe

from store_credit_tools.docs_site.document import PagesError
from store_credit_tools.docs_site.reference.docstrings import (
    Described,
    Item,
    annotation_of,
    default_of,
    described,
    members_of,
    public_members,
    signature_of,
)
from store_credit_tools.docs_site.reference.sheet import Sheet, group_of
from store_credit_tools.docs_site.sample_sets import SampleSet
from store_credit_tools.docs_site.view_model import Attribute, AttributeGroup

__all__ = ["Entries", "for_users"]

_INSIDE: Final = re.compile(
    r"Resources: .*\n?|Its arguments are described at `__init__`\.|Generated from .*do not edit\."
)
"""What a docstring says to those who read the source."""
_LONGEST: Final = 70
"""Characters of a type that is shown beside a name; a longer one stands in the signature alone."""


class Entries:
    """Adds names to a page.

    Args:
        sheet: The page.
        known: The names that have an entry on some page.
    """

    def __init__(self, sheet: Sheet, known: Iterable[str]) -> None:
        self.sheet = sheet
        self.known = frozenset(known)

    def function(
        self,
        function: griffe.Function,
        title: str,
        call: str,
        names: Iterable[str],
        *,
        level: int = 2,
        more: str = "",
        samples: Sequence[SampleSet] = (),
    ) -> None:
        """Add a function or a method.

        Args:
            function: It.
            title: Its heading.
            call: What stands in front of its arguments, such as `client.settle`.
            names: What links may call it.
            level: Of its heading.
            more: A paragraph that stands below its docstring.
            samples: How it is called.

        Raises:
            PagesError: It has no docstring, or does not describe an argument that it describes others beside.
        """
        told = described(function)
        if not told.text:
            raise PagesError(f"{function.canonical_path}: it has no docstring, and the reference shows it; write one")
        anchor = self.sheet.heading(title)
        self.sheet.entry(
            title,
            anchor,
            [("sdk", name) for name in names],
            code=signature_of(function, call),
            language="python",
            text="\n\n".join(filter(None, (told.text, more))),
            parts=[
                ("Arguments", self._arguments(function, told, anchor)),
                ("Returns", self._returns(function, told)),
                ("Raises", self._raises(told)),
            ],
            sources=told.source,
            level=level,
            samples=samples,
        )

    def _arguments(self, function: griffe.Function, told: Described, anchor: str) -> AttributeGroup:
        defaults = {one.name: one for one in function.parameters}
        made: list[Attribute] = []
        for item in told.arguments:
            parameter = defaults.get(item.name.lstrip("*"))
            required = parameter is not None and parameter.default is None and not item.name.startswith("*")
            default = None if parameter is None or required or item.name.startswith("*") else default_of(parameter)
            made.append(self._attribute(item, anchor, required=required, default=default))
        return group_of(made)

    def _attribute(self, item: Item, anchor: str, *, required: bool = False, default: str | None = None) -> Attribute:
        return Attribute(
            name=item.name,
            anchor=self.sheet.anchors.member(anchor, item.name),
            type=_typed(annotation_of(item.annotation)),
            description=item.text,
            marks=("required",) if required else (),
            # Many a text says it in words.
            default=None if default in {None, "None", "UNSET", "()"} or "default" in item.text else default,
        )

    def _returns(self, function: griffe.Function, told: Described) -> str:
        if function.returns is None or str(function.returns) == "None":
            return ""
        links = " and ".join(self.linked(name) for name in self._names_in(function.returns))
        kind = f"`{function.returns}`"
        where = (
            f"{kind}: see {links}." if links and links != self.linked(str(function.returns)) else f"{links or kind}."
        )
        return " ".join(filter(None, (where, told.returns)))

    def _names_in(self, annotation: str | griffe.Expr) -> list[str]:
        if isinstance(annotation, str):
            return []
        names = (one.name for one in annotation.iterate(flat=True) if isinstance(one, griffe.ExprName))
        return [name for name in dict.fromkeys(names) if name in self.known]

    def _raises(self, told: Described) -> str:
        return "\n".join(f"- {self.linked(one.name)}: {' '.join(one.text.split())}" for one in told.raises)

    def linked(self, name: str) -> str:
        """A name as code, with a link where it has an entry."""
        return f"[`{name}`](sdk:{name})" if name in self.known else f"`{name}`"

    def a_class(
        self, found: griffe.Class, name: str, *, inherited: bool = True, members: bool = True, extra: str = ""
    ) -> None:
        """Add a class: what it is, how it is made where a program makes it, its attributes, then its methods."""
        told = described(found)
        anchor = self.sheet.heading(name)
        bases = [self.linked(base) for base in _bases(found) if base in self.known]
        if bases and not inherited:
            extra = "\n\n".join(filter(None, (f"It inherits from {bases[0]}.", extra)))
        constructor = members_with_constructor(found)
        made_by_hand = constructor is not None and described(constructor).arguments
        code = f"class {name}({', '.join(_bases(found))})".replace("()", "")
        fields = list(self._fields(found, told, inherited=inherited)) if members else []
        if not told.attributes and fields and not any(item.text for item in fields):
            # Nothing is said of each: the text above says it.
            lines = "".join(f"\n    {item.name}: {item.annotation}" for item in fields)
            code, fields = f"{code}:{lines}", []
        if made_by_hand and constructor is not None:
            code = signature_of(constructor, name, returns=False)
        arguments = told.arguments or (described(constructor).arguments if constructor is not None else ())
        raises = told if constructor is None or told.raises else described(constructor)
        self.sheet.entry(
            name,
            anchor,
            [("sdk", name)],
            code=code,
            language="python",
            text="\n\n".join(filter(None, (for_users(told.text), extra))),
            parts=[
                ("Arguments", self._constructor_arguments(constructor, arguments, anchor)),
                ("Attributes", group_of(self._attribute(item, anchor) for item in fields)),
                ("Raises", self._raises(raises)),
            ],
            sources=told.source,
        )
        for method, function in self._methods(found, inherited=inherited) if members else ():
            on = name if "classmethod" in function.labels else _variable(name)
            self.function(function, f"{name}.{method}", f"{on}.{method}", (f"{name}.{method}",), level=3)

    def _constructor_arguments(
        self, constructor: griffe.Function | None, arguments: Iterable[Item], anchor: str
    ) -> AttributeGroup:
        if constructor is None:
            return group_of(self._attribute(item, anchor) for item in arguments)
        return self._arguments(constructor, Described(arguments=tuple(arguments)), anchor)

    def _fields(self, found: griffe.Class, told: Described, *, inherited: bool) -> Iterator[Item]:
        members = members_of(found, inherited=inherited)
        constructor = members_with_constructor(found)
        given = {} if constructor is None else {one.name: str(one.annotation) for one in constructor.parameters}
        for item in told.attributes:
            member = members.get(item.name)
            # What a constructor keeps as it was given is of the type it was given in.
            known = given.get(item.name, "") if str(getattr(member, "value", "")) == item.name else ""
            annotation = item.annotation or str(getattr(member, "annotation", None) or "") or known
            if not annotation:
                raise PagesError(
                    f"{found.canonical_path}.{item.name}: the reference shows its type; annotate it where it is set"
                )
            yield Item(item.name, annotation, item.text)
        for name, one in members.items():
            if name in told.by_name or not isinstance(one, griffe.Attribute):
                continue
            text = described(one).text
            # Constants and slots that nobody describes are not for callers; the fields of a tuple are.
            if text or (one.annotation is not None and _is_tuple(found)):
                yield Item(name, _read(str(one.annotation or "")), text)

    def _methods(self, found: griffe.Class, *, inherited: bool) -> Iterator[tuple[str, griffe.Function]]:
        for name, one in public_members(found, inherited=inherited):
            if isinstance(one, griffe.Function):
                yield name, one

    def constant(self, found: griffe.Attribute, name: str) -> None:
        """Add a constant or the name of a type."""
        told = described(found)
        # The ids of headings do not tell capitals apart, and a constant is often called as its type is.
        title = f"{name} (constant)" if name.isupper() else name
        anchor = self.sheet.heading(title)
        self.sheet.entry(
            title,
            anchor,
            [("sdk", name)],
            code=f"{name} = {found.value}",
            language="python",
            text=told.text,
            sources=told.source,
        )

    def module(self, found: griffe.Module, name: str, exported: Mapping[str, griffe.Object]) -> None:
        """Add a module with its functions."""
        told = described(found)
        anchor = self.sheet.heading(name)
        self.sheet.entry(
            name,
            anchor,
            [("sdk", name)],
            code=f"from store_credit import {name}",
            language="python",
            text=told.text,
            sources=told.source,
        )
        for function, one in exported.items():
            full = f"{name}.{function}"
            if isinstance(one, griffe.Function):
                self.function(one, full, full, (full,), level=3)


def members_with_constructor(found: griffe.Class) -> griffe.Function | None:
    """The constructor of a class, its own or inherited."""
    for one in (found.members.get("__init__"), found.inherited_members.get("__init__")):
        if one is not None:
            target = one.final_target if isinstance(one, griffe.Alias) else one
            return target if isinstance(target, griffe.Function) else None
    return None


def for_users(text: str) -> str:
    """A docstring without what only concerns those who read the source."""
    return _INSIDE.sub("", text).strip()


def _is_tuple(found: griffe.Class) -> bool:
    return any(str(base).rpartition(".")[2] in {"NamedTuple", "TypedDict"} for base in found.bases)


def _bases(found: griffe.Class) -> list[str]:
    """The bases that a reader can know."""
    names = [str(base).rpartition(".")[2] for base in found.bases]
    return [name for name in names if not name.startswith("_") and name not in {"SyncClient", "AsyncClient"}]


def _typed(annotation: str) -> str:
    return f"`{annotation}`" if annotation and len(annotation) <= _LONGEST and "`" not in annotation else "see above"


def _read(annotation: str) -> str:
    """The type that an attribute has when it is read: a relationship is what it leads to."""
    return annotation.removeprefix("Related[").removesuffix("]") if annotation.startswith("Related[") else annotation


def _variable(name: str) -> str:
    """What samples call a record or a page."""
    if name.endswith("Page"):
        return "page"
    return {"Model": "record", "Resource": "record", "AsyncPages": "pages"}.get(name, name[0].lower() + name[1:])
