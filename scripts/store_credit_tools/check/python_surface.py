"""The public names of both packages with their signatures, and what of a change to them breaks who uses them."""

from __future__ import annotations

import enum
import importlib
import inspect
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any, Final, cast

from bootstrap import ROOT

__all__ = ["MODULES", "SURFACE", "Entry", "read_surface", "surface", "surface_breaks", "written_surface"]

SURFACE: Final = ROOT / "tests" / "contract" / "python_surface.json"
"""What the packages offered when they were last released."""

MODULES: Final = (
    "store_credit",
    "store_credit.models",
    "store_credit.webhooks",
    "store_credit_mock",
    "store_credit_mock.control",
    "store_credit_mock.coverage",
)
"""Those whose `__all__` is public; of the clients their resources are, too."""

_ADDRESS: Final = re.compile(r"<([\w.]+)[^>]* at 0x[0-9a-f]+>")
_NO_DEFAULT: Final = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One public name.

    Attributes:
        kind: `class`, `function`, `method`, `property` or `value`.
        parameters: Name, kind, annotation and default of each; the default is empty where there is none.
        returns: Annotation of what is returned, or of a value.
    """

    kind: str
    parameters: tuple[tuple[str, str, str, str], ...] = ()
    returns: str = ""


def surface() -> dict[str, Entry]:
    """Every public name of the packages as they are."""
    found: dict[str, Entry] = {}
    for module_name in MODULES:
        module = importlib.import_module(module_name)
        for name in module.__all__:
            found.update(_entries(f"{module_name}.{name}", getattr(module, name)))
    for module in _resources():
        for name, value in inspect.getmembers(module, inspect.isclass):
            if value.__module__ == module.__name__ and not name.startswith("_"):
                found.update(_entries(f"{module.__name__}.{name}", value))
    return dict(sorted(found.items()))


def _resources() -> Iterator[ModuleType]:
    import pkgutil

    import store_credit.api

    for one in pkgutil.iter_modules(store_credit.api.__path__):
        yield importlib.import_module(f"store_credit.api.{one.name}")


def _entries(name: str, value: Any) -> Iterator[tuple[str, Entry]]:
    if not inspect.isclass(value):
        yield name, _signed("function", value) if callable(value) else Entry("value", returns=type(value).__name__)
        return
    # How an enumeration or an error of no signature of its own is made is Python's affair.
    own = not issubclass(value, enum.Enum) and not (issubclass(value, Exception) and "__init__" not in vars(value))
    yield name, _signed("class", value) if own else Entry("class")
    members = {key: one for base in reversed(value.__mro__) if _is_ours(base) for key, one in vars(base).items()}
    annotations: dict[str, Any] = {}
    for base in reversed(value.__mro__):
        annotations |= inspect.get_annotations(base) if _is_ours(base) else {}
    for key in sorted({*members, *annotations}):
        if key.startswith("_"):
            continue
        member = members.get(key)
        inner = f"{name}.{key}"
        if isinstance(member, staticmethod | classmethod):
            yield inner, _signed("method", cast("Any", member).__func__)
        elif inspect.isfunction(member):
            yield inner, _signed("method", member)
        elif isinstance(member, property) or hasattr(member, "func"):
            getter: Any = member.fget if isinstance(member, property) else getattr(member, "func", None)
            yield inner, Entry("property", returns=_text(getattr(getter, "__annotations__", {}).get("return", "")))
        else:
            yield inner, Entry("value", returns=_text(annotations.get(key, "")))


def _is_ours(base: type) -> bool:
    return base.__module__.partition(".")[0] in {"store_credit", "store_credit_mock"}


def _signed(kind: str, value: Any) -> Entry:
    try:
        signature = inspect.signature(value)
    except (TypeError, ValueError):
        return Entry(kind)
    parameters = tuple(
        (one.name, one.kind.name, _text(one.annotation), _default(one.default)) for one in signature.parameters.values()
    )
    return Entry(kind, parameters, "" if kind == "class" else _text(signature.return_annotation))


def _text(annotation: Any) -> str:
    if annotation is inspect.Signature.empty:
        return ""
    return annotation if isinstance(annotation, str) else inspect.formatannotation(annotation)


def _default(value: Any) -> str:
    if value is inspect.Parameter.empty:
        return _NO_DEFAULT
    if isinstance(value, Path):  # Where it is differs from machine to machine.
        return f"<{value.name}>"
    return _ADDRESS.sub(r"<\1>", repr(value)) if not inspect.isroutine(value) else value.__qualname__


def written_surface(version: str, names: Mapping[str, Entry]) -> str:
    """JSON with a line for each name, so that a release shows what changed."""
    rows = ",\n".join(
        f"{json.dumps(name)}: {json.dumps([one.kind, one.parameters, one.returns])}" for name, one in names.items()
    )
    return f'{{"version": {json.dumps(version)}, "names": {{\n{rows}\n}}}}\n'


def read_surface() -> tuple[str, dict[str, Entry]]:
    """The version that was released last, and what it offered."""
    data = json.loads(SURFACE.read_text("utf-8"))
    names = {
        name: Entry(kind, tuple((one[0], one[1], one[2], one[3]) for one in parameters), returns)
        for name, (kind, parameters, returns) in data["names"].items()
    }
    return str(data["version"]), names


def surface_breaks(base: Mapping[str, Entry], revision: Mapping[str, Entry]) -> list[str]:
    """Say what of a change breaks who uses the packages; what only came breaks nobody."""
    found: list[str] = []
    for name, old in base.items():
        new = revision.get(name)
        outer = name.rpartition(".")[0]
        if new is None:
            if outer not in base or outer in revision:
                found.append(f"{name} is gone")
        elif old.kind != new.kind:
            found.append(f"{name} was a {old.kind} and is a {new.kind}")
        else:
            found += [f"{name}: {what}" for what in _differences(old, new)]
    return found


def _differences(old: Entry, new: Entry) -> Iterator[str]:
    before, after = ({one[0]: one for one in entry.parameters} for entry in (old, new))
    for name, (_, kind, annotation, default) in before.items():
        if name not in after:
            yield f"the parameter {name} is gone"
            continue
        _, new_kind, new_annotation, new_default = after[name]
        if kind != new_kind:
            yield f"the parameter {name} is {_said(new_kind)} now, not {_said(kind)}"
        if annotation != new_annotation:
            yield f"the parameter {name} is {new_annotation or 'anything'} now, not {annotation or 'anything'}"
        if default != new_default:
            yield f"the default of {name} is now {new_default or 'gone'}, not {default or 'none'}"
    for name, (_, kind, _, default) in after.items():
        if name not in before and default == _NO_DEFAULT and not kind.startswith("VAR_"):
            yield f"the parameter {name} is new and required"
    ordered = [name for name, one in before.items() if name in after and one[1].startswith("POSITIONAL")]
    now = [name for name, one in after.items() if name in before and one[1].startswith("POSITIONAL")]
    if ordered != now[: len(ordered)]:
        yield "its positional parameters are in a different order"
    if old.returns != new.returns:
        yield f"it is {new.returns or 'anything'} now, not {old.returns or 'anything'}"


def _said(kind: str) -> str:
    return kind.lower().replace("_", " ")
