"""What breaks the OpenAPI document is named, on whichever side; nothing else is."""

from __future__ import annotations

import gzip
import json
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("aiohttp", reason="the extra `proxy` is not installed")

import store_credit
from served_mock import served
from store_credit_mock import Fault
from store_credit_mock.contract import Document, ExchangeValidator

from .harness import Proxied, RawUpstream, commanded, exchange, proxied, upstream

CREDIT: dict[str, Any] = {
    "id": "sc_1", "customer": "cust_1", "amount": 1000, "currency": "USD", "balance_remaining": 1000,
    "expires_at": None, "created": 1795330655,
}  # fmt: skip


def answer(body: object, status: bytes = b"200 OK", *headers: bytes) -> bytes:
    text = body if isinstance(body, bytes) else json.dumps(body).encode()
    lines = [b"HTTP/1.1 " + status, b"Content-Length: %d" % len(text), *HEADERS, *headers, b"", text]
    return b"\r\n".join(lines)


HEADERS = (
    b"x-vinr-request-id: req_b5d9f42fa274767d", b"vinr-version: 2026-04-01", b"x-ratelimit-limit: 50",
    b"x-ratelimit-remaining: 49", b"x-ratelimit-reset: 1795330656",
)  # fmt: skip
JSON = b"Content-Type: application/json"
GET = b"GET /v1/store-credit/sc_1 HTTP/1.1\r\nHost: localhost\r\nX-Api-Key: sk_test_hidden1\r\n\r\n"


def post(body: bytes, *headers: bytes) -> bytes:
    lines = [b"POST /v1/store-credit HTTP/1.1", b"Host: localhost", b"Content-Length: %d" % len(body), *headers, b""]
    return b"\r\n".join([*lines, body])


@pytest.fixture(scope="module")
def pair() -> Iterator[tuple[RawUpstream, Proxied]]:
    with upstream(b"") as server, proxied(server.url) as proxy:
        yield server, proxy


def found(proxy: Proxied) -> list[tuple[str, str, str]]:
    told = proxy.next()
    return [(one["side"], one["pointer"], one["keyword"]) for one in told["violations"]]


@pytest.mark.parametrize(
    ("request_", "answered", "expected"),
    [
        (GET, answer(CREDIT, b"200 OK", JSON), []),
        (GET, answer({**CREDIT, "amount": "10"}, b"200 OK", JSON), [("response", "/body/amount", "type")]),
        (GET, answer({"id": "sc_1"}, b"200 OK", JSON), [("response", "/body", "required")] * 6),
        (GET, answer(CREDIT, b"202 Accepted", JSON), [("response", "/status", "status")]),
        (
            GET,
            answer(b"<p>", b"200 OK", b"Content-Type: text/html"),
            [("response", "/header/content-type", "content-type")],
        ),
        (GET, answer(b'{"id":', b"200 OK", JSON), [("response", "/body", "json")]),
        (GET, answer(b"", b"200 OK", JSON), [("response", "/body", "json")]),
        (GET, answer(b"{}", b"200 OK", JSON, b"Content-Encoding: gzip"), [("response", "/body", "content-encoding")]),
        (
            GET.replace(b"sc_1", b"sc_1?limit=1"),
            answer(CREDIT, b"200 OK", JSON),
            [("request", "/query", "additionalProperties")],
        ),
        (
            post(b'{"customer":"c","amount":0,"currency":"USD"}', JSON),
            answer(CREDIT, b"201 Created", JSON),
            [("request", "/body/amount", "minimum")],
        ),
        (post(b'{"customer":', JSON), answer(CREDIT, b"201 Created", JSON), [("request", "/body", "json")]),
        (
            post(b"{}", b"Content-Type: text/plain"),
            answer(CREDIT, b"201 Created", JSON),
            [("request", "/header/content-type", "content-type")],
        ),
        (
            post(b"{}", JSON, b"Content-Encoding: br"),
            answer(CREDIT, b"201 Created", JSON),
            [("request", "/body", "content-encoding")],
        ),
        (GET.replace(b"GET", b"PUT"), answer(CREDIT, b"200 OK", JSON), [("request", "/method", "method")]),
        (GET.replace(b"/v1", b"/v9"), answer(b"anything"), []),
    ],
)  # fmt: skip
def test_each_break_is_named(
    pair: tuple[RawUpstream, Proxied], request_: bytes, answered: bytes, expected: list[tuple[str, str, str]]
) -> None:
    """Side, place and rule, in the JSON line and in the response's header; and it passes all the same."""
    server, proxy = pair
    server.answer = answered
    head, body = exchange(proxy, request_)

    assert found(proxy) == expected
    assert body == answered.partition(b"\r\n\r\n")[2]
    assert (b"\r\nX-Mock-Violation: " in head) is bool(expected)
    assert all(f"{side} {pointer}: {keyword}: ".encode() in head for side, pointer, keyword in expected)


