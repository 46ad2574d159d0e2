"""An operation and new resources are added to the document, generated, and called: without a line by hand."""

import inspect
import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("openapi_python_client", reason="the generator is not installed here")

from bootstrap import ROOT

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def seen(extended: Path, run: Callable[..., subprocess.CompletedProcess[str]]) -> dict[str, Any]:
    """What a program that calls the additions saw."""
    program = Path(__file__).with_name("use_addition.py")
    done = run("-W", "error", program, PYTHONPATH=str(extended))
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_every_attribute_of_a_model_says_what_it_is(document: dict[str, Any], extended: Path) -> None:
    """In the words of the document, with their units: an editor shows them."""
    schemas = document["components"]["schemas"]
    for model, file in (("VinrStoreCredit", "vinr_store_credit"), ("SpreeStoreCreditAttributes", "spree_store_credit")):
        text = " ".join((extended / "store_credit" / "models" / f"{file}.py").read_text("utf-8").split())
        described = {
            name: one["description"] for name, one in schemas[model]["properties"].items() if "description" in one
        }
        assert len(described) > 3
        for name, description in described.items():
            # The id of a decision leads nowhere in an editor.
            said = re.sub(r" \([VDRAT]\d+\)", "", " ".join(description.split()))
            first = said.partition(". ")[0].rstrip(".").replace("`", "")
            assert first in text.replace("`", ""), name


def test_the_new_methods_give_typed_results(seen: dict[str, Any], extended: Path) -> None:
    """Records, deletes, both styles of lists, relationships, open enums, decimals and times."""
    home = seen["sync"].pop("home")

    assert Path(home).is_relative_to(extended)
    assert seen["sync"] == {
        "credit": ["VinrStoreCredit", "cust_2"],
        "card": ["VinrGiftCard", "2030-01-01T00:00:00+00:00", "neon", [1.5]],
        "card hides its code": True,
        "card gives itself back": True,
        "deleted": None,
        "parts": ["VinrGiftCardPartsItem", "2030-01-01T00:00:00+00:00", {"name": "b", "new": 1}],
        "cards": ["gc_1", "gc_1"],
        "created": ["Decimal('25.10')", "2026-11-22T10:00:00+00:00", True],
        "parent": ["SpreeGiftCard", "2", None, "A"],
        "user": ["SpreeUser", "3"],
        "orders": [],
        "listed": ["1", "2", "9"],
        "listed parent is the listed one": True,
        "applied": "1",
        "unknown": [
            {"key": True, "lookup": {}},
            {"key": False, "lookup": {"filter": {"code_eq": "A"}, "sort": "-id"}},
        ],
        "models": [True, True],
        "resources": [["gift_cards", "store_credit"], True],
    }


def test_the_new_methods_work_awaited(seen: dict[str, Any]) -> None:
    """With the same results."""
    assert seen["async"] == {
        "credit": "cust_2",
        "cards": ["gc_1", "gc_1"],
        "created": "25.10",
        "listed": ["1", "2", "9"],
        "applied": "1",
    }


def test_the_new_methods_send_what_the_document_says(seen: dict[str, Any]) -> None:
    """Keys, root keys, queries, numbers with their own digits, and each credential where it belongs."""
    vinr, admin = {"x-api-key": "sk_test_1"}, {"authorization": "Bearer admin"}
    expected: list[tuple[str, str, bool, dict[str, str]]] = [
        ("POST /v1/store-credit/sc_1/transfer", '{"to":"cust_2","at":null}', True, vinr),
        ("POST /v1/gift-cards", '{"value":500}', True, vinr),
        ("DELETE /v1/gift-cards/gc_1", "", False, vinr),
        ("GET /v1/gift-cards/summary", "", False, vinr),
        ("GET /v1/gift-cards?design=plain&design=neon", "", False, vinr),
        ("GET /v1/gift-cards?design=plain&design=neon&starting_after=gc_1", "", False, vinr),
        ("POST /api/v2/platform/gift_cards", '{"gift_card":{"amount":25.10}}', False, admin),
        ("GET /api/v2/platform/gift_cards?filter%5Bcode_eq%5D=A&filter%5Bamount_gt%5D=1", "", False, admin),
        ("GET /api/v2/platform/gift_cards?filter%5Bcode_eq%5D=A&filter%5Bamount_gt%5D=1&page=2", "", False, admin),
        ("POST /api/v2/storefront/checkout/apply_gift_card", '{"code":"A"}', False, {"x-spree-order-token": "cart"}),
        ("POST /v1/store-credit/sc_1/transfer", '{"to":"cust_2","amount":5}', True, vinr),
    ]
    sent = [(one["call"], one["body"], one["key"], one["credentials"]) for one in seen["sent"]]

    assert sent[: len(expected)] == expected
    assert sent[-1][3] == {"authorization": "Bearer shopper"}


def test_what_was_there_is_as_it_was(extended: Path) -> None:
    """An addition changes the files it is about, and those that list everything."""
    package = ROOT / "sdk" / "src" / "store_credit"
    changed = {
        str(path.relative_to(package))
        for folder in ("api", "models")
        for path in (package / folder).rglob("*.py")
        if path.read_bytes() != (extended / "store_credit" / path.relative_to(package)).read_bytes()
    }

    assert changed == {"api/vinr_store_credit.py", "models/__init__.py"}
    for name in ("client.py", "models/vinr_gift_card.py", "api/spree_gift_cards.py"):
        assert (extended / "store_credit" / name).is_file()


@pytest.mark.parametrize(
    "check",
    [["check", "--select", "E,F,I,UP", "--ignore", "E501,F822"], ["format", "--check"]],
    ids=["check", "format"],
)
def test_the_generated_code_is_clean_and_formatted(extended: Path, check: list[str]) -> None:
    """Users read it in their editor."""
    command = [sys.executable, "-m", "ruff", *check, "--isolated", "--no-cache", "--line-length", "120"]
    done = subprocess.run([*command, extended / "store_credit"], capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout


def test_text_of_the_document_cannot_end_a_docstring(extended: Path, run: Any) -> None:
    """Quotes and backslashes of a description are only text."""
    program = "from store_credit.api.vinr_store_credit import StoreCredit; print(StoreCredit.transfer.__doc__)"
    printed = run("-W", "error", "-c", program, PYTHONPATH=str(extended)).stdout
    text = " ".join(printed.split())

    assert r"Who gets it, \n not a line break, and not" in text
    assert 'The text has a "quoted end"' in text


def test_contributing_says_how_in_under_ten_lines() -> None:
    """And the steps are those this test took: the document, scripts/generate, nothing by hand."""
    contributing = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    section = re.search(r"^## How to add an operation\n(.*?)(?=^## )", contributing, re.DOTALL | re.MULTILINE)
    assert section is not None
    lines = [line for line in section[1].splitlines() if line.strip()]

    assert len(lines) < 10
    for part in ("openapi.yaml", "operationId", "scripts/generate", "scripts/test", "by hand"):
        assert part in section[1]
    assert inspect.cleandoc(section[1])
