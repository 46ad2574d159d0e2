"""The extra `fast` parses JSON and nothing else: with it and without it the same objects, types and errors."""

import copy
import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store_credit import MissingFieldError, Model, Resource, models
from store_credit._core import codec, fields, readers
from store_credit._core.attributes import Related
from store_credit._core.response import Response
from together import together

pytest.importorskip("msgspec", reason="the extra `fast` is not installed")

RECORDINGS = Path(__file__).parents[1] / "recordings"
WITH_MSGSPEC = codec._choose()
WITHOUT = codec._decode_standard


def test_both_parsers_are_tried() -> None:
    """It would be easy to compare one with itself."""
    assert WITH_MSGSPEC is not WITHOUT


def tree(value: Any) -> Any:
    """A JSON value with the type of everything in it and the order of its members."""
    if isinstance(value, dict):
        return "object", [(key, tree(item)) for key, item in value.items()]
    if isinstance(value, list):
        return "array", [tree(item) for item in value]
    return type(value).__name__, repr(value), getattr(value, "text", None)


def outcome(run: Callable[[], Any]) -> Any:
    """What comes of it: a value, or the error's type, text and cause."""
    try:
        return run()
    except (RecursionError, ValueError) as error:
        return type(error).__name__, str(error), repr(error.__cause__)


def assert_same(content: bytes) -> Any:
    first = outcome(lambda: tree(WITH_MSGSPEC(content)))
    assert first == outcome(lambda: tree(WITHOUT(content)))
    return first


UNUSUAL = {
    "duplicate keys": b'{"a": 1, "b": 2, "a": 3}',
    "large int": b"123456789012345678901234567890",
    "64 bits": b"18446744073709551616",
    "63 bits": b"-9223372036854775809",
    "4,300 digits": b"9" * 4300,
    "4,300 digits, negative": b"-" + b"9" * 4300,
    "minus zero": b"-0",
    "minus zero point": b"-0.0",
    "fraction": b"1000.0",
    "long fraction": b"0." + b"1" * 400,
    "exponent": b"1e3",
    "large exponent": b"1E+400",
    "small exponent": b"1e-400",
    "padded exponent": b"1e05",
    "half a pair": b'"\\ud800"',
    "pair the wrong way": b'"\\udc00\\ud800"',
    "half a pair as a key": b'{"\\ud800": 1}',
    "pair": b'"\\ud83d\\ude00"',
    "every script": '"ä€😀"'.encode(),
    "control character, escaped": b'"\\u0000\\u001f"',
    "delete": b'"\x7f"',
    "blanks": b" \t\r\n1 ",
    "empty key": b'{"": {}}',
}
INVALID = {
    "empty": b"",
    "blank": b" ",
    "half": b'{"a": ',
    "nan": b'{"amount": NaN}',
    "infinity": b"[Infinity]",
    "minus infinity": b"-Infinity",
    "4,301 digits": b"9" * 4301,
    "leading zero": b"01",
    "no digit after the point": b"1.",
    "no digit before it": b".5",
    "plus": b"+1",
    "hexadecimal": b"0x10",
    "comma": b"[1,]",
    "comma in an object": b'{"a": 1,}',
    "single quotes": b"{'a': 1}",
    "bare key": b"{a: 1}",
    "comment": b"1 // one",
    "more": b'{"a":1} x',
    "nul": b"1\x00",
    "control character": b'"a\nb"',
    "bad escape": b'"\\x41"',
    "bad code": b'"\\u12"',
    "not UTF-8": b'"\xff"',
    "not UTF-8, key": b'{"\xff": 1}',
    "overlong UTF-8": b'"\xc0\x80"',
    "surrogate in UTF-8": b'"\xed\xa0\x80"',
    "beyond Unicode": b'"\xf4\x90\x80\x80"',
    "byte order mark": b'\xef\xbb\xbf{"a": 1}',
    "UTF-16": '{"a": 1}'.encode("utf-16"),
    "other blank": b"\xc2\xa01",
    "100,000 deep": b"[" * 100_000,
    "100,000 deep, whole": b"[" * 100_000 + b"]" * 100_000,
}


@together("name", UNUSUAL)
def test_unusual_json_is_read_the_same(name: str) -> None:
    """It is valid, if rarely seen."""
    assert assert_same(UNUSUAL[name])[0] not in ("JSONDecodeError", "ValueError")


@together("name", INVALID)
def test_what_is_not_json_is_refused_with_the_same_error(name: str) -> None:
    """Type and text too: an error report does not depend on what is installed."""
    content = INVALID[name]
    first, second = (outcome(lambda read=read: through(read, content)) for read in (WITH_MSGSPEC, WITHOUT))

    assert first == second
    assert first[0] in ("JSONDecodeError", "UnicodeDecodeError", "ValueError")


