"""Fixtures and options that are wrong are told by place, and nothing of them is kept."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from benches import Bench, Maker
from served_mock import served
from store_credit_mock.control import ControlError
from store_credit_mock.control.client import fixtures_line, read_fixtures

PATH = "/v1/store-credit"
CREDIT = {"customer": "cust_8aZ2", "amount": 5, "currency": "USD"}


def of_vinr(**parts: Any) -> dict[str, Any]:
    return {"vinr": parts}


def of_spree(**parts: Any) -> dict[str, Any]:
    return {"spree": parts}


@pytest.mark.parametrize(
    ("fixtures", "pointer"),
    [
        ({"magento": {}}, "body"),
        ({"vinr": 5}, "/vinr"),
        (of_vinr(wallets=[]), "/vinr"),
        (of_vinr(customers={"a": 1}), "/vinr/customers"),
        (of_vinr(customers=[{"id": "a"}]), "/vinr/customers/0"),
        (of_vinr(customers=[{"id": "a", "email": "b", "name": [1]}]), "/vinr/customers/0/name"),
        (of_vinr(store_credits=[{**CREDIT, "amount": True}]), "/vinr/store_credits/0/amount"),
        (of_vinr(store_credits=[{**CREDIT, "amount": 2**62}]), "/vinr/store_credits/0/amount"),
        (of_vinr(store_credits=[{**CREDIT, "id": "x y"}]), "/vinr/store_credits/0/id"),
        (of_vinr(store_credits=[{**CREDIT, "expires_at": "soon"}]), "/vinr/store_credits/0/expires_at"),
        (of_vinr(store_credits=[CREDIT, {**CREDIT, "spent": 6}]), "/vinr/store_credits/1/spent"),
        (of_vinr(store_credits=[CREDIT, {**CREDIT, "customer": "cust_x"}]), "/vinr/store_credits/1/customer"),
        (of_spree(users=[{"email": [1]}]), "/spree/users/0/email"),
        (of_spree(users=[{"email": "a@b", "roles": 5}]), "/spree/users/0/roles"),
        (of_spree(stores=[{"name": "x", "supported_currencies": 5}]), "/spree/stores/0/supported_currencies"),
        (of_spree(variants=[{"name": "x", "prices": 5}]), "/spree/variants/0/prices"),
        (of_spree(variants=[{"name": "x", "prices": {"USD": "a"}}]), "/spree/variants/0/prices/USD"),
        (of_spree(tokens=[{"token": "x", "user_id": {}}]), "/spree/tokens/0/user_id"),
        (of_spree(tokens=[{"token": "x", "user_id": 99}]), "/spree/tokens/0/user_id"),
        (of_spree(store_credits=[{"user_id": 2, "amount": "x"}]), "/spree/store_credits/0/amount"),
        (of_spree(store_credits=[{"user_id": 99, "amount": 1}]), "/spree/store_credits/0/user_id"),
        (
            of_spree(store_credits=[{"user_id": 2, "amount": 1, "category_id": 99}]),
            "/spree/store_credits/0/category_id",
        ),
    ],
)
def test_wrong_fixtures_are_told_by_pointer(bench: Bench, fixtures: dict[str, Any], pointer: str) -> None:
    """The refusal begins with the place, and the sandbox is what it was."""
    before = bench.control.snapshot()
    with pytest.raises(ControlError, match=f"^{re.escape(pointer)}: ") as refused:
        bench.control.seed(fixtures)

    assert refused.value.status == 400
    assert bench.control.snapshot() == before


def test_the_command_names_the_line(tmp_path: Path) -> None:
    """At the start the line of the file stands before the pointer."""
    path = tmp_path / "wrong.yaml"
    path.write_text("vinr:\n  customers:\n    - id: a\n      email: b\n    - id: 5\n      email: b\n", "utf-8")
    command = [sys.executable, "-m", "store_credit_mock", "serve", "--port", "0", "--fixtures", str(path)]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)

    assert ended.returncode == 2
    assert ended.stderr.startswith(f"store-credit-mock: {path}:5: /vinr/customers/1/id: 5 is not")


def test_lines_of_json_are_found_too(tmp_path: Path) -> None:
    """JSON is YAML; what has no line of its own has that of what holds it."""
    path = tmp_path / "fixtures.json"
    path.write_text('{"vinr":\n {"customers":\n  [5]}}', "utf-8")

    assert fixtures_line(path, "/vinr/customers/0") == 3
    assert fixtures_line(path, "/vinr/customers/0/id") == 3
    assert fixtures_line(path, "") == 1


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "not a mapping"),
        ("&a [*a]", "contains itself"),
        ("a: 017", ":1: 017 is not a valid JSON number"),
        ("[1]", "not a mapping"),
        ("~: a", "a key is missing"),
        ("a: 1\na: 2", "twice"),
    ],
)
def test_a_file_that_cannot_be_read_is_told(tmp_path: Path, text: str, words: str) -> None:
    """Whatever is in the file, the error is a sentence that names it."""
    path = tmp_path / "fixtures.yaml"
    path.write_text(text, "utf-8")

    with pytest.raises(ValueError, match=words) as refused:
        read_fixtures(path)
    assert str(path) in str(refused.value)


def test_the_readmes_fixtures_are_taken(tmp_path: Path, bench_of: Maker) -> None:
    """What mock/README.md shows fills a sandbox."""
    readme = (Path(__file__).parents[2] / "mock" / "README.md").read_text("utf-8")
    path = tmp_path / "fixtures.yaml"
    path.write_text(re.findall(r"```yaml\n(.*?)```", readme, re.DOTALL)[0], "utf-8")
    bench = bench_of(fixtures=read_fixtures(path))

    assert bench.control.vinr.buy("cust_new", 2500, "USD").paid_by_credit == 2000


@pytest.mark.parametrize(
    "wrong",
    [
        {"profile": "4.7"},
        {"strict": "no"},
        {"rate_limit": 5},
        {"rate_limit": (0, 5)},
        {"rate_limit": (float("nan"), 5)},
        {"control_token": ""},
        {"spree_token": "two words"},
        {"spree_token": "\u00e9"},
    ],
)
def test_options_that_are_not_valid_are_refused(wrong: dict[str, Any], bench_of: Maker) -> None:
    """No option is taken and then ignored; the text names it."""
    with pytest.raises(ValueError, match=f"^{next(iter(wrong))} (is|must be) "):
        bench_of(**wrong)


WHOLE: dict[str, Any] = {
    "clock": {"at": "2031-05-01T12:00:00Z"},
    "faults": [{"operation": "vinr.*.create", "nth": 2, "status": 503, "id": "second"}],
    "vinr": {
        "webhook_endpoints": [{"url": "http://127.0.0.1:9/hook", "secret": "whsec_fixed"}],
        "keys": [
            {"key": "rk_test_reader", "scopes": ["store_credit:read"]},
            {"key": "sk_test_old", "expires_at": 1_700_000_000},
        ],
        "store_credits": [{"id": "sc_fixed", "customer": "cust_8aZ2", "amount": 2500, "currency": "USD"}],
    },
    "spree": {
        "store_credits": [{"user_id": 2, "amount": "50.00"}],
        "carts": [
            {
                "user_id": 2,
                "number": "R1",
                "token": "cart-token",
                "items": [{"variant_id": 1, "quantity": 2}, {"price": "3.50"}],
                "state": "payment",
            },
            {"currency": "EUR"},
        ],
    },
}


def test_a_reset_brings_everything_of_the_fixtures_back(bench_of: Maker) -> None:
    """Endpoints with their secrets, keys, carts, faults and the clock, however often, and what was done since goes."""
    bench = bench_of(fixtures=WHOLE)
    control = bench.control
    for _ in range(2):
        assert (control.clock().mode, control.clock().at) == ("frozen", "2031-05-01T12:00:00.000Z")
        assert [fault.id for fault in control.faults()] == ["second"]
        assert [endpoint.url for endpoint in control.vinr.endpoints()] == ["http://127.0.0.1:9/hook"]
        assert control.snapshot()["rows"]["vinr_endpoint"][0].count("whsec_fixed") == 1
        assert [event.type for event in control.vinr.events()] == ["store_credit.created"]
        assert len(control.vinr.deliveries().data) == 1
        assert bench.credit("sc_fixed")["created"] == bench.seconds()
        for key, status in (("rk_test_reader", 200), ("sk_test_old", 401)):
            assert bench.send("GET", PATH, headers={"X-Api-Key": key}).status == status
        assert bench.send("POST", PATH, CREDIT, {"X-Api-Key": "rk_test_reader"}).status == 403
        cart = control.spree.cart("R1")
        assert (cart.token, cart.state, [line.quantity for line in cart.line_items]) == (
            "cart-token",
            "payment",
            [2, 1],
        )
        assert bench.send("POST", PATH, CREDIT).status == 503
        control.advance(60)
        control.clear_faults()
        control.spree.add_item("R1", price="1.00")
        control.vinr.remove_endpoint(control.vinr.endpoints()[0].id)
        control.reset()
    assert control.invariants().holds


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"clock": {"at": "noon"}}, "/clock/at: "),
        ({"clock": {"at": "2031-05-01T12:00:00"}}, "/clock/at: the time needs a time zone"),
        ({"clock": {"at": -5}}, "/clock/at: the clock must be between 1970"),
        ({"faults": [{"delay": 1}, {"operation": "vinr.crate", "delay": 1}]}, "/faults/1: operation"),
        ({"faults": [{"operation": "vinr.*"}]}, "/faults/0: a fault must do something"),
        ({"vinr": {"webhook_endpoints": [{"url": "ftp://x"}]}}, "/vinr/webhook_endpoints/0/url: "),
        ({"vinr": {"keys": [{"key": "pk_live_x"}]}}, "/vinr/keys/0/key: "),
        ({"spree": {"carts": [{"number": "R1"}, {"number": "R1"}]}}, "/spree/carts/1/number: there is a cart R1"),
        ({"spree": {"carts": [{"user_id": 99}]}}, "/spree/carts/0/user_id: there is no user 99"),
        ({"spree": {"carts": [{"currency": "CHF"}]}}, "/spree/carts/0/currency: the store does not take CHF"),
        ({"spree": {"carts": [{"items": [{"variant_id": 99}]}]}}, "/spree/carts/0/items/0: "),
        ({"spree": {"carts": [{"items": [{"price": "dear"}]}]}}, "/spree/carts/0/items/0/price: "),
    ],
)
def test_what_is_wrong_in_them_keeps_nothing(bench: Bench, change: dict[str, Any], pointer: str) -> None:
    """The place comes first; clock, faults and rows are what they were."""
    before = bench.control.snapshot()
    good = {"vinr": {"customers": [{"id": "cust_new", "email": "new@example.com"}]}}
    with pytest.raises(ControlError) as refused:
        bench.control.seed(good | change)

    assert str(refused.value).startswith(pointer)
    assert (bench.control.snapshot(), len(bench.control.faults())) == (before, 0)


def test_samples_are_what_the_pages_name(bench_of: Maker) -> None:
    """Both systems have credits, and a cart that can be paid with one; fixtures come after them."""
    bench = bench_of(samples=True, fixtures={"vinr": {"customers": [{"id": "cust_own", "email": "own@example.com"}]}})

    assert len(bench.control.vinr.credits()) == 3
    assert len(bench.control.spree.credits()) == 2
    assert bench.control.spree.cart("R100200300").token == "sample-order-token"
    assert "cust_own" in [customer.id for customer in bench.control.vinr.customers()]
    assert bench.control.invariants().holds


@pytest.mark.takes_seconds
def test_what_an_existing_sandbox_ignores_is_said(tmp_path: Path) -> None:
    """Fixtures, samples and another seed, by name, with what to do; a reset then loads them."""
    file, fixtures = tmp_path / "mock.db", tmp_path / "shop.yaml"
    fixtures.write_text("vinr: {customers: [{id: cust_new, email: new@example.com}]}\nclock: {at: 1900000000}\n")
    given = ("--db", str(file), "--seed", "1", "--fixtures", str(fixtures))
    with served(*given) as first:
        assert "ignored" not in first.log()
        assert "was made" not in first.log()
    with served(*given) as again:
        assert f"ignored --fixtures {fixtures} (vinr: 1 customers, clock: at)" in again.log()
        assert "was made" not in again.log()
    with served("--db", str(file), "--seed", "2", "--samples") as other:
        assert "ignored --samples; to empty the sandbox and load them, send POST /_mock/reset" in other.log()
        assert "the sandbox default was created with --seed 1, but now --seed is 2" in other.log()
        other.control.reset()
        assert len(other.control.vinr.credits()) == 3
    with served("--db", str(file)) as last:
        assert "the sandbox default was created with --seed 2, but now no --seed is set" in last.log()
