"""What passes through the proxy is counted as what the mock itself answers is."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from http_library import httpx

pytest.importorskip("aiohttp", reason="the extra `proxy` is not installed")

from served_mock import served

from .harness import commanded, upstream

KEY = {"X-Api-Key": "sk_test_any"}
SENT = json.dumps({"customer": "cust_8aZ2", "amount": 1000, "currency": "USD"}).encode()


def statuses(path: Path) -> dict[str, list[str]]:
    operations: dict[str, Any] = json.loads(path.read_text())["operations"]
    return {name: kinds["statuses"]["seen"] for name, kinds in operations.items() if kinds["statuses"]["seen"]}


@pytest.mark.takes_seconds
def test_what_passes_is_counted_and_held_against_gates(tmp_path: Path) -> None:
    """A file as `serve --coverage` writes it, without a word of what was sent."""
    path = tmp_path / "coverage.json"
    gates = ("--fail-under", "99", "--only", "vinr.*", "--require", "vinr.store_credit.create:201")
    with served("--observe") as mock, commanded(mock.url, "--coverage", str(path), *gates) as proxy:
        url = proxy.url + "/v1/store-credit"
        with httpx.Client(headers=KEY, trust_env=False) as client:
            assert client.get(url, params={"limit": 1}).status_code == 200
            content = {"Content-Type": "application/json"}
            assert client.post(url, content=SENT, headers=content).status_code == 201
        assert proxy.end() == 1
        assert "below 99 %" in proxy.log()
        assert "required but not seen" not in proxy.log()
    assert statuses(path) == {"vinr.store_credit.create": ["201"], "vinr.store_credit.list": ["200"]}
    operations = json.loads(path.read_text())["operations"]
    assert operations["vinr.store_credit.list"]["parameters"]["seen"] == ["query limit"]
    assert any("currency" in name for name in operations["vinr.store_credit.create"]["fields"]["seen"])
    assert "cust_8aZ2" not in path.read_text()


@pytest.mark.takes_seconds
def test_what_was_not_checked_or_broken_shows_nothing(tmp_path: Path) -> None:
    """A body above --max-check, and a response that breaks the OpenAPI document; a request decoded from gzip does."""
    path = tmp_path / "coverage.json"
    answered = b"HTTP/1.1 201 Created\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"
    with upstream(answered) as server, commanded(server.url, "--coverage", str(path), "--max-check", "200") as proxy:
        url = proxy.url + "/v1/store-credit"
        headers = {**KEY, "Content-Type": "application/json"}
        with httpx.Client(headers=headers, trust_env=False) as client:
            client.post(url, content=SENT + b" " * 200)
        proxy.next()
        with httpx.Client(headers=headers, trust_env=False) as client:
            client.post(url, content=gzip.compress(SENT), headers={"Content-Encoding": "gzip"})
        assert proxy.end() == 1
    assert statuses(path) == {}
    create = json.loads(path.read_text())["operations"]["vinr.store_credit.create"]
    assert any("currency" in name for name in create["fields"]["seen"])
