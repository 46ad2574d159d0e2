"""Idempotency keys of v3, with the holes that the real servers have."""

from __future__ import annotations

from collections.abc import Callable

from store_credit_mock import Fault
from v3bench import SHOP, V3Bench, error

Maker = Callable[..., V3Bench]

CREDIT = {"amount": "20.00", "currency": "USD", "memo": "idem"}
CREATE = "spree_v3.admin.customers.store_credits.create"
REUSED = {
    "code": "idempotency_key_reused",
    "message": "This Idempotency-Key has already been used with different request parameters.",
}


def held(v3: V3Bench, customer: int = 1) -> int:
    """How many credits a customer has."""
    return v3.json("GET", v3.credits(customer))["meta"]["count"]


def test_a_response_is_kept_and_given_again(v3: V3Bench) -> None:
    """201 stays 201 and 204 stays 204, with `Idempotent-Replayed`, and nothing happens twice."""
    first = v3.send("POST", v3.credits(), CREDIT, idempotency="a")
    again = v3.send("POST", v3.credits(), CREDIT, idempotency="a")
    assert (first.status, first.header("idempotent-replayed")) == (201, None)
    assert (again.status, again.body, again.header("idempotent-replayed")) == (201, first.body, "true")
    assert held(v3) == 1
    path = v3.credits(1, v3.json("GET", v3.credits())["data"][0]["id"])
    assert [v3.send("DELETE", path, idempotency="d").status for _ in range(2)] == [204, 204]
    assert v3.send("DELETE", path).status == 404


def test_the_same_key_for_something_else_is_refused(v3: V3Bench) -> None:
    """Another body, even other blanks, another path or method; another query string is no other request."""
    v3.json("POST", v3.credits(), CREDIT, idempotency="a")
    blanks = b'{ "amount": "20.00", "currency": "USD", "memo": "idem" }'
    for method, path, body in (
        ("POST", v3.credits(), {**CREDIT, "amount": "21.00"}),
        ("POST", v3.credits(), blanks),
        ("POST", v3.credits(2), CREDIT),
        ("PATCH", v3.credits(1, "credit_UkLWZg9DAJ"), {"memo": "x"}),
    ):
        assert error(v3.send(method, path, body, idempotency="a"), 422) == REUSED
    assert v3.send("POST", v3.credits() + "?expand=customer", CREDIT, idempotency="a").status == 201
    assert v3.send("GET", v3.credits(), idempotency="a").header("idempotent-replayed") is None
    assert held(v3) == 1


def test_a_refusal_that_was_kept_stands_in_the_way_of_its_correction(v3: V3Bench) -> None:
    """A validation error is replayed for a day, and the corrected body is refused under the same key (trap 4)."""
    wrong = {"amount": "-1", "currency": "USD"}
    if v3.prefix == "cust":
        wrong["amount"] = "0"
    first = v3.send("POST", v3.credits(), wrong, idempotency="a")
    again = v3.send("POST", v3.credits(), wrong, idempotency="a")
    assert (first.status, again.status, again.body) == (422, 422, first.body)
    assert again.header("idempotent-replayed") == "true"
    assert error(v3.send("POST", v3.credits(), CREDIT, idempotency="a"), 422) == REUSED


def test_what_filters_refuse_is_kept_too(v3: V3Bench) -> None:
    """403 of a missing scope and 401 of a bad key are replayed, though the scope or the key were mended since."""
    for key, status in (("sk_readsc", 403), ("sk_none", 401)):
        answers = [v3.send("POST", v3.credits(), CREDIT, key=key, idempotency="a") for _ in range(2)]
        assert [answer.status for answer in answers] == [status, status]
        assert [answer.header("idempotent-replayed") for answer in answers] == [None, "true"]


def test_what_comes_from_an_exception_is_not_kept(v3_of: Maker) -> None:
    """404, 400 and 500 leave the key free for another request (trap 4; v3.idempotency.create_404_other ff.)."""
    v3 = v3_of("5.6")
    for number, (path, body, status) in enumerate(
        (
            ("/api/v3/admin/customers/cus_unknown000/store_credits", CREDIT, 404),
            (v3.credits(), b'{"amount":', 400),
            (v3.credits(), {"amount": None, "currency": "USD"}, 400),
            (v3.credits(), {"amount": "99999999.99", "currency": "USD"}, 500),
        )
    ):
        for _ in range(2):
            answer = v3.send("POST", path, body, idempotency=f"k{number}")
            assert (answer.status, answer.header("idempotent-replayed")) == (status, None)
        assert v3.send("POST", v3.credits(), CREDIT, idempotency=f"k{number}").status == 201


