"""JSON:API records that are related: reached by name, each of them one object; and odd ones that cost nothing else."""

import copy
import pickle
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from store_credit import MissingFieldError, Resource, models
from store_credit.models import SpreeCart, SpreeStoreCreditEvent, SpreeUser
from together import together

FULL = "platform.store_credits.retrieve_include_all"


def test_a_related_record_that_is_not_included_knows_its_id(read_credit: Callable[..., Any], store_credit: Any) -> None:
    """Reading more of it says to include it; it has the class of its type."""
    credit = read_credit(store_credit)

    assert (credit.user.id, credit.user.type, type(credit.user)) == ("2", "user", SpreeUser)
    assert (credit.created_by.id, credit.created_by.type) == ("5", "admin_user")
    assert [event.id for event in credit.store_credit_events] == ["71"]
    assert credit.store_credit_type is None
    with pytest.raises(MissingFieldError, match=r"SpreeUser\.email is not known.*include="):
        _ = credit.user.email
    assert credit.user.to_dict() == {"id": "2", "type": "user"}


def test_included_records_are_reached_by_name(read_credit: Callable[..., Any], recorded: Callable[[str], Any]) -> None:
    """A real response with all five relationships included."""
    credit = read_credit(recorded(FULL))

    assert credit.user.email.endswith("@example.com")
    assert isinstance(credit.user, SpreeUser)
    assert credit.store_credit_category.name
    assert isinstance(credit.store_credit_type.priority, int)
    assert all(isinstance(event, SpreeStoreCreditEvent) for event in credit.store_credit_events)
    assert all(isinstance(event.amount, Decimal) for event in credit.store_credit_events)
    assert len(credit.included) == len(recorded(FULL)["included"])


def test_a_record_is_one_object_wherever_it_is_reached(read_credit: Callable[..., Any], store_credit: Any) -> None:
    """Through a relationship, again, and through `included`."""
    user = {"id": "2", "type": "user", "attributes": {"email": "ada@shop.test"}, "relationships": {}}
    store_credit["data"]["relationships"]["created_by"]["data"] = {"id": "2", "type": "user"}
    credit = read_credit(store_credit | {"included": [user]})

    assert credit.user is credit.user is credit.created_by is credit.included[0]


def test_a_record_is_found_under_the_other_type_of_its_model(
    read_credit: Callable[..., Any], store_credit: Any
) -> None:
    """A12: Spree's cache makes a user of an administrator. One that a relationship leads to may be somebody else."""
    person = {"id": "5", "type": "user", "attributes": {"email": "ada@shop.test"}, "relationships": {}}
    credit = read_credit(store_credit | {"included": [person]})

    assert credit.created_by.email == "ada@shop.test"
    assert credit.created_by is credit.included[0]
    assert pickle.loads(pickle.dumps(credit)).created_by.email == "ada@shop.test"
    assert credit.to_dict()["relationships"]["created_by"]["data"]["type"] == "admin_user"

    store_credit["data"]["relationships"]["user"]["data"]["id"] = "5"
    customer = read_credit(store_credit | {"included": [person]})
    assert customer.user.email == "ada@shop.test"
    with pytest.raises(MissingFieldError, match="include="):
        _ = customer.created_by.email
    admin = {"id": "5", "type": "admin_user", "attributes": {"email": "bob@shop.test"}, "relationships": {}}
    both = read_credit(store_credit | {"included": [person, admin]})
    assert (both.user.email, both.created_by.email) == ("ada@shop.test", "bob@shop.test")


def test_a_cycle_of_records_leads_back(read_credit: Callable[..., Any], store_credit: Any) -> None:
    """From the credit to its event, and from there to the credit itself."""
    event = {
        "id": "71",
        "type": "store_credit_event",
        "attributes": {},
        "relationships": {"store_credit": {"data": {"id": "7", "type": "store_credit"}}},
    }
    credit = read_credit(store_credit | {"included": [event]})

    assert credit.store_credit_events[0].store_credit is credit


def test_records_of_a_list_share_what_is_included(serve: Callable[..., Any], store_credit: Any) -> None:
    """The page holds it once."""
    other = store_credit["data"] | {"id": "8"}
    user = {"id": "2", "type": "user", "attributes": {"email": "ada@shop.test"}}
    body = {"data": [store_credit["data"], other], "included": [user], "meta": {"total_pages": 1}}
    page = serve(body).spree().store_credits.list()

    assert page.data[0].user is page.data[1].user is page.included[0]
    assert page.data[0].user.email == "ada@shop.test"


def test_the_same_id_under_another_type_is_another_record(read_credit: Callable[..., Any], store_credit: Any) -> None:
    """JSON:API identifies a record by both."""
    store_credit["data"]["relationships"]["created_by"]["data"] = {"id": "2", "type": "admin_user"}
    included = [
        {"id": "2", "type": "user", "attributes": {"email": "ada@shop.test"}},
        {"id": "2", "type": "admin_user", "attributes": {"email": "root@shop.test"}},
    ]
    credit = read_credit(store_credit | {"included": included})

    assert (credit.user.email, credit.created_by.email) == ("ada@shop.test", "root@shop.test")


def test_a_type_nobody_knows_is_a_plain_resource(read_credit: Callable[..., Any], store_credit: Any) -> None:
    """Its attributes are read by name too."""
    store_credit["data"]["relationships"]["user"]["data"] = {"id": "1", "type": "robot"}
    included = [{"id": "1", "type": "robot", "attributes": {"model": "R2"}}]
    robot: Any = read_credit(store_credit | {"included": included}).user

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
    read_credit: Callable[..., Any], store_credit: Any, linkage: Any, rest: dict[str, Any]
) -> None:
    """The record is read, the other relationships work, and the dict is what came in."""
    store_credit["data"]["relationships"]["user"]["data"] = linkage
    credit = read_credit(store_credit | rest)

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


def test_a_relationship_can_be_set(read_credit: Callable[..., Any], store_credit: Any) -> None:
    """For doubles of one's own; what the server sent stays in the dict."""
    credit = read_credit(store_credit)
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


def test_a_cart_reaches_the_credits_that_pay_it(serve: Callable[..., Any], recorded: Callable[[str], Any]) -> None:
    """`payments`, and their `source`, as the storefront knows them."""
    body = recorded("storefront.apply.include_source_deep")
    cart = serve(body).spree().checkout.add_store_credit(order_token="t")

    assert isinstance(cart, SpreeCart)
    assert cart.payments
    for payment in cart.payments:
        assert isinstance(payment.amount, Decimal)
        assert isinstance(payment.source, models.SpreeCartStoreCredit)
