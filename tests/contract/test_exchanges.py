"""Finding the operation of a request, reading exchange files, and checking what no recording shows: VINR's side."""

import json
from pathlib import Path
from typing import Any

import pytest

from store_credit_tools.contract import (
    Checker,
    Document,
    DocumentError,
    Exchange,
    ExchangeError,
    Match,
    close,
    find,
    read_exchange,
    read_folder,
)

LIMITS = {"X-RateLimit-Limit": "50", "X-RateLimit-Remaining": "49", "X-RateLimit-Reset": "1795305601"}
JSON = "application/json"
FORM = "application/x-www-form-urlencoded"


def vinr(method: str, path: str, body: Any = None, query: Any = None, **headers: str) -> Exchange:
    """A request to VINR with its key, answered with an error nobody looks at."""
    sent = {"X-Api-Key": "sk_test_1", **{name.replace("_", "-"): value for name, value in headers.items()}}
    return Exchange("vinr", method, path, query or {}, sent, body, 500, {}, None)


def places(exchange: Exchange, document: Document, checker: Checker) -> list[str]:
    """Where a request departs from the document."""
    match = find(document, exchange.method, exchange.path)
    assert match
    return [violation.where for violation in checker.check_request(exchange, match)]


@pytest.mark.parametrize(
    ("method", "path", "operation", "alias", "suffix"),
    [
        ("GET", "/v1/store-credit", "vinr.store_credit.list", None, None),
        ("get", "/v1/store-credit/sc_1", "vinr.store_credit.retrieve", None, None),
        ("PATCH", "/v1/store-credit/sc_1", "vinr.store_credit.update", "PATCH", None),
        ("PUT", "/api/v2/platform/store_credit_types/3", "spree.store_credit_types.update", "PUT", None),
        ("HEAD", "/api/v2/storefront/account", "spree.account.retrieve", "HEAD", None),
        ("GET", "/api/v2/platform/store_credits/1.json", "spree.store_credits.retrieve", None, ".json"),
        ("GET", "/api/v2/platform/store_credits/", "spree.store_credits.list", None, "/"),
        ("PATCH", "/api/v2/platform/orders/R%201/use_store_credit", "spree.orders.use_store_credit", None, None),
    ],
)
def test_the_operation_of_a_request_is_found(
    method: str, path: str, operation: str, alias: str | None, suffix: str | None, document: Document
) -> None:
    """By method and path; an alias, HEAD and a suffix are recognised as another spelling."""
    match = find(document, method, path)

    assert match
    assert (match.operation.id, match.alias, match.suffix) == (operation, alias, suffix)
    assert match.plain == (alias is None and suffix is None)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("DELETE", "/v1/store-credit/sc_1"),
        ("PUT", "/v1/store-credit/sc_1"),
        ("POST", "/api/v2/platform/store_credits/1"),
        ("PATCH", "/api/v2/platform/store_credits"),
        ("GET", "/api/v2/storefront/checkout/add_store_credit"),
        ("GET", "/api/v2/platform/store_credits/1/events"),
        ("GET", "/v2/store-credit"),
    ],
)
def test_what_the_document_does_not_have_is_not_found(method: str, path: str, document: Document) -> None:
    """Another method or path is of no operation."""
    assert find(document, method, path) is None


def test_path_parameters_are_decoded(document: Document) -> None:
    """A percent-encoded id arrives as what it stands for."""
    match = find(document, "PATCH", "/api/v2/platform/orders/R%201/use_store_credit")

    assert match
    assert match.path_parameters == {"id": "R 1"}


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        ({"customer": "cust_1", "amount": 1000, "currency": "USD"}, JSON),
        ({"customer": "cust_1", "amount": 1, "currency": "jpy", "expires_at": None}, JSON),
        (
            '{"customer": "cust_1", "amount": 1, "currency": "USD", "expires_at": 1826841600}',
            "application/json; charset=utf-8",
        ),
        ("customer=cust_1&amount=1000&currency=USD&expires_at=1748736000", FORM),
        ("customer=cust_1&amount=1000&currency=USD&expires_at=", FORM),
    ],
)
def test_a_right_vinr_create_is_allowed(body: Any, content_type: str, document: Document, checker: Checker) -> None:
    """In JSON and as a form, with and without expiry, an empty one standing for null."""
    assert places(vinr("POST", "/v1/store-credit", body, Content_Type=content_type), document, checker) == []


