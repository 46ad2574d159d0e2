"""The guide "From Spree v2 to v3": its story is played on both, and its tables are held against both mocks."""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from types import ModuleType
from typing import Any

import pytest

import store_credit
from bootstrap import ROOT
from store_credit import SpreeAdminClient, SpreeStoreClient, StoreCreditError
from store_credit_mock import Contract, Document
from store_credit_mock.mock import Mock
from v3_shop import PUBLISHABLE_KEY, SECRET_KEY, URL, V3Shop

GUIDE = (ROOT / "docs" / "guides" / "spree-v2-to-v3.md").read_text("utf-8")
PROFILES = ["5.5", "5.6", "6.0-alpha", "6.0-alpha+ledger", "6.0"]
DOCUMENT = Document.read()
Step = tuple[str, Decimal]


def program(name: str) -> ModuleType:
    """A program whose parts the guide quotes."""
    place = importlib.util.spec_from_file_location(name, ROOT / "docs" / "programs" / "python" / f"{name}.py")
    assert place is not None
    assert place.loader is not None
    module = importlib.util.module_from_spec(place)
    place.loader.exec_module(module)
    return module


def table(heading: str, number: int = 0) -> list[list[str]]:
    """The rows of a table of the guide, cells without blanks at their ends."""
    part = re.split(r"^## ", GUIDE.partition(f"## {heading}\n")[2], flags=re.MULTILINE)[0]
    found = re.findall(r"(?:^\|.*\|\n)+", part, re.MULTILINE)[number]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in found.strip().splitlines()[2:]]


def names(cell: str) -> list[str]:
    """What stands between backticks."""
    return re.findall(r"`([^`]+)`", cell)


@pytest.fixture
def v2(store_credit_mock_contract: Contract) -> Iterator[Mock]:
    """Spree 5.3, as its API v2 has it."""
    with Mock(store_credit_mock_contract, seed=1, profile="5.3") as mock:
        yield mock


@pytest.fixture
def v3(store_credit_mock_contract: Contract, request: pytest.FixtureRequest) -> Iterator[V3Shop]:
    """A version of API v3, 5.6 unless the test names one."""
    shop = V3Shop(getattr(request, "param", "5.6"), store_credit_mock_contract)
    yield shop
    shop.close()


def told_on_v2(mock: Mock) -> list[Step]:
    """The story on v2; what a storefront and a back office do comes through the control plane."""
    story, spree, control = program("spree_v2_story"), mock.spree, mock.control.spree
    user = control.add_user("reader@example.com").id
    token = control.issue_token(user_id=user).token
    credit = story.issue(spree, str(user), "1", "1")
    steps = [("issued", story.balance(spree, token))]
    cart = control.create_cart(user_id=user)
    control.add_item(cart.number, price="24.99")
    steps.append(("on the cart", story.put_on(spree, cart.token, Decimal("20.00"))))
    story.take_off(spree, cart.token)
    cart = control.create_cart(user_id=user)
    control.add_item(cart.number, price="24.99")
    steps.append(("on the next cart", story.put_on(spree, cart.token)))
    control.complete(cart.number)
    steps.append(("bought", story.balance(spree, token)))
    control.cancel(cart.number)
    return [*steps, ("cancelled", story.left(spree, credit))]


def told_on_v3(shop: V3Shop) -> list[Step]:
    """The same story on v3."""
    story, customer, shopper = program("spree_v3_story"), shop.customer(), shop.shopper()
    credit = story.issue(shop.admin, customer)
    steps = [("issued", story.balance(shopper))]
    cart = shop.cart()
    steps.append(("on the cart", story.put_on(shopper, cart, Decimal("20.00"))))
    story.take_off(shopper, cart)
    cart = shop.cart()
    steps.append(("on the next cart", story.put_on(shopper, cart)))
    order = story.buy(shopper, cart)
    steps.append(("bought", story.balance(shopper)))
    story.cancel(shop.admin, order)
    return [*steps, ("cancelled", story.left(shop.admin, customer, credit))]


@pytest.mark.parametrize("v3", PROFILES, indirect=True)
def test_the_story_ends_alike_on_both(v2: Mock, v3: V3Shop) -> None:
    """Each step leaves the same amounts, on every version of v3."""
    expected = [
        ("issued", Decimal("50.00")),
        ("on the cart", Decimal("20.00")),
        ("on the next cart", Decimal("24.99")),
        ("bought", Decimal("25.01")),
        ("cancelled", Decimal("50.00")),
    ]

    assert told_on_v2(v2) == expected
    assert told_on_v3(v3) == expected


@pytest.mark.parametrize("v3", ["5.6"], indirect=True)
def test_the_id_of_a_user_finds_the_customer(v3: V3Shop) -> None:
    """Bob is number 2 in the database."""
    assert program("spree_v3_story").customer_of(2) == v3.customer(2)
    assert v3.admin.customers.get(v3.customer(2)).email == "bob@example.com"


