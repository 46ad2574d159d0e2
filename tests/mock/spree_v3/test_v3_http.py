"""What v3 makes of requests as such: bodies, addresses, methods, caching."""

from __future__ import annotations

import json
from collections.abc import Callable

from v3bench import V3Bench, error

Maker = Callable[..., V3Bench]

NOT_FOUND = b'{"status":404,"error":"Not Found"}'
CREDIT = {"amount": "5.00", "currency": "USD"}


def test_bodies(v3: V3Bench) -> None:
    """Forms are taken, JSON without its content type is not, a list and a root key are nothing."""
    form = v3.send(
        "POST", v3.credits(), b"amount=5.00&currency=USD&memo=form",
        Content_Type="application/x-www-form-urlencoded",
    )  # fmt: skip
    assert form.status == 201
    content = json.dumps(CREDIT).encode()
    for body, kind in ((content, "text/plain"), (b"[" + content + b"]", "application/json"), (b"", "application/json")):
        refused = error(v3.send("POST", v3.credits(), body, Content_Type=kind), 422)
        assert refused["message"] == "Currency can't be blank and Amount must be greater than 0"
    assert v3.send("POST", v3.credits(), {"store_credit": CREDIT}).status == 422
    for broken in (b"{", b'{"amount":"5.00",', b"\xff"):
        refused = error(v3.send("POST", v3.credits(), broken), 400)
        assert refused == {"code": "invalid_request", "message": "Error occurred while parsing request parameters"}


def test_how_large_a_body_may_be(v3: V3Bench) -> None:
    """5,000 characters of memo are kept; more than 100 KB is refused ahead of everything, with next to no headers."""
    assert len(v3.give(memo="m" * 5000)["memo"]) == 5000
    answer = v3.send("POST", v3.credits(), {**CREDIT, "memo": "m" * 103_000}, key="sk_none")
    assert error(answer, 413) == {"code": "request_too_large", "message": "Request body too large"}
    assert answer.header("x-request-id") is None


def test_addresses_and_methods(v3: V3Bench) -> None:
    """A suffix, a slash at the end and PUT lead where they should; what is not routed is Rails' own 404."""
    credit = v3.give()
    for path in (v3.credits() + "/", v3.credits() + ".json", v3.credits() + ".xml"):
        assert len(v3.json("GET", path)["data"]) == 1
    assert v3.json("PUT", v3.credits(1, credit["id"]), {"memo": "put"})["memo"] == "put"
    for method, path in (
        ("OPTIONS", v3.credits()), ("GET", "/api/v3/admin/bogus"), ("DELETE", v3.credits()),
        ("POST", "/api/v3/store/customers/me/store_credits"), ("GET", "/api/v3/admin/store_credit_types"),
    ):  # fmt: skip
        answer = v3.send(method, path)
        assert (answer.status, answer.body) == (404, NOT_FOUND), path
        assert answer.header("x-ratelimit-limit") is None
    broken = v3.send("GET", v3.credits() + "?q[memo_eq]=%FF")
    assert (broken.status, broken.body) == (400, b'{"status":400,"error":"Bad Request"}')


def test_caching(v3: V3Bench) -> None:
    """An ETag that is known is answered 304, HEAD has no body, admin responses are never stored."""
    path = v3.credits(1, v3.give()["id"])
    first = v3.send("GET", path)
    assert first.header("cache-control") == "private, no-store"
    again = v3.send("GET", path, If_None_Match=first.header("etag") or "")
    assert (again.status, again.body) == (304, b"")
    head = v3.send("HEAD", path)
    assert (head.status, head.body, head.header("etag")) == (200, b"", first.header("etag"))


def test_how_far_a_request_got_shows_in_its_headers(v3: V3Bench) -> None:
    """What an action rendered says `DENY` and the limit; refusals of filters and exceptions say neither."""
    for answer, finished in (
        (v3.send("GET", v3.credits()), True),
        (v3.send("POST", v3.credits(), {}), True),
        (v3.send("GET", v3.credits(), key="sk_orders"), False),
        (v3.send("GET", v3.credits(1, "credit_unknown00")), False),
    ):
        assert answer.header("x-frame-options") == ("DENY" if finished else "SAMEORIGIN")
        assert (answer.header("x-ratelimit-limit") is not None) == finished
    sent = v3.send("GET", v3.credits(), X_Request_Id="mine-1")
    assert sent.header("x-request-id") == "mine-1"


def test_strict_mode_holds_requests_to_the_document(v3_of: Maker) -> None:
    """What the real server would take, and the document does not have, is refused in its own envelope."""
    v3 = v3_of("5.6", strict=True)
    refused = error(v3.send("POST", v3.credits(), {"amount": "49,50", "currency": "USD"}), 400)
    assert refused["code"] == "invalid_request"
    assert v3.json("GET", v3.credits())["data"] == []
    credit = v3.give()["id"]
    assert error(v3.send("PUT", v3.credits(1, credit), {"memo": "x"}), 405)["code"] == "invalid_request"