@pytest.mark.parametrize(
    ("body", "content_type", "where"),
    [
        ({"customer": "cust_1", "amount": 1000}, JSON, "request.body"),
        ({"customer": "cust_1", "amount": 0, "currency": "USD"}, JSON, "request.body.amount"),
        ({"customer": "cust_1", "amount": 10.5, "currency": "USD"}, JSON, "request.body.amount"),
        ({"customer": "cust_1", "amount": "1000", "currency": "USD"}, JSON, "request.body.amount"),
        ({"customer": "cust_1", "amount": 1, "currency": "USDX"}, JSON, "request.body.currency"),
        ({"customer": "cust_1", "amount": 1, "currency": "USD", "metadata": {}}, JSON, "request.body"),
        ({"customer": "cust_1", "amount": 1, "currency": "USD", "expires_at": ""}, JSON, "request.body.expires_at"),
        (
            {"customer": "cust_1", "amount": 1, "currency": "USD", "expires_at": 1826841600000},
            JSON,
            "request.body.expires_at",
        ),
        ("customer=cust_1&amount=ten&currency=USD", FORM, "request.body.amount"),
        ("customer=cust_1&amount=1&amount=2&currency=USD", FORM, "request.body"),
        ("customer=cust_1&amount=1&currency=USD&expires_at=soon", FORM, "request.body.expires_at"),
        ("<customer/>", "application/xml", "request.headers.Content-Type"),
        (None, JSON, "request.body"),
    ],
)
def test_a_wrong_vinr_create_is_noticed(
    body: Any, content_type: str, where: str, document: Document, checker: Checker
) -> None:
    """Missing, unknown and mistyped fields, and milliseconds sent for seconds."""
    assert where in places(vinr("POST", "/v1/store-credit", body, Content_Type=content_type), document, checker)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"customer": "cust_1", "limit": "100", "starting_after": "sc_1"}, []),
        ({"expand[]": "customer"}, []),
        ({"expand[]": ["customer", "data.customer"]}, []),
        ({"expand[]": "owner"}, ["request.query.expand[].0"]),
        ({"expand": "customer"}, ["request.query.expand"]),
        ({"limit": "101"}, ["request.query.limit"]),
        ({"limit": "many"}, ["request.query.limit"]),
    ],
)
def test_vinr_list_parameters_are_checked(query: Any, found: list[str], document: Document, checker: Checker) -> None:
    """Range of `limit`, values of `expand[]`, names of all."""
    assert places(vinr("GET", "/v1/store-credit", query=query), document, checker) == found


@pytest.mark.parametrize(
    ("headers", "found"),
    [
        ({"Authorization": "Bearer sk_test_1", "X_Api_Key": ""}, []),
        ({"X_Api_Key": ""}, ["request.headers"]),
        ({"Vinr_Version": "2026-04-01"}, []),
        ({"Vinr_Version": "v3"}, ["request.header.Vinr-Version"]),
        ({"Idempotency_Key": "k" * 255}, []),
        ({"Idempotency_Key": "k" * 256}, ["request.header.Idempotency-Key"]),
    ],
)
def test_vinr_headers_are_checked(
    headers: dict[str, str], found: list[str], document: Document, checker: Checker
) -> None:
    """Either credential will do (V1); version and key have their form (V54, V57)."""
    exchange = vinr("POST", "/v1/store-credit/sc_1", {"expires_at": None}, Content_Type=JSON, **headers)

    assert places(exchange, document, checker) == found


@pytest.mark.parametrize(
    ("query", "headers", "found"),
    [
        ({}, {"X-Spree-Order-Token": "t"}, []),
        ({}, {"Authorization": "Bearer t"}, []),
        ({"order_token": "t"}, {}, []),
        ({}, {}, ["request.headers"]),
        ({"order_token": ""}, {}, ["request.query.order_token", "request.headers"]),
    ],
)
def test_the_order_token_may_stand_in_two_places(
    query: dict[str, str], headers: dict[str, str], found: list[str], document: Document, checker: Checker
) -> None:
    """In the header, or less well in the query; a customer's token will do as well."""
    path = "/api/v2/storefront/checkout/remove_store_credit"

    assert places(Exchange("cart", "POST", path, query, headers, None, 200, {}, None), document, checker) == found


def test_an_answer_of_vinr_is_checked(document: Document, closed_checker: Checker) -> None:
    """Its headers are read as numbers, its union of id and customer is told apart, its unknown members are noticed."""
    match = find(document, "GET", "/v1/store-credit/sc_1")
    assert match
    credit = document.data["components"]["examples"]["VinrStoreCreditExpanded"]["value"]
    headers = {"Content-Type": JSON, "x-vinr-request-id": "req_1", **LIMITS}

    def check(body: Any, **changed: str) -> list[str]:
        answer = Exchange("answer", "GET", "/v1/store-credit/sc_1", {}, {}, None, 200, {**headers, **changed}, body)
        return [violation.where for violation in closed_checker.check_response(answer, match)]

    assert check(credit) == []
    assert check({**credit, "customer": "cust_8aZ2"}) == []
    assert check({**credit, "customer": {"id": "cust_8aZ2"}}) == ["response.body.customer"]
    assert check({**credit, "status": "active"}) == ["response.body"]
    assert check(credit, **{"X-RateLimit-Limit": "many"}) == ["response.headers.X-RateLimit-Limit"]


