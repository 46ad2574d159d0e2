"""`store-credit audit` and `audit chain` as they are typed, against each system."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from jobs_support.office import Office
from store_credit_mock import Server

SYSTEMS = ("vinr", "spree-v2", "spree-v3")
CUSTOMERS = {"vinr": "cust_8aZ2", "spree-v2": "2", "spree-v3": "cus_UkLWZg9DAJ"}


@pytest.fixture(params=SYSTEMS)
def office(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Office]:
    """An account with three credits."""
    server = Server(spree_v3_profile="5.6").start()
    try:
        made = Office(tmp_path, {"shop": (request.param, server)})
        customer = CUSTOMERS[request.param]
        made.issue("shop", [(customer, 1250, "USD"), (customer, 800, "USD"), (customer, 500, "EUR")])
        yield made
    finally:
        server.stop()


def test_an_audit_tells_what_is_owed_and_its_chain_shows_what_was_changed(office: Office) -> None:
    """Figures are the server's, books that differ end with 5, and so does a snapshot that was touched since."""
    owed: dict[str, int] = {}
    for credit in office.credits("shop").values():
        owed[credit.currency] = owed.get(credit.currency, 0) + credit.minor - credit.used
    page = office.folder / "audit.html"
    said = office.run("audit", "--json", "--html", str(page))
    assert said.code == 0, said
    told = json.loads(said.out)
    assert {one["currency"]: one["figures"]["outstanding"] for one in told["currencies"]} == owed
    assert "</html>" in page.read_text()
    customer = CUSTOMERS[office.accounts["shop"].system]
    books = office.folder / "books.csv"
    books.write_text(f"customer,currency,amount\n{customer},USD,1.00\n")
    differs = office.run("audit", "--stored", "--against", str(books))
    assert differs.code == 5, differs
    assert customer in differs.out
    assert office.run("audit", "--quiet").code == 0
    whole = office.run("audit", "chain", "--json")
    assert whole.code == 0, whole
    (chain,) = whole.events
    assert (len(chain["snapshots"]), chain["problems"]) == (2, [])
    first = next(office.workspace.rglob(chain["snapshots"][0]["file"]))
    first.write_bytes(first.read_bytes().replace(b'"minor":1250', b'"minor":1251'))
    broken = office.run("audit", "chain")
    assert broken.code == 5, broken
    assert "NOT COMPLETE" in broken.err
