"""The `x-` members of openapi.yaml: what each means, where it may stand, and what its value must be.

The table in the document's description repeats this one for its readers; `scripts/check` and a test hold the two equal.
What is generated or shown reads no other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

__all__ = ["EXTENSIONS", "PROMISED", "Extension"]


@dataclass(frozen=True, slots=True)
class Extension:
    """One `x-` member.

    Attributes:
        owners: Kinds of objects that may have it, by the names of `check.grammar`.
        value: JSON Schema of its value.
        meaning: What it says, in the words of the document's description.
    """

    owners: tuple[str, ...]
    value: Mapping[str, Any]
    meaning: str


_TEXT: Final[Mapping[str, Any]] = {"type": "string", "minLength": 1}
_TRUE: Final[Mapping[str, Any]] = {"const": True}
_NAMES: Final[Mapping[str, Any]] = {"type": "array", "items": _TEXT, "minItems": 1, "uniqueItems": True}
_SOURCES: Final[Mapping[str, Any]] = {
    **_NAMES,
    "items": {"type": "string", "pattern": r"^(documented|recorded|read from code|decided): \S"},
}
_VERIFIED: Final[Mapping[str, Any]] = {
    "type": "array",
    "minItems": 1,
    "items": {
        "type": "object",
        "required": ["version", "how", "date"],
        "additionalProperties": False,
        "properties": {
            "version": _TEXT,
            "how": {"enum": ["recorded", "read from code", "documented", "decided"]},
            "date": {"type": "string", "pattern": r"^\d{4}-\d\d-\d\d$"},
        },
    },
}
_ALIASES: Final[Mapping[str, Any]] = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["method", "for"],
        "properties": {"method": {"enum": ["get", "put", "post", "delete", "patch"]}, "for": _TEXT},
    },
}
_SYSTEMS: Final[Mapping[str, Any]] = {
    "type": "object",
    "additionalProperties": {
        "type": "object",
        "required": ["title"],
        "properties": {
            "title": _TEXT,
            "description": _TEXT,
            "versions": _NAMES,
            # What shows a client which versions a server may be of: prefixes of ids, and members of records.
            "families": {
                "type": "object",
                "additionalProperties": {
                    "type": "object",
                    "required": ["versions"],
                    "additionalProperties": False,
                    "properties": {"versions": _NAMES, "prefixes": _NAMES, "members": _NAMES},
                },
            },
        },
    },
}
_CODES: Final[Mapping[str, Any]] = {
    "type": "object",
    "additionalProperties": {
        "type": "object",
        "required": ["cause", "remedy"],
        "properties": {"cause": _TEXT, "remedy": _TEXT, "x-versions": _NAMES},
    },
}
_GROUPS: Final[Mapping[str, Any]] = {
    "type": "array",
    "items": {"type": "object", "required": ["name", "tags"], "properties": {"name": _TEXT, "tags": _NAMES}},
}
_EXPRESSION: Final = r"^\$request\.(path|query|header)\.[!#-'*+.0-9A-Z^_`a-z|~-]+$"
_RESOURCES: Final[Mapping[str, Any]] = {"anyOf": [_TEXT, _NAMES]}

EXTENSIONS: Final[Mapping[str, Extension]] = MappingProxyType(
    {
        "x-source": Extension(("operation", "schema", "response"), _SOURCES, "where the rule comes from"),
        "x-verified": Extension(("operation",), _VERIFIED, "how each version of the system was verified, and when"),
        "x-versions": Extension(
            ("operation", "parameter", "header", "response", "schema", "example"),
            _NAMES,
            "the versions of the system that have it, if not all do",
        ),
        "x-expandable": Extension(("schema",), _TRUE, "a member that is sent only if `expand` asked for it"),
        "x-decisions": Extension(("document",), _TEXT, "the file with the decisions `x-source` cites"),
        "x-displayName": Extension(("tag", "securityScheme"), _TEXT, "its heading, or the name of a credential"),
        "x-tagGroups": Extension(("document",), _GROUPS, "the tags of each API, as Redoc and Scalar group them"),
        "x-ours": Extension(("header",), _TRUE, "the vendor has published none such: the name is ours"),
        "x-shared": Extension(("document",), {"type": "object"}, "what many places repeat, as YAML anchors"),
        "x-systems": Extension(("document",), _SYSTEMS, "the systems, by the first part of a tag's name"),
        "x-aliases": Extension(("pathItem",), _ALIASES, "other methods that do the same and are no operations"),
        "x-upstream-operation-id": Extension(("operation",), _TEXT, "what Spree's own reference calls it"),
        "x-creates": Extension(("operation",), _TRUE, "makes a new record"),
        "x-idempotent": Extension(("operation",), _TRUE, "may be sent again without a key"),
        "x-if-lost": Extension(("operation",), _TEXT, "what to do when the response was lost"),
        "x-serialize-by": Extension(
            ("operation",),
            {**_NAMES, "items": {"type": "string", "pattern": _EXPRESSION}},
            "what two requests at once must not change",
        ),
        "x-echoes": Extension(
            ("schema", "parameter"),
            {"type": "string", "pattern": "^/"},
            "the response holds the same value at this JSON Pointer",
        ),
        "x-id-prefixes": Extension(
            ("schema", "parameter"),
            {**_NAMES, "items": {"type": "string", "pattern": "^[a-z]+_$"}},
            "an id, which begins with one of these",
        ),
        "x-no-sdk-method": Extension(("operation",), _TEXT, "the SDK has no method for it, and why"),
        "x-reference": Extension(("schema",), _TRUE, "carries the caller's own reference of a create"),
        "x-sample-parameters": Extension(
            ("operation",), _NAMES, "optional parameters that the samples of the pages send"
        ),
        "x-sample-values": Extension(
            ("operation",),
            {"type": "object", "minProperties": 1},
            "what the samples of the pages send in place of a parameter's first example",
        ),
        "x-argument": Extension(
            ("parameter", "securityScheme"),
            {"type": "string", "pattern": "^[a-z_]+$"},
            "passed with each call, under this name",
        ),
        "x-alternative": Extension(
            ("parameter", "schema"),
            {"enum": ["body", "query", "header"]},
            "the input had better be sent in the place named",
        ),
        "x-always-present": Extension(("schema",), _NAMES, "sent always, unless `fields` asked for less"),
        "x-resource": Extension(("schema",), _RESOURCES, "the schema of a relationship's target, or several"),
        "x-extensible-enum": Extension(
            ("schema",),
            {"type": "array", "minItems": 1, "items": {"type": ["string", "integer"]}},
            "values known today; others may come",
        ),
        "x-decimal-places": Extension(
            ("schema",), {"type": "integer", "minimum": 0}, "how many decimals a number may have"
        ),
        "x-docs-level": Extension(
            ("parameter", "schema"), {"enum": ["advanced"]}, "the pages show it after the rest, folded"
        ),
        "x-error-codes": Extension(("schema",), _CODES, "for each code its cause and what to do about it"),
        "x-remedy": Extension(("response",), _TEXT, "what a caller had better do about it"),
        "x-response-examples": Extension(
            ("operation",),
            {
                "type": "object",
                "minProperties": 1,
                "propertyNames": {"pattern": r"^[1-5]\d\d$"},
                "additionalProperties": {**_NAMES, "minItems": 0},
            },
            "by status, those examples of a shared response that can occur at the operation",
        ),
    }
)
"""By name."""

PROMISED: Final = frozenset(
    {"x-always-present", "x-argument", "x-creates", "x-extensible-enum", "x-idempotent", "x-no-sdk-method"}
)
"""Those whose change can break who uses the SDK or reads a response."""
