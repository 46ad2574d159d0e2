"""Rate limits of v3: who is counted where, and who is refused."""

from __future__ import annotations

from collections.abc import Callable

from store_credit_mock import Response
from v3bench import SHOP, V3Bench, error

Maker = Callable[..., V3Bench]

REMAINING = "x-ratelimit-remaining"
CURRENCIES = "/api/v3/store/currencies"


def many(v3: V3Bench, calls: int, target: str, **more: str) -> Response:
    """Send the same request again and again; returns the last response."""
    for _ in range(calls - 1):
        v3.send("GET", target, **more)
    return v3.send("GET", target, **more)


def test_5x_announces_a_limit_and_never_refuses(v3_of: Maker) -> None:
    """300 in a minute for a secret key too, `Retry-After` from the 300th on, and all of them 200 (trap 13)."""
    v3 = v3_of("5.6")
    last = many(v3, 299, v3.credits())
    assert (last.header("x-ratelimit-limit"), last.header(REMAINING), last.header("retry-after")) == ("300", "1", None)
    for _ in range(10):
        last = v3.send("GET", v3.credits())
        assert (last.status, last.header(REMAINING), last.header("retry-after")) == (200, "0", "60")


def test_6_refuses_call_601_of_a_secret_key(v3_of: Maker) -> None:
    """429 with `Retry-After`; another key is unaffected, and a minute later it goes on (trap 13)."""
    v3 = v3_of("6.0-alpha")
    assert many(v3, 600, v3.credits()).status == 200
    refused = v3.send("GET", v3.credits())
    assert error(refused, 429) == {
        "code": "rate_limit_exceeded",
        "message": "Too many requests. Please retry later.",
    }
    told = [refused.header(name) for name in ("x-ratelimit-limit", REMAINING, "retry-after")]
    assert told == ["600", "0", "60"]
    assert v3.send("GET", v3.credits(), key="sk_readall").header(REMAINING) == "599"
    v3.control.advance(60)
    assert v3.send("GET", v3.credits()).header(REMAINING) == "599"


def test_a_refusal_for_the_rate_is_kept_under_its_key(v3_of: Maker) -> None:
    """It is sent again when the minute is over, where nothing was counted and nothing is said of the limit."""
    v3 = v3_of("6.0-alpha")
    many(v3, 600, v3.credits())
    body = {"amount": "5.00", "currency": "USD"}
    for replayed in (None, "true"):
        refused = v3.send("POST", v3.credits(), body, Idempotency_Key="k1")
        assert (refused.status, refused.header("idempotent-replayed")) == (429, replayed)
        assert refused.header("x-mock-violation") is None
        v3.control.advance(61)
    assert v3.send("POST", v3.credits(), body, Idempotency_Key="k2").status == 201


def test_6_counts_shoppers_by_key_and_address(v3_of: Maker) -> None:
    """The 301st call of an address is refused, that of another one is not; 5.x counts the key alone."""
    new, old = v3_of("6.0-alpha"), v3_of("5.6")
    for v3 in (new, old):
        many(v3, 300, CURRENCIES, key=SHOP, X_Forwarded_For="203.0.113.50")
    assert new.send("GET", CURRENCIES, key=SHOP, X_Forwarded_For="203.0.113.50").status == 429
    assert new.send("GET", CURRENCIES, key=SHOP, X_Forwarded_For="203.0.113.51").header(REMAINING) == "299"
    assert old.send("GET", CURRENCIES, key=SHOP, X_Forwarded_For="203.0.113.51").header(REMAINING) == "0"


def test_6_refuses_the_sixth_sign_in_of_an_address(v3_of: Maker) -> None:
    """Five a minute and address, on either side for itself; 5.x takes them all."""
    body = {"email": "alice@example.com", "password": "wrong"}
    path = "/api/v3/store/auth/login"
    for profile, status in (("5.6", 401), ("6.0-alpha", 429)):
        v3 = v3_of(profile)
        assert [v3.send("POST", path, body, key=SHOP).status for _ in range(5)] == [401] * 5
        last = v3.send("POST", path, body, key=SHOP)
        assert (last.status, last.header("x-ratelimit-limit")) == (status, "5" if status == 429 else "300")
        assert v3.sign_in("bob@example.com", X_Forwarded_For="203.0.113.9")
        assert v3.staff()


def test_what_is_counted(v3_of: Maker) -> None:
    """404, 403 and 500 are counted though they do not say so; what is refused ahead of the limit is not."""
    v3 = v3_of("6.0-alpha")

    def remaining(key: str = "sk_full") -> int:
        return int(v3.send("GET", v3.credits(), key=key).header(REMAINING) or 0)

    start = remaining()
    for method, target, body in (
        ("GET", v3.credits(1, "credit_unknown00"), None),
        ("POST", v3.credits(), {"amount": "99999999.99", "currency": "USD"}),
        ("POST", v3.credits(), {"amount": None, "currency": "USD"}),
    ):
        assert v3.send(method, target, body).header(REMAINING) is None
    assert remaining() == start - 4
    v3.send("POST", v3.credits(), b"{")
    v3.send("GET", "/api/v3/admin/bogus")
    assert remaining() == start - 5
    assert remaining("sk_readsc") == 599
    assert v3.send("POST", v3.credits(), {}, key="sk_readsc").header(REMAINING) is None
    assert remaining("sk_readsc") == 597


def test_5x_counts_each_controller_for_itself(v3_of: Maker) -> None:
    """Customers and their credits have budgets of their own, and a staff sign-in costs two (v3.admin.auth.login)."""
    v3 = v3_of("5.6")
    assert v3.send("GET", "/api/v3/admin/customers").header(REMAINING) == "299"
    assert v3.send("GET", v3.credits()).header(REMAINING) == "299"
    body = {"email": "admin@example.com", "password": "wrong"}
    left = [v3.send("POST", "/api/v3/admin/auth/login", body, key=None).header(REMAINING) for _ in range(2)]
    assert left == ["298", "296"]


def test_a_reset_and_a_snapshot_give_the_budget_back(v3: V3Bench) -> None:
    """Counts are of the process, as the recorded servers' are, and go with what the sandbox was."""
    full = v3.send("GET", v3.credits()).header(REMAINING)
    kept = v3.control.snapshot()
    v3.control.restore(kept)
    assert v3.send("GET", v3.credits()).header(REMAINING) == full
    v3.control.reset()
    assert v3.send("GET", v3.credits()).header(REMAINING) == full
