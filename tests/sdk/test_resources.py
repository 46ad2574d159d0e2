"""JSON:API records: attributes and related records by name, sparse responses, and what `to_dict` gives back."""

import copy
import pickle
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from store_credit import UNSET, MissingFieldError, Resource, models
from store_credit.models import SpreeAccount, SpreeCart, SpreeStoreCredit, SpreeStoreCreditEvent, SpreeUser
from together import together

FULL = "platform.store_credits.retrieve_include_all"


@pytest.fixture
def read(serve: Callable[..., Any]) -> Callable[[Any], SpreeStoreCredit]:
    """Reads a credit from the body of a response."""
    return lambda body: serve(body).spree().store_credits.retrieve(body["data"]["id"])


@pytest.fixture
def far_from_utc(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """This process in another zone than UTC, where most machines that run tests are."""
    if not hasattr(time, "tzset"):
        pytest.skip("the zone of a process cannot be changed here")
    with monkeypatch.context() as patch:
        patch.setenv("TZ", "Asia/Tokyo")
        time.tzset()
        yield
    time.tzset()


def test_attributes_have_the_types_they_are_declared_with(read: Callable[..., Any], store_credit: Any) -> None:
    """Amounts are Decimals in major units, times aware datetimes in UTC."""
    credit = read(store_credit)

    assert type(credit) is SpreeStoreCredit
    assert (credit.id, credit.type, credit.currency) == ("7", "store_credit", "USD")
    assert repr(credit.amount) == "Decimal('25.0')"
    assert credit.amount_authorized == Decimal("10.5")
    assert credit.created_at == datetime(2026, 11, 22, 2, 19, 23, 126000, tzinfo=UTC)
    assert credit.deleted_at is None
    assert credit.memo is None
    assert credit.private_metadata == {"ticket": 42}
    assert not hasattr(credit, "__dict__")


@together(
    ("text", "quoted"),
    [
        (text, quoted)
        for text in ("25.1", "25.10", "0.30000000000000004", "12345678901234567890.12", "1E-7", "-0.0", "100", "1e2")
        for quoted in (True, False)
        if not quoted or "e" not in text.lower()
    ],
)
@pytest.mark.parametrize("whole", [True, False], ids=["whole", "sparse"])
def test_a_decimal_has_the_digits_it_was_written_with(
    serve: Callable[..., Any], text: str, quoted: bool, whole: bool, store_credit: Any
) -> None:
    """As a text or as a number, alone or among the others: it never passes through a binary float."""
    attributes = store_credit["data"]["attributes"]
    if not whole:
        attributes.clear()
    attributes["amount"] = "HERE"
    body = str(store_credit).replace("'", '"').replace("None", "null")
    body = body.replace('"HERE"', f'"{text}"' if quoted else text)
    credit = serve((200, body.encode())).spree().store_credits.retrieve("7")

    assert repr(credit.amount) == repr(Decimal(text))


@together(
    ("text", "hour"),
    [
        ("2026-11-22T10:00:00.000Z", 10),
        ("2026-11-22T10:00:00Z", 10),
        ("2026-11-22T10:00:00+00:00", 10),
        ("2026-11-22T10:00:00.5+02:00", 8),
        ("2026-11-22T10:00:00-0500", 15),
        ("2026-11-22T10:00:00", 10),
        ("2026-11-22 10:00:00 UTC", None),
        ("yesterday", None),
        ("0001-01-01T00:00:00+10:00", None),
    ],
)
@pytest.mark.usefixtures("far_from_utc")
def test_every_time_is_in_utc(read: Callable[..., Any], store_credit: Any, text: str, hour: int | None) -> None:
    """An offset is converted, none means UTC wherever the process runs, and what is not a time stays as it came."""
    store_credit["data"]["attributes"]["created_at"] = text
    credit = read(store_credit)

    if hour is None:
        assert credit.created_at == text
    else:
        assert credit.created_at.utcoffset() == timedelta(0)
        assert credit.created_at.hour == hour
    assert credit.to_dict() == store_credit["data"]


def test_a_sparse_answer_says_what_it_lacks(read: Callable[..., Any], store_credit: Any) -> None:
    """The text names the attribute and what to ask for; `hasattr` and the rest of the record work."""
    store_credit["data"]["attributes"] = {"amount": "25.0"}
    store_credit["data"]["relationships"] = {}
    credit = read(store_credit)

    assert credit.amount == 25
    for name in ("currency", "created_at", "user", "store_credit_events"):
        with pytest.raises(MissingFieldError, match=rf"SpreeStoreCredit\.{name} was left out of this response.*fields"):
            getattr(credit, name)
        assert not hasattr(credit, name)


def test_what_a_newer_server_adds_is_unset_until_then(read: Callable[..., Any], store_credit: Any) -> None:
    """Attributes that not every version sends are optional."""
    assert read(store_credit).display_amount_remaining is UNSET
    store_credit["data"]["attributes"]["display_amount_remaining"] = "$14.50"
    assert read(store_credit).display_amount_remaining == "$14.50"


def test_an_unknown_attribute_survives_and_can_be_read(read: Callable[..., Any], store_credit: Any) -> None:
    """As does anything else that is new in the record."""
    store_credit["data"]["attributes"]["colour"] = {"deep": [1.50, None]}
    store_credit["data"]["links"] = {"self": "/7"}
    store_credit["data"]["relationships"]["store"] = {"data": {"id": "1", "type": "store"}}
    credit = read(store_credit)

    assert credit.colour == {"deep": [1.5, None]}
    assert credit.to_dict() == store_credit["data"]


def test_a_name_nobody_knows_is_an_attribute_error(read: Callable[..., Any], store_credit: Any) -> None:
    """And not a field that was left out."""
    with pytest.raises(AttributeError, match="no attribute 'amout'") as raised:
        _ = read(store_credit).amout

    assert not isinstance(raised.value, MissingFieldError)


# Related records


def test_a_related_record_that_is_not_included_knows_its_id(read: Callable[..., Any], store_credit: Any) -> None:
    """Reading more of it says to include it; it has the class of its type."""
    credit = read(store_credit)

    assert (credit.user.id, credit.user.type, type(credit.user)) == ("2", "user", SpreeUser)
    assert (credit.created_by.id, credit.created_by.type) == ("5", "admin_user")
    assert [event.id for event in credit.store_credit_events] == ["71"]
    assert credit.store_credit_type is None
    with pytest.raises(MissingFieldError, match=r"SpreeUser\.email is not known.*include="):
        _ = credit.user.email
    assert credit.user.to_dict() == {"id": "2", "type": "user"}


def test_included_records_are_reached_by_name(read: Callable[..., Any], recorded: Callable[[str], Any]) -> None:
    """A real response with all five relationships included."""
    credit = read(recorded(FULL))

    assert credit.user.email.endswith("@example.com")
    assert isinstance(credit.user, SpreeUser)
    assert credit.store_credit_category.name
    assert isinstance(credit.store_credit_type.priority, int)
    assert all(isinstance(event, SpreeStoreCreditEvent) for event in credit.store_credit_events)
    assert all(isinstance(event.amount, Decimal) for event in credit.store_credit_events)
    assert len(credit.included) == len(recorded(FULL)["included"])


def test_a_record_is_one_object_wherever_it_is_reached(read: Callable[..., Any], store_credit: Any) -> None:
    """Through a relationship, again, and through `included`."""
    user = {"id": "2", "type": "user", "attributes": {"email": "ada@shop.test"}, "relationships": {}}
    store_credit["data"]["relationships"]["created_by"]["data"] = {"id": "2", "type": "user"}
    credit = read(store_credit | {"included": [user]})

    assert credit.user is credit.user is credit.created_by is credit.included[0]


def test_a_record_is_found_under_the_other_type_of_its_model(read: Callable[..., Any], store_credit: Any) -> None:
    """A12: Spree's cache makes a user of an administrator. One that a relationship leads to may be somebody else."""
    person = {"id": "5", "type": "user", "attributes": {"email": "ada@shop.test"}, "relationships": {}}
    credit = read(store_credit | {"included": [person]})

    assert credit.created_by.email == "ada@shop.test"
    assert credit.created_by is credit.included[0]
    assert pickle.loads(pickle.dumps(credit)).created_by.email == "ada@shop.test"
    assert credit.to_dict()["relationships"]["created_by"]["data"]["type"] == "admin_user"

    store_credit["data"]["relationships"]["user"]["data"]["id"] = "5"
    customer = read(store_credit | {"included": [person]})
    assert customer.user.email == "ada@shop.test"
    with pytest.raises(MissingFieldError, match="include="):
        _ = customer.created_by.email
    admin = {"id": "5", "type": "admin_user", "attributes": {"email": "bob@shop.test"}, "relationships": {}}
    both = read(store_credit | {"included": [person, admin]})
    assert (both.user.email, both.created_by.email) == ("ada@shop.test", "bob@shop.test")


def test_a_cycle_of_records_leads_back(read: Callable[..., Any], store_credit: Any) -> None:
    """From the credit to its event, and from there to the credit itself."""
    event = {
        "id": "71",
        "type": "store_credit_event",
        "attributes": {},
        "relationships": {"store_credit": {"data": {"id": "7", "type": "store_credit"}}},
    }
    credit = read(store_credit | {"included": [event]})

    assert credit.store_credit_events[0].store_credit is credit


def test_records_of_a_list_share_what_is_included(serve: Callable[..., Any], store_credit: Any) -> None:
    """The page holds it once."""
    other = store_credit["data"] | {"id": "8"}
    user = {"id": "2", "type": "user", "attributes": {"email": "ada@shop.test"}}
    body = {"data": [store_credit["data"], other], "included": [user], "meta": {"total_pages": 1}}
    page = serve(body).spree().store_credits.list()

    assert page.data[0].user is page.data[1].user is page.included[0]
    assert page.data[0].user.email == "ada@shop.test"


def test_the_same_id_under_another_type_is_another_record(read: Callable[..., Any], store_credit: Any) -> None:
    """JSON:API identifies a record by both."""
    store_credit["data"]["relationships"]["created_by"]["data"] = {"id": "2", "type": "admin_user"}
    included = [
        {"id": "2", "type": "user", "attributes": {"email": "ada@shop.test"}},
        {"id": "2", "type": "admin_user", "attributes": {"email": "root@shop.test"}},
    ]
    credit = read(store_credit | {"included": included})

    assert (credit.user.email, credit.created_by.email) == ("ada@shop.test", "root@shop.test")


def test_a_type_nobody_knows_is_a_plain_resource(read: Callable[..., Any], store_credit: Any) -> None:
    """Its attributes are read by name too."""
    store_credit["data"]["relationships"]["user"]["data"] = {"id": "1", "type": "robot"}
    included = [{"id": "1", "type": "robot", "attributes": {"model": "R2"}}]
    robot: Any = read(store_credit | {"included": included}).user

    assert robot.model == "R2"
    assert robot.to_dict() == included[0]
    assert type(robot) is Resource


@together(
    "linkage",
    [
        "5",
        5,
        True,
        {},
        {"id": "2"},
        {"type": "user"},
        {"id": ["2"], "type": "user"},
        {"id": "2", "type": {}},
        [None],
        ["5"],
        [[]],
    ],
)
@together(
    "rest", [{}, *({"included": odd} for odd in (None, "x", [], [None], ["x"], [{"id": [1], "type": "user"}], [{}]))]
)
def test_an_odd_reference_costs_nothing_but_itself(
    read: Callable[..., Any], store_credit: Any, linkage: Any, rest: dict[str, Any]
) -> None:
    """The record is read, the other relationships work, and the dict is what came in."""
    store_credit["data"]["relationships"]["user"]["data"] = linkage
    credit = read(store_credit | rest)

    _ = credit.user
    _ = credit.included
    assert credit.created_by.id == "5"
    assert credit.amount == 25
    assert credit.to_dict() == store_credit["data"]


ODD_RECORDS: list[Any] = [
    {"id": "1", "type": "store_credit"},
    {"id": "1", "type": "store_credit", "attributes": {}, "relationships": {"user": None}},
    {"id": "1", "type": "store_credit", "attributes": {"created_at": 5, "memo": {}}, "relationships": 5},
    {"id": "1", "type": "user", "attributes": {"email": "a"}},
]


@together("odd", ODD_RECORDS)
def test_one_odd_record_does_not_cost_the_list(serve: Callable[..., Any], store_credit: Any, odd: Any) -> None:
    """What can be read of it is, and the others are whole. Those that are not records: see test_strict_money.py."""
    body = {"data": [odd, store_credit["data"]], "meta": {"total_pages": 1}}
    first, second = serve(body).spree().store_credits.list().data

    assert second.amount == 25
    assert second.user.id == "2"
    assert second.to_dict() == store_credit["data"]
    assert first.to_dict() == odd


def test_a_related_record_may_be_another_record_of_the_page(serve: Callable[..., Any], store_credit: Any) -> None:
    """It is the same object."""
    other = copy.deepcopy(store_credit["data"]) | {"id": "8"}
    other["relationships"]["created_by"] = {"data": {"id": "7", "type": "store_credit"}}
    first, second = serve({"data": [store_credit["data"], other], "meta": {}}).spree().store_credits.list().data

    assert second.created_by is first
    assert first.created_by.id == "5"


def test_a_relationship_can_be_set(read: Callable[..., Any], store_credit: Any) -> None:
    """For doubles of one's own; what the server sent stays in the dict."""
    credit = read(store_credit)
    credit.user = SpreeUser.from_dict({"id": "9", "type": "user", "attributes": {"email": "a@example.com"}})

    assert credit.user.email == "a@example.com"
    assert credit.created_by.id == "5"
    assert copy.copy(credit).user.email == "a@example.com"
    assert credit.to_dict() == store_credit["data"]


@pytest.mark.parametrize("place", range(3))
def test_each_record_of_a_page_has_its_own_unknown_field(
    serve: Callable[..., Any], store_credit: Any, place: int
) -> None:
    """And never that of another, nor another's relationships."""
    words = ["one", "two", "three"]
    items: list[Any] = []
    for word in words:
        item = copy.deepcopy(store_credit["data"]) | {"id": word, "links": {"self": word}}
        item["attributes"]["new_field"] = word
        item["relationships"]["user"]["data"]["id"] = word
        items.append(item)
    record: Any = serve({"data": items, "meta": {"total_pages": 1}}).spree().store_credits.list().data[place]

    assert record.new_field == record.user.id == words[place]
    assert record.additional_properties == {"new_field": words[place]}
    assert record.to_dict() == items[place]


# Dicts and changes


def test_a_change_is_in_the_dict_in_its_wire_form(read: Callable[..., Any], store_credit: Any) -> None:
    """Decimals and times as text, and the rest as it came."""
    credit = read(store_credit)
    credit.id = "9"
    credit.amount = Decimal("30.50")
    credit.memo = "changed"
    credit.created_at = datetime(2027, 1, 1, tzinfo=UTC)
    credit.display_amount = UNSET
    written = credit.to_dict()

    assert written["id"] == "9"
    assert written["attributes"]["amount"] == "30.50"
    assert written["attributes"]["memo"] == "changed"
    assert written["attributes"]["created_at"] == "2027-01-01T00:00:00.000Z"
    assert "display_amount" not in written["attributes"]
    assert written["relationships"] == store_credit["data"]["relationships"]


def test_a_dict_gives_the_record_back(store_credit: Any) -> None:
    """From the record's own object and from a whole document."""
    credit = SpreeStoreCredit.from_dict(store_credit)

    assert SpreeStoreCredit.from_dict(credit.to_dict()) == credit
    alone: Any = SpreeStoreCredit.from_dict(store_credit["data"])
    assert alone.user.id == "2"


def test_an_account_gives_its_balance_as_a_decimal(serve: Callable[..., Any], recorded: Callable[[str], Any]) -> None:
    """Older servers send it as a number."""
    body = recorded("storefront.account.retrieve")
    body["data"]["attributes"]["store_credits"] = 60.1
    account = serve(body).spree().account.retrieve(customer_token="c")

    assert isinstance(account, SpreeAccount)
    assert repr(account.store_credits) == "Decimal('60.1')"


@together(
    ("sent", "shown"),
    [
        (0, "Decimal('0')"),
        ("60.50", "Decimal('60.50')"),
        ([{"currency": "USD", "amount": "60.50"}], "[SpreeCurrencyAmount(currency='USD', amount=Decimal('60.50'))]"),
        ([], "[]"),
    ],
)
def test_the_balance_of_a_carts_user_may_be_a_list(
    serve: Callable[..., Any], recorded: Callable[[str], Any], sent: Any, shown: str
) -> None:
    """A12: Spree's cache gives the user that the Platform API has put into it."""
    body = recorded("storefront.apply.include_source_deep")
    body["data"]["relationships"]["user"] = {"data": {"id": "9", "type": "user"}}
    attributes = {"email": "ada@shop.test", "store_credits": sent, "private_metadata": {"vip": True}}
    body["included"].append({"id": "9", "type": "user", "attributes": attributes, "relationships": {}})
    cart = serve(body).spree().checkout.add_store_credit(order_token="t", include="user")

    assert isinstance(cart.user, SpreeAccount)
    assert repr(cart.user.store_credits) == shown
    assert cart.user.to_dict()["attributes"]["store_credits"] == sent
    assert SpreeAccount.from_dict(cart.user.to_dict()).store_credits == cart.user.store_credits


def test_a_cart_reaches_the_credits_that_pay_it(serve: Callable[..., Any], recorded: Callable[[str], Any]) -> None:
    """`payments`, and their `source`, as the storefront knows them."""
    body = recorded("storefront.apply.include_source_deep")
    cart = serve(body).spree().checkout.add_store_credit(order_token="t")

    assert isinstance(cart, SpreeCart)
    assert cart.payments
    for payment in cart.payments:
        assert isinstance(payment.amount, Decimal)
        assert isinstance(payment.source, models.SpreeCartStoreCredit)


def test_an_unknown_enum_value_stays_text(read: Callable[..., Any], recorded: Callable[[str], Any]) -> None:
    """An event may be of a kind that is new."""
    body = recorded(FULL)
    event = next(record for record in body["included"] if record["type"] == "store_credit_event")
    event["attributes"]["action"] = "teleport"
    credit = read(body)

    assert "teleport" in [record.action for record in credit.store_credit_events]
