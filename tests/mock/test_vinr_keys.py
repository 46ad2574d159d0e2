"""VINR's keys, scopes and limits of requests follow the decisions of the document."""

from __future__ import annotations

from typing import Any

import pytest

from benches import Bench, Maker, error
from store_credit_mock.systems.vinr.control_models import Scope, StoreCredit

PATH = "/v1/store-credit"
GOOD = {"customer": "cust_8aZ2", "amount": 1000, "currency": "USD"}


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({"X-Api-Key": ""}, "invalid_api_key"),
        ({"X-Api-Key": "sk_live_1"}, "invalid_api_key"),
        ({"X-Api-Key": "pk_test_1"}, "invalid_api_key"),
        ({"X-Api-Key": "sk_test_"}, "invalid_api_key"),
        ({"X-Api-Key": "nonsense"}, "invalid_api_key"),
    ],
)
def test_keys_that_open_nothing(bench: Bench, headers: dict[str, str], code: str) -> None:
    """V1, V58: live, publishable and unknown keys are 401, before anything else is looked at."""
    response = bench.send("POST", f"{PATH}?nonsense=1", b"{", headers)

    assert (response.status, error(response)["code"], error(response)["type"]) == (401, code, "authentication_error")


def test_either_header_carries_the_key(bench: Bench) -> None:
    """V1: `Authorization: Bearer` is as good as `X-Api-Key`."""
    bench.key = ""
    response = bench.send("GET", PATH, headers={"X-Api-Key": "sk_test_x"})
    from store_credit_mock import Request

    bearer = bench.engine.handle(Request.build("GET", PATH, {"Authorization": "Bearer sk_test_x"}))

    assert (response.status, bearer.status) == (200, 200)


def test_restricted_keys_do_what_they_were_given(bench: Bench) -> None:
    """V46: a restricted key without the permission gets 403; keys are issued, expired, revoked and restored."""
    identity = bench.issue()["id"]
    read = {"X-Api-Key": bench.control.vinr.issue_key(scopes=["store_credit:read"]).key}
    write = {"X-Api-Key": bench.control.vinr.issue_key("rk_test_w", ["store_credit:write"]).key}

    refused = bench.send("POST", PATH, GOOD, read)
    assert (refused.status, error(refused)["code"]) == (403, "permission_denied")
    assert bench.send("GET", f"{PATH}/{identity}", headers=read).status == 200
    assert bench.send("GET", f"{PATH}/{identity}", headers=write).status == 403
    assert bench.send("POST", PATH, GOOD, write).status == 201

    bench.control.vinr.change_key("rk_test_w", "expire")
    assert error(bench.send("POST", PATH, GOOD, write))["code"] == "expired_api_key"
    bench.control.vinr.change_key("rk_test_w", "revoke")
    assert error(bench.send("POST", PATH, GOOD, write))["code"] == "invalid_api_key"
    bench.control.vinr.change_key("rk_test_w", "restore")
    assert bench.send("POST", PATH, GOOD, write).status == 201


@pytest.mark.parametrize(
    ("method", "created", "body", "scope", "status"),
    [
        ("POST", False, GOOD, "store_credit:write", 201),
        ("POST", True, {"expires_at": 4102444800}, "store_credit:write", 200),
        ("GET", False, None, "store_credit:read", 200),
        ("GET", True, None, "store_credit:read", 200),
    ],
    ids=["create", "update", "list", "retrieve"],
)
def test_each_operation_needs_its_scope(
    bench: Bench, method: str, created: bool, body: Any, scope: Scope, status: int
) -> None:
    """V46: with the other scope alone 403, and nothing has changed; with its own it is done."""
    credit = bench.issue()
    target = f"{PATH}/{credit['id']}" if created else PATH
    other: Scope = "store_credit:read" if scope == "store_credit:write" else "store_credit:write"
    refused = bench.send(method, target, body, {"X-Api-Key": bench.control.vinr.issue_key(scopes=[other]).key})

    assert (refused.status, error(refused)["code"]) == (403, "permission_denied")
    assert bench.control.vinr.credits() == [StoreCredit(**credit)]
    allowed = bench.send(method, target, body, {"X-Api-Key": bench.control.vinr.issue_key(scopes=[scope]).key})
    assert allowed.status == status


