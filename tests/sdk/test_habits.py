"""Records in the hands of other libraries: attrs, cattrs, pydantic, FastAPI, json; and changed copies of them."""

import copy
import json
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, Any

import attrs
import httpx
import pytest

pytest.importorskip("cattrs", reason="cattrs is not installed here: it needs a newer attrs than the lowest")
pytest.importorskip("fastapi", reason="FastAPI is not installed here")

import cattrs
import pydantic
from cattrs.preconf.json import make_converter
from cattrs.strategies import use_class_methods
from fastapi import Body, FastAPI

from store_credit import UNSET, MissingFieldError
from store_credit.models import SpreeStoreCredit, SpreeUser, VinrCustomer, VinrStoreCredit
from together import together

FULL = "platform.store_credits.retrieve_include_all"


@pytest.fixture
def vinr(credit: dict[str, Any]) -> VinrStoreCredit:
    """A record with an expanded customer, and members this version does not know in both."""
    customer = {"id": "cust_1", "email": "ada@shop.test", "tier": {"name": "gold"}}
    return VinrStoreCredit.from_dict(credit | {"customer": customer, "new_field": [1.5, {"a": None}]})


@pytest.fixture
def spree(recorded: Callable[[str], Any]) -> SpreeStoreCredit:
    """A record with everything included."""
    body = recorded(FULL)
    body["data"]["attributes"]["colour"] = "red"
    return SpreeStoreCredit.from_dict(body)


@pytest.fixture
def sparse() -> SpreeStoreCredit:
    """A record most of which was left out."""
    return SpreeStoreCredit.from_dict({"id": "7", "type": "store_credit", "attributes": {"memo": "x", "colour": "red"}})


def as_read(text: str) -> VinrStoreCredit:
    return VinrStoreCredit.from_dict(json.loads(text))


# Changed copies


def test_a_replaced_attribute_is_in_a_copy(vinr: VinrStoreCredit) -> None:
    """The rest of it, unknown members included, is as it was; the record itself has not changed."""
    before = vinr.to_dict()
    changed = vinr.replace(amount=5, expires_at=None)

    assert changed.to_dict() == before | {"amount": 5, "expires_at": None}
    assert vinr.to_dict() == before
    assert type(changed) is VinrStoreCredit


def test_a_copy_leads_to_the_same_records_and_not_to_the_response(
    serve: Callable[..., Any], recorded: Callable[[str], Any]
) -> None:
    """It is not what the server sent."""
    credit = serve(recorded(FULL)).spree().store_credits.retrieve("2")
    changed = credit.replace(memo="changed", user=None)

    assert changed.memo == "changed"
    assert changed.user is None
    assert changed.created_by.email == credit.created_by.email
    assert changed.to_dict()["relationships"] == credit.to_dict()["relationships"]
    assert credit.last_response.status_code == 200
    with pytest.raises(MissingFieldError):
        _ = changed.last_response


@together("name", ["amout", "new_field", "_raw", "__class__", "to_dict", "request_id"])
def test_only_an_attribute_can_be_replaced(vinr: VinrStoreCredit, name: str) -> None:
    """A misspelt one is not kept in silence."""
    with pytest.raises(TypeError, match=f"a VinrStoreCredit has no attribute '{name}'"):
        vinr.replace(**{name: 5})


def test_a_replaced_amount_is_an_amount(vinr: VinrStoreCredit, spree: SpreeStoreCredit) -> None:
    """JSON values are read; what is not money is refused."""
    assert vinr.replace(amount=1e3).amount == 1000
    assert spree.replace(amount="25.10").amount == Decimal("25.10")
    with pytest.raises(ValueError, match=r"VinrStoreCredit\.amount is the text '1000', not an integer"):
        vinr.replace(amount="1000")


def test_a_copy_shares_nothing_that_can_be_changed(vinr: Any) -> None:
    """Nested JSON is copied too."""
    changed = vinr.replace(amount=5)
    changed.new_field[1]["a"] = 2
    changed.customer.email = "other@shop.test"

    assert vinr.new_field == [1.5, {"a": None}]
    assert vinr.customer.email == "ada@shop.test"


def test_unknown_members_can_be_replaced_as_a_whole(vinr: Any) -> None:
    """They are attributes, and `additional_properties` holds them all."""
    changed = vinr.replace(additional_properties={"other": 1})

    assert vinr.additional_properties == {"new_field": [1.5, {"a": None}]}
    assert "new_field" not in changed.to_dict()
    assert changed.to_dict()["other"] == 1
    assert changed.to_dict()["amount"] == vinr.amount


# JSON text


