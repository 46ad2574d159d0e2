"""`serve --document` beside `prism mock` on the same documents: the status chosen, and whether bodies are right."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from store_credit_mock import Contract, Document, Engine, Options, Request
from store_credit_mock.contract import ExchangeValidator
from store_credit_mock.http import Response

from .process import running
from .served_documents import DIFFERENCES, DOCUMENTS, Probe

pytestmark = [pytest.mark.slow, pytest.mark.toolchain]


def _theirs(http: httpx.Client, url: str, probe: Probe) -> Response:
    method, _, target = probe.target.partition(" ")
    got = http.request(method, url + target, headers=probe.headers, content=probe.body)
    return Response(got.status_code, [(name.lower(), value) for name, value in got.headers.raw], got.content)


def _ours(engine: Engine, probe: Probe) -> Response:
    method, _, target = probe.target.partition(" ")
    response = engine.handle(Request.build(method, target, probe.headers, probe.body))
    if method == "HEAD":
        response.body = b""
    return response


def _wrong(validator: ExchangeValidator, probe: Probe, response: Response) -> list[str]:
    """Say what is wrong with a response that the document describes."""
    method, _, target = probe.target.partition(" ")
    located = validator.locate(method, target.partition("?")[0])
    found = validator.response(located, response.status, response.headers, response.body)
    return [str(one) for one in found.violations]


@pytest.mark.parametrize("name", DOCUMENTS)
def test_status_and_validity_are_prisms(
    name: str, prism_command: list[str], tmp_path: Path, http: httpx.Client
) -> None:
    """Whatever differs is on the list, with its reason, and nothing on the list is agreed on."""
    text, probes = DOCUMENTS[name]
    path = tmp_path / f"{name}.yaml"
    path.write_text(text, "utf-8")
    document = Document.read(path)
    validator = ExchangeValidator(document)
    engine = Engine(Contract(document), options=Options(seed=1))
    different: set[tuple[str, str, int, int]] = set()
    with running(prism_command, "mock", path, tmp_path) as prism:
        for probe in probes:
            ours, theirs = _ours(engine, probe), _theirs(http, prism.url, probe)
            said = f"{probe.target} {probe.headers or ''}{probe.body}".strip()
            if ours.status != theirs.status:
                different.add((name, said, ours.status, theirs.status))
            elif 200 <= ours.status < 300:
                assert _wrong(validator, probe, ours) == [], said
                assert _wrong(validator, probe, theirs) == [], said
                assert (ours.header("content-type") or "").partition(";")[0] == (
                    theirs.header("content-type") or ""
                ).partition(";")[0], said
    assert different == {key for key in DIFFERENCES if key[0] == name}
