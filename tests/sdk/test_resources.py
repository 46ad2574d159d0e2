"""JSON:API records: attributes by name, sparse responses, what is unknown, and what `to_dict` gives back."""

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from store_credit import UNSET, MissingFieldError
from store_credit.models import SpreeAccount, SpreeStoreCredit
from together import together

FULL = "platform.store_credits.retrieve_include_all"


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


def test_attributes_have_the_types_they_are_declared_with(read_credit: Callable[..., Any], store_credit: Any) -> None:
    """Amounts are Decimals in major units, times aware datetimes in UTC."""
    credit = read_credit(store_credit)

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
def test_every_time_is_in_utc(read_credit: Callable[..., Any], store_credit: Any, text: str, hour: int | None) -> None:
    """An offset is converted, none means UTC wherever the process runs, and what is not a time stays as it came."""
    store_credit["data"]["attributes"]["created_at"] = text
    credit = read_credit(store_credit)

    if hour is None:
        assert credit.created_at == text
    else:
        assert credit.created_at.utcoffset() == timedelta(0)
        assert credit.created_at.hour == hour
    assert credit.to_dict() == store_credit["data"]


def test_a_sparse_answer_says_what_it_lacks(read_credit: Callable[..., Any], store_credit: Any) -> None:
    """The text names the attribute and what to ask for; `hasattr` and the rest of the record work."""
    store_credit["data"]["attributes"] = {"amount": "25.0"}
    store_credit["data"]["relationships"] = {}
    credit = read_credit(store_credit)

    assert credit.amount == 25
    for name in ("currency", "created_at", "user", "store_credit_events"):
        with pytest.raises(MissingFieldError, match=rf"SpreeStoreCredit\.{name} was left out of this response.*fields"):
            getattr(credit, name)
        assert not hasattr(credit, name)


def test_what_a_newer_server_adds_is_unset_until_then(read_credit: Callable[..., Any], store_credit: Any) -> None:
    """Attributes that not every version sends are optional."""
    assert read_credit(store_credit).display_amount_remaining is UNSET
    store_credit["data"]["attributes"]["display_amount_remaining"] = "$14.50"
    assert read_credit(store_credit).display_amount_remaining == "$14.50"


def test_an_unknown_attribute_survives_and_can_be_read(read_credit: Callable[..., Any], store_credit: Any) -> None:
    """As does anything else that is new in the record."""
    store_credit["data"]["attributes"]["colour"] = {"deep": [1.50, None]}
    store_credit["data"]["links"] = {"self": "/7"}
    store_credit["data"]["relationships"]["store"] = {"data": {"id": "1", "type": "store"}}
    credit = read_credit(store_credit)

    assert credit.colour == {"deep": [1.5, None]}
    assert credit.to_dict() == store_credit["data"]


def test_a_name_nobody_knows_is_an_attribute_error(read_credit: Callable[..., Any], store_credit: Any) -> None:
    """And not a field that was left out."""
    with pytest.raises(AttributeError, match="no attribute 'amout'") as raised:
        _ = read_credit(store_credit).amout

    assert not isinstance(raised.value, MissingFieldError)


def test_a_change_is_in_the_dict_in_its_wire_form(read_credit: Callable[..., Any], store_credit: Any) -> None:
    """Decimals and times as text, and the rest as it came."""
    credit = read_credit(store_credit)
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


def test_an_unknown_enum_value_stays_text(read_credit: Callable[..., Any], recorded: Callable[[str], Any]) -> None:
    """An event may be of a kind that is new."""
    body = recorded(FULL)
    event = next(record for record in body["included"] if record["type"] == "store_credit_event")
    event["attributes"]["action"] = "teleport"
    credit = read_credit(body)

    assert "teleport" in [record.action for record in credit.store_credit_events]
