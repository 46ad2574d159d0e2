"""Documents that are not the bundled one: an operation more, or other operations altogether."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from documents import changed, with_formats, with_operations
from store_credit_mock import Engine
from store_credit_mock.contract import Document, ExchangeValidator
from store_credit_mock.systems.call import Call, SystemResponse
from store_credit_mock.systems.vinr import Vinr
from store_credit_mock.verify.created_records import CreatedRecords
from store_credit_mock.verify.systems import verified_system
from store_credit_mock.verify.transport import HeldBackError, VerifyTransport

from .conftest import Serve, Verify, credentials

FEW = ["--examples", "1", "--max-requests", "250"]


@pytest.fixture(scope="module")
def wide() -> ExchangeValidator:
    """The document with a balance more, a format that nothing checks, and operations that write anywhere."""
    document = with_formats(with_operations(Document.read()), "int64")
    paths: Any = document.data["paths"]
    response = {"responses": {"200": {"description": "Done."}}}
    parameter = {"in": "path", "required": True, "schema": {"type": "string"}}
    paths["/v1/vouchers"] = {"delete": {"operationId": "vinr.vouchers.purge", **response}}
    paths["/v1/customers/{customer}/close"] = {
        "post": {"operationId": "vinr.customers.close", "parameters": [{"name": "customer", **parameter}], **response}
    }
    paths["/pets/{id}"] = {
        "delete": {"operationId": "acme.pets.delete", "parameters": [{"name": "id", **parameter}], **response}
    }
    return ExchangeValidator(document)


class Balanced(Vinr):
    """VINR with a handler for the operation more."""

    def __init__(self) -> None:
        self.operations = {**Vinr.operations, "vinr.store_credit.balance": self._balance}

    @staticmethod
    def _balance(_: Call) -> SystemResponse:
        return SystemResponse(200, {"balance": 5})


@pytest.fixture
def balanced(wide: ExchangeValidator) -> Iterator[Engine]:
    """A mock that has the operation more."""
    made = Engine(wide.closed, None, systems=[Balanced()], partial=True)
    yield made
    made.close()


def test_one_operation_more_is_verified(
    wide: ExchangeValidator, balanced: Engine, reach: Serve, verify: Verify, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server that has it holds; operations that could change anybody's records are left out, and it is said."""
    monkeypatch.setattr("store_credit_mock.verify.command.ExchangeValidator", lambda document: wide)

    code, said = verify(reach(balanced), *credentials("vinr"), *FEW)

    assert code == 0, said
    assert re.search(r"held     generated: vinr\.store_credit\.balance \(\d+ requests\)", said)
    for name in ("vinr.vouchers.purge", "vinr.customers.close"):
        assert f"skipped  generated: {name}: it could change other people's records: its path has no {{id}}" in said


def test_a_server_without_it_is_a_finding(
    wide: ExchangeValidator, engine: Engine, reach: Serve, verify: Verify, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The document promises what the server does not have."""
    monkeypatch.setattr("store_credit_mock.verify.command.ExchangeValidator", lambda document: wide)

    code, said = verify(reach(engine), *credentials("vinr"), *FEW)

    assert code == 1
    assert "server: shape: vinr.store_credit.balance returned 404" in said
    assert "broken   " not in said, said
    assert said.count("shape violated") == 1, said


def test_what_is_missing_for_an_operation_below_is_said(
    engine: Engine, reach: Serve, verify: Verify, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An operation of a resource of a resource needs what its upper one needs; it ended in a KeyError."""
    small = changed(Document.read())
    paths: Any = small.data["paths"]
    for path in [path for path in paths if path.startswith("/api/")]:
        del paths[path]
    response = {"responses": {"200": {"description": "Done."}}}
    paths["/api/v2/storefront/checkout/coupon"] = {"post": {"operationId": "spree.checkout.coupons.apply", **response}}
    monkeypatch.setattr("store_credit_mock.verify.command.ExchangeValidator", lambda document: ExchangeValidator(small))

    code, said = verify(reach(engine), *credentials("spree"))

    assert code == 2, said
    assert "skipped  generated: spree.checkout.coupons.apply: it needs the token of a cart" in said
    assert "could not run: no part of spree could be tested" in said


def test_a_document_of_another_system_cannot_be_run(
    engine: Engine, reach: Serve, verify: Verify, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Exit code 2, and nothing is sent."""
    other = changed(Document.read())
    paths: Any = other.data["paths"]
    for path in [path for path in paths if path.startswith("/v1/")]:
        del paths[path]
    monkeypatch.setattr("store_credit_mock.verify.command.ExchangeValidator", lambda document: ExchangeValidator(other))

    code, said = verify(reach(engine), *credentials("vinr"))

    assert code == 2
    assert "the OpenAPI document has no operations for the system vinr; its operationIds begin with spree" in said
    assert not list(engine.exchanges)


def test_a_scenario_whose_operation_the_document_lacks_is_skipped(
    engine: Engine, reach: Serve, verify: Verify, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the document does not have is not sent, and is nothing that the server broke."""
    smaller = changed(Document.read())
    paths: Any = smaller.data["paths"]
    del paths["/v1/store-credit"]["post"]
    monkeypatch.setattr(
        "store_credit_mock.verify.command.ExchangeValidator", lambda document: ExchangeValidator(smaller)
    )

    code, said = verify(reach(engine), *credentials("vinr"), "--no-generated")

    assert code == 0, said
    assert "skipped  vinr: what was created is there: the OpenAPI document has no POST /v1/store-credit" in said
    assert "broken   " not in said


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("DELETE", "/v1/vouchers"),
        ("POST", "/v1/customers/cust_8aZ2/close"),
        ("DELETE", "/pets/1"),
    ],
)
def test_an_operation_that_is_not_known_changes_nothing(wide: ExchangeValidator, method: str, path: str) -> None:
    """Whatever such an operation changes was not made here, and the request does not leave."""
    transport = VerifyTransport(
        httpx.MockTransport(lambda _: httpx.Response(200, json={})),
        wide,
        CreatedRecords(verified_system("vinr", wide.closed)),
        limit=10,
        base="http://t.test",
    )
    client = httpx.Client(transport=transport, base_url="http://t.test")

    with pytest.raises(HeldBackError, match="other people's records"):
        client.request(method, path)
    assert client.get("/v1/store-credit-balance").status_code == 200
