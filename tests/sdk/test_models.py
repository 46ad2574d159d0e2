"""Plain records: typed attributes over the JSON object they came as."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from store_credit import UNSET, MissingFieldError, models
from store_credit.models import VinrCustomer, VinrEvent, VinrStoreCredit, VinrStoreCreditCreatedEvent
from together import together

CUSTOMER = {"id": "cust_8aZ2", "email": "ada@shop.test", "loyalty": {"tier": "gold"}}


def retrieve(serve: Callable[..., Any], body: Any) -> VinrStoreCredit:
    return serve(body).vinr().store_credit.retrieve("sc_4Bk9mQ")


def listed(serve: Callable[..., Any], *items: Any) -> list[VinrStoreCredit]:
    page = {"object": "list", "data": list(items), "page": {"has_more": False, "next_cursor": None}}
    return serve(page).vinr().store_credit.list().data


@pytest.fixture(params=["retrieve", "list"])
def read(request: pytest.FixtureRequest, serve: Callable[..., Any]) -> Callable[[Any], VinrStoreCredit]:
    """Reads a record by each way a record can be read."""
    if request.param == "retrieve":
        return lambda body: retrieve(serve, body)
    return lambda body: listed(serve, body)[0]


def test_attributes_have_the_types_they_are_declared_with(read: Callable[..., Any], credit: dict[str, Any]) -> None:
    """Amounts are ints in minor units, times aware datetimes in UTC."""
    record = read(credit)

    assert type(record) is VinrStoreCredit
    assert (record.id, record.customer, record.amount) == ("sc_4Bk9mQ", "cust_8aZ2", 1000)
    assert (record.currency, record.balance_remaining) == ("USD", 750)
    assert record.expires_at == datetime(2030, 1, 1, tzinfo=UTC)
    assert record.created.tzinfo is UTC


def test_models_have_slots(read: Callable[..., Any], credit: dict[str, Any]) -> None:
    """A misspelt attribute cannot be set by accident, and a record is small."""
    record = read(credit)

    assert not hasattr(record, "__dict__")
    with pytest.raises(AttributeError):
        record.expire_at = None


def test_an_unknown_field_survives_and_can_be_read(read: Callable[..., Any], credit: dict[str, Any]) -> None:
    """A server may add one at any time."""
    body = credit | {"status": "active", "tags": [1.50, {"deep": None}]}
    record = read(body)

    assert record.to_dict() == body
    assert record.status == "active"
    assert record.tags == [1.5, {"deep": None}]


def test_an_unknown_name_is_an_attribute_error(read: Callable[..., Any], credit: dict[str, Any]) -> None:
    """The text names the class and the attribute; `hasattr` and `getattr` work."""
    record = read(credit)

    with pytest.raises(AttributeError, match="'VinrStoreCredit' object has no attribute 'balance'") as raised:
        _ = record.balance
    assert not isinstance(raised.value, MissingFieldError)
    assert getattr(record, "balance", 7) == 7


def test_a_promised_field_that_is_missing_says_so(read: Callable[..., Any], credit: dict[str, Any]) -> None:
    """The rest of the record is there."""
    del credit["created"]
    record = read(credit)

    assert record.amount == 1000
    with pytest.raises(MissingFieldError, match=r"VinrStoreCredit\.created is not in this response"):
        _ = record.created
    assert record.to_dict() == credit


def test_an_expanded_customer_is_typed(read: Callable[..., Any], credit: dict[str, Any]) -> None:
    """With what it has beyond our declaration."""
    body = credit | {"customer": CUSTOMER | {"created": 1780000000}}
    customer = read(body).customer

    assert isinstance(customer, VinrCustomer)
    assert customer.email == "ada@shop.test"
    assert customer.created == datetime.fromtimestamp(1780000000, UTC)
    assert customer.to_dict() == body["customer"]


def test_unset_is_not_none(read: Callable[..., Any], credit: dict[str, Any]) -> None:
    """A phone that is null is known to be none; one that is absent is not known."""
    without = read(credit | {"customer": CUSTOMER}).customer
    with_null = read(credit | {"customer": CUSTOMER | {"phone": None}}).customer

    assert without.phone is UNSET
    assert with_null.phone is None
    assert "phone" not in without.to_dict()
    assert with_null.to_dict()["phone"] is None
    assert not UNSET


ODD_VALUES = {
    "customer": [None, 5, [], True],
    "expires_at": ["1893456000", "null", "2030-01-01T00:00:00+02:00", "soon", 1.5, True, {}, 10**30, -(10**30)],
    "created": [None, "1780000000", "2026-01-01T00:00:00Z", "2026-01-01", {}, False],
}
"""Of fields that are not money: those of money are in test_strict_money.py."""


@pytest.mark.parametrize("name", ODD_VALUES)
def test_one_odd_value_costs_neither_the_record_nor_the_list(
    serve: Callable[..., Any], credit: dict[str, Any], name: str
) -> None:
    """The value stays as it came, and everything beside it is typed."""
    for value in ODD_VALUES[name]:
        odd, other = listed(serve, credit | {name: value}, credit)
        assert odd.to_dict() == credit | {name: value}
        assert odd.amount == other.amount == credit["amount"]


@together(
    ("text", "expected"),
    [
        ("1893456000", datetime(2030, 1, 1, tzinfo=UTC)),
        ("2030-01-01T02:00:00+02:00", datetime(2030, 1, 1, tzinfo=UTC)),
        (1893456000.0, datetime(2030, 1, 1, tzinfo=UTC)),
        ("null", None),
        ("soon", "soon"),
        (True, True),
    ],
)
def test_an_odd_time_is_read_where_it_can_be(
    read: Callable[..., Any], credit: dict[str, Any], text: Any, expected: Any
) -> None:
    """The same for a record alone and in a list, with each JSON library."""
    found = read(credit | {"expires_at": text}).expires_at

    assert found == expected
    assert type(found) is type(expected)


def test_a_change_is_in_the_dict_and_the_rest_is_as_it_came(read: Callable[..., Any], credit: dict[str, Any]) -> None:
    """In its JSON form."""
    body = credit | {"status": "active"}
    record = read(body)
    record.expires_at = datetime(2031, 1, 1, 2, tzinfo=timezone(timedelta(hours=2)))
    record.amount = 5

    assert record.to_dict() == body | {"expires_at": 1924992000, "amount": 5}


def test_a_field_set_to_none_or_unset(read: Callable[..., Any], credit: dict[str, Any]) -> None:
    """None is null, UNSET takes the field away."""
    record = read(credit)
    record.expires_at = None
    record.customer = UNSET

    expected = credit | {"expires_at": None}
    del expected["customer"]
    assert record.to_dict() == expected


def test_a_change_inside_an_expanded_customer(read: Callable[..., Any], credit: dict[str, Any]) -> None:
    """It is seen from the credit, and no unknown field is lost."""
    record = read(credit | {"customer": CUSTOMER})
    record.customer.name = "Ada"

    assert record.to_dict()["customer"] == CUSTOMER | {"name": "Ada"}


def test_the_dict_is_a_copy(read: Callable[..., Any], credit: dict[str, Any]) -> None:
    """Changing it changes no record."""
    record = read(credit | {"tags": ["a"]})
    record.to_dict()["tags"].append("b")
    record.to_dict()["amount"] = 5

    assert record.to_dict() == credit | {"tags": ["a"]}


def test_records_are_made_by_hand_too() -> None:
    """For tests of one's own: with keywords, or from a dict."""
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    made = VinrStoreCredit(
        id="sc_1", customer="cust_1", amount=1, currency="USD", balance_remaining=1, expires_at=None, created=moment
    )

    assert made.to_dict()["created"] == 1767225600
    assert VinrStoreCredit.from_dict(made.to_dict()) == made
    with pytest.raises(MissingFieldError, match="has no response of its own"):
        _ = made.last_response


