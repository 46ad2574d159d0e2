"""What a fresh sandbox holds, and what a fixtures file may add."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, Final

import orjson

from store_credit_mock.systems.call import Call, FixturesError
from store_credit_mock.systems.rails.money import hundredths
from store_credit_mock.systems.spree import applications, authentication, store_credits, taxonomy, users
from store_credit_mock.systems.spree.cart_fixtures import CART, load_cart
from store_credit_mock.systems.spree.store_credits import Credit
from store_credit_mock.systems.spree.tables import next_id
from store_credit_mock.systems.spree.versions import profile_of

__all__ = [
    "FIXTURES",
    "SAMPLES",
    "SAMPLE_TOKENS",
    "add_method",
    "add_store",
    "add_variant",
    "admit",
    "amount_of",
    "give",
    "load",
    "seed",
]

_PEOPLE: Final = (
    ("admin@example.com", "Ada", "Min", True),
    ("alice@example.com", "Alice", "Archer", False),
    ("bob@example.com", "Bob", "Baker", False),
    ("carol@example.com", "Carol", "Cole", False),
    ("dave@example.com", "Dave", "Dunn", False),
    ("erin@example.com", "Erin", "Elk", False),
)
_APPLICATIONS: Final = {
    "back-office": "admin", "reader": "read", "writer": "write", "read-write": "read write", "unscoped": ""
}  # fmt: skip
"""Scopes by name; id and secret are `<name>-test-id` and `<name>-test-secret`."""
_CATEGORIES: Final = ("Default", "Non-expiring", "Expiring", "Gift Card")
_TYPES: Final = (("Expiring", 1), ("Non-expiring", 2))
_VARIANTS: Final = (
    ("Classic T-Shirt", {"USD": 1999, "EUR": 1899}),
    ("Coffee Mug", {"USD": 1000, "EUR": 900}),
    ("Winter Coat", {"USD": 25000, "EUR": 23000}),
)
_METHODS: Final = (
    ("Spree::Gateway::Bogus", "Credit Card", False),
    ("Spree::PaymentMethod::Check", "Check", False),
    ("Spree::PaymentMethod::StoreCredit", "Store Credit", True),
)
_NAME: Final = {"type": "string", "minLength": 1, "maxLength": 255}
_SECRET: Final = {**_NAME, "format": "password"}
_TEXT: Final = {"type": ["string", "null"]}
_ID: Final = {"type": "integer", "minimum": 1, "maximum": 2**63 - 1}
_ID_OR_NULL: Final = {**_ID, "type": ["integer", "null"]}
_CURRENCY: Final = {"type": "string", "pattern": "^[A-Z]{3}$"}
_DECIMAL: Final = {"type": ["string", "number"], "description": "A decimal such as 25.00."}


def _list(required: list[str], **properties: Any) -> dict[str, Any]:
    item = {"type": "object", "additionalProperties": False, "required": required, "properties": properties}
    return {"type": "array", "items": item}


FIXTURES: Final = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "stores": _list(
            ["name"],
            name=_NAME,
            default_currency=_CURRENCY,
            supported_currencies={"type": "array", "items": _CURRENCY, "minItems": 1},
        ),
        "users": _list(
            ["email"],
            email=_NAME,
            first_name=_TEXT,
            last_name=_TEXT,
            roles={"type": "array", "items": _NAME},
            password=_SECRET,
        ),
        "applications": _list(
            ["name", "client_id", "client_secret"],
            name=_NAME,
            client_id=_NAME,
            client_secret=_SECRET,
            scopes={"type": "string"},
        ),
        "store_credit_categories": _list(["name"], name=_NAME),
        "store_credit_types": _list(["name"], name=_NAME, priority={**_ID_OR_NULL, "minimum": 0}),
        "variants": _list(
            ["name", "prices"],
            name=_NAME,
            prices={"type": "object", "propertyNames": _CURRENCY, "additionalProperties": _DECIMAL},
        ),
        "tokens": _list(
            ["token"],
            token=_NAME,
            user_id=_ID_OR_NULL,
            application=_TEXT,
            scopes={"type": "string"},
            expires_in={"type": ["integer", "null"], "minimum": 0, "maximum": 10**10, "description": "Seconds."},
        ),
        "store_credits": _list(
            ["user_id", "amount"],
            user_id=_ID_OR_NULL,
            amount=_DECIMAL,
            currency=_CURRENCY,
            category_id=_ID,
            type_id=_ID_OR_NULL,
            created_by_id=_ID,
            memo=_TEXT,
        ),
        "carts": _list([], **CART),
    },
}
"""JSON Schema of what `load` takes."""

SAMPLE_TOKENS: Final = {
    "SPREE_TOKEN": "sample-admin-token",
    "SPREE_CUSTOMER_TOKEN": "sample-customer-token",
    "SPREE_ORDER_TOKEN": "sample-order-token",
}
"""The credentials that open what `SAMPLES` holds, by the variable that samples read them from; known to everybody."""

SAMPLES: Final = {
    "applications": [{"name": "Example", "client_id": "example-client-id", "client_secret": "example-client-secret"}],
    # The last of each is there to be deleted by the samples, so that the others keep what they name.
    "store_credit_categories": [{"name": "Withdrawn"}],
    "store_credit_types": [{"name": "Withdrawn", "priority": 3}],
    "tokens": [
        {"token": SAMPLE_TOKENS["SPREE_TOKEN"], "application": "back-office", "scopes": "admin", "expires_in": None},
        {"token": SAMPLE_TOKENS["SPREE_CUSTOMER_TOKEN"], "user_id": 2, "expires_in": None},
    ],
    "store_credits": [
        {
            "user_id": 2,
            "category_id": 4,
            "created_by_id": 5,
            "amount": "25.00",
            "currency": "USD",
            "memo": "Sorry that the parcel was late",
        },
        {"user_id": 3, "category_id": 4, "amount": "7.50", "currency": "EUR", "memo": "Issued by mistake"},
    ],
    "carts": [
        {
            "user_id": 2,
            "number": "R100200300",
            "token": SAMPLE_TOKENS["SPREE_ORDER_TOKEN"],
            "items": [{"variant_id": 2, "quantity": 3}],
        }
    ],
}
"""What `serve --samples` holds: all that the samples of the reference pages name."""


def seed(call: Call) -> None:
    """Add what the recorded script starts from, and the admin bearer."""
    add_store(call, "Main", "USD", ["USD", "EUR", "GBP", "JPY"])
    add_store(call, "Outlet", "USD", ["USD"])
    for name in _CATEGORIES:
        taxonomy.CATEGORY.insert(call, name, None)
    for name, priority in _TYPES:
        taxonomy.TYPE.insert(call, name, priority)
    for email, first, last, admin in _PEOPLE:
        users.add(call, email, first, last, admin=admin)
    for name, scopes in _APPLICATIONS.items():
        applications.add(call, name, f"{name}-test-id", f"{name}-test-secret", scopes)
    for name, prices in _VARIANTS:
        add_variant(call, name, prices)
    for kind, name, auto_capture in _METHODS:
        add_method(call, kind, name, auto_capture=auto_capture)
    call.sandbox.set_setting("spree.currency", "USD")
    call.sandbox.set_setting("spree.shipping", {"USD": 500, "EUR": 800})
    token = call.sandbox.of_systems["spree_token"]
    if token is None:
        token = call.sandbox.random_id("spree-token", length=43)
        call.sandbox.set_setting("spree.token", token)
    authentication.issue(call, token, None, "back-office", "admin", None)


def admit(call: Call) -> None:
    """Let the admin bearer of the options in, on a sandbox that was made with another one."""
    token = call.sandbox.of_systems["spree_token"]
    known = call.db.one("SELECT token FROM spree_token WHERE sandbox = ? AND token = ?", (call.sandbox.name, token))
    if token is not None and known is None:
        authentication.issue(call, token, None, "back-office", "admin", None)


def add_store(call: Call, name: str, currency: str, currencies: list[str]) -> int:
    """Add a store and return its id; the first one is the one the API serves."""
    identity = next_id(call, "store")
    call.db.run(
        "INSERT INTO spree_store (sandbox, id, name, currency, currencies) VALUES (?, ?, ?, ?, ?)",
        (call.sandbox.name, identity, name, currency, orjson.dumps(currencies).decode()),
    )
    return identity


def add_variant(call: Call, name: str, prices: Mapping[str, int]) -> int:
    """Add something to buy, with its price in hundredths by currency."""
    identity = next_id(call, "variant")
    call.db.run(
        "INSERT INTO spree_variant (sandbox, id, name, prices) VALUES (?, ?, ?, ?)",
        (call.sandbox.name, identity, name, orjson.dumps(dict(prices)).decode()),
    )
    return identity


def add_method(call: Call, kind: str, name: str, *, auto_capture: bool) -> int:
    """Add an active payment method."""
    identity = next_id(call, "payment_method")
    call.db.run(
        "INSERT INTO spree_method (sandbox, id, kind, name, active, auto_capture) VALUES (?, ?, ?, ?, 1, ?)",
        (call.sandbox.name, identity, kind, name, int(auto_capture)),
    )
    return identity


def give(call: Call, user_id: int | None, amount: int, currency: str, **members: Any) -> Credit:
    """Add a store credit without the API's checks: `category_id`, `type_id`, `created_by_id`, `memo` may be given."""
    type_id = members.get("type_id")
    category_id = members.get("category_id", 1)
    if type_id is None and profile_of(call).auto_type:
        type_id = taxonomy.expiry_type(call, category_id)
    credit = Credit(
        0, user_id, category_id, type_id, members.get("created_by_id", 1), amount, 0, 0,
        currency, members.get("memo"), None, None, "{}", "{}", None, call.now, call.now,
    )  # fmt: skip
    store_credits.insert(call, credit)
    return credit


