"""The examples Spree publishes, where they lie beside the repository: right, but for those listed with their decision.

They are Spree's and never copied here; without the folder the tests over them are skipped.
"""

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest

from bootstrap import ROOT
from store_credit_mock.contract import Document, ExchangeValidator, OperationDefinition
from store_credit_mock.contract.document import join

FOLDER = ROOT.parent / "shared" / "contract" / "spree-examples"

# What is wrong with a published example by its schema: file, place, decision.
KNOWN_WRONG = {
    (
        "storefront.checkout.add_store_credit.200.populated_cart",
        "data.attributes.display_total_minus_store_credits",
    ): "D11",
    (
        "storefront.checkout.remove_store_credit.200.populated_cart",
        "data.attributes.display_total_minus_store_credits",
    ): "D11",
}

pytestmark = pytest.mark.skipif(
    not FOLDER.is_dir(), reason="Spree's published examples do not lie beside the repository"
)


@pytest.fixture(scope="module")
def published() -> Mapping[str, Any]:
    """The published payloads by file name without ending."""
    return {
        path.name.removesuffix(".json"): json.loads(path.read_text("utf-8"), parse_float=Decimal)
        for path in sorted(FOLDER.glob("*.json"))
    }


def _operation(document: Document, name: str) -> OperationDefinition:
    _, resource, method, *_ = name.split(".")
    return document.operations[f"spree.{resource}.{method}"]


def test_published_examples_validate(
    published: Mapping[str, Any],
    document: Document,
    decisions: Mapping[str, Any],
    validator: ExchangeValidator,
) -> None:
    """Each request against the document, each response against the closed copy; the exceptions are exact."""
    wrong: set[tuple[str, str]] = set()
    for name, payload in published.items():
        operation = _operation(document, name)
        if name.endswith(".request"):
            schema = join(operation.pointer, "requestBody", "content", "application/json", "schema")
            found = validator.closed.check_value(schema, payload, request=True)
        else:
            location, _ = document.resolve(join(operation.pointer, "responses", name.split(".")[3]))
            schema = join(location, "content", "application/vnd.api+json", "schema")
            found = validator.closed.check_value(schema, payload)
        wrong |= {(name, violation.pointer.strip("/").replace("/", ".")) for violation in found}

    assert len(published) >= 39
    assert wrong == set(KNOWN_WRONG)
    assert set(KNOWN_WRONG.values()) <= set(decisions)


@pytest.mark.parametrize("method", ["create", "update"])
def test_d2_the_published_request_breaks_a_rule_no_schema_can_state(method: str, published: Mapping[str, Any]) -> None:
    """D2: used and authorized together exceed the amount, which every server refuses; it is not ours."""
    credit = published[f"platform.store_credits.{method}.request"]["store_credit"]

    assert credit["amount_used"] + credit["amount_authorized"] > credit["amount"]


def test_d10_the_published_balance_is_the_one_number_a_server_sends(published: Mapping[str, Any]) -> None:
    """D10: the reference types the balance as a number; a server sends a number only for 0, as here."""
    assert published["storefront.account.retrieve.200.standard_response"]["data"]["attributes"]["store_credits"] == 0


def test_d13_the_published_refusal_is_a_placeholder(published: Mapping[str, Any]) -> None:
    """D13: the text is not a server's; only its shape is."""
    assert set(published["storefront.checkout.add_store_credit.422"]["errors"]) == {"example"}


def test_no_example_of_ours_is_spree_s(published: Mapping[str, Any], document: Document) -> None:
    """Spree's payloads stay where they are; short refusals with one fixed text of the server aside."""
    theirs = {_canonical(payload) for payload in published.values() if len(_canonical(payload)) > 200}
    ours = {_canonical(example["value"]) for example in document.data["components"]["examples"].values()}

    assert theirs
    assert not theirs & ours


def _canonical(payload: Any) -> str:
    return json.dumps(payload, sort_keys=True, default=str)