def test_records_of_an_answer_know_it(serve: Callable[..., Any], credit: dict[str, Any]) -> None:
    """Those of a list belong to their page's."""
    server = serve((200, credit, {"x-vinr-request-id": "req_1"}))
    record = server.vinr().store_credit.retrieve(credit["id"])

    assert record.last_response is not None
    assert record.last_response.request_id == "req_1"
    assert record.last_response.json() == credit


def test_events_hold_their_record(credit: dict[str, Any]) -> None:
    """`data.object` is the credit."""
    body = {"id": "evt_1", "type": "store_credit.created", "data": {"object": credit}, "created": 1780000000}
    event = models.event(body["type"]).from_dict(body)

    assert type(event) is VinrStoreCreditCreatedEvent
    assert event.type == "store_credit.created"
    assert event.data.object == VinrStoreCredit.from_dict(credit)


@pytest.mark.parametrize("item", [{"id": "re_1", "amount": 5}, None], ids=["object", "null"])
def test_an_event_of_an_unknown_type_is_not_typed(item: Any) -> None:
    """What it is about need not be a credit: it is the JSON object as it came."""
    body = {"id": "evt_1", "type": "refund.created", "data": {"object": item}, "created": 1780000000, "livemode": True}
    event = models.event(body["type"]).from_dict(body)

    assert type(event) is VinrEvent
    assert (event.type, event.raw_type) == ("unknown", "refund.created")
    assert event.data.object == item
    assert type(event.data.object) is type(item)
    assert event.created == datetime.fromtimestamp(1780000000, UTC)
    assert event.to_dict() == body
    assert event.replace(raw_type="refund.updated").to_dict() == body | {"type": "refund.updated"}


