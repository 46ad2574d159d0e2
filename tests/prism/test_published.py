"""Documents that packages of npm carry: Prism's own answers to them have no violation in the contract's eyes."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import unquote

import httpx
import pytest

from store_credit_mock import Contract, Document, Request
from store_credit_mock.contract import ExchangeValidator
from store_credit_mock.contract.document import unescape
from store_credit_mock.http import Response
from store_credit_tools.node import PRISM

from .process import running
from .published import PUBLISHED, Asked, requests

REASONS = {r"/password: writeOnly": "the document shows a password in its examples, and has it written only"}
"""Violations of Prism's answers that are true, with the reason."""


@pytest.mark.parametrize("name", PUBLISHED)
def test_prism_answers_as_the_contract_says(
    name: str, prism_command: list[str], http: httpx.Client, tmp_path: Path
) -> None:
    """Where Prism took a request and answered with the status asked for, neither side breaks the OpenAPI document."""
    path = PRISM / "node_modules" / name
    assert path.is_file(), f"{name} is not installed"
    validator = ExchangeValidator(Document.read(path))
    found: list[str] = []
    compared = 0
    with running(prism_command, "mock", path, tmp_path) as prism:
        for asked in requests(validator.closed):
            answer = http.request(
                asked.method, prism.url + _bare(validator.closed, asked), headers=asked.headers, content=asked.body
            )
            if str(answer.status_code) != asked.status or "sl-violations" in answer.headers:
                continue
            compared += 1
            found += [f"{asked.operation} {asked.status}: {one}" for one in _violations(validator, asked, answer)]

    assert [one for one in found if not any(re.search(known, one) for known in REASONS)] == []
    assert compared > 0


def _bare(contract: Contract, asked: Asked) -> str:
    """The target without what the document's servers put before its paths, which Prism leaves out."""
    operation = contract.operations[asked.operation]
    written = unescape(unquote(operation.pointer.split("/")[-2]))
    return asked.target.removeprefix(operation.template.removesuffix(written))


def _violations(validator: ExchangeValidator, asked: Asked, answer: httpx.Response) -> list[str]:
    target, _, query = asked.target.partition("?")
    sent = [(key.lower().encode(), value.encode()) for key, value in asked.headers.items()]
    request = Request(asked.method, target, query, sent, asked.body)
    headers = [(key.lower(), value) for key, value in answer.headers.raw if key.lower() != b"content-encoding"]
    sides = validator.exchange(request, Response(answer.status_code, headers, answer.content))
    return [str(one) for side in sides for one in side.violations]
