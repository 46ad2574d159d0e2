"""What is recorded holds no secret, survives a crash, and plays back."""

from __future__ import annotations

import json
import os
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import store_credit
from http_library import httpx
from served_mock import served
from store_credit_mock import Engine, Options, Request
from store_credit_mock.contract import Contract, Document
from store_credit_mock.recording import (
    CapturedExchange,
    HarFile,
    RecordedExchange,
    RecordingError,
    open_recorder,
    read_har,
    read_recording,
    redacted,
)
from store_credit_mock.recording import read_files as read_exchange_files
from store_credit_mock.recording.replay import Replay
from store_credit_mock.redaction import Redactor

BODY = b'{"customer":"c","amount":12345678901234567890123,"rate":1.10,"note":"see tok_hidden_22"}'


@pytest.fixture(scope="module")
def document() -> Document:
    return Document.read()


def taken(number: int = 1, **changed: object) -> CapturedExchange:
    values: dict[str, object] = {
        "number": number, "at": 1795330655742, "elapsed": 3.25, "operation": "vinr.store_credit.create",
        "method": "POST", "path": "/v1/store-credit", "query": "expand[]=customer&access_token=tok_hidden_22&b=1&b=2",
        "request_headers": [
            (b"Authorization", b"Bearer sk_test_hidden"), (b"X-Api-Key", b"sk_test_hidden"),
            (b"Cookie", b"session=hidden_cookie; x=1"), (b"Content-Type", b"application/json"),
            (b"X-Spree-Order-Token", b"tok_hidden_22"), (b"X-Other", b"with sk_test_hidden in it"),
        ],
        "request_body": BODY, "status": 201, "reason": "Created",
        "response_headers": [
            (b"Content-Type", b"application/json"), (b"Set-Cookie", b"session=hidden_cookie2; Path=/"),
            (b"Location", b"/orders?order_token=hidden_order&x=1"), (b"Content-Encoding", b"gzip"),
        ],
        "response_body": b'{"data":{"attributes":{"token":"hidden/order+5","rate":1.10}},"a":"hidden\\/order+5"}',
    }  # fmt: skip
    return CapturedExchange(**{**values, **changed})  # type: ignore[arg-type] # pyright: ignore[reportArgumentType]


@pytest.mark.parametrize("name", ["shop.har", "shop"])
def test_no_secret_is_written(tmp_path: Path, document: Document, name: str) -> None:
    """Not in headers, cookies, queries, addresses or bodies, nor where a known secret turns up by chance."""
    recorder = open_recorder(tmp_path / name, Redactor(document.secret_names), "https://shop.example")
    recorder.add(taken())
    recorder.close()
    written = "".join(path.read_text() for path in tmp_path.rglob("*") if path.is_file())
    assert re.findall(r".{0,20}hidden.{0,20}", written) == []
    assert written.count("<token>") + written.count("%3Ctoken%3E") >= 8
    assert "12345678901234567890123" in written
    assert re.search(r"1\.10", written)
    for path in tmp_path.rglob("*"):
        assert path.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    "changed",
    [
        {"request_headers": [(name, b"hidden12")]}
        for name in (
            b"VINR-Signature", b"X-Spree-Hmac-SHA256", b"X-Auth-Token", b"X-Amz-Security-Token", b"Api-Key",
            b"X-CSRF-Token", b"Authentication-Info", b"Proxy-Authorization",
        )
    ]
    + [
        {"request_headers": [(b"Authorization", b"Basic dTpoaWRkZW4xMg==")], "response_body": b"no hidden12 here"},
        {"response_headers": [(b"Location", b"https://a.example/cb?x=1#id_token=hidden12")]},
        {"request_body": b'{"clientSecret":"hidden12"}'},
        {"request_body": b'{"private-key":["hidden12", 5], "webhookSecret":{"value":"hidden"}}'},
        {"request_body": b'{"password":"hidden12", broken'},
        {"response_body": b'{"url":"https://user:hidden12@shop.example/"}'},
        {"response_body": b'{"note":"your key sk_live_hidden12, your whsec_hidden12"}'},
        {"path": "/carts;jsessionid=hidden12.node1/items"},
        {
            "request_headers": [(b"Content-Type", b"multipart/form-data; boundary=B")],
            "request_body": b'--B\r\nContent-Disposition: form-data; name="password"\r\n\r\nhidden\r\n--B--\r\n',
        },
    ],
)  # fmt: skip
def test_every_kind_of_secret_is_found(document: Document, changed: dict[str, object]) -> None:
    """By the end of a name however it is spelled, by its look, in fragments, lists, and parts of a form."""
    plain = {"query": "", "request_headers": [], "request_body": b"", "response_headers": [], "response_body": b""}
    entry = redacted(taken(**{**plain, **changed}), Redactor(document.secret_names))  # type: ignore[arg-type] # pyright: ignore[reportArgumentType]
    assert "hidden" not in repr(entry)
    assert "token" in repr(entry)


