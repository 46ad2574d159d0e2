"""Records and ids are what the document says, or the response is not valid; related ones are read leniently."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from store_credit import InvalidResponseError, MissingFieldError
from store_credit._core import fields
from store_credit.models import SpreeAccount, VinrStoreCredit
from together import together

NOT_RECORDS: list[Any] = [None, 5, "sc_1", [], True, {}, {"id": None}, {"id": 7}, {"id": ""}, {"id": ["x"]}]


@together("item", NOT_RECORDS)
def test_a_list_with_something_else_in_it_is_invalid(
    serve: Callable[..., Any], credit: dict[str, Any], item: Any
) -> None:
    """A record would be missing, and no caller would notice."""
    if isinstance(item, dict) and item:
        item = credit | item
    page = {"object": "list", "data": [credit, item], "page": {"has_more": False, "next_cursor": None}}
    with pytest.raises(InvalidResponseError, match=r"data\[1\]: "):
        serve(page).vinr(max_retries=0).store_credit.list()


@together("item", [*NOT_RECORDS, {"type": None}, {"attributes": []}, {"attributes": None}])
def test_a_json_api_list_with_something_else_in_it_is_invalid(
    serve: Callable[..., Any], store_credit: Any, item: Any
) -> None:
    """The same for resources, whose type is needed too."""
    if isinstance(item, dict) and item:
        item = store_credit["data"] | item
    page = {"data": [store_credit["data"], item], "meta": {"total_pages": 1}}
    with pytest.raises(InvalidResponseError, match=r"data\[1\]: "):
        serve(page).spree(max_retries=0).store_credits.list()


@together("odd", [{"id": 7}, {"id": None}, {"id": ""}, {"type": 5}, {"attributes": "x"}])
def test_a_document_of_something_else_is_invalid(serve: Callable[..., Any], store_credit: Any, odd: Any) -> None:
    """Of a single record too."""
    with pytest.raises(InvalidResponseError):
        serve({"data": store_credit["data"] | odd}).spree(max_retries=0).store_credits.retrieve("7")


# Included and related records: real servers mix serializers there


def test_odd_money_of_an_included_record_raises_when_it_is_read(serve: Callable[..., Any], store_credit: Any) -> None:
    """And costs the record it came with nothing; nor can it be taken for another value."""
    event = {"id": "71", "type": "store_credit_event", "attributes": {"amount": "1_000", "action": "capture"}}
    body = store_credit | {"included": [event]}
    credit = serve(body).spree().store_credits.retrieve("7")
    included = credit.store_credit_events[0]

    assert credit.amount == 25
    assert included.action == "capture"
    with pytest.raises(MissingFieldError, match=r"SpreeStoreCreditEvent\.amount is the text '1_000', not a plain dec"):
        _ = included.amount
    assert not hasattr(included, "amount")
    assert included.to_dict() == event
    assert repr(included) == "SpreeStoreCreditEvent(id='71', action='capture', amount=<the text '1_000'>)"


def test_an_odd_amount_by_another_serializer_raises_when_it_is_read(
    serve: Callable[..., Any], recorded: Callable[[str], Any]
) -> None:
    """As Spree 5.3 answers out of its cache: the Platform's user, whose balance is a list, in a Storefront cart."""
    body = recorded("storefront.apply.all")
    amounts = [{"currency": "USD", "amount": "60.50"}, {"currency": "EUR", "amount": "1_000"}]
    user = {"id": "2", "type": "user", "attributes": {"email": "a@example.com", "store_credits": amounts}}
    body["data"]["relationships"]["user"] = {"data": {"id": "2", "type": "user"}}
    body["included"] = [user]
    cart = serve(body).spree().checkout.add_store_credit(order_token="t")

    assert isinstance(cart.user, SpreeAccount)
    assert cart.user.email == "a@example.com"
    assert isinstance(cart.user.store_credits, list)
    dollars, euros = cart.user.store_credits
    assert dollars.amount == Decimal("60.50")
    with pytest.raises(MissingFieldError, match=r"SpreeCurrencyAmount\.amount is the text '1_000'"):
        _ = euros.amount


def test_odd_ids_of_included_records_raise_when_they_are_read(serve: Callable[..., Any], store_credit: Any) -> None:
    """Resources are looked up by them first."""
    user = {"id": 2, "type": "user", "attributes": {"email": "a@example.com"}}
    store_credit["data"]["relationships"]["user"]["data"] = {"id": 2, "type": "user"}
    credit = serve(store_credit | {"included": [user]}).spree().store_credits.retrieve("7")

    assert credit.user.email == "a@example.com"
    with pytest.raises(MissingFieldError, match=r"SpreeUser\.id is the number 2, not an id"):
        _ = credit.user.id


def test_an_expanded_customer_is_read_leniently(serve: Callable[..., Any], credit: dict[str, Any]) -> None:
    """It is not the record asked for."""
    credit["customer"] = {"id": 5, "email": "e"}
    customer: Any = serve(credit).vinr().store_credit.retrieve("sc_4Bk9mQ").customer

    assert customer.email == "e"
    with pytest.raises(MissingFieldError, match=r"VinrCustomer\.id is the number 5, not an id"):
        _ = customer.id


def test_records_made_of_a_dict_raise_when_they_are_read(credit: dict[str, Any]) -> None:
    """A webhook's, too: what has been stored or signed can be looked at."""
    record = VinrStoreCredit.from_dict(credit | {"amount": "1000"})

    assert record.balance_remaining == 750
    with pytest.raises(MissingFieldError, match=r"VinrStoreCredit\.amount is the text '1000', not an integer"):
        _ = record.amount
    assert record.to_dict()["amount"] == "1000"


def test_null_may_be_money_only_where_the_document_says_so() -> None:
    """And the text "null", which other fields take for null, never."""
    assert fields.nullable(fields.DECIMAL).read(None) is None
    assert fields.nullable(fields.UNIX_TIME).read("null") is None
    with pytest.raises(ValueError, match="not a decimal"):
        fields.nullable(fields.DECIMAL).read("null")
    with pytest.raises(ValueError, match="not a decimal"):
        fields.list_of(fields.DECIMAL).read(["1.0", None])
