"""What a fixtures file may add to a sandbox of v3."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from store_credit_mock.systems.call import Call, FixturesError
from store_credit_mock.systems.spree_v3 import (
    api_keys,
    back_office,
    customers,
    money,
    staff,
    store_credits,
    stores,
    variants,
    webhook_endpoints,
)
from store_credit_mock.systems.spree_v3.cart_fixtures import CART, load_cart
from store_credit_mock.systems.spree_v3.passwords import PASSWORD
from store_credit_mock.systems.spree_v3.profiles import profile_of
from store_credit_mock.systems.spree_v3.store_credits import Credit
from store_credit_mock.systems.spree_v3.stores import Store

__all__ = ["FIXTURES", "amount_of", "give", "load"]

_NAME: Final = {"type": "string", "minLength": 1, "maxLength": 255}
_SECRET: Final = {**_NAME, "format": "password"}
_TEXT: Final = {"type": ["string", "null"]}
_CURRENCY: Final = {"type": "string", "pattern": "^[A-Z]{3}$"}
_CURRENCIES: Final = {"type": "array", "items": _CURRENCY, "minItems": 1}
_DECIMAL: Final = {"type": ["string", "number"], "description": "A decimal such as 25.00."}
_STORE: Final = {**_NAME, "description": "The code of a store; by default, the default store."}
_CUSTOMER: Final = {"type": ["string", "null"], "description": "Email address of a customer."}


def _list(required: list[str], **properties: Any) -> dict[str, Any]:
    item = {"type": "object", "additionalProperties": False, "required": required, "properties": properties}
    return {"type": "array", "items": item}


FIXTURES: Final = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "stores": _list(
            ["code"],
            code=_NAME,
            name=_NAME,
            default_currency=_CURRENCY,
            supported_currencies=_CURRENCIES,
            supported_locales={"type": "array", "items": {"enum": ["en", "de", "fr"]}, "minItems": 1},
        ),
        "customers": _list(["email"], email=_NAME, first_name=_TEXT, last_name=_TEXT, phone=_TEXT, password=_SECRET),
        "staff": _list(
            ["email"],
            email=_NAME,
            first_name=_TEXT,
            last_name=_TEXT,
            password=_SECRET,
            stores={"type": "array", "items": _STORE, "description": "Stores in which the person has the role admin."},
        ),
        "keys": _list(
            ["key"],
            key=_SECRET,
            name=_NAME,
            scopes={"type": "array", "items": _NAME},
            store=_STORE,
        ),
        "variants": _list(
            ["name", "prices"],
            name=_NAME,
            prices={"type": "object", "propertyNames": _CURRENCY, "additionalProperties": _DECIMAL},
        ),
        "store_credits": _list(
            ["customer", "amount"],
            customer={"type": "string", "description": "Email address."},
            amount=_DECIMAL,
            currency=_CURRENCY,
            memo=_TEXT,
            store=_STORE,
        ),
        "carts": _list([], customer=_CUSTOMER, store=_STORE, **CART),
        "webhook_endpoints": _list(
            ["url"],
            url={"type": "string", "pattern": "^https?://.+$", "maxLength": 2000},
            subscriptions={"type": "array", "items": _NAME},
            name=_TEXT,
            secret=_SECRET,
            store=_STORE,
        ),
    },
}
"""JSON Schema of what `load` takes."""


def load(call: Call, fixtures: Mapping[str, Any]) -> None:
    """Add what a fixtures file names, in the order of `FIXTURES`.

    Raises:
        FixturesError: It names what is not there or is there already, or an amount that is none.
    """
    with back_office.working(call):
        for part, add in _LOADERS.items():
            for number, item in enumerate(fixtures.get(part, [])):
                add(call, item, f"/spree_v3/{part}/{number}")


def give(call: Call, customer_id: int, store_id: int, amount: int, currency: str, memo: str | None) -> Credit:
    """Add a store credit without the API's checks; the amount is in ten-thousandths."""
    category_id = 1 if profile_of(call).categories else None
    credit = Credit(
        0, store_id, customer_id, category_id, None, amount, 0, 0, currency, memo, "{}", None, None, None, call.now,
        call.now,
    )  # fmt: skip
    store_credits.insert(call, credit)
    return credit


def amount_of(value: Any, place: str) -> int:
    """Ten-thousandths of an amount.

    Raises:
        FixturesError: It is not a decimal that an account can hold.
    """
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        number = None
    if isinstance(value, bool) or number is None or not number.is_finite() or abs(number) >= 10**13:
        raise FixturesError(place, f"{value!r} is not a valid amount; write a decimal such as 25.00")
    return money.units(number, 4)