@together("kind", [None, 5, [], {}, "unknown"])
def test_an_event_whose_type_is_odd_is_of_an_unknown_type(kind: Any) -> None:
    """A type that is not a text names no model."""
    event = models.event(kind).from_dict({"id": "evt_1", "type": kind, "data": {"object": None}, "created": 1})

    assert type(event) is VinrEvent
    assert (event.type, event.raw_type) == ("unknown", kind)


def test_data_of_an_event_that_is_not_an_object_stays_as_it_came() -> None:
    """It costs the event nothing."""
    event = VinrEvent.from_dict({"id": "evt_1", "type": "x", "data": [1], "created": 1})

    assert event.data == [1]
    assert event.id == "evt_1"


def test_a_record_does_not_share_its_data_with_its_caller(credit: dict[str, Any]) -> None:
    """A later change to either is not seen in the other."""
    data = credit | {"tags": [{"a": 1}], "customer": {"id": "cust_1", "email": "e"}}
    record: Any = VinrStoreCredit.from_dict(data)
    data["tags"][0]["a"] = 2
    data["customer"]["email"] = "other"
    record.tags[0]["b"] = 3

    assert record.to_dict()["tags"] == [{"a": 1, "b": 3}]
    assert record.customer.email == "e"
    assert data["tags"] == [{"a": 2}]


@together("data", [None, 5, "x", [], [("id", "sc_1")]])
def test_a_record_is_not_made_from_anything_else(data: Any) -> None:
    """The text says what it was given."""
    with pytest.raises(TypeError, match="a VinrStoreCredit must be created from a JSON object, not from"):
        VinrStoreCredit.from_dict(data)


def test_an_absent_attribute_shows_as_unset() -> None:
    """In an f-string too, and something else can be put in its place."""
    phone = VinrCustomer.from_dict(CUSTOMER).phone

    assert f"{phone}" == str(phone) == repr(phone) == "UNSET"
    assert f"{phone or '-'}" == "-"


@pytest.mark.parametrize("place", range(3))
def test_each_record_of_a_page_has_its_own_unknown_field(
    serve: Callable[..., Any], credit: dict[str, Any], place: int
) -> None:
    """And never that of another, in the record and in the one it contains."""
    words = ["one", "two", "three"]
    items = [
        credit | {"id": f"sc_{word}", "new_field": word, "customer": CUSTOMER | {"id": word, "score": word}}
        for word in words
    ]
    record: Any = listed(serve, *items)[place]

    assert record.new_field == record.customer.score == words[place]
    assert record.additional_properties == {"new_field": words[place]}
    assert record.to_dict() == items[place]