# The tables


def _at(client: Any, name: str) -> Any:
    for part in name.split("."):
        client = getattr(client, part, None)
    return client


def test_the_table_of_operations_names_each_of_both_once() -> None:
    """All operations of v2 on the left; those of v3 on the right or among what is new."""
    moved, new = table("Operations"), table("Operations", 1)
    old = {name.removeprefix("spree.") for name in DOCUMENT.operations if name.startswith("spree.")}
    v3_names = {name.split(".", 2)[2] for name in DOCUMENT.operations if name.startswith("spree_v3.")}
    successors = {name for row in moved for name in names(row[1])}
    added = {name for row in new for name in names(row[0])}

    assert [name for row in moved for name in names(row[0])] == list(dict.fromkeys(names(row[0])[0] for row in moved))
    assert {names(row[0])[0] for row in moved} == old
    assert successors | added == v3_names
    assert not successors & added
    assert all(row[1] == "none" or names(row[1]) for row in moved)


@pytest.mark.parametrize("row", [*table("Operations"), *table("Operations", 1)], ids=lambda row: row[0])
def test_every_call_of_the_table_is_a_method(row: list[str], v2: Mock, v3: V3Shop) -> None:
    """On the clients that the guide speaks of; a row of what is new has no call of v2."""
    shopper = SpreeStoreClient(URL, PUBLISHABLE_KEY, http_client=v3.http)
    first, second = names(row[0]), names(row[1])
    is_new = row in table("Operations", 1)
    for name in first if is_new else second:
        assert callable(_at(v3.admin, name)) or callable(_at(shopper, name)), name
    for name in first if not is_new else ():
        assert callable(_at(v2.spree, name)) or "x-no-sdk-method" in DOCUMENT.operations[f"spree.{name}"].definition


ATTRIBUTES = DOCUMENT.data["components"]["schemas"]


def test_the_table_of_fields_names_each_field_of_a_v2_credit() -> None:
    """Attributes and relationships, in whatever order; each once."""
    old = [
        *ATTRIBUTES["SpreeStoreCreditAttributes"]["properties"],
        *ATTRIBUTES["SpreeStoreCreditRelationships"]["properties"],
    ]
    named = [names(row[0])[0] for row in table("Fields")]

    assert sorted(named) == sorted(["id", *old])


@pytest.mark.parametrize("v3", PROFILES, indirect=True)
def test_every_field_of_the_table_is_there(v3: V3Shop, request: pytest.FixtureRequest) -> None:
    """On the admin side of each version that has it by the document, and on no other."""
    version = request.node.callspec.params["v3"]
    path = f"/api/v3/admin/customers/{v3.customer()}/store_credits"
    body = {"amount": "25.00", "currency": "USD"}
    credit = v3.ask("POST", path, body, X_Spree_Api_Key=SECRET_KEY)
    members = ATTRIBUTES["SpreeV3StoreCredit"]["properties"]
    for row in table("Fields"):
        for name in names(row[1]):
            assert (name in credit) == (version in members[name].get("x-versions", PROFILES)), name


Trial = tuple[Callable[[Mock], Any] | None, Callable[[V3Shop], Any]]


def _v2_credit(spree: store_credit.SpreeClient, **change: Any) -> Any:
    members = {"user_id": "2", "category_id": "1", "created_by_id": "1", "amount": Decimal(50), "currency": "USD"}
    return spree.store_credits.create(**{**members, **change})


def _v2_cart(mock: Mock, user: int = 2) -> Any:
    cart = mock.control.spree.create_cart(user_id=user)
    mock.control.spree.add_item(cart.number, price="24.99")
    return cart


def _v2_used(mock: Mock) -> str:
    credit = _v2_credit(mock.spree)
    cart = _v2_cart(mock)
    mock.spree.checkout.add_store_credit(order_token=cart.token)
    mock.control.spree.complete(cart.number)
    return credit.id


def _v3_credit(shop: V3Shop, amount: str = "50.00", **options: Any) -> Any:
    return shop.admin.customers.store_credits.create(shop.customer(), amount=Decimal(amount), currency="USD", **options)


def _v3_used(shop: V3Shop) -> str:
    credit, shopper, cart = _v3_credit(shop), shop.shopper(), shop.cart()
    shopper.carts.store_credits.apply(cart)
    shopper.carts.complete(cart)
    return credit.id


def _as(shop: V3Shop, **credentials: str) -> Any:
    kind: Any = SpreeAdminClient if "secret_key" in credentials else SpreeStoreClient
    return kind(URL, **credentials, http_client=shop.mock.http_client())


