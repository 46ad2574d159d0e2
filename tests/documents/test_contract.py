"""What the contract says of each exchange of the corpus."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import pytest

from store_credit_mock import Document
from store_credit_mock.contract import ExchangeValidator

from .contract_cases import Case, Problems, cases, documents, validate


@lru_cache(maxsize=1)
def validator(path: Path) -> ExchangeValidator:
    """What validates by a document; the cases of one follow each other."""
    return ExchangeValidator(Document.read(path))


@pytest.mark.parametrize("case", [case for path in documents() for case in cases(path)], ids=str)
def test_an_exchange_is_validated_as_the_document_says(case: Case) -> None:
    """The right one has no violation, each wrong one its own, at its place."""
    assert validate(validator(case.path), case) == Problems([], [])


def test_each_document_has_a_right_exchange_and_a_wrong_one() -> None:
    """One of a kind alone would pass a contract that says always the same."""
    for path in documents():
        wrong = {bool(case.data["violations"]) for case in cases(path)}
        assert wrong in (set(), {False, True}), path.name