def test_json_text_has_the_digits_that_came(serve: Callable[..., Any], credit: dict[str, Any]) -> None:
    """Of numbers with a fraction too, which no float could keep."""
    text = json.dumps(credit | {"rate": "HERE"}).replace('"HERE"', "12345678901234567890.10")
    record = serve((200, text.encode())).vinr().store_credit.retrieve("sc_4Bk9mQ")

    assert '"rate":12345678901234567890.10' in record.to_json()
    assert as_read(record.to_json()).amount == 1000


def test_json_text_has_what_was_changed(spree: SpreeStoreCredit) -> None:
    """In its JSON form."""
    spree.amount = Decimal("30.50")

    assert json.loads(spree.to_json()) == spree.to_dict()
    assert '"amount":"30.50"' in spree.to_json()


def test_the_dict_is_json(vinr: VinrStoreCredit, spree: SpreeStoreCredit) -> None:
    """The standard library writes it."""
    assert as_read(json.dumps(vinr.to_dict())) == vinr
    assert json.loads(json.dumps(spree.to_dict())) == spree.to_dict()


# attrs


def test_attrs_gives_every_attribute_and_the_unknown_members(vinr: VinrStoreCredit) -> None:
    """With the values that the attributes have."""
    found = attrs.asdict(vinr)

    assert found["amount"] == 1000
    assert found["expires_at"] == datetime(2030, 1, 1, tzinfo=UTC)
    assert found["additional_properties"] == {"new_field": [1.5, {"a": None}]}
    assert found["customer"]["additional_properties"] == {"tier": {"name": "gold"}}
    assert found["customer"]["phone"] is UNSET


def test_attrs_gives_what_is_absent_as_unset(sparse: SpreeStoreCredit) -> None:
    """Where reading it raises; and nothing of what is related, which may lead back."""
    found = attrs.asdict(sparse)

    assert (found["id"], found["memo"], found["amount"]) == ("7", "x", UNSET)
    assert found["additional_properties"] == {"colour": "red"}
    assert "user" not in found
    with pytest.raises(MissingFieldError):
        _ = sparse.amount


def test_a_record_is_made_of_what_attrs_gives(vinr: VinrStoreCredit, sparse: SpreeStoreCredit) -> None:
    """Unknown members included."""
    assert VinrStoreCredit(**attrs.asdict(vinr)) == vinr
    assert SpreeStoreCredit(**attrs.asdict(sparse)) == sparse


@pytest.mark.parametrize("evolve", [attrs.evolve, *(one for name, one in vars(copy).items() if name == "replace")])
def test_an_evolved_record_keeps_the_unknown_members(vinr: VinrStoreCredit, evolve: Callable[..., Any]) -> None:
    """And what was changed before."""
    vinr.balance_remaining = 1
    changed = evolve(vinr, amount=5)

    assert changed.to_dict() == vinr.to_dict() | {"amount": 5}
    assert changed.new_field == [1.5, {"a": None}]
    assert changed.customer == vinr.customer


def test_an_evolved_resource_keeps_its_relationships(spree: SpreeStoreCredit) -> None:
    """And leads to the same records."""
    changed = attrs.evolve(spree, memo="changed")
    expected = spree.to_dict()
    expected["attributes"]["memo"] = "changed"

    assert changed.to_dict() == expected
    assert spree.user is not None
    assert changed.user == spree.user


def test_an_evolved_record_lacks_what_was_absent(sparse: SpreeStoreCredit) -> None:
    """It is neither null nor UNSET."""
    changed = attrs.evolve(sparse, memo="changed")

    assert changed.to_dict()["attributes"] == {"memo": "changed", "colour": "red"}
    with pytest.raises(MissingFieldError, match="left out"):
        _ = changed.amount


def test_attrs_knows_the_fields() -> None:
    """By name."""
    assert attrs.has(VinrStoreCredit)
    assert {"id", "amount", "currency"} < {field.name for field in attrs.fields(VinrStoreCredit)}


def test_a_constructor_reads_json_and_refuses_what_is_not_money() -> None:
    """As libraries that are built on attrs pass it."""
    values: dict[str, Any] = {
        "id": "sc_1",
        "customer": {"id": "cust_1", "email": "e"},
        "currency": "USD",
        "balance_remaining": 1,
        "expires_at": None,
        "created": 1767225600,
    }
    made = VinrStoreCredit(**values, amount=1)

    assert made.created == datetime(2026, 1, 1, tzinfo=UTC)
    assert isinstance(made.customer, VinrCustomer)
    assert made.to_dict() == values | {"amount": 1}
    for wrong in ("1", 1.5, True):
        with pytest.raises(ValueError, match=r"VinrStoreCredit\.amount is .*, not an integer"):
            VinrStoreCredit(**values, amount=wrong)  # type: ignore[arg-type]


# cattrs


@attrs.define
class Order:
    """A class of somebody's own, with our record in it."""

    credit: VinrStoreCredit


