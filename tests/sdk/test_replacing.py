"""Methods are replaced in users' tests as on any other object."""

from collections.abc import Callable
from typing import Any
from unittest import mock

import pytest

from together import together

RESOURCES = [
    ("vinr", "store_credit", "create"),
    ("spree", "store_credits", "create"),
    ("spree", "store_credit_categories", "update"),
    ("spree", "store_credit_types", "list"),
    ("spree", "orders", "use_store_credit"),
    ("spree", "checkout", "add_store_credit"),
    ("spree", "account", "retrieve"),
]


@together(("system", "resource", "method"), RESOURCES)
@pytest.mark.parametrize("kind", ["", "async_"])
def test_a_method_of_one_client_can_be_replaced(
    serve: Callable[..., Any], kind: str, system: str, resource: str, method: str
) -> None:
    """With `mock.patch.object`, and put back after; other clients keep their own."""
    server = serve(200)
    client, other = (getattr(server, f"{kind}{system}")() for _ in range(2))
    owner = getattr(client, resource)
    before = getattr(owner, method)
    with mock.patch.object(owner, method) as replaced:
        assert getattr(getattr(client, resource), method) is replaced
        assert getattr(getattr(other, resource), method) is not replaced

    assert getattr(owner, method) == before
    assert server.requests == []


def test_a_replaced_method_gives_what_it_is_told(serve: Callable[..., Any]) -> None:
    """The README's recipe."""
    client = serve(200).vinr()
    with mock.patch.object(client.store_credit, "create", return_value="the credit") as create:
        assert client.store_credit.create(customer="cust_1", amount=1, currency="USD") == "the credit"

    create.assert_called_once_with(customer="cust_1", amount=1, currency="USD")
