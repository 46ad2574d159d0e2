"""Money, ids and currencies are of their type, or the response is not valid: nothing is guessed or passed on."""

import copy
import json
from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import Any

import pytest

from sample_calls import CREATE, SPREE_CREATE
from store_credit import InvalidResponseError, MissingFieldError, OutcomeUnknownError, models
from store_credit.models import SpreeStoreCredit, VinrStoreCredit
from together import together

HERE = "HERE"


def with_text(body: Any, text: str) -> bytes:
    """JSON with a value in it exactly as it is written here."""
    return json.dumps(body).replace(json.dumps(HERE), text).encode()


@pytest.fixture(params=["alone, msgspec", "in a list, standard library"])
def listed(request: pytest.FixtureRequest, choose_json_library: Callable[[str], None]) -> bool:
    """Whether a record comes in a list; each way of reading JSON once, since nothing after it differs."""
    where, _, library = request.param.partition(", ")
    choose_json_library(library)
    return where == "in a list"


@pytest.fixture
def vinr(serve: Callable[..., Any], listed: bool, credit: dict[str, Any]) -> Callable[[str, str], VinrStoreCredit]:
    """Reads a VINR credit one member of which is written as given, alone or as the second of a list."""

    def read(name: str, text: str) -> VinrStoreCredit:
        odd = credit | {name: HERE}
        if not listed:
            return serve((200, with_text(odd, text))).vinr(max_retries=0).store_credit.retrieve("sc_4Bk9mQ")
        page = {"object": "list", "data": [credit, odd], "page": {"has_more": False, "next_cursor": None}}
        return serve((200, with_text(page, text))).vinr(max_retries=0).store_credit.list().data[1]

    return read


@pytest.fixture
def spree(serve: Callable[..., Any], listed: bool, store_credit: Any) -> Callable[[str, str], SpreeStoreCredit]:
    """Reads a Spree credit one attribute of which is written as given."""

    def read(name: str, text: str) -> SpreeStoreCredit:
        odd = copy.deepcopy(store_credit["data"])
        odd["attributes"][name] = HERE
        if not listed:
            body = with_text({"data": odd}, text)
            return serve((200, body)).spree(max_retries=0).store_credits.retrieve("7")
        page = {"data": [store_credit["data"], odd], "meta": {"total_pages": 1}}
        return serve((200, with_text(page, text))).spree(max_retries=0).store_credits.list().data[1]

    return read


# VINR: integers in minor units

INTEGERS = [
    ("1000", 1000),
    ("0", 0),
    ("-5", -5),
    ("1000.0", 1000),
    ("1000.000", 1000),
    ("1e3", 1000),
    ("1E+3", 1000),
    ("10000e-1", 1000),
    ("9007199254740993.0", 9007199254740993),
    ("1" + "0" * 30, 10**30),
]
NOT_INTEGERS = [
    ("null", "null"),
    ("true", "true"),
    ("false", "false"),
    ('"1000"', "the text '1000'"),
    ('"1000.0"', "the text '1000.0'"),
    ('""', "the text ''"),
    ("1000.5", "the number 1000.5"),
    ("9007199254740993.5", "the number 9007199254740993.5"),
    ("1e-3", "the number 1e-3"),
    ("1e999", "the number 1e999"),
    ("-1e400000", "the number -1e400000"),
    ("[]", "a list"),
    ("[1000]", "a list"),
    ("{}", "an object"),
]


@together(("name", "text", "expected"), [*(("amount", *one) for one in INTEGERS), ("balance_remaining", "1e3", 1000)])
def test_a_whole_number_is_an_int_however_it_is_written(
    vinr: Callable[..., Any], name: str, text: str, expected: int
) -> None:
    """JSON has one kind of number; no digit passes through a binary float."""
    found = getattr(vinr(name, text), name)

    assert (type(found), found) == (int, expected)


@together(
    ("name", "text", "shown"),
    [*(("amount", *one) for one in NOT_INTEGERS), ("balance_remaining", '"1000"', "the text '1000'")],
)
def test_an_amount_that_is_not_an_integer_makes_the_response_invalid(
    vinr: Callable[..., Any], name: str, text: str, shown: str
) -> None:
    """The text names the member, what came and what is due."""
    with pytest.raises(InvalidResponseError) as raised:
        vinr(name, text)

    assert f"VinrStoreCredit.{name} is {shown}, not an integer" in str(raised.value)