def test_twins_under_way_at_once_both_run(v3: V3Bench) -> None:
    """Nothing locks a key: the second of two that are sent at the same moment does it again (trap 3)."""
    v3.json("POST", v3.credits(), CREDIT, idempotency="a")
    v3.control.add_fault(Fault(operation=CREATE, as_if_concurrent=True))
    twin = v3.send("POST", v3.credits(), CREDIT, idempotency="a")
    assert (twin.status, twin.header("idempotent-replayed"), held(v3)) == (201, None, 2)
    assert v3.send("POST", v3.credits(), CREDIT, idempotency="a").body == twin.body


def test_a_revoked_key_still_replays(v3: V3Bench) -> None:
    """What was kept is given to whoever sends the key and the request, though everything else is 401 (trap 21)."""
    made = v3.json("POST", "/api/v3/admin/api_keys", {"name": "short", "scopes": ["write_store_credits"]})
    key = made["plaintext_token"]
    first = v3.send("POST", v3.credits(), CREDIT, key=key, idempotency="a")
    v3.json("PATCH", f"/api/v3/admin/api_keys/{made['id']}/revoke")
    assert v3.send("GET", v3.credits(), key=key).status == 401
    assert v3.send("POST", v3.credits(), CREDIT, key=key, idempotency="a").body == first.body
    assert v3.send("POST", v3.credits(), CREDIT, key=key, idempotency="b").status == 401


def test_whose_keys_they_are(v3_of: Maker) -> None:
    """A key belongs to the API key as sent, else to who is signed in, else to the address."""
    v3 = v3_of("6.0-alpha")
    token = v3.staff()
    for key in ("sk_full", "sk_writesc", None):
        assert v3.send("POST", v3.credits(), CREDIT, key=key, token=token, idempotency="a").status in {201, 401}
    assert held(v3) == 2 + 1
    again = v3.send("POST", v3.credits(), CREDIT, key=None, token=v3.staff(), idempotency="a")
    assert again.header("idempotent-replayed") == "true"


def test_one_publishable_key_is_the_namespace_of_every_shopper(v3_of: Maker) -> None:
    """B, or nobody at all, gets A's new cart with A's key and body; 6.0 keeps shoppers apart (read)."""
    items = {"items": [{"variant_id": "variant_gbHJdmfrXB", "quantity": 1}]}
    for profile, shared in (("5.6", True), ("6.0-alpha", True), ("6.0", False)):
        v3 = v3_of(profile)
        mine, theirs = v3.sign_in(), v3.sign_in("bob@example.com")
        carts = [
            v3.json("POST", "/api/v3/store/carts", items, key=SHOP, token=token, idempotency="cart")["id"]
            for token in (mine, theirs, None)
        ]
        assert (len(set(carts)) == 1) == shared, profile
        again = v3.send("POST", "/api/v3/store/carts", items, key=SHOP, idempotency="cart")
        assert (again.header("idempotent-replayed") == "true") == shared, "6.0 keeps nothing for nobody"


def test_a_key_lives_a_day(v3: V3Bench) -> None:
    """After 24 hours of the sandbox's clock the request is a new one (read)."""
    v3.json("POST", v3.credits(), CREDIT, idempotency="a")
    v3.control.advance(86_399.9)
    assert v3.send("POST", v3.credits(), CREDIT, idempotency="a").header("idempotent-replayed") == "true"
    v3.control.advance(0.1)
    assert v3.send("POST", v3.credits(), CREDIT, idempotency="a").header("idempotent-replayed") is None
    assert held(v3) == 2


def test_how_long_a_key_may_be(v3: V3Bench) -> None:
    """255 characters are fine, 256 are refused, an empty or a blank key is none."""
    assert v3.send("POST", v3.credits(), CREDIT, idempotency="k" * 255).status == 201
    refused = error(v3.send("POST", v3.credits(), CREDIT, idempotency="k" * 256), 400)
    assert refused == {"code": "invalid_request", "message": "Idempotency-Key must be 255 characters or less."}
    for blank in ("", " "):
        assert [v3.send("POST", v3.credits(), CREDIT, idempotency=blank).status for _ in range(2)] == [201, 201]
    assert held(v3) == 5


def test_a_replay_costs_no_budget(v3: V3Bench) -> None:
    """`X-RateLimit-Remaining` stays as it is for a replay and for a reused key (v3.idempotency.replay_headers...)."""
    first = v3.send("POST", v3.credits(), CREDIT, idempotency="a")
    again = v3.send("POST", v3.credits(), CREDIT, idempotency="a")
    reused = v3.send("POST", v3.credits(), {**CREDIT, "memo": "other"}, idempotency="a")
    name = "x-ratelimit-remaining"
    assert first.header(name) == again.header(name) == reused.header(name)
    assert v3.send("GET", v3.credits()).header(name) == str(int(first.header(name) or 0) - 1)
