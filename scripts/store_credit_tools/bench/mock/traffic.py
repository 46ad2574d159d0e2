"""The requests that are sent, to the mock and to Prism alike, and the records they find."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import httpx

from store_credit_tools.bench.mock.load import NUMBER, Asked, loaded
from store_credit_tools.bench.mock.servers import CONTROL_TOKEN, SPREE_TOKEN, SPREE_V3_KEY, Process

__all__ = [
    "RECORDS",
    "SANDBOXES",
    "SPREE_BAD",
    "SPREE_LIST",
    "SPREE_OK",
    "SPREE_V3_BAD",
    "SPREE_V3_LIST",
    "SPREE_V3_OK",
    "VINR_BAD",
    "VINR_LIST",
    "VINR_OK",
    "by_header",
    "by_key",
    "fill",
    "issue",
    "spree_ones",
    "spree_v3_ones",
    "vinr_ones",
]

RECORDS = 2_000
"""How many credits a system has, each asked for in its turn."""
SANDBOXES = 200
"""How many sandboxes share a server, where they do."""
_NAMES = [f"job-{number}" for number in range(SANDBOXES)]

VINR = "/v1/store-credit"
SPREE = "/api/v2/platform/store_credits"
SPREE_V3 = "/api/v3/admin/customers/cus_UkLWZg9DAJ/store_credits"
_VINR_KEY = {"X-Api-Key": "sk_test_benchmarks"}
_SPREE_KEY = {"Authorization": f"Bearer {SPREE_TOKEN}"}
_VINR_JSON = {**_VINR_KEY, "Content-Type": "application/json"}
_SPREE_V3_KEY = {"X-Spree-Api-Key": SPREE_V3_KEY}
_SPREE_V3_JSON = {**_SPREE_V3_KEY, "Content-Type": "application/json"}
_SPREE_JSON = {**_SPREE_KEY, "Content-Type": "application/vnd.api+json"}
_VINR_BODY = f'{{"customer":"cust_8aZ2","amount":%s{NUMBER},"currency":"USD"}}'
# The amounts of Spree have at most eight digits, so that the memo has the number.
_SPREE_BODY = (
    '{"store_credit":{"user_id":"2","category_id":"1","type_id":"1","created_by_id":"1","amount":%s,"currency":"USD",'
    f'"memo":"Sorry that parcel {NUMBER} was late"}}}}'
)
# No customer of v3 can hold more than 999,999.99 of one currency.
_SPREE_V3_BODY = f'{{"amount":"%s","currency":"USD","memo":"Sorry that parcel {NUMBER} was late"}}'

VINR_LIST = Asked([f"{VINR}?limit=100"], headers=_VINR_KEY)
VINR_BAD = Asked([VINR], "4", "POST", _VINR_BODY % "-", _VINR_JSON)
VINR_OK = Asked([VINR], "2", "POST", _VINR_BODY % "", _VINR_JSON)
SPREE_LIST = Asked([f"{SPREE}?per_page=100"], headers=_SPREE_KEY)
SPREE_BAD = Asked([SPREE], "4", "POST", _SPREE_BODY % '"-5.0"', _SPREE_JSON)
SPREE_OK = Asked([SPREE], "2", "POST", _SPREE_BODY % '"50.0"', _SPREE_JSON)
SPREE_V3_LIST = Asked([f"{SPREE_V3}?limit=100"], headers=_SPREE_V3_KEY)
SPREE_V3_BAD = Asked([SPREE_V3], "4", "POST", _SPREE_V3_BODY % "-5.00", _SPREE_V3_JSON)
SPREE_V3_OK = Asked([SPREE_V3], "2", "POST", _SPREE_V3_BODY % "0.01", _SPREE_V3_JSON)


def vinr_ones(identities: Sequence[str]) -> Asked:
    """Show VINR's credits, one at a time."""
    return Asked([f"{VINR}/{identity}" for identity in identities], headers=_VINR_KEY)


def spree_ones(identities: Sequence[str]) -> Asked:
    """Show Spree's credits, one at a time."""
    return Asked([f"{SPREE}/{identity}" for identity in identities], headers=_SPREE_KEY)


def spree_v3_ones(identities: Sequence[str]) -> Asked:
    """Show a customer's credits of Spree v3, one at a time."""
    return Asked([f"{SPREE_V3}/{identity}" for identity in identities], headers=_SPREE_V3_KEY)


def by_header(asked: Asked) -> Asked:
    """Spread requests over all sandboxes, which they name by a header."""
    return replace(asked, varying=[{"X-Mock-Sandbox": name} for name in _NAMES])


def by_key(asked: Asked) -> Asked:
    """Spread requests over all sandboxes, which they name by VINR's key or by Spree's token."""
    if "X-Api-Key" in asked.headers:
        return replace(asked, varying=[{"X-Api-Key": f"sk_test_sandbox_{name}_benchmarks"} for name in _NAMES])
    if "X-Spree-Api-Key" in asked.headers:
        return replace(asked, varying=[{"X-Spree-Api-Key": f"sk_sandbox_{name}_benchmarks"} for name in _NAMES])
    return replace(asked, varying=[{"Authorization": f"Bearer sandbox_{name}_benchmarks"} for name in _NAMES])


def fill(
    mock: Process, count: int = RECORDS, *, vinr: Asked = VINR_OK, spree: Asked = SPREE_OK, v3: Asked | None = None
) -> tuple[list[str], list[str], list[str]]:
    """Empty a mock and issue credits on VINR and Spree, and on Spree's API v3 if its request is given.

    Returns:
        Their ids on each, in the order of the requests.
    """
    # Where it speaks TLS, its certificate is its own, and wrk does not look at it either.
    with httpx.Client(base_url=mock.url, trust_env=False, timeout=60, verify=False) as client:  # noqa: S501
        client.post("/_mock/reset", headers={"Authorization": f"Bearer {CONTROL_TOKEN}"}).raise_for_status()
        return (
            _issue(client, vinr, count),
            _issue(client, spree, count),
            [] if v3 is None else _issue(client, v3, count),
        )


def issue(mock: Process, count: int) -> int:
    """Issue as many of VINR's credits, or a few more, as fast as the mock takes them; gives how many."""
    done = 0
    while done < count:
        done += loaded(mock.url, VINR_OK, 2).count
    return done


def _issue(client: httpx.Client, asked: Asked, count: int) -> list[str]:
    found: list[str] = []
    for number in range(1, count + 1):
        response = client.post(asked.targets[0], content=asked.numbered(number), headers=asked.headed(number - 1))
        response.raise_for_status()
        value = response.json()
        found.append(value["id"] if "id" in value else value["data"]["id"])
    return found
