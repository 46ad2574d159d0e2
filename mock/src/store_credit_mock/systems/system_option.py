"""Options of a system: what it can be told at the start, in code, on the command line and by the pytest marker."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, cast

from store_credit_mock.sandbox import Options

__all__ = ["SystemOption", "namesakes", "resolve", "token"]


@dataclass(frozen=True)
class SystemOption:
    """One option of a system.

    Attributes:
        name: As in `Options(...)`; on the command line `spree_token` is `--spree-token`.
        help: One line for `--help`.
        check: Returns a value as it is used; raises ValueError, whose text begins with the name, for any other.
        default: The value where none is given.
        choices: The texts there are, if there are only a few.
        metavar: What stands for the value in `--help`.
        flag_value: What the option means on the command line without a value; None where it needs one.
        secret: Whether it is a credential: never shown, and, unless it has a default that everybody may know, wanted
            before others than this machine are served.
    """

    name: str
    help: str
    check: Callable[[Any], Any]
    default: Any = None
    choices: tuple[str, ...] = ()
    metavar: str = "VALUE"
    flag_value: str | None = None
    secret: bool = False


def resolve(declared: Iterable[SystemOption], options: Options) -> Mapping[str, Any]:
    """Return the value of every declared option.

    Raises:
        ValueError: A value is not valid, no system has an option of that name, or two have.
    """
    known: dict[str, SystemOption] = {}
    for option in declared:
        if option.name in known:
            raise ValueError(f"two systems have an option {option.name}; rename one of them")
        known[option.name] = option
    given = _spread(options.of_systems, known)
    for name in given:
        if name not in known:
            raise ValueError(f"{name} is not a valid option; use one of {', '.join((*Options.NAMES, *known))}")
    return {name: option.check(given[name]) if name in given else option.default for name, option in known.items()}


def namesakes(name: str, known: Collection[str]) -> dict[str, str]:
    """The options of other systems that a value of this one may go to, by system: `spree-v3=5.6` for `profile`."""
    return {other.removesuffix(f"_{name}").replace("_", "-"): other for other in known if other.endswith(f"_{name}")}


def _spread(given: Mapping[str, Any], known: Collection[str]) -> dict[str, Any]:
    """Give every option its own value: `profile=["5.3", "spree-v3=5.6"]` is of two systems.

    Raises:
        ValueError: A value is of a system that there is not, or an option has two.
    """
    found: dict[str, Any] = {}
    for name, value in given.items():
        others = namesakes(name, known)
        parts = cast("Iterable[Any]", value) if others and isinstance(value, list | tuple) else (value,)
        for part in cast("Iterable[Any]", parts):
            system, equals, own = part.partition("=") if others and isinstance(part, str) else ("", "", "")
            target = others.get(system.replace("_", "-")) if equals else name
            if target is None:
                raise ValueError(f"{name}: there is no system {system}; use {' or '.join(f'{o}=...' for o in others)}")
            if target in found or (target != name and target in given):
                raise ValueError(f"{target} is given twice")
            found[target] = own if equals else part
    return found


def token(name: str) -> Callable[[Any], str]:
    """Make the check of an option that is sent in a header."""

    def check(value: Any) -> str:
        if not isinstance(value, str) or not value or not all("!" <= letter <= "~" for letter in value):
            raise ValueError(f"{name} is one or more visible ASCII characters, without spaces")
        return value

    return check
