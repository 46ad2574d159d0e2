"""What each version of Spree's API v3 responds to the samples, as a page loads it when a reader chooses a version."""

from __future__ import annotations

import copy
import dataclasses
import json
import re
from collections.abc import Mapping
from contextlib import closing
from html import unescape
from typing import Any

import pytest

from store_credit_mock import Engine, Options, Request
from store_credit_mock.contract import Document
from store_credit_mock.contract.version_cut import versions_of
from store_credit_tools.docs_site.samples import version_samples
from store_credit_tools.docs_site.sampling.errors import SampleError
from store_credit_tools.docs_site.sampling.sandbox import SEED

Samples = Mapping[str, Mapping[str, Mapping[str, Any]]]
STORE_CREDITS = "spree_v3.admin.customers.store_credits"
VERSIONS = versions_of(Document.read().data, "spree_v3")


@pytest.fixture(scope="module")
def samples(files: Mapping[str, bytes]) -> Samples:
    """By version and operation, out of the scripts of all pages: `ids`, and `text` where it differs from the page's."""
    found: dict[str, dict[str, dict[str, Any]]] = {}
    for path, content in files.items():
        if not path.endswith(".versions.js"):
            continue
        page = files[path.replace("assets/samples/", "").replace(".versions.js", ".html")].decode()
        for version, operations in json.loads(content.decode().removeprefix("window.versionSamples=")).items():
            for name, one in operations.items():
                assert f'id="{name}"' in page
                text = unescape(re.sub(r"<[^>]+>", "", one["html"])) if "html" in one else None
                found.setdefault(version, {})[name] = {"ids": one["ids"], "text": text}
    return found


def test_every_operation_is_played_in_every_version_that_has_it(samples: Samples) -> None:
    """And in no other; the usual version is what the page shows."""
    operations = {
        name: operation.definition.get("x-versions", VERSIONS)
        for name, operation in Document.read().operations.items()
        if name.startswith("spree_v3.")
    }

    assert len(VERSIONS) == 5
    assert {version: set(those) for version, those in samples.items()} == {
        version: {name for name, having in operations.items() if version in having} for version in VERSIONS
    }
    assert all(one == {"ids": {}, "text": None} for one in samples["5.6"].values())


@pytest.mark.parametrize("version", ["5.5", "6.0-alpha", "6.0"])
def test_a_response_is_what_the_mock_returns_in_that_version(version: str, samples: Samples) -> None:
    """A mock that was started apart, with the request as the page shows it for this version."""
    one = samples[version]["spree_v3.admin.customers.get"]
    identity = one["ids"].get("cus_AXs1igzRC6", "cus_AXs1igzRC6")
    with closing(Engine(options=Options(seed=SEED, samples=True, spree_v3_profile=version))) as mock:
        headers = {"Host": "shop.example.com", "X-Spree-Api-Key": "sk_full"}
        response = mock.handle(Request.build("GET", f"/api/v3/admin/customers/{identity}", headers))

    assert response.status == 200
    assert json.loads(one["text"]) == json.loads(response.body)


def test_responses_of_6_0_look_like_6_0(samples: Samples) -> None:
    """Decimals of the currency, no categories, other ids of customers; each is about what its request names."""
    created = json.loads(samples["6.0"][f"{STORE_CREDITS}.create"]["text"])

    assert (created["amount"], created["memo"]) == ("25.00", "refund-4711")
    assert created["customer_id"].startswith("cust_")
    for name, one in samples["6.0"].items():
        text = one["text"]
        if text is None:
            assert name.endswith((".delete", ".remove")), name
            continue
        assert not re.search(r'": "-?\d+\.\d"', text), name
        assert not re.search(r'"(category_id|category_name)"|"cus_', text), name
        assert all(after in text for before, after in one["ids"].items() if before[:3] in {"or_", "py_"}), name


@pytest.mark.parametrize("version", ["6.0-alpha", "6.0-alpha+ledger", "6.0"])
def test_orders_of_6_0_are_like_those_that_the_page_shows(version: str, samples: Samples) -> None:
    """A draft gets store credit, another one is completed, and a completed one cancelled, captured or voided."""
    orders = {
        name.removeprefix("spree_v3.admin.orders."): json.loads(one["text"])
        for name, one in samples[version].items()
        if name.startswith("spree_v3.admin.orders.") and one["text"]
    }

    assert (orders["get"]["status"], orders["get"]["email"]) == ("draft", "nora@shop.example")
    assert float(orders["store_credits.apply"]["store_credit_total"]) == 10
    assert (orders["complete"]["status"], orders["complete"]["payment_status"]) == ("placed", "paid")
    assert orders["cancel"]["status"] == "canceled"
    assert [one["status"] for one in orders["payments.list"]["data"]] == ["pending"]
    assert (orders["payments.capture"]["status"], orders["payments.void"]["status"]) == ("completed", "void")


def test_a_refused_sample_names_the_version() -> None:
    """Such as one of an operation that nothing says 6.0-alpha lacks."""
    document = Document.read()
    paths = copy.deepcopy(document.data["paths"])
    del paths["/api/v3/admin/store_credit_categories"]["get"]["x-versions"]
    wrong = dataclasses.replace(document, data={**document.data, "paths": paths})

    with pytest.raises(SampleError, match=r"^Spree 6\.0-alpha: spree_v3\.admin\.store_credit_categories\.list: "):
        version_samples(wrong)
