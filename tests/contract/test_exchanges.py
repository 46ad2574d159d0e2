"""What no recording shows: VINR's side, and exchange files that are none."""

import json
from pathlib import Path
from typing import Any

import pytest

from store_credit_mock.contract import Contract, Document, DocumentError, ExchangeValidator
from store_credit_mock.contract.document import compile_yaml
from store_credit_mock.recording import ExchangeFile, RecordingError, read_file, read_files

from .planted import FORM, JSON, vinr

LIMITS = {"X-RateLimit-Limit": "50", "X-RateLimit-Remaining": "49", "X-RateLimit-Reset": "1795305601"}


def places(exchange: ExchangeFile, validator: ExchangeValidator) -> list[str]:
    """Where a request departs from the document."""
    located = validator.locate(exchange.method, exchange.path)
    assert located.match
    return [violation.pointer for violation in validator.request(located, exchange.request()).violations]


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
def test_a_right_vinr_create_is_allowed(body: Any, content_type: str, validator: ExchangeValidator) -> None:
    """In JSON and as a form, with and without expiry, an empty one standing for null."""
    assert places(vinr("POST", "/v1/store-credit", body, Content_Type=content_type), validator) == []


@pytest.mark.parametrize(
    "query",
    [
        {"customer": "cust_1", "limit": "100", "starting_after": "sc_1"},
        {"expand[]": "customer"},
        {"expand[]": ["customer", "data.customer"]},
    ],
)
def test_a_right_vinr_list_is_allowed(query: Any, validator: ExchangeValidator) -> None:
    """With one or several values of `expand[]`."""
    assert places(vinr("GET", "/v1/store-credit", query=query), validator) == []


@pytest.mark.parametrize("headers", [{"Vinr_Version": "2026-04-01"}, {"Idempotency_Key": "k" * 255}])
def test_right_vinr_headers_are_allowed(headers: dict[str, str], validator: ExchangeValidator) -> None:
    """Version and key have their form (V54, V57)."""
    exchange = vinr("POST", "/v1/store-credit/sc_1", {"expires_at": None}, Content_Type=JSON, **headers)

    assert places(exchange, validator) == []


def test_an_answer_of_vinr_is_checked(document: Document, validator: ExchangeValidator) -> None:
    """Its headers are read as numbers, its union of id and customer is told apart, its unknown members are noticed."""
    credit = document.data["components"]["examples"]["VinrStoreCreditExpanded"]["value"]
    headers = {"Content-Type": JSON, "x-vinr-request-id": "req_1", "Vinr-Version": "2026-04-01", **LIMITS}

    def check(body: Any, **changed: str) -> list[str]:
        one = ExchangeFile("answer", "GET", "/v1/store-credit/sc_1", {}, {}, None, 200, {**headers, **changed}, body)
        _, result = validator.exchange(one.request(), one.response())
        return [violation.pointer for violation in (*result.violations, *result.notes)]

    assert check(credit) == []
    assert check({**credit, "customer": "cust_8aZ2"}) == []
    assert check({**credit, "customer": {"id": "cust_8aZ2"}}) == ["/body/customer"]
    assert check({**credit, "status": "active"}) == ["/body"]
    assert check(credit, **{"X-RateLimit-Limit": "many"}) == ["/header/x-ratelimit-limit"]


def test_a_file_that_is_no_exchange_is_an_error(tmp_path: Path) -> None:
    """The message names the file and what it lacks."""
    for text, message in [
        ("{", "is not valid JSON"),
        ("[]", "the exchange is not valid"),
        ('{"request": {}}', "the exchange has no 'response'"),
        ('{"request": {"method": 1, "path": "/"}, "response": {"status": 200}}', "method is int, expected str"),
        ('{"request": {"method": "GET", "path": "/"}, "response": {"status": "200"}}', "status is str, expected int"),
    ]:
        path = tmp_path / "one.json"
        path.write_text(text, "utf-8")
        with pytest.raises(RecordingError, match=message) as caught:
            read_file(path)
        assert "one.json" in str(caught.value)
    with pytest.raises(RecordingError, match="cannot be read"):
        read_file(tmp_path / "none.json")
    with pytest.raises(RecordingError, match="is not a folder"):
        read_files(tmp_path / "nowhere")