def test_a_violation_says_all_that_helps(pair: tuple[RawUpstream, Proxied]) -> None:
    """Operation, expected, got, and the line of openapi.yaml that says so; people get the same."""
    server, proxy = pair
    server.answer = answer({**CREDIT, "amount": "10"}, b"200 OK", JSON)
    exchange(proxy, GET)
    told = proxy.next()
    (one,) = told["violations"]

    assert (one["operation"], one["expected"], one["got"]) == ("vinr.store_credit.retrieve", "integer", "10")
    document = Path(__file__).parents[2] / "openapi.yaml"
    assert "integer" in document.read_text("utf-8").splitlines()[one["line"] - 1]
    assert f"#{told['number']} GET /v1/store-credit/sc_1 -> 200  vinr.store_credit.retrieve\n    ! resp" in proxy.log()
    assert f"(openapi.yaml:{one['line']}); expected integer, got 10" in proxy.log()


def test_what_the_document_does_not_know_is_a_note(pair: tuple[RawUpstream, Proxied]) -> None:
    """A new member of a response, and a path of another part of the server; neither breaks anything."""
    server, proxy = pair
    server.answer = answer({**CREDIT, "colour": "red"}, b"200 OK", JSON)
    head, _ = exchange(proxy, GET)
    told = proxy.next()
    assert (told["violations"], told["notes"][0]["got"]) == ([], "colour")
    assert b"X-Mock-Violation" not in head
    server.answer = answer({**CREDIT, "colour": "red", "amount": "10"}, b"200 OK", JSON)
    exchange(proxy, GET)
    told = proxy.next()
    assert [(one["pointer"], one["got"]) for one in told["violations"]] == [("/body/amount", "10")]
    assert [one["got"] for one in told["notes"]] == ["colour"]
    assert "~ note: response /body: additionalProperties: the OpenAPI document does not list colour" in proxy.log()
    server.answer = answer(CREDIT, b"200 OK", JSON)
    exchange(proxy, GET.replace(b"/v1/store-credit/sc_1", b"/v1/customers"))
    told = proxy.next()
    assert (told["violations"], told["notes"][0]["keyword"]) == ([], "path")


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br"])
def test_compressed_bodies_are_checked_and_not_touched(pair: tuple[RawUpstream, Proxied], coding: str) -> None:
    """Decoded for the check only, on both sides."""
    import zlib

    import brotli  # pyright: ignore[reportMissingTypeStubs]

    pack: dict[str, Any] = {"gzip": gzip.compress, "deflate": zlib.compress, "br": brotli.compress}
    server, proxy = pair
    body = pack[coding](json.dumps({**CREDIT, "amount": "10"}).encode())
    sent = pack[coding](b'{"customer":"c","amount":0,"currency":"USD"}')
    server.answer = answer(body, b"201 Created", JSON, b"Content-Encoding: " + coding.encode())
    _, got = exchange(proxy, post(sent, JSON, b"Content-Encoding: " + coding.encode()))

    assert found(proxy) == [("request", "/body/amount", "minimum"), ("response", "/body/amount", "type")]
    assert got == body
    assert server.bodies[-1] == sent