def amount_of(value: Any, place: str) -> int:
    """Hundredths of an amount in a fixtures file or a control call.

    Raises:
        ValueError: It is not a decimal.
    """
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        number = None
    if isinstance(value, bool) or number is None or not number.is_finite() or abs(number) > 10**13:
        raise ValueError(f"{place} is {value!r}; write a decimal such as 25.00")
    return hundredths(number)


def load(call: Call, fixtures: Mapping[str, Any]) -> None:
    """Add what a fixtures file names, in the order of `FIXTURES`.

    Raises:
        FixturesError: It names a user, category or type that is not there, or an amount that is none.
    """
    for part, add in _LOADERS.items():
        for number, item in enumerate(fixtures.get(part, [])):
            add(call, item, f"/spree/{part}/{number}")


def _amount(value: Any, place: str) -> int:
    try:
        return amount_of(value, "it")
    except ValueError as error:
        raise FixturesError(place, str(error)) from error


def _load_store(call: Call, item: Mapping[str, Any], place: str) -> None:
    currencies = item.get("supported_currencies", ["USD"])
    add_store(call, item["name"], item.get("default_currency", currencies[0]), currencies)


def _load_user(call: Call, item: Mapping[str, Any], place: str) -> None:
    admin = "admin" in item.get("roles", [])
    user = users.add(call, item["email"], item.get("first_name"), item.get("last_name"), admin=admin)
    if "password" in item:
        applications.set_password(call, user.id, item["password"])