def test_a_folder_of_exchanges_is_read_without_its_index(tmp_path: Path) -> None:
    """ExchangeFile files come by name; `index.json` and `sequence.json` may be there or not; digits are kept."""
    for name, amount in [("b", "1.10"), ("a", "2.50")]:
        text = '{"request": {"method": "get", "path": "/x"}, "response": {"status": 200, "body": {"amount": AMOUNT}}}'
        (tmp_path / f"{name}.json").write_text(text.replace("AMOUNT", amount), "utf-8")
    (tmp_path / "index.json").write_text(json.dumps({"count": 2}), "utf-8")

    found = read_files(tmp_path)

    assert [(exchange.name, exchange.method, str(exchange.response_body["amount"])) for exchange in found] == [
        ("a", "GET", "2.50"),
        ("b", "GET", "1.10"),
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("openapi: 3.2.0\n", r":1: #/openapi: OpenAPI 3\.2\.0 is not supported"),
        ("- 1\n", "not a mapping"),
        ("openapi: 3.1.0\ninfo: {}\ninfo: {}\n", "info occurs twice"),
        ("openapi: [\n", "not valid YAML"),
    ],
)
def test_an_unreadable_document_is_an_error(text: str, message: str, tmp_path: Path) -> None:
    """Another version, broken YAML, and a member written twice are reported with the file's name."""
    path = tmp_path / "broken.yaml"
    path.write_text(text, "utf-8")

    with pytest.raises(DocumentError, match=message):
        Document.read(path)


def test_yaml_is_read_by_the_rules_of_1_2() -> None:
    """Dates, `no` and quoted numbers stay strings, as every JSON-minded tool reads them."""
    text = b'x-plain: [2026-11-22, no, on, "200", 2026-11-22T10:00:00Z]\n'

    read = compile_yaml(text, "plain.yaml")["data"]["x-plain"]
    assert read == ["2026-11-22", "no", "on", "200", "2026-11-22T10:00:00Z"]


def _small(schema: str, folder: Path) -> Document:
    path = folder / "small.yaml"
    path.write_text(
        f"""\
openapi: 3.1.0
jsonSchemaDialect: https://json-schema.org/draft/2020-12/schema
info: {{title: Small, version: "1"}}
paths:
  /x:
    get:
      operationId: x
      responses:
        "200": {{description: X., content: {{application/json: {{schema: {schema}}}}}}}
""",
        "utf-8",
    )
    return Document.read(path)


def test_what_several_schemas_describe_is_closed_as_a_whole(tmp_path: Path) -> None:
    """Closing one part of an `allOf` would refuse the members of the others."""
    contract = Contract(_small("{allOf: [{properties: {a: {}}}, {properties: {b: {}}}]}", tmp_path))
    place = "#/paths/~1x/get/responses/200/content/application~1json/schema"

    assert contract.check_value(place, {"a": 1, "b": 2}) == ()
    assert [found.got for found in contract.check_value(place, {"a": 1, "b": 2, "c": 3})] == ["c"]


def test_responses_are_closed_down_to_the_bottom(tmp_path: Path) -> None:
    """Into unions, lists and maps; the open contract takes what the closed one refuses."""
    inner = "{type: [object, 'null'], properties: {a: {type: string}}}"
    schema = f"{{type: object, properties: {{list: {{type: array, items: {{oneOf: [{inner}]}}}}}}}}"
    document = _small(schema, tmp_path)
    place = "#/paths/~1x/get/responses/200/content/application~1json/schema"
    closed, opened = (Contract(document, closed=how) for how in (True, False))

    assert closed.check_value(place, {"list": [{"a": "1"}, None]}) == ()
    assert closed.check_value(place, {"list": [{"a": "1", "b": 1}]})
    assert closed.check_value(place, {"b": 1})
    assert opened.check_value(place, {"list": [{"a": "1", "b": 1}], "b": 1}) == ()