def _v2_without_scope(mock: Mock) -> Any:
    token = mock.control.spree.issue_token(scopes="read").token
    client = store_credit.SpreeClient("https://demo.spreecommerce.org", token, http_client=mock.http_client())
    return _v2_credit(client)


def _reused(shop: V3Shop) -> Any:
    _v3_credit(shop, idempotency_key="one")
    return _v3_credit(shop, "51.00", idempotency_key="one")


def _locked(shop: V3Shop) -> Any:
    shop.mock.fault("spree_v3.store.carts.store_credits.apply", status=409, code="cart_already_updated")
    return shop.shopper().carts.store_credits.apply(shop.cart())


def _limited(shop: V3Shop) -> Any:
    shop.mock.fault("spree_v3.admin.customers.store_credits.list", status=429, code="rate_limit_exceeded")
    patient = SpreeAdminClient(
        URL, SECRET_KEY, max_retries=0, max_rate_limit_wait=0, http_client=shop.mock.http_client()
    )
    return patient.customers.store_credits.list(shop.customer()).first()


TRIALS: dict[str, Trial] = {
    "no credentials": (
        lambda mock: store_credit.SpreeClient(
            "https://demo.spreecommerce.org", "wrong", http_client=mock.http_client()
        ).store_credits.retrieve("1"),
        lambda shop: _as(shop, secret_key="sk_wrong").customers.store_credits.list(shop.customer()).first(),
    ),
    "the publishable key is missing or wrong": (
        None,
        lambda shop: _as(shop, publishable_key="pk_wrong", customer_token=shop.token()).customer.get(),
    ),
    "the required scope is missing": (
        _v2_without_scope,
        lambda shop: _as(shop, secret_key="sk_readsc").customers.store_credits.create(
            shop.customer(), amount=Decimal(5), currency="USD"
        ),
    ),
    "no such credit": (
        lambda mock: mock.spree.store_credits.retrieve("999"),
        lambda shop: shop.admin.customers.store_credits.get(shop.customer(), "credit_unknown000"),
    ),
    "no such customer": (
        lambda mock: _v2_credit(mock.spree, user_id="999"),
        lambda shop: shop.admin.customers.store_credits.create(shop.customer(4711), amount=Decimal(5), currency="USD"),
    ),
    "no such cart": (
        lambda mock: mock.spree.checkout.add_store_credit(order_token="nothing"),
        lambda shop: shop.shopper().carts.store_credits.apply("cart_unknown000"),
    ),
    "the amount is 0": (
        lambda mock: _v2_credit(mock.spree, amount=Decimal(0)),
        lambda shop: _v3_credit(shop, "0"),
    ),
    "the amount of a used credit is changed": (
        lambda mock: mock.spree.store_credits.update(_v2_used(mock), amount=Decimal(60)),
        lambda shop: shop.admin.customers.store_credits.update(shop.customer(), _v3_used(shop), amount=Decimal(60)),
    ),
    "a used credit is deleted": (
        lambda mock: mock.spree.store_credits.delete(_v2_used(mock)),
        lambda shop: shop.admin.customers.store_credits.delete(shop.customer(), _v3_used(shop)),
    ),
    "the customer has no credit": (
        lambda mock: mock.spree.checkout.add_store_credit(order_token=_v2_cart(mock, 3).token),
        lambda shop: shop.shopper().carts.store_credits.apply(shop.cart()),
    ),
    "another customer's cart": (
        None,
        lambda shop: shop.shopper("bob@example.com").carts.store_credits.apply(shop.cart()),
    ),
    "the idempotency key was already used for another request": (None, _reused),
    "the cart is locked": (None, _locked),
    "too many requests": (None, _limited),
}


def _outcome(call: Callable[[Any], Any], system: Any) -> tuple[str, str, str]:
    """Status, code and class of what came of a call."""
    try:
        call(system)
    except StoreCreditError as error:
        return str(getattr(error, "status_code", "")), getattr(error, "code", None) or "", type(error).__name__
    return "2", "", ""


@pytest.mark.parametrize("row", table("Errors"), ids=lambda row: row[0])
def test_every_error_of_the_table_is_what_both_say(row: list[str], v2: Mock, v3: V3Shop) -> None:
    """By status, code and class; what v2 takes is a success there."""
    on_v2, on_v3 = TRIALS[row[0]]
    status, code, kind = _outcome(on_v3, v3)

    assert (status, code) == (row[2].split()[0], names(row[2])[0])
    assert kind == names(row[3])[-1]
    assert (on_v2 is None) == (row[1] == "")
    if on_v2 is not None:
        old, _, old_kind = _outcome(on_v2, v2)
        assert row[1].startswith(old)
        assert not old_kind or old_kind == names(row[3])[0]


def test_every_row_of_the_errors_is_tried() -> None:
    """And nothing is tried that the table does not have."""
    assert [row[0] for row in table("Errors")] == list(TRIALS)
