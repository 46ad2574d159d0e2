"""Values that fit one schema of the document, and values that miss it in one way each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

__all__ = ["ODD_NUMBERS", "Miss", "missed", "missed_texts", "right", "right_texts", "types"]

GIFT = "\N{WRAPPED PRESENT}"
"""One character for JSON Schema, two for a program that counts in UTF-16."""

PATTERNS = {
    r"^[A-Za-z]{3}$": (
        ("USD", "usd", "JpY", "ZZZ"),
        ("US", "USDX", "U$D", "U1D", " USD", "USD ", "USD\n", "\N{LATIN CAPITAL LETTER U WITH DIAERESIS}SD", "U D"),
    ),
    r"^[A-Z]{3}$": (
        ("USD", "JPY", "ZZZ"),
        ("usd", "US", "USDX", "U1D", "", " USD", "USD\n", "\N{LATIN CAPITAL LETTER U WITH DIAERESIS}SD"),
    ),
    r"^\d{1,15}(\.\d{1,4})?$": (
        ("1", "0.01", "10.5", "000001", "0.0001", "999999.9999", "123456789012345"),
        (
            "1.00005",
            "1234567890123456",
            "-1",
            "+1",
            "1,50",
            "1e3",
            ".5",
            "5.",
            "ten",
            " 1",
            "1\n",
            "\u0661",
            "0x10",
            "",
        ),
    ),
    r"^\d{1,6}(\.\d{1,2})?$": (
        ("1", "0.01", "10.5", "000001", "999999.99"),
        ("1.005", "1234567", "-1", "+1", "1,50", "1e3", ".5", "5.", "ten", " 1", "1\n", "\u0661", "0x10", "NaN", ""),
    ),
    r"^\d{4}-\d{2}-\d{2}$": (
        ("2026-04-01", "2024-11-22"),
        ("2026-4-1", "latest", "2026-04-01T00", "20260401", "2026/04/01", " "),
    ),
}
"""Texts for each pattern the document uses in requests: some that fit, some that do not."""

ODD_NUMBERS = ("1e1", "0x1", "1.0", "5 ", "+5", "005.0")
"""Numbers to JavaScript and none in a parameter, which is written as JSON writes it."""

_OF_TYPE: Mapping[str, Any] = {
    "string": "text",
    "integer": 7,
    "number": 7.5,
    "boolean": True,
    "null": None,
    "array": ["text"],
    "object": {"id": "1"},
}


class Miss(NamedTuple):
    """A value that misses a schema: how, in a word that is the same for every schema, and exactly what it is."""

    kind: str
    value: Any


def types(schema: Mapping[str, Any]) -> set[str]:
    """The types a schema names; all of them if it names none."""
    named = schema.get("type", list(_OF_TYPE))
    return {named} if isinstance(named, str) else set(named)


def right(schema: Mapping[str, Any]) -> Iterator[Any]:
    """JSON values that fit a schema, those at its bounds among them."""
    kinds = types(schema)
    if "string" in kinds:
        yield from _right_strings(schema)
    if "integer" in kinds:
        low, high = schema.get("minimum"), schema.get("maximum")
        # A whole number with a point is an integer to JSON Schema; one without a bound may be any size.
        yield from (1, 25.0, low if low is not None else -3, high if high is not None else 10**18)
        if high is None:
            yield from (2**53 + 1, 2**63, 10**25)
    elif "number" in kinds:
        # The lowest is given by `minimum`; what lies above an exclusive one is the next hundredth.
        yield from (schema.get("minimum", 0.01), 12, 12.5, 12.34, schema.get("maximum", 10.0**12))
    if "null" in kinds:
        yield None
    if "object" in kinds and "properties" not in schema:
        yield from ({}, {"k": None, "\N{GREEK SMALL LETTER KAPPA}": [1, {"x": GIFT}]})


def _right_strings(schema: Mapping[str, Any]) -> Iterator[str]:
    if "pattern" in schema:
        yield from PATTERNS[schema["pattern"]][0]
        return
    if "enum" in schema:
        yield from schema["enum"]
        return
    low, high = schema.get("minLength", 0), schema.get("maxLength")
    if high is None:
        high = 2000
    yield from ("a" * low, "a" * high, GIFT * min(high, 255))
    for text in ("Gr\N{LATIN SMALL LETTER U WITH DIAERESIS}\N{LATIN SMALL LETTER SHARP S}e", "1", "null", " "):
        if low <= len(text) <= high:
            yield text


def missed(schema: Mapping[str, Any]) -> Iterator[Miss]:
    """JSON values that miss a schema."""
    kinds = types(schema)
    for name, value in _OF_TYPE.items():
        fits = name in kinds or (name == "integer" and "number" in kinds)
        if name == "number" and "integer" in kinds and "number" not in kinds:
            yield Miss("fraction", value)
        elif not fits:
            yield Miss("type", value)
    if kinds & {"integer", "number"}:
        if "minimum" in schema:
            yield from (Miss("bound", schema["minimum"] - 1), Miss("bound", -(10**15)))
        if "exclusiveMinimum" in schema:
            yield from (Miss("bound", schema["exclusiveMinimum"]), Miss("bound", schema["exclusiveMinimum"] - 1))
        if "maximum" in schema:
            yield from (Miss("bound", schema["maximum"] + 1), Miss("bound", 10**25))
        if "x-decimal-places" in schema:
            finer = 10.0 ** -(schema["x-decimal-places"] + 1)
            yield from (Miss("decimal places", 1 + 5 * finer), Miss("decimal places", finer))
    if "string" in kinds:
        yield from _missed_strings(schema)


def _missed_strings(schema: Mapping[str, Any]) -> Iterator[Miss]:
    if "pattern" in schema:
        yield from (Miss("pattern", text) for text in PATTERNS[schema["pattern"]][1])
        return
    if "enum" in schema:
        yield from (Miss("enum", text) for text in ("none", schema["enum"][0].upper(), schema["enum"][0] + " "))
        return
    if schema.get("minLength", 0) > 0:
        yield Miss("too short", "a" * (schema["minLength"] - 1))
    if "maxLength" in schema:
        high = schema["maxLength"]
        yield from (Miss("too long", "a" * (high + 1)), Miss("too long", GIFT * (high + 1)))


def right_texts(schema: Mapping[str, Any]) -> Iterator[str]:
    """What fits a schema in a place where everything is text: query, path, header, form."""
    branches = schema.get("anyOf", [schema])
    for branch in branches:
        kinds = types(branch)
        if "string" in kinds:
            yield from _right_strings(branch)
        elif "integer" in kinds:
            yield from (str(branch.get("minimum", 1)), str(branch.get("maximum", 10**18)))
        elif "boolean" in kinds:
            yield from ("true", "false")


def missed_texts(schema: Mapping[str, Any]) -> Iterator[Miss]:
    """What misses it there. Only a schema that takes no string can be missed in its type."""
    branches = schema.get("anyOf", [schema])
    numeric = [branch for branch in branches if "integer" in types(branch) and "string" not in types(branch)]
    for branch in numeric:
        yield from (Miss("type", text) for text in ("ten", "true", "null", "1,5", "--1", "1_0", "\u0661", "{}"))
        yield Miss("fraction", "1.5")
        if branch is branches[-1]:
            yield Miss("empty", "")
        yield from (Miss("odd number", text) for text in ODD_NUMBERS)
        if "minimum" in branch:
            yield from (Miss("bound", str(branch["minimum"] - 1)), Miss("bound", str(-(10**15))))
        if "maximum" in branch:
            yield from (Miss("bound", str(branch["maximum"] + 1)), Miss("bound", "9" * 30))
    if not numeric:
        for miss in _missed_strings(schema):
            yield Miss("empty", "") if miss.value == "" else miss
