"""The requests that are sent, to the mock and to Prism alike, and the records they find."""

from __future__ import annotations

import httpx

from benchmarks.mock.load import Asked
from benchmarks.mock.servers import CONTROL_TOKEN, SPREE_TOKEN, Process

__all__ = ["SPREE_BAD", "SPREE_LIST", "SPREE_OK", "VINR_BAD", "VINR_LIST", "VINR_OK", "fill", "spree_one", "vinr_one"]

VINR = "/v1/store-credit"
SPREE = "/api/v2/platform/store_credits"
_VINR_KEY = {"X-Api-Key": "sk_test_benchmarks"}
_SPREE_KEY = {"Authorization": f"Bearer {SPREE_TOKEN}"}
_VINR_JSON = {**_VINR_KEY, "Content-Type": "application/json"}
_SPREE_JSON = {**_SPREE_KEY, "Content-Type": "application/vnd.api+json"}
_VINR_BODY = '{"customer":"cust_8aZ2","amount":%s,"currency":"USD"}'
_SPREE_BODY = (
    '{"store_credit":{"user_id":"2","category_id":"1","type_id":"1","created_by_id":"1","amount":%s,"currency":"USD",'
    '"memo":"Sorry that the parcel was late"}}'
)

VINR_LIST = Asked(f"{VINR}?limit=100", headers=_VINR_KEY)
VINR_BAD = Asked(VINR, "4", "POST", _VINR_BODY % "-5", _VINR_JSON)
VINR_OK = Asked(VINR, "2", "POST", _VINR_BODY % "1000", _VINR_JSON)
SPREE_LIST = Asked(f"{SPREE}?per_page=100", headers=_SPREE_KEY)
SPREE_BAD = Asked(SPREE, "4", "POST", _SPREE_BODY % '"-5.0"', _SPREE_JSON)
SPREE_OK = Asked(SPREE, "2", "POST", _SPREE_BODY % '"50.0"', _SPREE_JSON)


def vinr_one(identity: str) -> Asked:
    """Show one VINR credit."""
    return Asked(f"{VINR}/{identity}", headers=_VINR_KEY)


def spree_one(identity: str) -> Asked:
    """Show one Spree credit."""
    return Asked(f"{SPREE}/{identity}", headers=_SPREE_KEY)


def fill(mock: Process, count: int = 100) -> tuple[str, str]:
    """Empty a mock and issue credits on both systems; gives the id of one on each."""
    with httpx.Client(base_url=mock.url, trust_env=False, timeout=60) as client:
        client.post("/_mock/reset", headers={"Authorization": f"Bearer {CONTROL_TOKEN}"}).raise_for_status()
        found: list[str] = []
        for asked in (VINR_OK, SPREE_OK):
            identity = ""
            for _ in range(count):
                answer = client.post(asked.target, content=asked.body, headers=dict(asked.headers))
                answer.raise_for_status()
                value = answer.json()
                identity = value["id"] if "id" in value else value["data"]["id"]
            found.append(identity)
    return found[0], found[1]