def test_every_answer_carries_id_version_and_limits(bench: Bench) -> None:
    """V55, V57: also refusals do; the version sent is echoed, a malformed one is a 400."""
    for response in (
        bench.send("GET", PATH),
        bench.send("GET", f"{PATH}/sc_none"),
        bench.send("GET", PATH, headers={"X-Api-Key": "bad"}),
        bench.send("DELETE", PATH),
    ):
        for name in (
            "x-vinr-request-id",
            "vinr-version",
            "x-ratelimit-limit",
            "x-ratelimit-remaining",
            "x-ratelimit-reset",
        ):
            assert response.header(name), (response, name)
    assert bench.send("GET", PATH, headers={"Vinr-Version": "2027-01-31"}).header("vinr-version") == "2027-01-31"
    wrong = bench.send("GET", PATH, headers={"Vinr-Version": "latest"})
    assert (wrong.status, error(wrong)["param"]) == (400, "Vinr-Version")


def test_who_is_not_recognised_has_a_bucket_that_is_full_now(bench_of: Maker) -> None:
    """V55: nothing was taken out of it, so that it is full in the second that runs and not in the next."""
    bench = bench_of(rate_limit=(1.0, 3))
    bench.control.freeze("2030-01-01T00:00:00.500Z")
    refused = bench.send("GET", PATH, headers={"X-Api-Key": "bad"})

    assert (refused.status, refused.header("x-ratelimit-remaining")) == (401, "3")
    assert refused.header("x-ratelimit-reset") == str(bench.seconds())


def test_limiting_is_off_until_asked_for(bench_of: Maker) -> None:
    """V55, V56: with a limit the bucket of each key empties and refills by the clock, reads and writes apart."""
    free = bench_of()
    free.control.freeze()
    assert {free.send("GET", PATH).status for _ in range(200)} == {200}

    bench = bench_of(rate_limit=(1.0, 3))
    bench.control.freeze()
    statuses = [bench.send("GET", PATH).status for _ in range(4)]
    assert statuses == [200, 200, 200, 429]
    refused = bench.send("GET", PATH)
    assert (error(refused)["code"], refused.header("retry-after"), refused.header("x-ratelimit-remaining")) == (
        "rate_limited", "1", "0",
    )  # fmt: skip
    assert bench.send("POST", PATH, GOOD).status == 201
    assert bench.send("GET", PATH, headers={"X-Api-Key": "sk_test_other"}).status == 200
    bench.control.advance(1)
    assert bench.send("GET", PATH).status == 200
    bench.control.vinr.rate_limit(None)


def test_the_headers_of_a_limit_are_the_contracts(bench_of: Maker) -> None:
    """V55, V56 at 25:50: each bucket counts down for itself, Reset is when it is full, Retry-After only on a 429."""
    bench = bench_of(rate_limit=(25.0, 50))
    bench.control.freeze("2030-01-01T00:00:00Z")
    now = bench.seconds()

    def limits(method: str, body: Any = None) -> tuple[int, int, int, int, str | None]:
        response = bench.send(method, PATH, body)
        size, left, full = (
            int(response.header(f"x-ratelimit-{name}") or "") for name in ("limit", "remaining", "reset")
        )
        return response.status, size, left, full - now, response.header("retry-after")

    assert [limits("POST", GOOD) for _ in range(52)] == [
        *((201, 50, 49 - number, 1 if number < 25 else 2, None) for number in range(50)),
        *[(429, 50, 0, 2, "1")] * 2,
    ]
    assert limits("GET") == (200, 50, 49, 1, None)
    bench.control.advance(0.04)
    assert limits("POST", GOOD) == (201, 50, 0, 3, None)
    assert limits("POST", GOOD)[0] == 429
    bench.control.advance(60)
    assert limits("POST", GOOD) == (201, 50, 49, 61, None)