@together("text", ["null", "5", "true", "[]", "{}", "1.5"])
@together(("name", "wanted"), [("currency", "a currency code"), ("id", "an id")])
def test_ids_and_currencies_are_texts(vinr: Callable[..., Any], name: str, wanted: str, text: str) -> None:
    """Nothing else is one."""
    with pytest.raises(InvalidResponseError, match=rf"VinrStoreCredit\.{name} is .*, not {wanted}"):
        vinr(name, text)


def test_an_empty_id_is_not_an_id(vinr: Callable[..., Any]) -> None:
    """It would lead to the list."""
    with pytest.raises(InvalidResponseError, match=r"VinrStoreCredit\.id is the text '', not an id"):
        vinr("id", '""')


@together("name", ["id", "amount", "currency", "balance_remaining"])
def test_a_record_without_its_money_is_invalid(
    serve: Callable[..., Any], credit: dict[str, Any], name: str, listed: bool
) -> None:
    """VINR leaves nothing out: a record that lacks one of these is another thing, such as a job."""
    lacking = {key: value for key, value in credit.items() if key != name}
    client = serve({"data": [credit, lacking], "page": {}} if listed else lacking).vinr(max_retries=0)
    call = client.store_credit.list if listed else partial(client.store_credit.retrieve, "sc_4Bk9mQ")
    with pytest.raises(InvalidResponseError, match=rf"VinrStoreCredit\.{name} is missing"):
        call()


@pytest.mark.parametrize(
    "body",
    [
        {"id": "job_1", "status": "queued"},
        {"id": "sc_1", "customer": "c", "amount": None, "currency": "USD", "balance_remaining": 1000},
    ],
    ids=["job", "null"],
)
def test_a_create_with_such_a_response_is_unknown(serve: Callable[..., Any], body: Any) -> None:
    """It may have happened, and under its key it can be repeated."""
    with pytest.raises(OutcomeUnknownError) as raised:
        serve((201, body)).vinr(max_retries=0).store_credit.create(**CREATE)

    assert raised.value.idempotency_key


def test_long_values_and_control_characters_are_shown_within_bounds(vinr: Callable[..., Any]) -> None:
    """What a server sends does not write our log."""
    text = json.dumps("\x1b[2J\n FAKE LOG LINE " + "x" * 100_000)
    with pytest.raises(InvalidResponseError) as raised:
        vinr("amount", text)

    shown = str(raised.value)
    assert len(shown) < 1000
    assert "\x1b" not in shown
    assert "\n" not in shown


# Decimals, as Spree writes amounts

DECIMALS = ["25.0", "25", "0", "-5.5", "007.50", "0.0000001", "12345678901234567890.123456789"]
NOT_DECIMALS = [
    "1_000",
    " 25",
    "25 ",
    "25\n",
    "+25",
    "\uff12\uff15",
    "\u0662\u0665",
    "25.",
    ".5",
    ".",
    "-",
    "",
    "abc",
    "1,000.00",
    "25,50",
    "1e2",
    "1E-7",
    "NaN",
    "sNaN",
    "NaN12",
    "Infinity",
    "-inf",
    "0x10",
    "null",
    "$25.00",
]


@together(
    ("name", "text"),
    [
        *(("amount", f'"{text}"') for text in DECIMALS),
        *(("amount", text) for text in (*DECIMALS[:4], "1e2", "1E-7", "25.10")),
        ("amount_used", "25.10"),
        ("amount_authorized", '"25.10"'),
    ],
)
def test_a_decimal_is_read_exactly(spree: Callable[..., Any], name: str, text: str) -> None:
    """From text, and from a number by the digits it was written with."""
    found = getattr(spree(name, text), name)

    assert repr(found) == repr(Decimal(text.strip('"')))


@together(
    ("name", "text"),
    [
        *(("amount", json.dumps(text)) for text in NOT_DECIMALS),
        *(("amount", text) for text in ("null", "true", "[]", "{}", '["25.0"]', "1e999999999", "1e-999999999")),
        ("amount_used", "null"),
        ("amount_authorized", '"abc"'),
    ],
)
def test_what_is_not_a_plain_decimal_makes_the_response_invalid(
    spree: Callable[..., Any], name: str, text: str
) -> None:
    """Decimal itself would take some of these for numbers; a number of a billion digits is none."""
    with pytest.raises(InvalidResponseError, match=rf"SpreeStoreCredit\.{name} is .*, not a plain decimal"):
        spree(name, text)


