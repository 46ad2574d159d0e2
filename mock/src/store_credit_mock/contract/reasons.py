"""Why a value breaks a schema: violations from what the validator says."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any, Final, Literal, cast

import jsonschema_rs

from store_credit_mock.contract.document import Document, escape
from store_credit_mock.contract.keywords import PATTERN
from store_credit_mock.contract.operation import Schema
from store_credit_mock.contract.violation import Violation

__all__ = ["Side", "explain"]

_KINDS = jsonschema_rs.ValidationErrorKind

_UNIONS: Final = (_KINDS.AnyOf, _KINDS.OneOfNotValid)
_UNKNOWN: Final = (_KINDS.AdditionalProperties, _KINDS.UnevaluatedProperties)
_OF_NAMES: Final = (_KINDS.Required, *_UNKNOWN)
_OTHER_TYPE: Final = frozenset({"const", "enum", "not", "type"})
_MARKS = ("readOnly", "writeOnly")

Side = Literal["request", "response", "webhook"]


def explain(
    document: Document, side: Side, identity: str, schema: Schema, value: Any, place: str
) -> Iterable[Violation]:
    """Say what is wrong with a value.

    Args:
        document: Where rules have their lines.
        side: Whose fault.
        identity: operationId or webhook.
        schema: What the value was validated against.
        value: The value.
        place: JSON pointer of the value in the exchange.
    """
    errors = list(_leaves(schema.validator.iter_errors(value)))
    for error in errors:
        line, rule = _rule(document, error.absolute_keyword_location or "", schema.pointer)
        steps = "".join("/" + escape(str(step)) for step in error.instance_path)
        keyword = "pattern" if error.kind.name == PATTERN else error.kind.name
        expected, got = _sides(error, rule)
        text = error.message[:500]
        if len(errors) > 1 and isinstance(error.kind, _KINDS.UnevaluatedProperties):
            # Where the schema that lists a member fails for another reason, the member counts as one that nobody lists.
            unknown = [name for name in got.split(", ") if name not in document.member_names]
            if not unknown:
                continue
            got = ", ".join(unknown)
            text = f"the OpenAPI document does not list {got}"
        mark = _MARKS[side != "request"]
        if keyword == "falseSchema" and isinstance(rule, dict):
            # The copies say false where the document says that this side does not carry the member.
            keyword, expected = mark, f"no {steps.rpartition('/')[2]}"
            text = f"{steps.rpartition('/')[2]} is {mark}: it is not allowed in a {side}"
        if (place + steps).startswith("/cookie/") or _is_secret(document, error):
            got = "<token>"
            text = text if keyword == mark else f"violates {keyword}; the value is a secret and is not shown"
        yield Violation(side, identity, place + steps, keyword, expected, got, text, line)


@lru_cache(maxsize=4096)
def _rule(document: Document, location: str, pointer: str) -> tuple[int | None, Any]:
    """The line a rule stands on and what it says; of a schema that is not in the document the line it came from."""
    if not location.startswith("urn:store-credit:"):
        return document.line(pointer), None
    place = "#" + location.partition("#")[2]
    return document.line(place), document.at(place)


def _leaves(errors: Iterable[jsonschema_rs.ValidationError]) -> Iterable[jsonschema_rs.ValidationError]:
    """The reasons at the deepest place: of a union, those of the branch the value was meant for."""
    for error in errors:
        kind = error.kind
        if isinstance(kind, _UNIONS):
            branches = [branch for branch in kind.context if not _of_another_type(branch, len(error.instance_path))]
            if len(branches) == 1:
                yield from _leaves(branches[0])
                continue
        yield error


def _of_another_type(branch: list[jsonschema_rs.ValidationError], depth: int) -> bool:
    """Whether a branch was refused for its type alone, so that it describes another kind of thing."""
    return any(
        (error.kind.name in _OTHER_TYPE and (len(error.instance_path) == depth or error.instance_path[-1] == "type"))
        or (len(error.instance_path) == depth + 1 and _has_one_value(error.kind))
        for error in branch
    )


def _has_one_value(kind: jsonschema_rs.ValidationErrorKind) -> bool:
    """Whether a value was refused since there is one alone that is right, by which objects are told apart."""
    if isinstance(kind, _KINDS.Enum):
        options: Any = kind
        return len(options.options) == 1
    return isinstance(kind, _KINDS.Constant)


def _is_secret(document: Document, error: jsonschema_rs.ValidationError) -> bool:
    """Whether a secret would be shown: the value itself, what it is part of, or what is in it."""
    names = [str(step) for step in error.instance_path]
    if not isinstance(error.kind, _OF_NAMES):
        waiting: list[Any] = [error.instance]
        for value in waiting:
            if isinstance(value, dict):
                members = cast("dict[str, Any]", value)
                names += members
                waiting += members.values()
            elif isinstance(value, list):
                waiting += cast("list[Any]", value)
    return any(document.secret_names.is_secret(name) for name in names)


def _sides(error: jsonschema_rs.ValidationError, schema_value: Any) -> tuple[str, str]:
    kind: Any = error.kind
    if isinstance(kind, _KINDS.Required):
        return str(kind.property), "nothing"
    if isinstance(kind, _UNKNOWN):
        return "no other member", ", ".join(str(name) for name in kind.unexpected)[:200]
    expected = schema_value
    for name in ("limit", "pattern", "format", "types", "expected_value", "options"):
        if expected is None and hasattr(kind, name):
            expected = getattr(kind, name)
    return _short(expected), _short(error.instance)


def _short(value: Any) -> str:
    text = value if isinstance(value, str) else repr(value)
    return text if len(text) <= 200 else text[:197] + "..."