def test_a_body_of_several_gzip_members_is_one(pair: tuple[RawUpstream, Proxied]) -> None:
    """RFC 1952 lets members follow one another; anything else after them is a break."""
    server, proxy = pair
    text = json.dumps(CREDIT).encode()
    body = gzip.compress(text[:10]) + gzip.compress(text[10:])
    for content, keywords in ((body, []), (body + b"more", ["content-encoding"])):
        server.answer = answer(content, b"200 OK", JSON, b"Content-Encoding: gzip")
        assert exchange(proxy, GET)[1] == content
        assert [one["keyword"] for one in proxy.next()["violations"]] == keywords


def test_a_coding_nobody_knows_is_said_to_be_unchecked(pair: tuple[RawUpstream, Proxied]) -> None:
    """Neither wrong nor right."""
    server, proxy = pair
    server.answer = answer(b"\x00", b"200 OK", JSON, b"Content-Encoding: zstd")
    exchange(proxy, GET)
    told = proxy.next()
    assert told["violations"] == []
    assert "zstd" in told["unchecked"][0]


def test_secrets_are_in_no_line(pair: tuple[RawUpstream, Proxied]) -> None:
    """Not a key that stands in the wrong place, and not what a bad body repeats."""
    server, proxy = pair
    server.answer = answer(CREDIT, b"200 OK", JSON)
    exchange(proxy, GET.replace(b"sc_1 ", b"sc_1?access_token=tok_hidden22&x=sk_test_hidden1 "))
    exchange(proxy, post(b'{"customer":"sk_test_hidden1","token":"tok_hidden22"}', JSON, b"X-Api-Key: sk_test_hidden1"))
    told = json.dumps([proxy.next(), proxy.next()]) + proxy.log()
    assert "hidden" not in told
    assert "access_token=%3Ctoken%3E" in told


def test_a_long_body_passes_and_is_told_after() -> None:
    """Above 1 MiB the head does not wait; above --max-check nothing is checked, and that is said."""
    long = {**CREDIT, "amount": "10", "metadata": "x" * 1_200_000}
    server_answer = answer(long, b"200 OK", JSON)
    with upstream(server_answer) as server, proxied(server.url, "--max-check", "2000000") as proxy:
        head, body = exchange(proxy, GET)
        assert b"X-Mock-Violation" not in head
        assert len(body) > 1_200_000
        assert ("response", "/body/amount", "type") in found(proxy)
        server.answer = answer({**long, "metadata": "x" * 2_100_000}, b"200 OK", JSON)
        exchange(proxy, GET)
        told = proxy.next()
        assert told["violations"] == []
        assert told["unchecked"] == ["response: the body is longer than 2000000 bytes (--max-check)"]
        assert proxy.end() == 1


@pytest.mark.parametrize(("number", "bad", "code"), [(signal.SIGINT, True, 1), (signal.SIGTERM, False, 0)])
def test_the_end_sums_up(number: signal.Signals, bad: bool, code: int) -> None:
    """Exit code 1 if anything broke the document, else 0; the last JSON line and the last lines for people count."""
    body = {**CREDIT, "amount": "1"} if bad else CREDIT
    with upstream(answer(body, b"200 OK", JSON)) as server, commanded(server.url) as proxy:
        for _ in range(2):
            exchange(proxy, GET)
        assert proxy.end(number) == code
        summary = proxy.lines[-1]
        assert (summary["kind"], summary["exchanges"], summary["broken"]) == ("summary", 2, 2 * bad)
        assert f"2 exchanges, {2 * bad} violated the OpenAPI document" in proxy.log()
        assert "Traceback" not in proxy.log()
        rule = {"side": "response", "operation": "vinr.store_credit.retrieve", "pointer": "/body/amount"}
        assert summary["rules"] == ([{**rule, "keyword": "type", "times": 2}] if bad else [])