def test_cattrs_structures_the_json_object_of_a_plain_record(credit: dict[str, Any]) -> None:
    """With its global converter, alone and inside another class."""
    order = cattrs.structure({"credit": credit}, Order)

    assert order.credit == cattrs.structure(credit, VinrStoreCredit) == VinrStoreCredit.from_dict(credit)
    assert order.credit.expires_at == datetime(2030, 1, 1, tzinfo=UTC)
    with pytest.raises(cattrs.ClassValidationError):
        cattrs.structure(credit | {"amount": "1000"}, VinrStoreCredit)


def test_cattrs_takes_back_what_it_unstructures(vinr: VinrStoreCredit, spree: SpreeStoreCredit) -> None:
    """Unknown members included; of a resource its attributes, for it has no dict of relationships."""
    assert cattrs.structure(cattrs.unstructure(Order(vinr)), Order) == Order(vinr)
    again = cattrs.structure(cattrs.unstructure(spree), SpreeStoreCredit)
    assert again.to_dict()["attributes"] == spree.to_dict()["attributes"]


def test_cattrs_can_be_told_to_use_our_dicts(vinr: VinrStoreCredit, spree: SpreeStoreCredit, sparse: Any) -> None:
    """By one line of its own, which suits every record, and JSON."""
    converter = make_converter()
    use_class_methods(converter, "from_dict", "to_dict")

    for record in (vinr, spree, sparse):
        assert converter.unstructure(record) == record.to_dict()
        assert converter.loads(converter.dumps(record), type(record)) == record


# pydantic and FastAPI


class Refund(pydantic.BaseModel):
    """A model of somebody's own."""

    credit: VinrStoreCredit
    also: list[SpreeStoreCredit] = []


def test_a_record_is_a_field_of_a_pydantic_model(vinr: VinrStoreCredit, spree: SpreeStoreCredit) -> None:
    """Given as a record or as JSON, and written as the JSON object it came as."""
    refund = Refund(credit=vinr, also=[spree])

    assert refund.credit is vinr
    assert refund.model_dump() == {"credit": vinr.to_dict(), "also": [spree.to_dict()]}
    assert Refund.model_validate_json(refund.model_dump_json()) == refund
    assert Refund.model_validate({"credit": vinr.to_dict()}).credit == vinr


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"amount": "1000"}, r"VinrStoreCredit\.amount is the text '1000', not an integer"),
        ({"currency": None}, r"VinrStoreCredit\.currency is null"),
    ],
)
def test_pydantic_refuses_what_is_not_money(credit: dict[str, Any], change: dict[str, Any], text: str) -> None:
    """As a client does with a response."""
    with pytest.raises(pydantic.ValidationError, match=text):
        Refund.model_validate({"credit": credit | change})


@together("value", [None, 5, "sc_1", [], SpreeUser.from_dict({"id": "1", "type": "user"})])
def test_pydantic_refuses_what_is_not_a_record(value: Any) -> None:
    """With an error of its own."""
    with pytest.raises(
        pydantic.ValidationError, match="a VinrStoreCredit must be created from a JSON object, not from"
    ):
        Refund.model_validate({"credit": value})


def test_pydantic_writes_a_schema(vinr: VinrStoreCredit) -> None:
    """Of the JSON object: of a resource with its attributes apart."""
    schema = Refund.model_json_schema()["properties"]
    plain, resource = schema["credit"], schema["also"]["items"]

    assert plain["properties"]["amount"] == {"type": "integer"}
    assert set(plain["required"]) == {
        "id",
        "customer",
        "amount",
        "currency",
        "balance_remaining",
        "expires_at",
        "created",
    }
    assert resource["properties"]["attributes"]["properties"]["amount"] == {"type": "string", "format": "decimal"}
    assert resource["required"] == ["id", "type"]


@pytest.mark.anyio
async def test_fastapi_takes_and_returns_records(vinr: VinrStoreCredit, spree: SpreeStoreCredit) -> None:
    """As a body and as a response model; with a page about them."""
    app = FastAPI()

    @app.post("/credits")
    def exchange(credit: Annotated[VinrStoreCredit, Body()]) -> list[SpreeStoreCredit]:
        assert credit == vinr
        return [spree]

    @app.get("/credit")
    def one() -> VinrStoreCredit:
        return vinr

    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://app.test") as client:
        assert (await client.post("/credits", json=vinr.to_dict())).json() == [spree.to_dict()]
        assert (await client.get("/credit")).json() == vinr.to_dict()
        refused = await client.post("/credits", json=vinr.to_dict() | {"amount": None})
        assert refused.status_code == 422
        assert "VinrStoreCredit.amount is null" in refused.text
        assert "balance_remaining" in (await client.get("/openapi.json")).text
