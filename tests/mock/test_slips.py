"""Small slips of a client: the response says what was meant, or what is wrong with the bytes."""

from __future__ import annotations

import gzip
import json

import pytest

from benches import Bench, Maker
from store_credit_mock import Request, Response

GOOD = '{"customer": "cust_8aZ2", "amount": 5, "currency": "USD", "memo": "é"}'
JSON = "application/json"


def asked(bench: Bench, method: str, path: str, body: bytes = b"", /, **headers: str) -> Response:
    sent = {"x-api-key": "sk_test_1", **{name.replace("_", "-"): value for name, value in headers.items()}}
    return bench.engine.handle(Request.build(method, path, sent, body))


@pytest.mark.parametrize(
    ("path", "meant"),
    [
        ("/v1/store-credit/", "/v1/store-credit"),
        ("//v1/store-credit", "/v1/store-credit"),
        ("/v1//store-credit/sc_1/", "/v1/store-credit/sc_1"),
        ("/v1/store_credits", "/v1/store-credit"),
        ("/V1/Store-Credit/sc_AbC", "/v1/store-credit/sc_AbC"),
        ("/v2/store-credit", "/v1/store-credit"),
        ("/store-credit", "/v1/store-credit"),
        ("/api/v2/platform/storecredits", "/api/v2/platform/store_credits"),
        ("/api/v2/platform/store_credits/", "/api/v2/platform/store_credits"),
        ("/api/v2/platform/store_credits/7/", "/api/v2/platform/store_credits/7"),
    ],
)
@pytest.mark.parametrize("strict", [True, False], ids=["strict", "observe"])
def test_a_path_that_is_nearly_right_is_told(bench_of: Maker, strict: bool, path: str, meant: str) -> None:
    """In the violation always, and in the body where its words are ours; of a real system's page nothing changes."""
    response = asked(bench_of(strict=strict), "GET", path)

    assert f"did you mean {meant}?" in (response.header("x-mock-violation") or "")
    if response.header("content-type") == JSON:
        assert f"did you mean {meant}?" in response.body.decode()
    else:
        assert b"did you mean" not in response.body or response.status == 400


@pytest.mark.parametrize(
    "path", ["/", "/favicon.ico", "/v1/customers", "/v1/store-credit/sc_" + "1" * 300 + "/", "/%00é"]
)
def test_what_is_nothing_like_a_path_gets_no_guess(bench: Bench, path: str) -> None:
    """A wrong guess is worse than none, and what is very long is not compared."""
    response = asked(bench, "GET", path)

    assert response.status == 404
    assert "did you mean" not in (response.header("x-mock-violation") or "") + response.body.decode()


@pytest.mark.parametrize(
    ("body", "headers", "words"),
    [
        (gzip.compress(GOOD.encode(), mtime=0), {"content_encoding": "gzip"}, "its Content-Encoding is gzip"),
        (gzip.compress(GOOD.encode(), mtime=0), {}, "it is gzip data"),
        (GOOD.encode("utf-16"), {"content_type": f"{JSON}; charset=UTF-16"}, "its Content-Type is UTF-16"),
        (GOOD.encode("latin-1"), {"content_type": f'{JSON};charset="iso-8859-1"'}, "its Content-Type is iso-8859-1"),
        (GOOD.encode("utf-16"), {}, "it begins like UTF-16"),
        (GOOD.encode("latin-1"), {}, f"it is not UTF-8: byte {GOOD.index('é')} is 0xe9"),
        (
            gzip.compress(b"amount=5", mtime=0),
            {"content_type": "application/x-www-form-urlencoded", "content_encoding": "x-gzip"},
            "its Content-Encoding is x-gzip",
        ),
    ],
)
def test_a_body_in_another_encoding_is_named(bench: Bench, body: bytes, headers: dict[str, str], words: str) -> None:
    """Both in the response and in the violation: what it is in, and what is read."""
    response = asked(bench, "POST", "/v1/store-credit", body, **{"content_type": JSON, **headers})

    assert response.status == 400
    assert words in json.loads(response.body)["error"]["message"]
    assert words in (response.header("x-mock-violation") or "")


@pytest.mark.parametrize("charset", ["", "; charset=utf-8", '; Charset="UTF-8"'])
def test_a_body_in_utf_8_is_read(bench: Bench, charset: str) -> None:
    """However that is said, and where nothing was encoded."""
    body = GOOD.replace(', "memo": "é"', "").encode()
    response = asked(bench, "POST", "/v1/store-credit", body, content_type=JSON + charset, content_encoding="identity")

    assert response.status == 201
