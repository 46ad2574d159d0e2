"""The requests that are sent, to the mock and to Prism alike, and the records they find."""

from __future__ import annotations

from collections.abc import Sequence

import httpx

from store_credit_tools.bench.mock.load import NUMBER, Asked
from store_credit_tools.bench.mock.servers import CONTROL_TOKEN, SPREE_TOKEN, Process

__all__ = [
    "RECORDS",
    "SPREE_BAD",
    "SPREE_LIST",
    "SPREE_OK",
    "VINR_BAD",
    "VINR_LIST",
    "VINR_OK",
    "fill",
    "spree_ones",
    "vinr_ones",
]

RECORDS = 2_000
"""How many credits a system has, each asked for in its turn."""

VINR = "/v1/store-credit"
SPREE = "/api/v2/platform/store_credits"
_VINR_KEY = {"X-Api-Key": "sk_test_benchmarks"}
_SPREE_KEY = {"Authorization": f"Bearer {SPREE_TOKEN}"}
_VINR_JSON = {**_VINR_KEY, "Content-Type": "application/json"}
_SPREE_JSON = {**_SPREE_KEY, "Content-Type": "application/vnd.api+json"}
_VINR_BODY = f'{{"customer":"cust_8aZ2","amount":%s{NUMBER},"currency":"USD"}}'
# The amounts of Spree have at most eight digits, so that the memo has the number.
_SPREE_BODY = (
    '{"store_credit":{"user_id":"2","category_id":"1","type_id":"1","created_by_id":"1","amount":%s,"currency":"USD",'
    f'"memo":"Sorry that parcel {NUMBER} was late"}}}}'
)

VINR_LIST = Asked([f"{VINR}?limit=100"], headers=_VINR_KEY)
VINR_BAD = Asked([VINR], "4", "POST", _VINR_BODY % "-", _VINR_JSON)
VINR_OK = Asked([VINR], "2", "POST", _VINR_BODY % "", _VINR_JSON)
SPREE_LIST = Asked([f"{SPREE}?per_page=100"], headers=_SPREE_KEY)
SPREE_BAD = Asked([SPREE], "4", "POST", _SPREE_BODY % '"-5.0"', _SPREE_JSON)
SPREE_OK = Asked([SPREE], "2", "POST", _SPREE_BODY % '"50.0"', _SPREE_JSON)


def vinr_ones(identities: Sequence[str]) -> Asked:
    """Show VINR's credits, one at a time."""
    return Asked([f"{VINR}/{identity}" for identity in identities], headers=_VINR_KEY)


def spree_ones(identities: Sequence[str]) -> Asked:
    """Show Spree's credits, one at a time."""
    return Asked([f"{SPREE}/{identity}" for identity in identities], headers=_SPREE_KEY)


def fill(mock: Process, count: int = RECORDS) -> tuple[list[str], list[str]]:
    """Empty a mock and issue credits on both systems; gives their ids on each."""
    with httpx.Client(base_url=mock.url, trust_env=False, timeout=60) as client:
        client.post("/_mock/reset", headers={"Authorization": f"Bearer {CONTROL_TOKEN}"}).raise_for_status()
        return _issue(client, VINR_OK, count), _issue(client, SPREE_OK, count)


def _issue(client: httpx.Client, asked: Asked, count: int) -> list[str]:
    found: list[str] = []
    for number in range(1, count + 1):
        response = client.post(asked.targets[0], content=asked.numbered(number), headers=dict(asked.headers))
        response.raise_for_status()
        value = response.json()
        found.append(value["id"] if "id" in value else value["data"]["id"])
    return found
