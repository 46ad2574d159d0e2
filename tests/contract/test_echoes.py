"""What the document says a response repeats (`x-echoes`) is what the recorded servers repeated."""

from collections.abc import Iterator, Mapping, Sequence
from importlib import import_module
from pkgutil import iter_modules

from store_credit._core.echoes import mismatches
from store_credit._core.operation import Call, Operation
from store_credit_mock.contract import ExchangeValidator
from store_credit_mock.recording import ExchangeFile

from .conftest import step_of

# Requests the document allows whose response holds something else: here the check finds what really went wrong.
FOUND = {
    # Ruby reads the number an id begins with, so that another record than the one asked for comes back.
    "platform.categories.retrieve_numeric_prefix_id": ["id"],
    "platform.store_credits.retrieve_json_suffix": ["id"],
    "platform.store_credits.retrieve_xml_suffix": ["id"],
}
FOUND_5_3 = {
    # Issued to the user 0.
    "platform.store_credits.create_text_user_id": ["user_id"],
}

# Requests the document forbids, since the server makes another value of what is sent.
FORBIDDEN = {
    "platform.categories.create_number_name": ["name"],
    "platform.store_credits.create_float_amount_rounds": ["amount"],
    "platform.store_credits.create_string_amount_rounds": ["amount"],
    "platform.types.create_priority_float": ["priority"],
    "platform.types.create_priority_string": ["priority"],
    "platform.types.create_priority_text": ["priority"],
}
FORBIDDEN_5_3 = {
    # 5.3 reads texts by the rules of the store's language, and an exponent as more digits.
    "platform.store_credits.create_currency_symbol": ["amount"],
    "platform.store_credits.create_exponent_amount": ["amount"],
    "platform.store_credits.create_thousands_separator": ["amount"],
}


def generated() -> Iterator[Operation]:
    """Every operation of the SDK."""
    package = import_module("store_credit.api")
    for found in iter_modules(package.__path__):
        for value in vars(import_module(f"store_credit.api.{found.name}")).values():
            if isinstance(value, Operation):
                yield value


OPERATIONS = {operation.id: operation for operation in generated()}


def compared(validator: ExchangeValidator, exchanges: Sequence[ExchangeFile]) -> Iterator[tuple[str, bool, list[str]]]:
    """Each success that holds one record: name, whether the document allows it, names of what it does not repeat."""
    for exchange in exchanges:
        located = validator.locate(exchange.method, exchange.path)
        if (
            located.operation is None
            or not 200 <= exchange.status < 300
            or not isinstance(exchange.response_body, Mapping)
        ):
            continue
        record = exchange.response_body.get("data")
        operation = OPERATIONS.get(located.operation.id)
        if operation is None or not isinstance(record, Mapping) or not operation.echoes:
            continue
        query = [(name, str(value)) for name, value in exchange.query.items()]
        call = Call(operation, exchange.path, query, exchange.request_body)
        allowed = validator.request(located, exchange.request()).violations == located.violations
        yield exchange.name, allowed, [found.name for found in mismatches(operation, call, record)]


def test_every_recorded_server_repeats_what_is_marked(
    exchanges: Sequence[ExchangeFile], validator: ExchangeValidator
) -> None:
    """Creates, updates and retrieves; what differs is listed by name of its step, and is not a mistake of the mark."""
    found: dict[bool, dict[str, dict[str, list[str]]]] = {True: {}, False: {}}
    seen = 0
    for name, allowed, names in compared(validator, exchanges):
        seen += 1
        if names:
            version = "5.3" if ".spree536" in name else "4"
            found[allowed].setdefault(version, {})[step_of(name)] = names

    assert seen > 180
    assert found[True] == {"4": FOUND, "5.3": FOUND | FOUND_5_3}
    assert found[False] == {"4": FORBIDDEN, "5.3": FORBIDDEN | FORBIDDEN_5_3}


def test_what_is_marked() -> None:
    """Money, currency, owner and expiry of each credit, and the id of whatever is read or changed by id."""
    marked = {name: {echo.name: echo.kind for echo in operation.echoes} for name, operation in OPERATIONS.items()}

    agreed = {
        "vinr.store_credit.create": {
            "customer": "id",
            "amount": "integer",
            "currency": "currency",
            "expires_at": "time",
        },
        "vinr.store_credit.retrieve": {"id": "id"},
        "vinr.store_credit.update": {"id": "id"},
        "spree.store_credits.create": {
            "user_id": "id",
            "category_id": "id",
            "created_by_id": "id",
            "amount": "decimal",
            "currency": "currency",
            "amount_used": "decimal",
            "amount_authorized": "decimal",
            "reference": "text",
        },
        "spree.store_credit_categories.create": {"name": "text"},
        "spree.store_credit_types.create": {"name": "text", "priority": "integer"},
    } | {
        f"spree.{resource}.{method}": {"id": "id"}
        for resource in ("store_credits", "store_credit_categories", "store_credit_types")
        for method in ("retrieve", "update")
    }
    # Others may be added.
    assert {name: marked.get(name) for name in agreed} == agreed
