"""Documents as five kinds of companies write them: each becomes a package of which every module can be imported."""

import importlib
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

pytest.importorskip("openapi_python_client", reason="the generator is not installed here")

from generator_cases import FOLDER

from store_credit_tools.generate.parsed import GenerationError
from store_credit_tools.generate.sdk import generate_sdk

LOOK_ALIKES = FOLDER / "look_alikes"
NAMES = ["accounting", "bank_data", "code_hosting", "payments", "telephony"]
MENDED = {
    "payments": {"      servers: [{ url: https://files.payments.test/ }]\n": ""},
    "telephony": {
        "name: DateSent<,": "name: DateSent<, x-argument: before,",
        "name: DateSent>,": "name: DateSent>, x-argument: after,",
    },
}
"""What the generator asks for, in the documents that it refuses as they are."""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Any]:
    """Gives the package made of a document, all of whose modules were imported."""
    folder = tmp_path_factory.mktemp("look_alikes")

    def make(name: str) -> Any:
        text = (LOOK_ALIKES / f"{name}.yaml").read_text("utf-8")
        for old, new in MENDED.get(name, {}).items():
            assert old in text
            text = text.replace(old, new)
        document = folder / f"{name}.yaml"
        document.write_text(text, "utf-8")
        package = f"like_{name}"
        if package not in sys.modules:
            generate_sdk(document, folder / package)
            sys.path.insert(0, str(folder))
            importlib.invalidate_caches()
            for path in sorted((folder / package).rglob("*.py")):
                importlib.import_module(
                    ".".join(path.relative_to(folder).with_suffix("").parts).removesuffix(".__init__")
                )
            sys.path.remove(str(folder))
        return sys.modules[package]

    return make


def client(package: Any, stem: str, credentials: Any, status: int, body: Any) -> Any:
    """A client of a package that gets one response to all it asks."""
    transport = httpx.MockTransport(lambda _: httpx.Response(status, **body))
    return getattr(package, f"{stem}Client")(
        "https://api.test", credentials, http_client=httpx.Client(transport=transport)
    )


@pytest.mark.parametrize("name", NAMES)
def test_a_document_of_a_company_becomes_a_package(made: Callable[[str], Any], name: str) -> None:
    """Every module of it is imported, so that each class is made."""
    package = made(name)

    assert package.models.__all__
    assert [one for one in package.__all__ if one.startswith("Async")]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("payments", r"get /v1/quotes/\{quote\}/pdf has another server .* give both the same"),
        ("telephony", r"get /2010-04-01/.*DateSent.* both become the argument.*; give one another with x-argument"),
    ],
)
def test_what_is_refused_is_mended_as_the_sentence_says(tmp_path: Path, name: str, said: str) -> None:
    """The documents as they are; `MENDED` does what is asked for."""
    with pytest.raises(GenerationError, match=rf"^{name}\.yaml:\d+: {said}"):
        generate_sdk(LOOK_ALIKES / f"{name}.yaml", tmp_path / name)


def test_records_of_payments_are_told_apart(made: Callable[[str], Any]) -> None:
    """A customer, one that was deleted, or an id; and what a source is, inside either."""
    package = made("payments")
    card = {
        "id": "card_1",
        "object": "card",
        "exp_month": 5,
        "customer": {"id": "cus_2", "object": "customer", "deleted": True},
    }
    body = {"id": "cus_1", "object": "customer", "created": 1893456000, "livemode": False, "default_source": card}
    asked = client(package, "LikePayments", {"bearerAuth": "k"}, 200, {"json": body})
    customer = asked.default.get_customers_customer("cus_1")

    assert type(customer).__name__ == "Customer"
    assert type(customer.default_source).__name__ == "Card"
    assert type(customer.default_source.customer).__name__ == "DeletedCustomer"
    assert customer.created.year == 2030
    assert customer.to_dict() == body


def test_a_response_of_a_code_host_is_of_the_kind_of_its_status(made: Callable[[str], Any]) -> None:
    """A list, an open object, or nothing."""
    package = made("code_hosting")

    def asked(status: int, **body: Any) -> Any:
        return client(package, "LikeCodeHosting", {}, status, body).repos.repos_get_contributors_stats("o", "r")

    assert [one.login for one in asked(200, json=[{"login": "a", "id": 1}])] == ["a"]
    assert asked(202, json={"soon": True}) == {"soon": True}
    assert asked(204) is None
