"""The README of the SDK: each sample is a program of its own, and runs on the mock that the page says to start."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from bootstrap import ROOT
from served_mock import Served, served
from store_credit import SpreeAdminClient, SpreeClient, SpreeStoreClient, VinrClient
from store_credit_tools.docs_site.anchors import slug_of
from store_credit_tools.readme_samples import Sample, samples

README = ROOT / "sdk" / "README.md"
TEXT = README.read_text("utf-8")
OF_ITS_OWN = {"store_credit_in_use"}
"""The code of the error that a sample shows how to catch."""


@pytest.fixture(scope="module")
def mock() -> Iterator[Served]:
    """What `store-credit-mock serve --samples` gives, on a free port."""
    with served("--samples") as running:
        yield running


@pytest.mark.parametrize("sample", samples(README), ids=lambda sample: f"line {sample.line}")
def test_a_sample_runs_alone(sample: Sample, mock: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a new session, on a mock that is as it was started, with the variables that the start printed."""
    mock.control.reset()
    for name, value in {**mock.started["environment"], "NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1"}.items():
        monkeypatch.setenv(name, value)

    assert sample.reason is None
    names: dict[str, Any] = {"__name__": "__main__"}
    try:
        exec(compile(sample.code, "README.md", "exec"), names)
    finally:
        # A program that ends closes them; this one goes on.
        for value in names.values():
            if isinstance(value, VinrClient | SpreeClient | SpreeAdminClient | SpreeStoreClient | httpx.Client):
                value.close()

    refused = [one for one in mock.control.exchanges() if one.response.status >= 400 or one.violations]
    assert [str(one) for one in refused if not any(code in str(one) for code in OF_ITS_OWN)] == []


def test_no_sample_has_an_address_or_a_secret_of_a_server() -> None:
    """Both come from the environment, so that nothing has to be changed before a sample runs."""
    for sample in samples(README):
        assert "http" not in sample.code.replace("http_client", "").replace("httpx", ""), sample.code
        assert not re.search(r"[sp]k_\w", sample.code), sample.code


def test_the_contents_lead_to_every_section() -> None:
    """Once each, in the table above the first of them."""
    head = TEXT[: TEXT.index("\n## ")]
    sections = re.findall(r"^## (.+)$", TEXT, re.MULTILINE)

    assert sorted(re.findall(r"\]\(#([\w-]+)\)", head)) == sorted(map(slug_of, sections))