def test_a_file_that_is_no_exchange_is_an_error(tmp_path: Path) -> None:
    """The message names the file and what it lacks."""
    for text, message in [
        ("{", "is not valid JSON"),
        ("[]", "is not an exchange"),
        ('{"request": {}}', "it has no 'response'"),
        ('{"request": {"method": 1, "path": "/"}, "response": {"status": 200}}', "method is int, expected str"),
        ('{"request": {"method": "GET", "path": "/"}, "response": {"status": "200"}}', "status is str, expected int"),
    ]:
        path = tmp_path / "one.json"
        path.write_text(text, "utf-8")
        with pytest.raises(ExchangeError, match=message) as caught:
            read_exchange(path)
        assert "one.json" in str(caught.value)
    with pytest.raises(ExchangeError, match="cannot be read"):
        read_exchange(tmp_path / "none.json")
    with pytest.raises(ExchangeError, match="is not a folder"):
        list(read_folder(tmp_path / "nowhere"))


def test_a_folder_of_exchanges_is_read_without_its_index(tmp_path: Path) -> None:
    """Exchange files come by name; `index.json` and `sequence.json` may be there or not; digits are kept."""
    for name, amount in [("b", "1.10"), ("a", "2.50")]:
        text = '{"request": {"method": "get", "path": "/x"}, "response": {"status": 200, "body": {"amount": AMOUNT}}}'
        (tmp_path / f"{name}.json").write_text(text.replace("AMOUNT", amount), "utf-8")
    (tmp_path / "index.json").write_text(json.dumps({"count": 2}), "utf-8")

    found = list(read_folder(tmp_path))

    assert [(exchange.name, exchange.method, str(exchange.response_body["amount"])) for exchange in found] == [
        ("a", "GET", "2.50"),
        ("b", "GET", "1.10"),
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("openapi: 3.0.3\n", "is not an OpenAPI 3.1 document"),
        ("- 1\n", "is not an OpenAPI 3.1 document"),
        ("openapi: 3.1.0\ninfo: {}\ninfo: {}\n", "is not valid YAML"),
        ("openapi: [\n", "is not valid YAML"),
    ],
)
def test_an_unreadable_document_is_an_error(text: str, message: str, tmp_path: Path) -> None:
    """Another version, broken YAML, and a member written twice are reported with the file's name."""
    path = tmp_path / "broken.yaml"
    path.write_text(text, "utf-8")

    with pytest.raises(DocumentError, match=message):
        Document.read(path)


def test_yaml_is_read_by_the_rules_of_1_2(tmp_path: Path) -> None:
    """Dates, `no` and quoted numbers stay strings, as every JSON-minded tool reads them."""
    path = tmp_path / "plain.yaml"
    path.write_text('openapi: 3.1.0\nx-plain: [2026-11-22, no, on, "200", 2026-11-22T10:00:00Z]\n', "utf-8")

    assert Document.read(path).data["x-plain"] == ["2026-11-22", "no", "on", "200", "2026-11-22T10:00:00Z"]


def _small(schema: dict[str, Any]) -> Document:
    answer = {"content": {JSON: {"schema": schema}}}
    return Document(
        {"openapi": "3.1.0", "paths": {"/x": {"get": {"operationId": "x", "responses": {"200": answer}}}}}, "small"
    )


def test_what_cannot_be_closed_is_an_error() -> None:
    """Closing one part of an `allOf` would refuse the members of the others."""
    with pytest.raises(DocumentError, match="allOf cannot be closed"):
        close(_small({"allOf": [{"type": "object"}]}))


def test_closing_leaves_the_document_alone() -> None:
    """The copy is closed, down into unions, lists and maps; the original stays open."""
    inner = {"type": ["object", "null"], "properties": {"a": {"type": "string"}}}
    document = _small({"type": "object", "properties": {"list": {"type": "array", "items": {"oneOf": [inner]}}}})
    match = Match(document.operations["x"], {})

    def check(of: Document, body: Any) -> bool:
        answer = Exchange("x", "GET", "/x", {}, {}, None, 200, {"Content-Type": JSON}, body)
        return not Checker(of).check_response(answer, match)

    closed = close(document)

    assert check(closed, {"list": [{"a": "1"}, None]})
    assert not check(closed, {"list": [{"a": "1", "b": 1}]})
    assert not check(closed, {"b": 1})
    assert check(document, {"list": [{"a": "1", "b": 1}], "b": 1})


def test_an_unknown_format_is_an_error() -> None:
    """A format nobody checks would pass anything in silence."""
    document = _small({"type": "string", "format": "dezimal"})
    match = Match(document.operations["x"], {})
    answer = Exchange("x", "GET", "/x", {}, {}, None, 200, {"Content-Type": JSON}, "1.5")

    with pytest.raises(ValueError, match="dezimal"):
        Checker(document).check_response(answer, match)


def test_a_reference_that_leads_nowhere_is_an_error() -> None:
    """So are one that leaves the document and one that leads to itself."""
    for target, message in [
        ("#/components/schemas/None", "nothing stands at"),
        ("other.yaml#/x", "must stay inside"),
        ("#/paths/~1x/get/responses/200/content/application~1json/schema", "refers to itself"),
    ]:
        with pytest.raises(DocumentError, match=message):
            close(_small({"$ref": target}))
