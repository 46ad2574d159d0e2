"""What was expected and what was found instead, with the place in the JSON where they part."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, cast

from store_credit_mock.contract.document import escape

__all__ = ["Difference", "Same", "as_list", "as_object", "compare", "equal_by_value", "pointer", "shown"]

Same = Callable[[str, Any, Any], bool | None]
"""Asked about each pair of values, with the pointer to it: True and False decide, None leaves it to `compare`."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One way in which an exchange cannot be replayed as it was recorded."""

    side: str
    """What was compared: `answer against the document`, `request`, `result`, `error` ..."""
    where: str
    """A JSON pointer into the exchange file, such as `/response/body/data/attributes/amount`."""
    what: str

    def __str__(self) -> str:
        return f"{self.side}: {self.where}: {self.what}"


def pointer(where: str, *names: object) -> str:
    """Go on from a JSON pointer."""
    return where + "".join("/" + escape(str(name)) for name in names)


def as_object(value: Any) -> Mapping[str, Any]:
    """A JSON object, or an empty one in place of anything else."""
    return cast("Mapping[str, Any]", value) if isinstance(value, Mapping) else {}


def as_list(value: Any) -> list[Any]:
    """A JSON array, or an empty one in place of anything else."""
    return cast("list[Any]", value) if isinstance(value, list) else []


def shown(value: Any) -> str:
    """A value for a message, cut where it is long."""
    text = str(value) if isinstance(value, Decimal) else repr(value)
    return text if len(text) <= 120 else text[:117] + "..."


def equal_by_value(expected: object, actual: object) -> bool:
    """Whether two numbers or numeric strings stand for the same number."""
    first, second = _number(expected), _number(actual)
    return first is not None and second is not None and first == second


def _number(value: object) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
        return None
    # A float of the SDK's decoder remembers the digits it was read from.
    text = str(getattr(value, "text", value))
    try:
        number = Decimal(text)
    except ArithmeticError:
        return None
    return number if number.is_finite() else None


def compare(
    side: str, where: str, expected: Any, actual: Any, same: Same | None = None, said: str = "was recorded"
) -> list[Difference]:
    """Compare two JSON values member by member; numbers by value, everything else exactly.

    Args:
        side: What is compared, for the differences.
        where: JSON pointer to both.
        expected: The recorded value.
        actual: What came instead.
        same: Decides about single values that are equal in another way than being the same.
        said: What the differences say of the expected value.
    """
    decided = None if same is None else same(where, expected, actual)
    if decided is None and isinstance(expected, Mapping) and isinstance(actual, Mapping):
        return _compare_objects(side, where, as_object(expected), as_object(actual), same, said)
    if decided is None and isinstance(expected, list) and isinstance(actual, list):
        return _compare_arrays(side, where, as_list(expected), as_list(actual), same, said)
    if _equal(expected, actual) if decided is None else decided:
        return []
    return [Difference(side, where, f"{shown(actual)} where {shown(expected)} {said}")]


def _equal(expected: Any, actual: Any) -> bool:
    if isinstance(expected, bool) or isinstance(actual, bool):
        return expected is actual
    if isinstance(expected, int | float | Decimal) and isinstance(actual, int | float | Decimal):
        return equal_by_value(expected, actual)
    return type(expected) is type(actual) and expected == actual


def _compare_objects(
    side: str, where: str, expected: Mapping[str, Any], actual: Mapping[str, Any], same: Same | None, said: str
) -> list[Difference]:
    found: list[Difference] = []
    for name, value in expected.items():
        place = pointer(where, name)
        if name in actual:
            found += compare(side, place, value, actual[name], same, said)
        else:
            found.append(Difference(side, place, f"is missing; {shown(value)} {said}"))
    found += [
        Difference(side, pointer(where, name), f"{shown(value)} where nothing {said}")
        for name, value in actual.items()
        if name not in expected
    ]
    return found


def _compare_arrays(
    side: str, where: str, expected: list[Any], actual: list[Any], same: Same | None, said: str
) -> list[Difference]:
    found: list[Difference] = []
    if len(expected) != len(actual):
        many = said.replace("was ", "were ")
        found.append(Difference(side, where, f"{len(actual)} items where {len(expected)} {many}"))
    for number, (first, second) in enumerate(zip(expected, actual, strict=False)):
        found += compare(side, pointer(where, number), first, second, same, said)
    return found
