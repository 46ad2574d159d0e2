"""Tags of several parts: resources in resources on the clients of Spree's API v3, and nowhere else."""

import copy
import importlib
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("openapi_python_client", reason="the generator is not installed here")

from http_library import httpx
from store_credit_tools.generate.sdk import generate_sdk
from store_credit_tools.generate.trial import try_package
from together import together

KEY = {"type": "apiKey", "in": "header", "name": "X-Spree-Api-Key"}
SCHEMES = {
    "spreeV3SecretKey": KEY,
    "spreeV3StaffToken": {"type": "http", "scheme": "bearer"},
    "spreeV3PublishableKey": KEY,
    "spreeV3CustomerToken": {"type": "http", "scheme": "bearer", "x-argument": "customer_token", "description": "His."},
}
ADMIN: list[dict[str, Any]] = [{"spreeV3SecretKey": []}, {"spreeV3StaffToken": []}]
STORE: list[dict[str, Any]] = [{"spreeV3PublishableKey": [], "spreeV3CustomerToken": []}]
DONE = {"204": {"description": "Done."}}


def operation(tag: str, name: str, *security: dict[str, Any]) -> dict[str, Any]:
    """An operation that takes nothing and returns nothing."""
    return {"operationId": f"{tag}.{name}", "tags": [tag], "security": list(security), "responses": DONE}


def document(*operations: dict[str, Any]) -> dict[str, Any]:
    """A document of these, each on a path of its own."""
    return {
        "openapi": "3.1.0",
        "info": {"title": "Deep", "version": "1"},
        "paths": {f"/{place}": {"post": copy.deepcopy(one)} for place, one in enumerate(operations)},
        "components": {"securitySchemes": SCHEMES},
    }


def deep() -> dict[str, Any]:
    """Resources with methods and resources, with one of these alone, and of the same name in both APIs."""
    return document(
        operation("spree_v3.admin.customers", "get", *ADMIN),
        operation("spree_v3.admin.customers.store_credits", "create", *ADMIN),
        operation("spree_v3.admin.shelf.box.lid", "lift", *ADMIN),
        operation("spree_v3.store.customers.store_credits", "create", *STORE),
    )


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Any]:
    """The package of `deep`, imported."""
    path = tmp_path / "deep.json"
    path.write_text(json.dumps(deep()), "utf-8")
    folder = tmp_path / "deep_shop"
    try_package(path, generate_sdk(path, folder), folder, folder)
    sys.path.insert(0, str(tmp_path))
    yield importlib.import_module("deep_shop")
    sys.path.remove(str(tmp_path))
    for name in [one for one in sys.modules if one.partition(".")[0] == "deep_shop"]:
        del sys.modules[name]


def test_the_parts_behind_the_api_are_the_chain_of_attributes(made: Any) -> None:
    """Each leads to its own path, with the credentials of its own API; one that only leads on has no methods."""
    sent: list[tuple[str, str | None]] = []

    def answer(request: httpx.Request) -> httpx.Response:
        sent.append((request.url.path, request.headers.get("authorization")))
        return httpx.Response(204)

    with httpx.Client(transport=httpx.MockTransport(answer)) as http_client:
        admin = made.SpreeAdminClient("http://shop.test", "sk_1", http_client=http_client)
        store = made.SpreeStoreClient("http://shop.test", "pk_1", customer_token="jwt", http_client=http_client)
        admin.customers.get()
        admin.customers.store_credits.create()
        admin.shelf.box.lid.lift()
        store.customers.store_credits.create()
        store.customers.store_credits.create(customer_token="other")

    assert sent == [("/0", None), ("/1", None), ("/2", None), ("/3", "Bearer jwt"), ("/3", "Bearer other")]
    assert admin.customers.store_credits is admin.customers.store_credits
    assert not hasattr(store, "shelf")
    assert [name for name in dir(admin.shelf) if not name.startswith("_")] == ["box"]


def test_no_two_classes_have_one_name(made: Any) -> None:
    """Although the resources of both APIs are called alike: whoever reads a signature knows which is meant."""
    names = [
        importlib.import_module(f"deep_shop.api.{module.stem}").__all__
        for module in (Path(made.__file__).parent / "api").glob("spree_v3_*.py")
    ]
    flat = [name for each in names for name in each]

    assert len(flat) == len(set(flat)) == 2 * 7
    assert {"AdminCustomersStoreCredits", "StoreCustomersStoreCredits", "AsyncAdminShelfBoxLid"} <= set(flat)


@together(
    ("operations", "why"),
    [
        ([operation("spree_v3.shop.things", "get")], "names no API of spree_v3; begin it with 'spree_v3.admin.' or"),
        ([operation("spree_v3.admin", "get")], "names no API of spree_v3"),
        ([operation("spree_v3.admin.Things", "get")], "must name a system and a resource"),
        ([operation("spree_v3.admin.things..parts", "get")], "must name a system and a resource"),
        ([operation("vinr.things.parts", "get")], "must name a system and a resource"),
        (
            [operation("spree_v3.admin.things", "parts"), operation("spree_v3.admin.things.parts", "get")],
            "would be the same attribute as an operation of 'spree_v3.admin.things'",
        ),
        (
            [operation("spree_v3.admin.a.b_c", "get"), operation("spree_v3.admin.a_b.c", "get")],
            "both become the module spree_v3_admin_a_b_c",
        ),
        (
            [operation("spree_v3.admin.things", "get") | {"operationId": "spree_v3.admin.things.parts.get"}],
            "its tag must be 'spree_v3.admin.things.parts'",
        ),
    ],
)
def test_what_has_no_place_is_refused_by_name(
    refusal: Callable[[Any], str], operations: list[dict[str, Any]], why: str
) -> None:
    """Nothing is put beside anything else in silence."""
    assert why in refusal(document(*operations))


def test_deep_tags_of_any_other_document_stay_names(tmp_path: Path) -> None:
    """All of them are resources of one client, as before there were resources in resources."""
    path = tmp_path / "other.json"
    path.write_text(json.dumps(document(operation("acme.things.parts", "get"), operation("acme.things", "get"))))
    plan = generate_sdk(path, tmp_path / "acme_shop")

    (system,) = plan.systems
    assert (system.name, system.known) == ("acme_shop", False)
    assert {one.chain: [method.name for method in one.methods] for one in system.resources} == {
        "acme_things": ["get"],
        "acme_things_parts": ["get"],
    }