def _store(call: Call, item: Mapping[str, Any], place: str, name: str = "store") -> Store:
    every = stores.every(call)
    code = item.get(name, every[0].code)
    found = next((store for store in every if store.code == code), None)
    if found is None:
        codes = ", ".join(store.code for store in every)
        raise FixturesError(f"{place}/{name}", f"there is no store {code}; there are {codes}")
    return found


def _customer(call: Call, email: str, place: str) -> customers.Customer:
    found = customers.find_by_email(call, email)
    if found is None:
        raise FixturesError(f"{place}/customer", f"there is no customer {email}; name one under customers before")
    return found


def _load_store(call: Call, item: Mapping[str, Any], place: str) -> None:
    if any(store.code == item["code"] for store in stores.every(call)):
        raise FixturesError(f"{place}/code", f"there is a store {item['code']} already; choose another code")
    currencies = list(item.get("supported_currencies", ["USD"]))
    currency = item.get("default_currency", currencies[0])
    locales = list(item.get("supported_locales", ["en"]))
    stores.add(call, item["code"], item.get("name", item["code"]), currency, currencies, locales)


def _load_customer(call: Call, item: Mapping[str, Any], place: str) -> None:
    if customers.find_by_email(call, item["email"]) is not None:
        raise FixturesError(f"{place}/email", f"there is a customer {item['email']} already")
    customers.add(
        call, item["email"], item.get("first_name"), item.get("last_name"), phone=item.get("phone"),
        password=item.get("password", PASSWORD),
    )  # fmt: skip


def _load_staff(call: Call, item: Mapping[str, Any], place: str) -> None:
    email = item["email"].strip().lower()
    if staff.find_by_email(call, email) is not None:
        raise FixturesError(f"{place}/email", f"there is a member of the staff {email} already")
    codes = item.get("stores", [store.code for store in stores.every(call)])
    chosen = [
        _store(call, {"store": code}, f"{place}/stores/{number}").id for number, code in enumerate(codes)
    ]  # fmt: skip
    staff.add(call, email, item.get("first_name"), item.get("last_name"), item.get("password", PASSWORD), chosen)


def _load_key(call: Call, item: Mapping[str, Any], place: str) -> None:
    key = item["key"]
    if len(key) == 3 or not key.startswith((api_keys.SECRET, api_keys.PUBLISHABLE)):
        raise FixturesError(f"{place}/key", "a secret key begins with sk_, a publishable one with pk_")
    if api_keys.known(call, key):
        raise FixturesError(f"{place}/key", "there is such a key already; choose another")
    scopes = item.get("scopes", ["write_all"] if key.startswith(api_keys.SECRET) else [])
    api_keys.add(call, item.get("name", "fixtures"), key, scopes, store_id=_store(call, item, place).id)


def _load_variant(call: Call, item: Mapping[str, Any], place: str) -> None:
    prices = {name: amount_of(value, f"{place}/prices/{name}") for name, value in item["prices"].items()}
    variants.add(call, item["name"], prices)


def _load_credit(call: Call, item: Mapping[str, Any], place: str) -> None:
    store, customer = _store(call, item, place), _customer(call, item["customer"], place)
    amount = amount_of(item["amount"], f"{place}/amount")
    if amount <= 0:
        raise FixturesError(f"{place}/amount", "store credit is more than 0")
    give(call, customer.id, store.id, amount, item.get("currency", store.currency), item.get("memo"))


def _load_cart(call: Call, item: Mapping[str, Any], place: str) -> None:
    email = item.get("customer")
    load_cart(call, item, place, _store(call, item, place), None if email is None else _customer(call, email, place))


def _load_endpoint(call: Call, item: Mapping[str, Any], place: str) -> None:
    webhook_endpoints.add(
        call, _store(call, item, place).id, item["url"], item.get("subscriptions", []), name=item.get("name"),
        secret=item.get("secret"),
    )  # fmt: skip


_LOADERS: Final[Mapping[str, Callable[[Call, Mapping[str, Any], str], None]]] = {
    "stores": _load_store,
    "customers": _load_customer,
    "staff": _load_staff,
    "keys": _load_key,
    "variants": _load_variant,
    "store_credits": _load_credit,
    "carts": _load_cart,
    "webhook_endpoints": _load_endpoint,
}
