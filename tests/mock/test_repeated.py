"""What was sent twice: a member of a JSON body at any depth, and a query parameter that takes one text."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benches import Bench, Maker, error
from spreebench import ADMIN, CREDITS
from store_credit_mock import Request, Response
from store_credit_mock.contract import read_body
from store_credit_mock.contract.repeated_members import MOST, repeated_members

PATH = "/v1/store-credit"
JSON = {"Content-Type": "application/json"}


def repeated(text: bytes) -> list[str]:
    """The pointers to what a body has twice."""
    return repeated_members(read_body(Request.build("POST", "/", JSON, text)))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (b'{"amount":5,"amount":500}', ["/amount"]),
        (b'{"amount":5,"\\u0061mount":5}', ["/amount"]),
        (b'{"a" :1,"a":2}', ["/a"]),
        (b'{"a"\n:1,"a"\t:2,"a"\r:3}', ["/a"]),
        (b'{"a":{"b":[{"c":1},{"c":1,"c":2}]}}', ["/a/b/1/c"]),
        (b'{"a":{"x":1,"x":2},"a":3}', ["/a/x", "/a"]),
        (b'{"a/b":1,"a/b":2,"~":1,"~":1}', ["/a~1b", "/~0"]),
        (b'[{"a":1},{"a":2}]', []),
        (b'{"a":"https://x","b":"12:30:00","c" : "\\":"}', []),
        (b'{"a":"b :c","d":{"a":1}}', []),
        (b'{"a":%b,"b":": "}' % (b"1" * 5000), []),
        (b'{"a":%b1%b}' % (b"[" * 98, b"]" * 98), []),
        (b'{"a":1,"b":%b{"a":1,"a":2}%b}' % (b"[" * 90, b"]" * 90), ["/b" + "/0" * 90 + "/a"]),
        (b"[" * 100_000 + b"]" * 100_000, []),
        (b'{"a":1,"a":' * 5000 + b"1" + b"}" * 5000, []),
        (b'":"', []),
        (b"5", []),
    ],
)
def test_a_member_that_was_sent_twice_is_found(text: bytes, found: list[str]) -> None:
    """However it is written, wherever it stands; what is nested too deeply is malformed, whatever it repeats."""
    assert repeated(text) == sorted(found, key=found.index)


def test_a_body_of_many_is_told_in_few_words() -> None:
    """Thirty thousand names sent twice, each its own: read once, told in part."""
    text = b"{" + b",".join(b'"%d":1,"%d":2' % (number, number) for number in range(30_000)) + b"}"
    assert repeated(text) == [f"/{number}" for number in range(MOST)]


@st.composite
def texts(draw: st.DrawFn) -> bytes:
    """JSON of few names, with blanks and colons in odd places."""
    names = st.sampled_from(["a", "b", 'a":', "a :", ":"])
    blank = st.sampled_from(["", "", " ", "\n", "\t"])

    def value(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        member = st.builds(lambda name, before, item: f"{json.dumps(name)}{before}:{item}", names, blank, inner)
        return st.lists(member, max_size=4).map(lambda members: "{" + ",".join(members) + "}") | st.lists(
            inner, max_size=3
        ).map(lambda items: "[" + ",".join(items) + "]")

    return draw(st.recursive(st.sampled_from(["1", '":"', '"a :"', "null"]), value, max_leaves=12)).encode()


@given(texts())
def test_it_is_what_a_reader_of_pairs_sees(text: bytes) -> None:
    """By another way of counting: none if every object has as many names as members, else some."""
    twice: list[str] = []

    def pairs(members: list[tuple[str, Any]]) -> dict[str, Any]:
        names = [name for name, _ in members]
        twice.extend(name for name in names if names.count(name) > 1)
        return dict(members)

    json.loads(text, object_pairs_hook=pairs)
    assert bool(repeated(text)) == bool(twice)


def of_spree(bench: Bench, method: str, target: str, body: bytes = b"") -> Response:
    """Send one request of an admin of Spree."""
    headers = {"Authorization": f"Bearer {ADMIN}", **JSON}
    return bench.engine.handle(Request.build(method, target, headers, body))


def keywords(bench: Bench) -> list[tuple[str, str]]:
    """What the last exchange broke."""
    return [(one.keyword, one.pointer) for one in bench.engine.exchanges[-1].violations]


def of_vinr(bench: Bench) -> Response:
    return bench.send("POST", PATH, b'{"customer":"cust_8aZ2","amount":5,"currency":"USD","amount":500}')


def of_platform(bench: Bench) -> Response:
    body = {"user_id": 2, "amount": "5.00", "currency": "USD", "category_id": 1, "created_by_id": 1}
    text = orjson.dumps({"store_credit": body}).replace(b'"5.00"', b'"5.00","amount":"500.00"')
    return of_spree(bench, "POST", CREDITS, text)


@pytest.mark.parametrize(
    ("send", "pointer", "amount"),
    [(of_vinr, "/body/amount", 500), (of_platform, "/body/store_credit/amount", "500.0")],
)
def test_strict_refuses_it_and_observe_takes_the_last(
    bench_of: Maker, send: Callable[[Bench], Response], pointer: str, amount: object
) -> None:
    """As the real systems do; the violation is one of its own in both modes."""
    bench = bench_of(spree_token=ADMIN)
    assert send(bench).status == 400
    assert keywords(bench) == [("unique", pointer)]
    assert bench.control.vinr.credits() == []

    bench = bench_of(spree_token=ADMIN, strict=False)
    answer = send(bench)
    made = orjson.loads(answer.body)
    assert answer.status in {200, 201}
    assert (made.get("amount") or made["data"]["attributes"]["amount"]) == amount
    assert keywords(bench) == [("unique", pointer)]
    assert "amount was sent more than once" in (answer.header("x-mock-violation") or "")


def test_a_list_in_one_text_comes_once(bench_of: Maker) -> None:
    """`include=a,b` is the way; of `include=a&include=b` a real server takes the last alone."""
    target = f"{CREDITS}?include=user&include=store_credit_events"
    bench = bench_of(spree_token=ADMIN)
    assert of_spree(bench, "GET", target).status == 400
    assert keywords(bench) == [("unique", "/query/include")]
    assert of_spree(bench, "GET", f"{CREDITS}?include=user,store_credit_events").status == 200

    bench = bench_of(spree_token=ADMIN, strict=False)
    assert of_spree(bench, "GET", target).status == 200
    assert keywords(bench) == [("unique", "/query/include")]


def test_a_list_that_explodes_may_come_often(bench: Bench) -> None:
    """`expand[]=customer` is repeated by its style; a scalar that is repeated is told by its type, as before."""
    assert bench.send("GET", f"{PATH}?expand[]=customer&expand[]=customer").status in {200, 400}
    assert ("unique", "/query/expand[]") not in keywords(bench)
    assert bench.send("GET", f"{PATH}?limit=1&limit=2").status == 400
    assert error(bench.send("GET", f"{PATH}?limit=1&limit=2"))["param"] == "limit"
