"""The tables of test data on the page about testing, compared with the sandbox that `serve --samples` starts with."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from decimal import Decimal
from functools import cache
from typing import Any

import pytest

from bootstrap import ROOT
from store_credit_mock import Response
from store_credit_mock.systems.spree_v3.seeding import KEYS
from store_credit_tools.docs_site.sampling.requests import Header, SampleRequest
from store_credit_tools.docs_site.sampling.sandbox import SampleSandbox

GUIDE = (ROOT / "docs" / "guides" / "testing.md").read_text("utf-8")
CODE = re.compile(r"`([^`]+)`")
MONEY = re.compile(r"\b([A-Z]{3}) (\d+\.\d\d)\b")
PUBLISHABLE = Header("X-Spree-Api-Key", "pk_shop")
Row = Mapping[str, str]


@pytest.fixture(scope="module")
def sandbox() -> Iterator[SampleSandbox]:
    """What `store-credit-mock serve --samples` starts with."""
    with closing(SampleSandbox({})) as made:
        yield made


def rows(heading: str) -> Sequence[Row]:
    """A table of the page, by the names of its columns."""
    section = GUIDE.partition(f"### {heading}\n")[2].partition("\n#")[0]
    lines = [[cell.strip() for cell in line[1:-1].split(" |")] for line in section.splitlines() if line.startswith("|")]
    names, _, *found = lines
    return [dict(zip(names, cells, strict=True)) for cells in found]


CUSTOMERS = rows("Customers, carts and orders")
FAILING = [row for row in rows("Values that make something fail") if row["request"] != "any"]


def send(sandbox: SampleSandbox, method: str, path: str, *headers: Header, body: Any = None) -> Response:
    """Send a request to the sandbox as it is at the start."""
    sandbox.reset()
    path, _, query = path.partition("?")
    request = SampleRequest(
        operation="", title="", method=method, server="http://mock.test", path=path,
        query=tuple((name, value) for name, _, value in [query.partition("=")] if name),
        headers=(*headers, Header("Content-Type", "application/json")), body=body, answers=True,
    )  # fmt: skip
    return sandbox.send(request)


def get(sandbox: SampleSandbox, path: str, *headers: Header) -> Any:
    response = send(sandbox, "GET", path, *headers)
    assert response.status == 200, response.body
    return json.loads(response.body)


def credential(system: str, text: str) -> Header:
    """How a credential of a table is sent."""
    if text == "SPREE_SHOPPER_TOKEN":
        return Header("Authorization", "Bearer ", text)
    name = {"/v1": "X-Api-Key", "/api/v3": "X-Spree-Api-Key"}.get(system)
    return Header(name, text) if name else Header("Authorization", f"Bearer {text}")


ADMIN = credential("/api/v3", "sk_full")
PLATFORM = credential("/api/v2", "sample-admin-token")


@cache
def _balances(sandbox: SampleSandbox) -> Mapping[tuple[str, str], Mapping[str, Decimal]]:
    """What each customer has left, by system and id, and by currency."""
    found: dict[tuple[str, str], dict[str, Decimal]] = {}

    def add(system: str, owner: str, currency: str, amount: Decimal) -> None:
        of_owner = found.setdefault((system, owner), {})
        of_owner[currency] = of_owner.get(currency, Decimal(0)) + amount

    for credit in get(sandbox, "/v1/store-credit?limit=100", credential("/v1", "sk_test_mock"))["data"]:
        add("VINR", credit["customer"], credit["currency"], Decimal(credit["balance_remaining"]) / 100)
    for customer in get(sandbox, "/api/v3/admin/customers?limit=100", ADMIN)["data"]:
        found["Spree v3", customer["id"]] = {}
        for credit in get(sandbox, f"/api/v3/admin/customers/{customer['id']}/store_credits", ADMIN)["data"]:
            add("Spree v3", customer["id"], credit["currency"], Decimal(credit["amount_remaining"]))
    for credit in get(sandbox, "/api/v2/platform/store_credits?include=user", PLATFORM)["data"]:
        left = Decimal(credit["attributes"]["amount"]) - Decimal(credit["attributes"]["amount_used"])
        add("Spree v2", credit["relationships"]["user"]["data"]["id"], credit["attributes"]["currency"], left)
    return found


def owners(row: Row) -> Sequence[str]:
    """The ids of a row: of the last customers in one row, the first and the last are named."""
    codes = CODE.findall(row["customer"])
    if row["system"] == "VINR":
        return codes
    if row["system"] == "Spree v3":
        return codes[1:]
    numbers = [int(one) for one in codes if one.isdecimal()]
    return [str(one) for one in range(numbers[0], numbers[-1] + 1)]


def test_every_variable_that_the_mock_prints_is_listed(sandbox: SampleSandbox) -> None:
    """With its value, unless that is another one on each start."""
    section = GUIDE.partition("### Test keys\n")[2].partition("\n#")[0]
    listed = {row["variable"].strip("`"): row["key or token"] for row in rows("Test keys") if row["variable"]}
    prose = section.rpartition("|\n")[2]

    for name, value in sandbox.environment.items():
        assert name in listed or f"`{name}`" in prose, name
        if name in listed:
            assert listed[name] in {f"`{value}`", "printed at startup"}, name
    assert {name for name, value in listed.items() if value == "printed at startup"} == {
        "SPREE_SHOPPER_TOKEN", "STORE_CREDIT_MOCK_CONTROL_TOKEN",
    }  # fmt: skip
    assert f"`VINR_WEBHOOK_SECRET` is `{sandbox.environment['VINR_WEBHOOK_SECRET']}`" in prose
    assert sandbox.environment["SPREE_WEBHOOK_SECRET"] == "0123456789abcdef" * 4
    assert listed.keys() <= sandbox.environment.keys()


def test_every_key_is_listed_with_its_scopes(sandbox: SampleSandbox) -> None:
    """And opens what the table says: a list needs one of the scopes that read credits."""
    opens = {key: row["opens"] for row in rows("Test keys") for key in CODE.findall(row["key or token"])}
    reads = {"read_store_credits", "write_store_credits", "read_all", "write_all"}
    path = "/api/v3/admin/customers/cus_UkLWZg9DAJ/store_credits"

    assert KEYS.keys() <= opens.keys()
    for key, (_, scopes) in KEYS.items():
        if key != "sk_revoked":
            assert all(f"`{scope}`" in opens[key] for scope in scopes), key
        if key.startswith("sk_"):
            allowed = key != "sk_revoked" and bool(reads & set(scopes))
            refused = 401 if key in {"sk_revoked", "sk_outlet"} else 403
            response = send(sandbox, "GET", path, Header("X-Spree-Api-Key", key))
            assert response.status == (200 if allowed and key != "sk_outlet" else refused), key
    assert send(sandbox, "GET", path, ADMIN).status == 200


def test_every_customer_is_listed_with_what_is_left(sandbox: SampleSandbox) -> None:
    """Everyone who has credit is listed, and the others are shown without any."""
    balances = _balances(sandbox)
    listed: dict[tuple[str, str], Mapping[str, Decimal]] = defaultdict(dict)
    for row in CUSTOMERS:
        left = {currency: Decimal(amount) for currency, amount in MONEY.findall(row["store credit"])}
        assert bool(left) is (row["store credit"] != "none")
        listed |= {(row["system"], owner): left for owner in owners(row)}

    assert {owner: left for owner, left in listed.items() if left} == {o: left for o, left in balances.items() if left}
    assert {owner for owner in listed if owner[0] == "Spree v3"} == {o for o in balances if o[0] == "Spree v3"}


@pytest.mark.parametrize("row", CUSTOMERS, ids=lambda row: f"{row['system']} {row['customer']}")
def test_a_customer_has_what_the_table_says(row: Row, sandbox: SampleSandbox) -> None:
    """Address, password, and carts and orders with their totals."""
    codes = CODE.findall(row["customer"])
    for email in (one for one in codes if "@" in one):
        body: dict[str, str] = {"email": email, "password": row["password"].strip("`")}
        path, headers = "/api/v3/store/auth/login", [PUBLISHABLE]
        if row["system"] == "Spree v2":
            path, headers = "/spree_oauth/token", []
            body = {"grant_type": "password", "username": email, "password": body["password"]}
        response = send(sandbox, "POST", path, *headers, body=body)
        assert response.status == 200, response.body
        if row["system"] == "Spree v3":
            assert json.loads(response.body)["user"]["id"] == codes[1]
    totals = MONEY.findall(row["carts and orders"])
    for name, total in zip(CODE.findall(row["carts and orders"]), totals, strict=True):
        if row["system"] == "Spree v2":
            path = "/api/v2/storefront/checkout/remove_store_credit"
            response = send(sandbox, "POST", path, Header("X-Spree-Order-Token", "sample-order-token"))
            cart = json.loads(response.body)["data"]["attributes"]
            assert (cart["number"], cart["currency"], Decimal(cart["total"])) == (name, total[0], Decimal(total[1]))
            continue
        shopper = [PUBLISHABLE, credential("", "SPREE_SHOPPER_TOKEN")]
        is_cart = name.startswith("cart_")
        path, headers = ("store/carts", shopper) if is_cart else ("admin/orders", [ADMIN])
        record = get(sandbox, f"/api/v3/{path}/{name}", *headers)
        assert (record["currency"], Decimal(record["total"])) == (total[0], Decimal(total[1]))
        said = row["carts and orders"].partition(f"`{name}`")[2].partition("`")[0]
        applied = "is applied" in said or row["carts and orders"].startswith("paid")
        assert (Decimal(record["store_credit_total"]) > 0) is applied
        if not is_cart:
            state = {"draft": "draft order", "placed": "paid order"}[record["status"]]
            assert row["carts and orders"].startswith(state)
            assert record["email"] == codes[0]


@pytest.mark.parametrize("row", FAILING, ids=lambda row: f"{row['what']}, {row['with']}")
def test_what_is_said_to_fail_fails(row: Row, sandbox: SampleSandbox) -> None:
    """With the status, and the code if one is named."""
    target, *bodies = CODE.findall(row["request"])
    method, path = target.split()
    system = re.match(r"/v1|/api/v\d", path)
    assert system
    headers = [credential(system[0], one) for one in CODE.findall(row["with"])]
    response = send(sandbox, method, path, *headers, body=json.loads(bodies[0]) if bodies else None)

    status, *code = CODE.findall(row["response"])
    assert response.status == int(status), response.body
    assert not code or json.loads(response.body)["error"]["code"] == code[0]
    if "empty list" in row["response"]:
        assert json.loads(response.body)["data"] == []
    for _, amount in MONEY.findall(row["response"]):
        cart = json.loads(response.body)
        assert Decimal(cart["store_credit_total"]) == Decimal(cart["total"]) == Decimal(amount)


def test_a_server_fails_by_a_header(sandbox: SampleSandbox) -> None:
    """For any request."""
    header = Header("X-Mock-Fault", "status=503")

    assert f"`{header.name}: {header.text}` | `503`" in GUIDE
    assert send(sandbox, "GET", "/v1/store-credit", credential("/v1", "sk_test_mock"), header).status == 503
