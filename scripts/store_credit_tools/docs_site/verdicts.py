"""What was wrong with a request, or with the mock's response, in a sentence for the reader of a page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from store_credit_mock import Violation
from store_credit_mock.contract.document import unescape

__all__ = ["Verdict", "verdicts"]

_UNKNOWN: Final = frozenset({"additionalProperties", "unevaluatedProperties"})
_PLACES: Final[Mapping[str, str]] = {"body": "an attribute", "query": "a query parameter", "header": "a header"}
_WORDS: Final[Mapping[str, str]] = {
    "minimum": "must be {0} or more",
    "exclusiveMinimum": "must be more than {0}",
    "maximum": "must be at most {0}",
    "exclusiveMaximum": "must be less than {0}",
    "minLength": "must have at least {0} characters",
    "maxLength": "must have at most {0} characters",
    "minItems": "must have at least {0} items",
    "maxItems": "must have at most {0} items",
    "pattern": "must match {0}",
    "type": "must be of type {0}",
    "const": "must be {0}",
    "enum": "must be one of {0}",
    "format": "is not a valid {0}",
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """One thing that was wrong.

    Attributes:
        side: `request` or `response`.
        place: Where it stands: `body`, `query`, `header`, `path`, or another part of the exchange.
        name: The attribute or parameter, as a program would address it; empty if it is none.
        text: What is wrong with it: a sentence, without its subject where there is a name.
        line: Where the rule stands in the document; None if no line says it.
    """

    side: str
    place: str
    name: str
    text: str
    line: int | None


def verdicts(violations: Iterable[Violation]) -> Iterator[Verdict]:
    """Say of each violation what is wrong; several members that nobody knows are told one by one."""
    for one in violations:
        place, _, rest = one.pointer.lstrip("/").partition("/")
        inside = unescape(rest.replace("/", "."))
        if one.keyword in _UNKNOWN:
            for name in one.got.split(", "):
                said = f"is not {_PLACES.get(place, 'a member')} of this operation"
                yield Verdict(one.side, place, f"{inside}.{name}" if inside else name, said, one.line)
        elif one.keyword == "required":
            yield Verdict(
                one.side, place, f"{inside}.{one.expected}" if inside else one.expected, "is missing", one.line
            )
        elif inside and one.keyword in _WORDS:
            got = f", not {one.got}" if one.got else ""
            yield Verdict(one.side, place, inside, _WORDS[one.keyword].format(one.expected) + got, one.line)
        else:
            yield Verdict(one.side, place, inside, f"is not valid: {one.message}" if inside else one.message, one.line)
