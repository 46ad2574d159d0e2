"""The servers of constants that the mock is compared with answer what is measured."""

from __future__ import annotations

import httpx
import pytest

from store_credit_tools.bench.mock.servers import constant
from store_credit_tools.bench.mock.traffic import VINR_OK

pytestmark = pytest.mark.takes_seconds


@pytest.mark.parametrize(("kind", "status"), [("app", 200), ("wire", 200), ("bare", 201)])
def test_a_constant_answers_requests(kind: str, status: int) -> None:
    """Each starts, answers a create of the load, and does so again on the same connection."""
    with constant(kind) as server, httpx.Client(base_url=server.url, trust_env=False, timeout=20) as client:
        for number in (10_000_001, 10_000_002):
            response = client.post(VINR_OK.targets[0], content=VINR_OK.numbered(number), headers=VINR_OK.headers)
            assert response.status_code == status
            assert response.json()["customer"] == "cust_8aZ2"