def test_enforce_refuses_in_the_shape_of_the_system() -> None:
    """The server never sees a request that breaks the document; a right one reaches it, also with 100 Continue."""
    with upstream(answer(CREDIT, b"201 Created", JSON)) as server, proxied(server.url, "--enforce") as proxy:
        head, body = exchange(proxy, post(b'{"customer":"c","amount":0,"currency":"USD"}', JSON))
        assert head.startswith(b"HTTP/1.1 400 Bad Request\r\n")
        assert json.loads(body)["error"]["param"] == "amount"
        assert server.heads == []
        told = proxy.next()
        assert (told["refused"], told["status"], len(told["violations"])) == (True, 400, 1)
        head, body = exchange(
            proxy, post(b'{"store_credit":5}', JSON).replace(b"/v1/store-credit", b"/api/v2/platform/store_credits")
        )
        assert (head[:12], list(json.loads(body))) == (b"HTTP/1.1 400", ["error"])
        head, _ = exchange(proxy, GET.replace(b"GET", b"DELETE"))
        assert head.startswith(b"HTTP/1.1 405 ")
        good = b'{"customer":"c","amount":5,"currency":"USD"}'
        with proxy.connect() as client:
            client.sendall(post(b"", JSON, b"Expect: 100-continue").replace(b": 0", b": %d" % len(good)))
            assert client.recv(25) == b"HTTP/1.1 100 Continue\r\n\r\n"
            client.sendall(good)
            assert client.recv(12) == b"HTTP/1.1 201"
        assert server.bodies == [good]
        assert b"Expect" not in server.heads[0]


def test_a_path_can_be_made_to_count() -> None:
    """With --only-documented what the document does not have breaks it."""
    with upstream(answer(b"x")) as server, proxied(server.url, "--only-documented") as proxy:
        exchange(proxy, GET.replace(b"/v1", b"/v9"))
        assert found(proxy) == [("request", "/path", "path")]
        assert proxy.end() == 1


def test_the_sdk_through_the_proxy_breaks_nothing() -> None:
    """The mock behind, both systems, their errors too: not one violation, and one for each seeded break."""
    from decimal import Decimal

    with served() as mock, proxied(mock.url) as proxy:
        token = str(mock.started["spree_token"])
        with store_credit.VinrClient("sk_test_1", base_url=proxy.url) as vinr:
            made = vinr.store_credit.create(customer="cust_8aZ2", amount=1000, currency="USD")
            vinr.store_credit.update(made.id, expires_at=None)
            assert [one.id for one in vinr.store_credit.list()] == [made.id]
            with pytest.raises(store_credit.NotFoundError):
                vinr.store_credit.retrieve("sc_nothing")
        with store_credit.SpreeClient(proxy.url, token) as spree:
            credit = spree.store_credits.create(
                user_id="2", category_id="1", created_by_id="1", currency="USD", amount=Decimal(150)
            )
            assert spree.store_credits.retrieve(credit.id, include=["user"]).amount == 150
            list(spree.store_credits.list())
            spree.store_credits.delete(credit.id)
        mock.control.add_fault(Fault(breaks_document=True))
        with (
            store_credit.VinrClient("sk_test_1", base_url=proxy.url) as vinr,
            pytest.raises(store_credit.StoreCreditError),
        ):
            vinr.store_credit.retrieve(made.id)
        assert proxy.end() == 1
        told = [line for line in proxy.lines if line["kind"] == "exchange"]
        broken = [line["number"] for line in told if line["violations"]]
        # The SDK asks again after an error of the server's.
        assert broken == list(range(broken[0], len(told) + 1))
        # Nine before it: the list of Spree's is read by id, to an empty page.
        assert broken[0] == 10
        assert token not in proxy.log()


def test_a_head_is_judged_by_its_get() -> None:
    """HEAD of an operation that is GET is not a break, and its missing body none."""
    validator = ExchangeValidator(Document.read(), 1000)
    located = validator.locate("HEAD", "/v1/store-credit/sc_1")
    headers = [(name, value) for name, _, value in (line.partition(b": ") for line in (*HEADERS, JSON))]
    assert located.head
    assert validator.response(located, 200, headers, b"").violations == ()