def test_the_record_at_fault_is_named(serve: Callable[..., Any], store_credit: Any) -> None:
    """By its place on the page."""
    odd = copy.deepcopy(store_credit["data"])
    odd["attributes"]["amount"] = "abc"
    page = {"data": [store_credit["data"], odd, odd], "meta": {"total_pages": 1}}
    with pytest.raises(InvalidResponseError, match=r"data\[1\]: SpreeStoreCredit\.amount is the text 'abc'"):
        serve(page).spree(max_retries=0).store_credits.list()


def test_an_odd_amount_of_a_create_is_unknown(serve: Callable[..., Any], store_credit: Any) -> None:
    """It may have been made."""
    store_credit["data"]["attributes"]["amount"] = "NaN"
    with pytest.raises(OutcomeUnknownError):
        serve((201, store_credit)).spree().store_credits.create(**SPREE_CREATE)


@pytest.mark.parametrize("left", [{}, {"memo": "x"}, {"amount": "25.0"}], ids=str)
def test_attributes_that_fields_left_out_are_not_missed(
    serve: Callable[..., Any], store_credit: Any, left: Any
) -> None:
    """Reading one says to ask for it."""
    store_credit["data"]["attributes"] = left
    credit = serve(store_credit).spree().store_credits.retrieve("7", fields={"store_credit": list(left)})

    assert credit.to_dict()["attributes"] == left
    with pytest.raises(MissingFieldError, match="left out of this response"):
        _ = credit.currency


def test_one_odd_amount_among_few_attributes_is_found(serve: Callable[..., Any], store_credit: Any) -> None:
    """A record that lacks something is checked as a complete one is."""
    store_credit["data"]["attributes"] = {"memo": "x", "amount_used": "1_000"}
    with pytest.raises(InvalidResponseError, match=r"SpreeStoreCredit\.amount_used is the text '1_000'"):
        serve(store_credit).spree(max_retries=0).store_credits.retrieve("7")


def test_the_balance_of_an_account_is_money_too(serve: Callable[..., Any], recorded: Callable[[str], Any]) -> None:
    """Its attribute is called `store_credits`; a list of amounts may stand there (A12), and nothing else."""
    body = recorded("storefront.account.retrieve")
    body["data"]["attributes"]["store_credits"] = {"currency": "USD", "amount": "60.50"}
    with pytest.raises(InvalidResponseError, match=r"SpreeAccount\.store_credits is an object, .* or a list"):
        serve(body).spree(max_retries=0).account.retrieve(customer_token="c")


# Which fields are strict


def strict_fields() -> set[str]:
    kinds = [getattr(models, name) for name in models.__all__]
    return {f"{kind.__name__}.{name}" for kind in kinds for name, one in kind._fields.items() if one.strict}


def test_which_fields_are_money_follows_from_the_document() -> None:
    """Every decimal, every id and currency, and VINR's integers beside a currency; times and counts are not."""
    found = strict_fields()

    assert {one for one in found if one.startswith("Vinr")} == {
        "VinrCustomer.id",
        "VinrEvent.id",
        "VinrStoreCredit.amount",
        "VinrStoreCredit.balance_remaining",
        "VinrStoreCredit.currency",
        "VinrStoreCredit.id",
        "VinrStoreCreditCreatedEvent.id",
        "VinrStoreCreditUpdatedEvent.id",
    }
    assert {one.partition(".")[2] for one in found if one.startswith("SpreeStoreCredit.")} == {
        "amount",
        "amount_authorized",
        "amount_used",
        "currency",
        "id",
        "type",
    }
    decimals = {
        f"{kind.__name__}.{name}"
        for kind in (getattr(models, name) for name in models.__all__)
        for name, annotation in kind.__annotations__.items()
        if "Decimal" in annotation
    }
    assert decimals <= found
    assert "SpreeStoreCreditType.priority" not in found
    assert "SpreeCart.item_count" not in found
