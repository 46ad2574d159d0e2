"""Arguments of a call: what is taken, how it is written, and what the error says about the rest."""

import contextlib
import copy
import re
from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sample_calls import SPREE_CREATE
from store_credit import InvalidArgumentError, OutcomeUnknownError, models
from store_credit._core import arguments
from together import together

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
zones = st.integers(-23 * 60, 23 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
moments = st.datetimes(datetime(1900, 1, 1), datetime(9990, 1, 1), timezones=zones)  # noqa: DTZ001 - hypothesis adds the zone

RESOURCES = ("store_credits", "store_credit_categories", "store_credit_types")


def refusal(encoder: Callable[[Any, str], Any], value: Any) -> str:
    """What the error of an encoder says."""
    with pytest.raises(InvalidArgumentError) as raised:
        encoder(value, "argument")
    assert isinstance(raised.value, ValueError)
    return str(raised.value)


@together(
    ("encoder", "values", "wanted"),
    [
        (arguments.text, [1, None, b"x", ["x"]], "pass a str"),
        (arguments.integer, ["1", 1.0, True, None, Decimal(1)], "pass an int"),
        (arguments.number, ["1", True, None], "pass a number"),
        (arguments.boolean, [1, 0, "true", None], "pass True or False"),
        (arguments.identifier, [None, 1.0, True, b"x", ["x"]], "pass the record's id"),
        (arguments.unix_time, ["2026-01-01", 1.5, True, None, Decimal(1)], "pass an aware datetime"),
        (arguments.date_time, [1, None, True], "pass a str"),
        (arguments.mapping, [None, [("a", 1)], "a"], "pass a dict"),
        (arguments.sequence, [None, "ab", b"ab", {"a": 1}, 5], "pass a list"),
        (arguments.decimal, [None, True, b"1", ["1"]], "pass an int, a str or a Decimal"),
        (arguments.query_text, [None, 1.5, b"x", ["x"], {"a": 1}], "pass a str"),
        (arguments.query_list, [None, 5], "pass a list"),
        (arguments.query_repeated, [None, 5], "pass a list"),
        (arguments.query_object, [None, "a=b", 5], "pass a dict"),
        (arguments.query_fields, [None, "a=b", 5], "pass a dict"),
    ],
)
def test_a_wrong_type_is_refused_by_name(encoder: Callable[..., Any], values: list[Any], wanted: str) -> None:
    """The error names the argument, says what it was given, and what to pass instead."""
    for value in values:
        said = refusal(encoder, value)
        kind = "None" if value is None else rf"an? {type(value).__name__}"

        assert re.match(rf"argument is {kind}; ", said)
        assert wanted in said


@together(
    ("encoder", "value", "written"),
    [
        (arguments.text, "", ""),
        (arguments.integer, -5, -5),
        (arguments.number, Decimal("1.50"), Decimal("1.50")),
        (arguments.boolean, False, False),
        (arguments.identifier, 7, "7"),
        (arguments.identifier, "R100200300", "R100200300"),
        (arguments.unix_time, 1893456000, 1893456000),
        (arguments.date_time, "2026-01-01", "2026-01-01"),
        (arguments.date_time, datetime(2026, 1, 1, tzinfo=UTC), "2026-01-01T00:00:00+00:00"),
        (arguments.query_text, True, "true"),
        (arguments.query_text, False, "false"),
        (arguments.query_text, Decimal("2.5E+2"), "250"),
        (arguments.query_text, datetime(2026, 1, 1, tzinfo=UTC), "2026-01-01T00:00:00+00:00"),
        (arguments.query_list, ["user", "store_credit_type"], "user,store_credit_type"),
        (arguments.query_list, "user,created_by", "user,created_by"),
        (arguments.query_list, (), ""),
        (arguments.query_repeated, "customer", ["customer"]),
        (arguments.query_repeated, ["customer", "data.customer"], ["customer", "data.customer"]),
    ],
)
def test_the_wire_form_of_a_value(encoder: Callable[..., Any], value: Any, written: Any) -> None:
    """What goes into the body or the query."""
    result = encoder(value, "argument")

    assert result == written
    assert type(result) is type(written)


@given(moment=moments)
def test_a_moment_is_written_as_whole_unix_seconds(moment: datetime) -> None:
    """In whichever zone it is; a fraction of a second is dropped, never rounded up."""
    assert arguments.unix_time(moment, "expires_at") == (moment - EPOCH) // timedelta(seconds=1)


@given(moment=moments)
def test_a_moment_as_text_names_its_zone(moment: datetime) -> None:
    """Read again it is the same moment."""
    assert datetime.fromisoformat(arguments.date_time(moment, "deleted_at")) == moment


@pytest.mark.parametrize("encoder", [arguments.unix_time, arguments.date_time, arguments.query_text])
def test_a_moment_without_a_zone_is_refused(encoder: Callable[..., Any]) -> None:
    """It would mean another moment on another machine."""
    assert "without a time zone" in refusal(encoder, datetime(2026, 1, 1))  # noqa: DTZ001 - that is the point


@together("value", ["25.00", 25, Decimal("25.0"), Decimal("2.5E+1"), "25"])
def test_an_amount_is_an_int_a_text_or_a_decimal(value: Any) -> None:
    """Each keeps its own digits."""
    written = arguments.decimal(value, "amount")

    assert written == 25
    assert str(written) == str(Decimal(value))


@together(
    ("value", "said"),
    [
        (25.0, 'Decimal("25.0")'),
        (0.1 + 0.2, 'Decimal("0.30000000000000004")'),
        ("25.001", "more than 2 decimals"),
        (Decimal("0.005"), "more than 2 decimals"),
        (Decimal("1E-3"), "more than 2 decimals"),
        ("12345678901234567890123456789.999", "more than 2 decimals"),
        ("25,00", 'such as "25.00"'),
        ("$25", 'such as "25.00"'),
        ("", 'such as "25.00"'),
        (Decimal("NaN"), "finite"),
        (Decimal("Infinity"), "finite"),
    ],
)
def test_an_amount_that_cannot_be_sent_is_refused_with_the_fix(value: Any, said: str) -> None:
    """Floats, too many decimals, separators and signs."""
    assert said in refusal(arguments.decimal, value)


@given(number=st.decimals(allow_nan=False, allow_infinity=False, places=2))
def test_two_decimals_are_always_enough_and_zeros_do_not_count(number: Decimal) -> None:
    """25.100 has one decimal that matters."""
    with_zeros = Decimal(f"{number}00")

    assert arguments.decimal(with_zeros, "amount") == number


@given(segment=st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_an_id_is_one_segment_of_the_path(segment: str) -> None:
    """Slashes, dots, question marks and every script are encoded; nothing can lead to another path."""
    try:
        written = arguments.path_segment(segment, "id")
    except InvalidArgumentError:
        assert segment in (".", "..")
        return

    assert unquote(written) == segment
    assert re.fullmatch(r"[A-Za-z0-9._~%-]+", written)


@pytest.mark.parametrize("value", ["", ".", ".."])
def test_an_id_that_would_lead_elsewhere_is_refused(value: str) -> None:
    """An empty one is the whole collection."""
    assert "id of a record" in refusal(arguments.path_segment, value)


def test_a_filter_is_written_as_rails_reads_it() -> None:
    """`filter[key]=value`, and `filter[key][]=value` for each of several."""
    wanted = {
        "user_id_eq": 2,
        "id_in": [1, "2"],
        "currency_in": ("USD", "EUR"),
        "created_at_gteq": datetime(2026, 1, 1, tzinfo=UTC),
        "amount_gteq": Decimal("10.50"),
        "memo_present": True,
    }

    assert arguments.query_object(wanted, "filter") == [
        ("filter[user_id_eq]", "2"),
        ("filter[id_in][]", "1"),
        ("filter[id_in][]", "2"),
        ("filter[currency_in][]", "USD"),
        ("filter[currency_in][]", "EUR"),
        ("filter[created_at_gteq]", "2026-01-01T00:00:00+00:00"),
        ("filter[amount_gteq]", "10.50"),
        ("filter[memo_present]", "true"),
    ]


@together("several", [[1, 2], (1, 2), range(1, 3), deque([1, 2]), {1: 0, 2: 0}.keys()])
def test_every_kind_of_sequence_is_several_values(several: Any) -> None:
    """A range of ids is one."""
    assert arguments.query_object({"id_in": several}, "filter") == [("filter[id_in][]", "1"), ("filter[id_in][]", "2")]


@together(
    ("value", "said"),
    [
        ({"user_id_eq": None}, "filter[user_id_eq] is None"),
        ({"amount_eq": 1.5}, "filter[amount_eq] is a float"),
        ({"id_in": [1, None]}, "filter[id_in] is None"),
        ({5: 1}, "filter"),
        ({"amount_eq": Decimal("NaN")}, "filter[amount_eq]"),
    ],
)
def test_the_key_of_a_wrong_filter_is_named(value: Any, said: str) -> None:
    """A filter has many keys."""
    with pytest.raises(InvalidArgumentError) as raised:
        arguments.query_object(value, "filter")

    assert said in str(raised.value)


def test_sparse_fields_are_comma_lists_by_type() -> None:
    """From a list or from the text itself."""
    wanted = {"store_credit": ["amount", "currency"], "user": "email"}

    assert arguments.query_fields(wanted, "fields") == [
        ("fields[store_credit]", "amount,currency"),
        ("fields[user]", "email"),
    ]


@pytest.mark.parametrize("value", [{5: ["a"]}, {"store_credit": None}, {"store_credit": [None]}], ids=str)
def test_wrong_sparse_fields_are_refused(value: Any) -> None:
    """The error names the argument."""
    with pytest.raises(InvalidArgumentError, match="fields"):
        arguments.query_fields(value, "fields")


# Through the methods


def test_a_record_stands_for_its_id(serve: Callable[..., Any], store_credit: Any) -> None:
    """Wherever an id is asked for: in the path, the body and a filter."""
    server = serve(store_credit)
    user = models.SpreeUser.from_dict({"id": "2", "type": "user"})
    server.spree().store_credits.create(**(SPREE_CREATE | {"user_id": user}))

    assert server.body["store_credit"]["user_id"] == "2"
    assert arguments.path_segment(user, "id") == "2"
    assert arguments.query_object({"user_id_eq": user}, "filter") == [("filter[user_id_eq]", "2")]


@together("argument", ["type_id", "memo", "originator_id", "originator_type"])
def test_none_is_sent_as_null_where_it_clears(serve: Callable[..., Any], store_credit: Any, argument: str) -> None:
    """Leaving the argument out is something else."""
    server = serve(store_credit)
    server.spree().store_credits.update("7", **{argument: None})

    assert server.body == {"store_credit": {argument: None}}


@pytest.mark.parametrize(
    ("metadata", "written"),
    [
        ({}, {"reference": "refund-1"}),
        ({"private_metadata": {"ticket": 42}}, {"ticket": 42, "reference": "refund-1"}),
        ({"private_metadata": {"reference": "refund-1", "a": None}}, {"reference": "refund-1", "a": None}),
    ],
)
def test_a_reference_stands_beside_the_callers_own_metadata(
    serve: Callable[..., Any], store_credit: Any, metadata: dict[str, Any], written: dict[str, Any]
) -> None:
    """In `private_metadata.reference`; the caller's own object is not changed."""
    given = copy.deepcopy(metadata)
    server = serve(store_credit)
    # What is sent is the question here; the recorded response holds no reference.
    with contextlib.suppress(OutcomeUnknownError):
        server.spree().store_credits.create(**SPREE_CREATE, **metadata, reference="refund-1")

    assert server.body["store_credit"]["private_metadata"] == written
    assert metadata == given


def test_without_a_reference_none_is_written(serve: Callable[..., Any], store_credit: Any) -> None:
    """None is the same as leaving it out."""
    server = serve(store_credit)
    with contextlib.suppress(OutcomeUnknownError):
        server.spree().store_credits.create(**SPREE_CREATE, reference=None)

    assert "private_metadata" not in server.body["store_credit"]


HUGE = (Decimal("1E+99999999"), Decimal("-1E+99999999"))
OTHER = "reference differs from 'reference' in private_metadata"
NOT_FOUND_AGAIN = [
    ("", {}, "reference has 0 characters; it must have 1 to 255"),
    ("x" * 256, {}, "reference has 256 characters; it must have 1 to 255"),
    ("a\nb", {}, "reference contains a line break"),
    ("a\x00", {}, "reference contains a line break or another character that cannot be printed"),
    ("\ud800", {}, "cannot be printed"),
    (4711, {}, "reference is an int; pass a str"),
    ("a", {"reference": "b"}, OTHER),
    ("a", {"reference": None}, OTHER),
    ("4711", {"reference": 4711}, OTHER),
]


@together(
    ("method", "given", "said"),
    [
        *(("store_credits.create", SPREE_CREATE | {name: None}, f"^{name} is ") for name in SPREE_CREATE),
        # A misspelt one must not vanish.
        (
            "store_credits.create",
            SPREE_CREATE | {"ammount": 1},
            r"spree\.store_credits\.create has no .* 'ammount'",
        ),
        *(
            ("store_credits.create", SPREE_CREATE | {"private_metadata": metadata, "reference": reference}, said)
            for reference, metadata, said in NOT_FOUND_AGAIN
        ),
        # Rails answers an empty root with an error that says less.
        *((f"{name}.update", {"id": "7"}, "at least one") for name in RESOURCES),
        # Spree takes whatever it cannot read for 25, so that a slip would go unnoticed.
        *(("store_credits.list", {name: one}, name) for name in ("page", "per_page") for one in (True, "many", 1.5)),
        # No server takes it; the error is not one of httpx.
        ("store_credits.list", {"filter": {"id_in": range(20_000)}}, "long"),
        # Writing it would keep the machine busy for minutes.
        *(("store_credits.update", {"id": "7", "amount": one}, "amount") for one in HUGE),
        *(("store_credits.list", {"filter": {"amount_eq": one}}, "amount_eq") for one in HUGE),
        # Half a surrogate pair has no bytes, neither in a path nor in a query.
        ("store_credits.retrieve", {"id": "\ud800"}, "Unicode"),
        ("store_credits.list", {"sort": "\ud800"}, "Unicode"),
        ("store_credits.retrieve", {"id": "7", "fields": {"store_credit": "\ud800"}}, "Unicode"),
        # Neither a line break nor characters outside ASCII.
        *(
            ("store_credits.retrieve", {"id": "7", "request_id": one}, "request_id")
            for one in ("two\nlines", "naïve", "\x00", 5, b"x")
        ),
        *(
            ("store_credits.retrieve", {"id": "7", "extra_headers": {name: "x"}}, "not a valid header name")
            for name in ("", "a b", "a:b", "a\nb", "ключ", "a\x00")
        ),
        # An empty token would be no credential at all.
        *(
            ("checkout.remove_store_credit", {name: one}, name)
            for name in ("order_token", "customer_token")
            for one in ("", " ", "two\nlines", "geheim€", 5)
        ),
        # The client's own token is never the way out.
        ("checkout.add_store_credit", {"amount": 5}, "order_token= or customer_token="),
        ("account.retrieve", {"customer_token": None}, "customer_token="),
    ],
)
def test_an_argument_that_cannot_be_sent_is_named(
    serve: Callable[..., Any], method: str, given: dict[str, Any], said: str
) -> None:
    """Before anything is sent, and without showing a token."""
    server = serve(200)
    resource, name = method.split(".")
    given = dict(given)
    record = [given.pop("id")] if "id" in given else []
    with pytest.raises(InvalidArgumentError, match=said) as raised:
        getattr(getattr(server.spree(), resource), name)(*record, **given)

    assert server.requests == []
    assert "geheim" not in str(raised.value)