def test_listeners_get_the_record_that_the_mock_makes() -> None:
    """Coverage and reports read one kind of record, whoever made it; bodies are decoded in it."""
    from store_credit_mock.core.exchange_log import Exchange

    seen: list[Exchange] = []
    body = gzip.compress(json.dumps(CREDIT).encode())
    with upstream(answer(body, b"200 OK", JSON, b"Content-Encoding: gzip")) as server, proxied(server.url) as proxy:
        proxy.proxy.settings.listeners.append(seen.append)
        exchange(proxy, GET)
        proxy.next()
    (one,) = seen
    assert (one.operation, one.request.path, one.response.status) == (
        "vinr.store_credit.retrieve", "/v1/store-credit/sc_1", 200,
    )  # fmt: skip
    assert json.loads(one.response.body) == CREDIT
    assert one.response.header("vinr-version") == "2026-04-01"
    assert "hidden" not in str(one.as_dict())


OTHER = """\
openapi: 3.1.0
jsonSchemaDialect: https://json-schema.org/draft/2020-12/schema
info: {title: Pets, version: "7"}
paths:
  /pets/{id}/{alive}:
    get:
      operationId: getPet
      parameters:
        - {name: id, in: path, required: true, schema: {type: integer}}
        - {name: alive, in: path, required: true, schema: {type: boolean}}
      responses:
        "200": {description: A pet., content: {application/json: {schema: {type: object, required: [name]}}}}
"""


MORE = """\
openapi: 3.1.0
jsonSchemaDialect: https://json-schema.org/draft/2020-12/schema
info: {title: More, version: "7"}
paths:
  /v1/balances/{id}:
    get:
      operationId: vinr.balances.retrieve
      parameters:
        - {name: id, in: path, required: true, schema: {type: integer, format: int64}}
        - {name: at, in: query, schema: {type: string, format: phone}}
      responses:
        "200":
          description: A balance.
          headers: {X-Count: {schema: {type: integer, format: int32}}}
          content:
            application/json:
              schema:
                type: object
                properties:
                  balance: {type: integer, format: int64}
                  rate: {type: number, format: double}
                  picture: {type: string, format: byte}
  /api/v2/platform/balances:
    get:
      operationId: spree.balances.list
      responses: {"200": {description: Balances.}}
"""


def test_a_document_with_more_than_the_mock_has(tmp_path: Path) -> None:
    """A proxy needs no handlers, and formats of any name are annotations: nothing breaks but what does."""
    path = tmp_path / "more.yaml"
    path.write_text(MORE)
    body = b'{"balance":9007199254740993,"rate":0.5,"picture":"not base64!"}'
    sent = b"GET /v1/balances/7?at=anything HTTP/1.1\r\nHost: localhost\r\n\r\n"
    with (
        upstream(answer(body, b"200 OK", JSON, b"X-Count: 5")) as server,
        commanded(server.url, "--enforce", "--document", str(path)) as proxy,
    ):
        assert exchange(proxy, sent)[1] == body
        assert proxy.next()["violations"] == []
        head, refused = exchange(proxy, sent.replace(b"/7", b"/seven"))
        assert head.startswith(b"HTTP/1.1 400")
        assert json.loads(refused)["error"]["code"] == "parameter_invalid"
        assert [one["pointer"] for one in proxy.next()["violations"]] == ["/path/id"]
        assert "Traceback" not in proxy.log()


def test_another_document_is_taken(tmp_path: Path) -> None:
    """Numbers and truth in the path are what its schema says, and each break has its line of that document."""
    path = tmp_path / "pets.yaml"
    path.write_text(OTHER)
    with upstream(answer(b"{}", b"200 OK", JSON)) as server, commanded(server.url, "--document", str(path)) as proxy:
        for sent in (b"/pets/1/true", b"/pets/a/1"):
            exchange(proxy, b"GET " + sent + b" HTTP/1.1\r\nHost: localhost\r\n\r\n")
        found = [[(one["pointer"], one["keyword"], one["line"]) for one in proxy.next()["violations"]] for _ in (1, 2)]
        assert found[0] == [("/body", "required", 12)]
        assert found[1][:2] == [("/path/id", "type", 9), ("/path/alive", "type", 10)]
        assert proxy.end() == 1
