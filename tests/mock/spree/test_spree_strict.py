"""What strict mode refuses in Spree's shape, and what it leaves to the rule."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import orjson
import pytest

from spreebench import CREDIT, CREDITS, SpreeBench


def count(spree: SpreeBench) -> int:
    return spree.ask("GET", CREDITS)["meta"]["total_count"]


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({"store_credit": {**CREDIT, "colour": "red"}}, "colour"),
        ({"store_credit": {**CREDIT, "amount": True}}, "Amount is not a number"),
        (CREDIT, "user_id"),
        ({"store_credit": {**CREDIT, "public_metadata": "text"}}, "public_metadata"),
        ({"store_credit": {**CREDIT, "deleted_at": "2026-01-01T00:00:00Z"}}, "deleted_at"),
    ],
)
def test_a_body_that_breaks_the_document_leaves_nothing_behind(
    spree: SpreeBench, body: dict[str, Any], named: str
) -> None:
    response = spree.send("POST", CREDITS, body)

    assert response.status in {400, 422}
    assert named in orjson.loads(response.body)["error"]
    assert response.header("x-mock-violation")
    assert count(spree) == 0


def test_a_bare_500_says_why(spree: SpreeBench) -> None:
    """D2: Spree's printed create body names store 2; where there is one the real server fails without a word."""
    response = spree.send("POST", CREDITS, {"store_credit": {**CREDIT, "store_id": "2"}})

    assert (response.status, orjson.loads(response.body)["error"]) == (500, "Internal Server Error")
    assert "store_id 2 is another store" in (response.header("x-mock-reason") or "")
    assert count(spree) == 0


@pytest.mark.parametrize("method", ["PUT", "POST"])
def test_a_method_the_document_lacks_is_405(spree: SpreeBench, method: str) -> None:
    identity = spree.give()
    response = spree.send(method, f"{CREDITS}/{identity}", {"store_credit": {"memo": "x"}})

    assert response.status == 405
    assert set((response.header("allow") or "").split(", ")) == {"GET", "PATCH", "DELETE"}
    assert spree.credit(identity)["memo"] is None


@pytest.mark.parametrize("path", [f"{CREDITS}.json", f"{CREDITS}/"])
def test_another_spelling_of_a_path_is_refused(spree_of: Callable[..., SpreeBench], path: str) -> None:
    assert spree_of().send("GET", path).status == 400
    assert spree_of(strict=False).send("GET", path).status == 200


@pytest.mark.parametrize("path", ["store_credits", "store_credit_categories", "store_credit_types"])
def test_a_refusal_needs_no_documented_400(spree: SpreeBench, path: str) -> None:
    """Nothing the document allows makes Spree refuse DELETE with 400; what it forbids is refused all the same."""
    spree.give(category_id="4")
    target = f"/api/v2/platform/{path}/1"
    for response in (spree.send("DELETE", target, {"a": 1}), spree.send("DELETE", target, None, {"surplus": "1"})):
        assert (response.status, "error" in orjson.loads(response.body)) == (400, True)
        assert "request" in (response.header("x-mock-violation") or "")
    assert spree.send("DELETE", target).status == 204


def test_head_is_answered_without_a_body(spree: SpreeBench) -> None:
    identity = spree.give()
    response = spree.send("HEAD", f"{CREDITS}/{identity}")

    assert (response.status, response.body) == (200, b"")
    assert response.header("x-mock-violation") is None


def test_401_comes_first(spree: SpreeBench) -> None:
    response = spree.send("POST", CREDITS, {"nonsense": 1}, token=None)

    assert (response.status, orjson.loads(response.body)) == (401, {"error": "The access token is invalid"})


def test_the_rules_own_refusal_is_unchanged(spree: SpreeBench) -> None:
    response = spree.send("POST", CREDITS, {"store_credit": {**CREDIT, "amount": 0}})

    assert (response.status, orjson.loads(response.body)["errors"]) == (422, {"amount": ["must be greater than 0"]})


def test_an_unknown_query_parameter_is_refused(spree: SpreeBench) -> None:
    assert spree.send("GET", CREDITS, None, {"colour": "red"}).status == 400


def test_observe_reports_and_lets_pass(spree_of: Callable[..., SpreeBench]) -> None:
    spree = spree_of(strict=False)
    response = spree.send("POST", CREDITS, {"store_credit": {**CREDIT, "colour": "red"}})

    assert response.status == 201
    assert "colour" in (response.header("x-mock-violation") or "")


def test_malformed_json_is_told_in_the_parsers_words(spree: SpreeBench) -> None:
    response = spree.send("POST", CREDITS, b'{"store_credit":')

    assert response.status == 400
    assert orjson.loads(response.body)["error"] == "859: unexpected token at '{\"store_credit\":'"