def test_hostile_bodies_take_no_long_time(document: Document) -> None:
    """What looks like the beginning of many secrets is read once, not once for each beginning."""
    for piece in (b"eyJ-", b"://a:", b'name="a"\r\n', b"sk_test_", b'"a":"'):
        body = b"--" + piece * (400_000 // len(piece))
        kinds = [(b"Content-Type", b"multipart/form-data; boundary=B")]
        assert redacted(taken(request_headers=kinds, request_body=body), Redactor(document.secret_names)).request_body


def test_tokens_of_answers_are_kept_in_mind(document: Document) -> None:
    """A cart's token that came in one response is taken out of the next request, wherever it stands there."""
    secrets = Redactor(document.secret_names)
    redacted(taken(), secrets)
    entry = redacted(
        taken(2, path="/carts/hidden%2Forder%2B5", query="t=hidden%2Forder%2B5", request_body=b"hidden/order+5"),
        secrets,
    )
    assert "hidden" not in repr(entry)


def plain(number: int = 1, **changed: Any) -> CapturedExchange:
    """An exchange without any secret but those given."""
    nothing: dict[str, Any] = {
        "query": "",
        "request_headers": [],
        "request_body": b"",
        "response_headers": [],
        "response_body": b"",
    }
    return taken(number, **{**nothing, **changed})


@pytest.mark.parametrize(
    "source",
    [
        {"request_headers": [(b"Cookie", b"first=1; session=hidden_cookie")]},
        {"request_headers": [(b"cookie", b"session=hidden_cookie")]},
        {"response_headers": [(b"Set-Cookie", b"session=hidden_cookie; Path=/; HttpOnly")]},
        {"response_headers": [(b"set-cookie", b'session="hidden_cookie"; Path=/')]},
        {"request_headers": [(b"X-Api-Key", b"hidden_cookie")]},
        {"request_headers": [(b"Authorization", b"Bearer hidden_cookie")]},
        {"query": "access_token=hidden_cookie"},
        {"response_headers": [(b"Location", b"/?token=hidden_cookie")]},
        {"request_body": b'{"password":"hidden_cookie"}'},
        {"request_body": b"password=hidden_cookie"},
    ],
)
def test_a_secret_is_masked_wherever_it_comes_again(document: Document, source: dict[str, Any]) -> None:
    """However it was learned, and in a later body, path, header and query that says nothing of its being one."""
    secrets = Redactor(document.secret_names)
    redacted(plain(request_body=b"before anything is known"), secrets)
    redacted(plain(**source), secrets)
    later = plain(
        2,
        path="/sessions/hidden_cookie",
        query="x=hidden_cookie",
        request_headers=[(b"X-Other", b"a hidden_cookie")],
        request_body=b'{"note":"hidden_cookie"}',
        response_body=b"hidden_cookie is what you sent",
    )

    assert "hidden" not in repr(redacted(later, secrets))


def test_each_new_secret_is_masked_too(document: Document) -> None:
    """One learned after a text was masked, and the next, also when more are known than are kept in mind at once."""
    secrets = Redactor(document.secret_names)
    for number in range(205):
        key = f"hidden_{number:04}_key".encode()
        redacted(plain(number, request_headers=[(b"X-Api-Key", key)]), secrets)
        assert "hidden" not in repr(redacted(plain(number, response_body=b"your key is " + key), secrets)), number


@pytest.mark.parametrize(
    ("learned", "repeated"),
    [
        ({"request_headers": [(b"Cookie", b"s=hidden%2Fcookie%3D%3D--1")]}, b"hidden/cookie==--1"),
        ({"response_headers": [(b"Set-Cookie", b"s=hidden%2fcookie%3d; Path=/")]}, b"hidden%2fcookie%3d"),
        ({"query": "token=hidden%2fquery"}, b"hidden%2fquery"),
        ({"query": "token=hidden%2Fquery"}, b"hidden%2fquery"),
        ({"query": "token=%E9hidden"}, b"%E9hidden"),
        ({"request_headers": [(b"X-Api-Key", b"hidden/key=")]}, b"hidden%2fkey%3d"),
        ({"request_headers": [(b"X-Api-Key", b"hidden_key")]}, b'{"note":"h\\u0069dden_key"}'),
        ({"request_body": b"password=hidden%2bform"}, b"hidden+form"),
    ],
)
def test_a_secret_is_masked_however_it_is_spelled(document: Document, learned: dict[str, Any], repeated: bytes) -> None:
    """Percent-encoded in large or small letters, decoded, and with the escapes of JSON."""
    secrets = Redactor(document.secret_names)
    redacted(plain(**learned), secrets)
    text = redacted(plain(2, response_body=repeated), secrets).response_body

    assert text is not None
    assert "dden" not in text, text
    assert "<token>" in text


def test_bodies_that_are_no_text_are_left_out(document: Document) -> None:
    """And so are those that were too long; the entry says so."""
    entry = redacted(taken(request_body=b"\xff\x00", response_body=None), Redactor(document.secret_names))
    assert (entry.request_body, entry.response_body) == (None, None)
    assert entry.left_out == "the body of the request was no text; the body of the response was too long"


def test_a_har_file_is_whole_after_every_exchange(tmp_path: Path, document: Document) -> None:
    """Any reader opens it while it grows; what a crash or a full disk leaves is read up to the last whole exchange."""
    path = tmp_path / "a.har"
    har = HarFile(path, "https://shop.example")
    assert json.loads(path.read_text())["log"]["entries"] == []
    for number in (1, 2):
        har.add(redacted(taken(number), Redactor(document.secret_names)))
        assert len(json.loads(path.read_text())["log"]["entries"]) == number
    whole = path.read_bytes()
    path.write_bytes(whole[:-200])
    assert [entry.path for entry in read_har(path)] == ["/v1/store-credit"]
    path.write_bytes(whole)
    with pytest.raises(RecordingError, match="already exists"):
        HarFile(path, "https://shop.example")


def test_a_full_disk_leaves_what_was_there(tmp_path: Path, document: Document, monkeypatch: pytest.MonkeyPatch) -> None:
    """A write that comes short is taken back, and said."""
    path = tmp_path / "a.har"
    har = HarFile(path, "https://shop.example")
    har.add(redacted(taken(), Redactor(document.secret_names)))
    write = os.write
    with monkeypatch.context() as patch:
        patch.setattr(os, "write", lambda file, data: write(file, data[:50] if len(data) > 50 else data))
        with pytest.raises(RecordingError, match="No space left"):
            har.add(redacted(taken(2), Redactor(document.secret_names)))
    assert len(json.loads(path.read_text())["log"]["entries"]) == 1
    har.add(redacted(taken(3), Redactor(document.secret_names)))
    assert len(read_har(path)) == 2


def test_a_folder_has_the_form_of_the_recordings(tmp_path: Path, document: Document) -> None:
    """`scripts/replay` reads it, with every digit; nothing half written is ever under a name it reads."""
    recorder = open_recorder(tmp_path / "shop", Redactor(document.secret_names), "https://shop.example")
    recorder.add(taken())
    recorder.add(taken(2, request_body=b"a=1&password=hidden", request_headers=[], response_body=b"", query=""))
    first, second = read_exchange_files(tmp_path / "shop")
    assert (first.name, first.method, first.status) == ("00001.vinr.store_credit.create", "POST", 201)
    assert first.request_body["rate"] == Decimal("1.10")
    assert first.query["b"] == ["1", "2"]
    assert (first.request_header("Authorization"), first.response_header("Set-Cookie")) == ("Bearer <token>", None)
    assert (second.request_body, second.response_body) == ("a=1&password=%3Ctoken%3E", None)
    with pytest.raises(RecordingError, match="is not empty"):
        open_recorder(tmp_path / "shop", Redactor(document.secret_names), "")


@pytest.mark.parametrize("name", ["shop.har", "shop"])
def test_a_recording_plays_back(
    tmp_path: Path, document: Document, store_credit_mock_contract: Contract, name: str
) -> None:
    """By method, path, query and body in any order, secrets aside; in turn, then the last again; else a clear 404."""
    recorder = open_recorder(tmp_path / name, Redactor(document.secret_names), "https://shop.example")
    recorder.add(taken())
    recorder.add(taken(2, status=409, response_body=b'{"n":1.10}'))
    recorder.add(taken(3, method="GET", path="/v1/store-credit", query="", request_body=b"", response_body=None))
    recorder.close()
    assert [entry.status for entry in read_recording(tmp_path / name)] == [201, 409, 201]
    engine = Engine(store_credit_mock_contract, options=Options(seed=1))
    Replay(engine, tmp_path / name)

    def ask(method: str, target: str, body: bytes = b"") -> tuple[int, bytes]:
        answer = engine.handle(Request.build(method, target, {"content-type": "application/json"}, body))
        return answer.status, answer.body

    target = "/v1/store-credit?b=1&access_token=another_one&b=2&expand[]=customer"
    sent = b'{"note":"see tok_hidden_22","rate":1.1,"customer":"c","amount":12345678901234567890123}'
    sent = sent.replace(b"tok_hidden_22", b"<token>")
    assert ask("POST", target, sent)[0] == 201
    assert ask("POST", target, sent) == (409, b'{"n":1.10}')
    assert ask("POST", target, sent)[0] == 409
    for method, where, body, words in (
        ("POST", target, b"{}", "with a different body"),
        ("POST", "/v1/store-credit?b=3", sent, "with a different query"),
        ("DELETE", "/v1/x", b"", "the recording does not contain DELETE /v1/x; it contains"),
        ("GET", "/v1/store-credit", b"", "too long"),
    ):
        status, text = ask(method, where, body)
        assert (status, words in json.loads(text)["error"]["message"]) == (404, True), text
    assert len(engine.exchanges) == 7
    engine.close()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "not valid JSON"),
        ("{}", "not a valid HAR file"),
        ('{"log":{"entries":[{}]}}', "entry 1"),
        ("[1", "not valid JSON"),
    ],
)
def test_what_is_no_recording_is_told(tmp_path: Path, text: str, words: str) -> None:
    """The file, the entry and the reason."""
    path = tmp_path / "a.har"
    path.write_text(text)
    with pytest.raises(RecordingError, match=words):
        read_recording(path)
    with pytest.raises(RecordingError, match="cannot be read"):
        read_recording(tmp_path / "none.har")


