"""`x-verified` is true: what is called recorded of a version is in tests/recordings, and the other way round."""

from __future__ import annotations

import re
from collections import defaultdict

from bootstrap import ROOT
from store_credit_mock.contract import Contract, Document
from store_credit_mock.contract.verified import verified
from store_credit_mock.recording.json_folder import read_files

VERSION = {"": "4.5", "4103": "4.10", "536": "5.3"}
HOW = {"recorded", "read from code", "documented", "decided"}


def test_what_is_called_recorded_was_recorded(document: Document) -> None:
    contract = Contract(document)
    seen: dict[str, set[str]] = defaultdict(set)
    for exchange in read_files(ROOT / "tests" / "recordings"):
        match = contract.find(exchange.method, exchange.path)
        if match is not None:
            found = re.search(r"\.spree(\d+)", exchange.name)
            seen[match.operation.id].add(VERSION[found[1] if found else ""])

    claimed = {
        identity: {one.version for one in verified(operation.definition) if one.how == "recorded"}
        for identity, operation in document.operations.items()
        if identity.startswith("spree.")
    }
    assert claimed == {identity: seen[identity] for identity in claimed}


def test_every_operation_says_how_and_when_it_was_verified(document: Document) -> None:
    for identity, operation in document.operations.items():
        if operation.pointer.startswith("/paths") or "/paths/" in operation.pointer:
            entries = verified(operation.definition)
            assert entries, identity
            assert {one.how for one in entries} <= HOW
            assert all(re.fullmatch(r"20\d\d-\d\d-\d\d", one.date) for one in entries)
