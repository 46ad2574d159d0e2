"""Right exchanges in which one thing was made wrong, each with the place where the contract should find it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Literal

from store_credit_mock.recording import ExchangeFile

__all__ = ["CREATE", "FORM", "JSON", "LIST", "RETRIEVE", "Planted", "planted", "vinr", "with_attributes", "with_fields"]

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
KIND = {"Content-Type": "application/vnd.api+json"}
CREATE = "platform.store_credits.create_full"
LIST = "platform.store_credits.list_filter_and_page"
RETRIEVE = "platform.store_credits.retrieve"


@dataclass(frozen=True)
class Planted:
    """An exchange, the side that is wrong, and where."""

    side: Literal["request", "response"]
    exchange: ExchangeFile
    where: str


def vinr(method: str, path: str, body: Any = None, query: Any = None, **headers: str) -> ExchangeFile:
    """A request to VINR, of which there are no recordings; `_` in the name of a header is a hyphen."""
    sent = {"X-Api-Key": "sk_test_1", **{name.replace("_", "-"): value for name, value in headers.items()}}
    return ExchangeFile(f"vinr {body or query or headers}", method, path, query or {}, sent, body, 0, {}, None)


def with_fields(create: ExchangeFile, **fields: Any) -> ExchangeFile:
    """A create with other fields in its body."""
    return replace(create, request_body={"store_credit": {**create.request_body["store_credit"], **fields}})


def with_attributes(retrieve: ExchangeFile, **attributes: Any) -> ExchangeFile:
    """An exchange with other attributes in its response."""
    record = retrieve.response_body["data"]
    changed = {**record, "attributes": {**record["attributes"], **attributes}}
    return replace(retrieve, response_body={**retrieve.response_body, "data": changed})


CREDIT = {"customer": "cust_1", "amount": 1000, "currency": "USD"}

WRONG_CREATES: list[tuple[Any, str, str]] = [
    ({"customer": "cust_1", "amount": 1000}, JSON, "/body"),
    ({**CREDIT, "amount": 0}, JSON, "/body/amount"),
    ({**CREDIT, "amount": 10.5}, JSON, "/body/amount"),
    ({**CREDIT, "amount": "1000"}, JSON, "/body/amount"),
    ({**CREDIT, "currency": "USDX"}, JSON, "/body/currency"),
    ({**CREDIT, "metadata": {}}, JSON, "/body"),
    ({**CREDIT, "expires_at": ""}, JSON, "/body/expires_at"),
    ({**CREDIT, "expires_at": 1826841600000}, JSON, "/body/expires_at"),
    ("customer=cust_1&amount=ten&currency=USD", FORM, "/body/amount"),
    ("customer=cust_1&amount=1&amount=2&currency=USD", FORM, "/body/amount"),
    ("customer=cust_1&amount=1&currency=USD&expires_at=soon", FORM, "/body/expires_at"),
    ("<customer/>", "application/xml", "/header/content-type"),
    (None, JSON, "/body"),
]
WRONG_LISTS: list[tuple[dict[str, Any], str]] = [
    ({"expand[]": "owner"}, "/query/expand[]/0"),
    ({"expand": "customer"}, "/query"),
    ({"limit": "101"}, "/query/limit"),
    ({"limit": "many"}, "/query/limit"),
]
WRONG_HEADERS = [
    ("Vinr_Version", "v3", "/header/vinr-version"),
    ("Idempotency_Key", "k" * 256, "/header/idempotency-key"),
]

WRONG_REQUESTS: list[tuple[dict[str, Any], str]] = [
    ({"request_headers": {"Content-Type": "text/plain", "Authorization": "Bearer x"}}, "/header/content-type"),
    ({"request_body": None}, "/body"),
    ({"request_body": '{"store_credit": {'}, "/body"),
    ({"request_body": {"store_credit": {}}}, "/body/store_credit"),
    ({"request_body": {"store_credit": [1]}}, "/body/store_credit"),
    ({"query": {"colour": "red"}}, "/query"),
    ({"query": {"filter[user_id_eq]": "2"}}, "/query"),
]
WRONG_FIELDS: list[tuple[str, Any]] = [
    ("amount", 0),
    ("amount", -1),
    ("amount", Decimal("10.005")),
    ("amount", Decimal(1000000)),
    ("amount", "10,00"),
    ("amount", "1e2"),
    ("amount", None),
    ("amount", True),
    ("amount_used", Decimal("-0.01")),
    ("currency", "US"),
    ("currency", None),
    ("user_id", None),
    ("public_metadata", []),
]
WRONG_QUERIES: list[tuple[dict[str, str], str]] = [
    ({"page": "0"}, "/query/page"),
    ({"page": "1.5"}, "/query/page"),
    ({"per_page": "501"}, "/query/per_page"),
    ({"include": "user,"}, "/query/include/1"),
    ({"filter": "x"}, "/query/filter"),
    ({"filter[amount_gteq]": "much"}, "/query/filter/amount_gteq"),
    ({"currency": "dollar"}, "/query/currency"),
]

WRONG_RESPONSES: list[tuple[dict[str, Any], str]] = [
    ({"status": 418}, "/status"),
    ({"response_headers": {"Content-Type": "text/plain", "X-Request-Id": "1", "ETag": "1"}}, "/header/content-type"),
    ({"response_headers": {**KIND, "ETag": "1"}}, "/header"),
    ({"response_headers": {**KIND, "X-Request-Id": "1"}}, "/header"),
    ({"response_body": None}, "/body"),
    ({"response_body": {"data": []}}, "/body/data"),
]
WRONG_ATTRIBUTES: list[tuple[str, Any]] = [
    ("amount", 150.0),
    ("amount", "1,500.50"),
    ("amount", None),
    ("created_at", "yesterday"),
    ("created_at", 1795305600),
    ("public_metadata", "text"),
    ("memo", 7),
]


def planted(recorded: Mapping[str, ExchangeFile]) -> Iterator[Planted]:
    """Every exchange with one thing made wrong, from recordings by their names."""
    create, listing, retrieve = recorded[CREATE], recorded[LIST], recorded[RETRIEVE]
    for body, kind, where in WRONG_CREATES:
        yield Planted("request", vinr("POST", "/v1/store-credit", body, Content_Type=kind), where)
    for query, where in WRONG_LISTS:
        yield Planted("request", vinr("GET", "/v1/store-credit", query=query), where)
    for name, value, where in WRONG_HEADERS:
        sent = {"Content_Type": JSON, name: value}
        yield Planted("request", vinr("POST", "/v1/store-credit/sc_1", {"expires_at": None}, **sent), where)
    for change, where in WRONG_REQUESTS:
        yield Planted("request", replace(create, **change), where)
    for name, value in WRONG_FIELDS:
        yield Planted("request", with_fields(create, **{name: value}), f"/body/store_credit/{name}")
    yield Planted("request", with_fields(create, deleted_at="2026-11-22T00:00:00Z"), "/body/store_credit")
    for query, where in WRONG_QUERIES:
        yield Planted("request", replace(listing, query=query), where)
    for change, where in WRONG_RESPONSES:
        yield Planted("response", replace(retrieve, **change), where)
    for name, value in WRONG_ATTRIBUTES:
        yield Planted("response", with_attributes(retrieve, **{name: value}), f"/body/data/attributes/{name}")