def test_the_sdk_through_a_recording_and_back(tmp_path: Path) -> None:
    """Recorded by the proxy before the mock, the same calls get the same records from `serve --replay`."""
    pytest.importorskip("aiohttp", reason="the extra `proxy` is not installed")
    from .harness import proxied

    def calls(url: str, token: str) -> list[object]:
        with store_credit.VinrClient("sk_test_hidden", base_url=url) as vinr:
            made = vinr.store_credit.create(customer="cust_8aZ2", amount=1000, currency="USD", idempotency_key="k1")
            got: list[object] = [made, vinr.store_credit.retrieve(made.id), *vinr.store_credit.list()]
        with store_credit.SpreeClient(url, token) as spree:
            credit = spree.store_credits.create(
                user_id="2", category_id="1", created_by_id="1", currency="USD", amount=Decimal("150.10")
            )
            got += [credit, spree.store_credits.retrieve(credit.id)]
        return got

    path = tmp_path / "shop.har"
    with served("--seed", "5") as mock, proxied(mock.url, "--record", str(path)) as proxy:
        token = str(mock.started["spree_token"])
        recorded = calls(proxy.url, token)
        assert proxy.end() == 0
    text = path.read_text()
    assert "sk_test_hidden" not in text
    assert token not in text
    with served("--replay", str(path)) as mock:
        assert calls(mock.url, "another-token") == recorded
        answer = httpx.get(mock.url + "/v1/store-credit/sc_other", trust_env=False)
        assert answer.status_code == 404
        assert "the recording does not contain GET" in answer.json()["error"]["message"]
    assert isinstance(read_har(path)[0], RecordedExchange)


@pytest.mark.parametrize("depth", [100, 600, 990, 1020, 30_000])
@pytest.mark.parametrize("opening", ['{"a":', "["])
def test_a_body_of_any_depth_is_redacted(document: Document, depth: int, opening: str) -> None:
    """Up to where a parser stops and beyond: nested more deeply than Python calls functions, it ended the exchange."""
    closing = "}" if opening[0] == "{" else "]"
    body = (opening * depth + '{"password":"hidden_1"}' + closing * depth).encode()
    entry = redacted(taken(request_body=body), Redactor(document.secret_names))

    assert entry.request_body is not None
    assert "hidden" not in entry.request_body