def _load_application(call: Call, item: Mapping[str, Any], place: str) -> None:
    for member, found in (
        ("client_id", applications.find(call, client_id=item["client_id"])),
        ("name", applications.find(call, name=item["name"])),
    ):
        if found is not None:
            raise FixturesError(f"{place}/{member}", "there is an application of this one already; choose another")
    applications.add(call, item["name"], item["client_id"], item["client_secret"], item.get("scopes", "admin"))


def _load_category(call: Call, item: Mapping[str, Any], place: str) -> None:
    taxonomy.CATEGORY.insert(call, item["name"], None)


def _load_type(call: Call, item: Mapping[str, Any], place: str) -> None:
    taxonomy.TYPE.insert(call, item["name"], item.get("priority"))


def _load_variant(call: Call, item: Mapping[str, Any], place: str) -> None:
    prices = {name: _amount(value, f"{place}/prices/{name}") for name, value in item["prices"].items()}
    add_variant(call, item["name"], prices)


def _load_token(call: Call, item: Mapping[str, Any], place: str) -> None:
    _known(place, "user_id", item, lambda identity: users.exists(call, identity))
    authentication.issue(
        call, item["token"], item.get("user_id"), item.get("application", "back-office"),
        item.get("scopes", "admin"), item.get("expires_in"),
    )  # fmt: skip


def _load_credit(call: Call, item: Mapping[str, Any], place: str) -> None:
    for name in ("user_id", "created_by_id"):
        _known(place, name, item, lambda identity: users.exists(call, identity))
    _known(place, "category_id", item, lambda identity: taxonomy.CATEGORY.find(call, identity) is not None)
    _known(place, "type_id", item, lambda identity: taxonomy.TYPE.find(call, identity) is not None)
    members = {name: item[name] for name in ("category_id", "type_id", "created_by_id", "memo") if name in item}
    amount = _amount(item["amount"], f"{place}/amount")
    give(call, item["user_id"], amount, item.get("currency", "USD"), **members)


def _load_cart(call: Call, item: Mapping[str, Any], place: str) -> None:
    load_cart(call, item, place, _amount)


def _known(place: str, name: str, item: Mapping[str, Any], exists: Callable[[int], bool]) -> None:
    identity = item.get(name)
    if identity is not None and not exists(identity):
        raise FixturesError(f"{place}/{name}", f"there is no {name.removesuffix('_id')} {identity}")


_LOADERS: Final = {
    "stores": _load_store,
    "users": _load_user,
    "applications": _load_application,
    "store_credit_categories": _load_category,
    "store_credit_types": _load_type,
    "variants": _load_variant,
    "tokens": _load_token,
    "store_credits": _load_credit,
    "carts": _load_cart,
}