def through(parser: Callable[[bytes], Any], content: bytes) -> Any:
    """Decode as the package does with one of the parsers."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(codec, "_decode", parser)
        return codec.decode(content)


@pytest.mark.parametrize("depth", [1, 100, 500])
def test_nested_json_is_read_the_same(depth: int) -> None:
    """Up to near where Python itself ends."""
    assert_same(b'{"a":[' * (depth // 2) + b"1" + b"]}" * (depth // 2))


scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(codec=None), max_size=5)
)
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3)
)
SEEDS = [
    b'{"a": [1, 2.50, -3e7, "x\\u00e9\\n", null, true, false, {"b": {}}], "c": "\xc3\xa9"}',
    b'[{"id":"sc_1","amount":1000.0,"x":1e3,"y":"\\ud83d\\ude00"}]',
    b"-12345678901234567890.5e+3",
]


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """JSON in which a few bytes were taken out, put in or replaced."""
    content = bytearray(draw(st.sampled_from(SEEDS) | values.map(lambda value: json.dumps(value).encode())))
    interesting = st.sampled_from(
        b'{}[]",:0123456789.eE+-\\u \n\ttrufalsn\x00\x1f\x7f\x80\xc3\xed\xffdDNIi/'
    ) | st.integers(0, 255)
    for _ in range(draw(st.integers(0, 3))):
        place = draw(st.integers(0, len(content)))
        content[place : place + draw(st.integers(0, 2))] = bytes(draw(st.lists(interesting, max_size=2)))
    return bytes(content)


@settings(max_examples=500)
@given(content=damaged() | st.binary(max_size=20))
def test_any_bytes_are_read_the_same(content: bytes) -> None:
    """As the same value, or refused with the same error."""
    assert_same(content)


# Records


def seen(record: Any, depth: int = 2) -> Any:
    """Everything that can be read of a record: class, text, JSON, attributes with their types, what is related."""
    if isinstance(record, list):
        return [seen(one, depth) for one in record]
    if not isinstance(record, Model):
        return tree(record)
    found: dict[str, Any] = {}
    related = [name for name in dir(type(record)) if isinstance(getattr(type(record), name), Related)]
    for name in [*record._fields, *(related if depth else [])]:
        try:
            found[name] = seen(getattr(record, name), depth - 1)
        except MissingFieldError as error:
            found[name] = str(error)
    return type(record).__name__, repr(record), tree(record.to_dict()), found


def read_with(parser: Callable[[bytes], Any], read: Callable[[Response], Any], content: bytes) -> Any:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(codec, "_decode", parser)
        result = outcome(lambda: read(Response(200, [], content)))
        if isinstance(result, tuple):
            return result
        items = getattr(result, "items", None)
        return seen(items if items is not None else result)


AMOUNTS = ["1000", "1000.0", "1e3", '"1000"', '"1000.0"', "1000.5", "null", "1e999", '"\\ud800"', '"25.10"', "25.10"]
TIMES = ["1893456000", "1893456000.0", '"1893456000"', '"2030-01-01T00:00:00+02:00"', '"2030-01-01"', "null", "true"]


@pytest.mark.parametrize("name", ["amount", "expires_at", "created", "currency", "customer", "new_field"])
def test_plain_records_are_the_same_alone_and_in_lists(credit: dict[str, Any], name: str) -> None:
    """What made a difference once: amounts written 1000.0, times in another zone, half a surrogate pair."""
    for text in (*AMOUNTS, *TIMES):
        alone = json.dumps(credit | {name: "HERE"}).replace('"HERE"', text)
        listed = f'{{"data": [{json.dumps(credit)}, {alone}], "page": {{"has_more": false}}}}'
        one = [read_with(p, readers.record(models.VinrStoreCredit), alone.encode()) for p in (WITH_MSGSPEC, WITHOUT)]
        two = [read_with(p, readers.page(models.VinrStoreCredit), listed.encode()) for p in (WITH_MSGSPEC, WITHOUT)]

        assert one[0] == one[1]
        assert two[0] == two[1]
        if one[0][0] == "VinrStoreCredit":
            assert two[0][1] == one[0]


CREDITS = json.loads((RECORDINGS / "platform.store_credits.list_default.json").read_text("utf-8"))["response"]["body"]
READ_CREDITS = readers.page_of_resources(models.SpreeStoreCredit, models.DOCUMENTS["SpreeStoreCreditList"])
odd = scalars | st.just([]) | st.just({}) | st.sampled_from(["25.0", "2026-11-22T02:19:23.103+02:00", "NaN", "null"])


@st.composite
def damaged_page(draw: st.DrawFn) -> dict[str, Any]:
    """A recorded page in which a few values, anywhere, were taken out or replaced."""
    body = copy.deepcopy(CREDITS)
    body["data"] = body["data"][: draw(st.integers(0, 3))]
    for _ in range(draw(st.integers(0, 3))):
        place: Any = body
        while True:
            keys = list(place) if isinstance(place, dict) else list(range(len(place)))
            if not keys:
                break
            key = draw(st.sampled_from(keys))
            inner = place[key]
            if isinstance(inner, dict | list) and inner and draw(st.integers(0, 4)):
                place = inner
            elif isinstance(place, dict) and draw(st.booleans()):
                del place[key]
                break
            else:
                place[key] = draw(odd)
                break
    return body


# A record that is read at once, and one that is read attribute by attribute

MODELS: list[type[Model]] = [getattr(models, name) for name in models.__all__]
USUAL = {
    "ID": "x_1",
    "CURRENCY": "USD",
    "INTEGER": 5,
    "MINOR_UNITS": 5,
    "DECIMAL": "25.0",
    "UNIX_TIME": 1893456000,
    "DATE_TIME": "2026-11-22T02:19:23.103Z",
}
ANY: list[Any] = [
    None,
    True,
    False,
    0,
    1000,
    10**30,
    1000.0,
    1.5,
    codec.ExactFloat("1e3"),
    codec.ExactFloat("1e999"),
    "",
    "x",
    "25.0",
    "-25.00",
    "1_000",
    "NaN",
    "1893456000",
    "null",
    "2026-11-22T02:19:23.103Z",
    "2026-11-22T02:19:23.103+02:00",
    "2026-11-22",
    [],
    [None],
    {},
    {"id": "x", "object": None, "amount": "1.0"},
]


def complete(kind: type[Model]) -> dict[str, Any]:
    """A record with every field, each of its usual kind: generated code reads it to its end."""
    kinds = {id(getattr(fields, name)): value for name, value in USUAL.items()}
    return {
        kind._wire.get(name, name): next(value for value in (kinds.get(id(one), "x"), None, []) if is_valid(one, value))
        for name, one in kind._fields.items()
    }


def is_valid(one: fields.Codec, value: Any) -> bool:
    try:
        one.read(value)
    except fields.READ_ERRORS:
        return False
    return True


def one_by_one(kind: type[Model]) -> Callable[..., Any]:
    """Reads a record by its codecs alone."""
    return (Resource if kind._is_resource else Model)._decode.__func__  # type: ignore[attr-defined]


def found(decode: Callable[..., Any], kind: type[Model], data: Any, names: Iterable[str]) -> Any:
    """What is found under each name, and whether the record is valid as one that an operation returns."""
    record = decode(kind, data)
    read = {name: outcome_of_reading(record, name) for name in names}
    return read, outcome(lambda: decode(kind, data, True) and None)


def outcome_of_reading(record: Any, name: str) -> Any:
    try:
        return seen(getattr(record, name), 0)
    except MissingFieldError as error:
        return str(error)


@pytest.mark.parametrize("kind", MODELS, ids=lambda kind: kind.__name__)
def test_every_field_is_read_at_once_as_by_its_codec(kind: type[Model]) -> None:
    """The generated code takes short cuts for the usual values; they lead where the codecs do, for any value."""
    whole = complete(kind)
    decode = kind._decode.__func__  # type: ignore[attr-defined]
    for name in kind._fields:
        wire = kind._wire.get(name, name)
        variants = [whole | {wire: value} for value in ANY] + [{key: whole[key] for key in whole if key != wire}]
        for data in variants:
            body = data if not kind._is_resource else {key: data[key] for key in ("id", "type") if key in data}
            if kind._is_resource:
                body["attributes"] = {key: value for key, value in data.items() if key not in ("id", "type")}
            # The last field shows that nothing after an odd one is lost.
            names = (name, list(kind._fields)[-1])
            assert found(decode, kind, body, names) == found(one_by_one(kind), kind, body, names), (name, data)


DECODERS = (models.SpreeStoreCredit._decode.__func__, one_by_one(models.SpreeStoreCredit))  # type: ignore[attr-defined]


@settings(max_examples=300)
@given(body=damaged_page())
def test_a_damaged_page_is_read_the_same(body: dict[str, Any]) -> None:
    """Wherever the damage is: with both parsers, and each record at once as attribute by attribute."""
    content = json.dumps(body).encode()
    assert read_with(WITH_MSGSPEC, READ_CREDITS, content) == read_with(WITHOUT, READ_CREDITS, content)

    for data in body["data"] if isinstance(body.get("data"), list) else []:
        if isinstance(data, dict):
            records = [decode(models.SpreeStoreCredit, copy.deepcopy(data)) for decode in DECODERS]
            assert seen(records[0]) == seen(records[1])
