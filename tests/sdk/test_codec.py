"""JSON on the wire: the digits of an amount are its own, and nothing passes through a binary float."""

import copy
import json
import pickle
from collections import OrderedDict
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store_credit import InvalidArgumentError
from store_credit._core import codec
from store_credit._core.fields import read_decimal
from together import together

EXACT = json.JSONDecoder(parse_float=Decimal)


class Colour(StrEnum):
    RED = "red"


@given(number=st.decimals(allow_nan=False, allow_infinity=False))
def test_a_decimal_is_written_with_its_own_digits(number: Decimal) -> None:
    """As a plain JSON number, without an exponent, neither rounded nor padded."""
    text = codec.encode(number)

    assert Decimal(text) == number
    assert "e" not in text.lower()
    assert EXACT.decode(text) == number


@together(
    ("number", "text"),
    [
        (Decimal(25), "25"),
        (Decimal("25.00"), "25.00"),
        (Decimal("0.10"), "0.10"),
        (Decimal("2.5E+3"), "2500"),
        (Decimal("1E-7"), "0.0000001"),
        (Decimal("12345678901234567890123456789.01"), "12345678901234567890123456789.01"),
        (Decimal("-0.00"), "-0.00"),
    ],
)
def test_examples_of_decimals(number: Decimal, text: str) -> None:
    """What stands on the wire is what was meant."""
    assert codec.encode({"amount": number}) == f'{{"amount":{text}}}'


values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text()
    | st.decimals(allow_nan=False, allow_infinity=False, places=3),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
)


@given(value=values)
def test_what_is_written_is_json_and_comes_back(value: Any) -> None:
    """Read with any JSON library, with every number exact."""
    text = codec.encode(value)

    assert EXACT.decode(text) == value
    assert text.isascii()


_texts = st.text(st.characters(codec=None), max_size=5)


@given(value=st.dictionaries(_texts, _texts | st.integers() | st.booleans() | st.none(), max_size=5))
def test_a_flat_object_is_written_as_any_other(value: Any) -> None:
    """By the standard library, which is faster, and to the same text."""
    assert codec.encode([value]) == f"[{codec.encode(value)}]"


@given(text=st.text(st.characters(codec=None)))
def test_any_text_survives(text: str) -> None:
    """Quotes, control characters, every script, and even half a surrogate pair."""
    assert json.loads(codec.encode(text)) == text


@together(
    ("value", "text"),
    [
        (True, "true"),
        (10**40, "1" + "0" * 40),
        ((1, "a"), '[1,"a"]'),
        (Colour.RED, '"red"'),
        (MappingProxyType({"a": None}), '{"a":null}'),
        (OrderedDict(b=1, a=2), '{"b":1,"a":2}'),
        (1.5, "1.5"),
    ],
)
def test_relatives_of_the_plain_types_are_written_too(value: Any, text: str) -> None:
    """In the order in which they are given."""
    assert codec.encode(value) == text


@together("value", [float("nan"), float("inf"), float("-inf")])
def test_a_float_that_is_no_number_is_refused(value: float) -> None:
    """JSON has no form for it."""
    with pytest.raises(ValueError, match="float values"):
        codec.encode({"a": [value]})


@together("value", [{1: "a"}, {None: 1}, {"a": {2: 3}}])
def test_a_key_that_is_no_text_is_refused(value: Any) -> None:
    """Turning it into text would hide a slip."""
    with pytest.raises(TypeError, match="keys must be strings"):
        codec.encode(value)


@together("value", [{1, 2}, b"bytes", datetime(2026, 1, 1, tzinfo=UTC), object()])
def test_what_json_has_no_form_for_becomes_an_argument_error(serve: Callable[..., Any], value: Any) -> None:
    """Nothing is sent, and the text says why."""
    server = serve(200)
    with pytest.raises(InvalidArgumentError, match="cannot be written as JSON"):
        server.spree().store_credits.update("7", private_metadata={"a": value})

    assert server.requests == []


def test_a_body_that_holds_itself_becomes_an_argument_error(serve: Callable[..., Any]) -> None:
    """And not a recursion without end."""
    server = serve(200)
    endless: list[Any] = []
    endless.append(endless)
    with pytest.raises(InvalidArgumentError, match="JSON"):
        server.spree().store_credits.update("7", private_metadata={"a": endless})

    assert server.requests == []


FRACTIONS = ["25.10", "0.1", "-0.00", "1E-7", "12345678901234567890.123456789", "2.5e+1", "1e200"]


@together("text", FRACTIONS)
def test_a_number_with_a_fraction_keeps_its_digits(json_library: str, text: str) -> None:
    """It is a float to whoever wants one, and the Decimal made from it has the digits that were written."""
    number = codec.decode(f'{{"a": [{text}]}}'.encode())["a"][0]

    assert isinstance(number, float)
    assert number == float(text)
    assert repr(read_decimal(number)) == repr(Decimal(text))


@together("text", [*FRACTIONS, "1e400", "1E-999999999"])
def test_a_number_that_was_read_is_written_as_it_came(json_library: str, text: str) -> None:
    """Metadata of a response that is sent back has not changed on the way."""
    assert codec.encode(codec.decode(f'{{"a":[{text}]}}'.encode())) == f'{{"a":[{text}]}}'


@pytest.mark.parametrize(
    "clone",
    [copy.copy, copy.deepcopy, lambda value: pickle.loads(pickle.dumps(value))],
    ids=["copy", "deepcopy", "pickle"],
)
def test_such_a_number_can_be_copied(clone: Callable[[Any], Any]) -> None:
    """With its text."""
    number = clone(codec.ExactFloat("25.10"))

    assert number.text == "25.10"
    assert number == 25.1
