"""Fixtures and options that are wrong are told by place, and nothing of them is kept."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from benches import Bench, Maker
from store_credit_mock.control import ControlError
from store_credit_mock.control.client import fixtures_line, read_fixtures

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
        ("&a [*a]", "inside itself"),
        ("a: 017", ":1: 017 is not a number"),
        ("[1]", "not a mapping"),
        ("1: a", "keys are strings"),
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
    with pytest.raises(ValueError, match=f"^{next(iter(wrong))} is "):
        bench_of(**wrong)
