"""The page of changes between versions of Spree v3: its generated tables are complete, and its own table is true.

A row of the table written by hand names the version from which something changes. Where the OpenAPI document, the page
of traps or a recording says the same, the two are compared.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, cast

import pytest

from bootstrap import ROOT
from store_credit_mock.contract import Document
from store_credit_mock.contract.version_cut import versions_of
from store_credit_tools.docs_site.document import PagesError, Source
from store_credit_tools.docs_site.version_differences import difference_tables
from store_credit_tools.docs_site.version_ranges import range_of

GUIDES = ROOT / "docs" / "guides"
ROW = re.compile(r"^\| (?P<number>\d+) \| (?P<change>[^|]+) \| (?P<since>[^|]+) \| (?P<remedy>[^|]+) \|$", re.MULTILINE)
TRAP = re.compile(r"^\| (?P<number>\d+) \| [^|]+ \| (?P<versions>[^|]+) \| [^|]+ \|$", re.MULTILINE)
SCHEMAS = "#/components/schemas/"
CREDIT = f"{SCHEMAS}SpreeV3StoreCredit/properties/"
CODES = f"{SCHEMAS}SpreeV3ErrorDetail/properties/code/x-error-codes/"
CHANGES: Final[Mapping[int, Sequence[str]]] = {
    1: [f"{SCHEMAS}SpreeV3Amount/anyOf/1", f"{CODES}invalid_money_format"],
    2: [f"{CODES}invalid_money_format"],
    6: [f"{SCHEMAS}SpreeV3StoreCreditFilter/properties/memo_eq"],
    8: [f"{CODES}completion_in_progress"],
    12: [f"{CODES}rate_limit_exceeded", "#/components/responses/SpreeV3TooManyRequests"],
    16: [
        f"{CREDIT}category_id",
        f"{SCHEMAS}SpreeV3StoreCreditCreate/properties/category_id",
        "#/paths/~1api~1v3~1admin~1store_credit_categories/get",
    ],
    18: [f"{CODES}cart_not_found", "#/components/examples/SpreeV3ErrorCartNotFoundSix"],
    19: [f"{CODES}cart_cannot_transition", "#/components/examples/SpreeV3ErrorResponseCode"],
    20: [
        "#/paths/~1api~1v3~1admin~1store_credits/get",
        "#/paths/~1api~1v3~1admin~1store_credits~1{store_credit_id}~1events/get",
    ],
    21: ["#/components/parameters/SpreeV3StoreCreditExpand"],
    22: [f"{CREDIT}amount_authorized", f"{CREDIT}originator_type"],
    23: [f"{CREDIT}outstanding"],
    24: [
        f"{CREDIT}display_amount",
        f"{SCHEMAS}SpreeV3Customer/properties/display_total_spent",
        f"{SCHEMAS}SpreeV3AdminOrder/properties/display_total",
        f"{SCHEMAS}SpreeV3AdminPayment/properties/display_amount",
    ],
    25: [f"{SCHEMAS}SpreeV3Market/properties/{name}" for name in ("country_isos", "country_codes")],
    27: [f"{SCHEMAS}SpreeV3ErrorDetails/properties/required_permission"],
}
"""Parts of the OpenAPI document that appear or disappear with the change of a row."""
TRAPS: Final = {3: 2, 4: 24, 5: 23, 6: 6, 7: 34, 10: 19, 11: 10, 13: 36, 15: 20, 21: 29}
"""The trap that a row is about: it ends where the change begins, or begins there."""
BEFORE: Final = {
    "5.5, 5.6": "6.0-alpha",
    "5.5, 5.6, 6.0-alpha": "6.0-alpha+ledger",
    "5.5 to 6.0-alpha+ledger": "6.0",
    "5.5 to 6.0-alpha+ledger; 6.0": "6.0",
    "all before 6.0": "6.0",
    "6.0-alpha, 6.0-alpha+ledger, 6.0": "6.0-alpha",
    "all": "6.0-alpha+ledger",
}
"""The first version after, or in the last two cases with, a trap. Trap 6 ends for `memo` alone, as its text says."""
OTHERWISE: Final = {9, 14, 17, 26}
"""Rows with a test of their own."""


@pytest.fixture(scope="module")
def rows() -> Mapping[int, Mapping[str, str]]:
    """The table written by hand, by its numbers."""
    text = (GUIDES / "spree-v3-versions.md").read_text("utf-8")
    return {int(row["number"]): row.groupdict() for row in ROW.finditer(text)}


def marked(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Mapping[str, Any]]]:
    """Every part with `x-versions`."""
    if isinstance(value, dict):
        members = cast("Mapping[str, Any]", value)
        if "x-versions" in members:
            yield path, members
        for name, member in members.items():
            yield from marked(member, (*path, name))
    elif isinstance(value, list):
        for number, member in enumerate(cast("list[Any]", value)):
            yield from marked(member, (*path, str(number)))


def test_every_difference_of_the_document_is_on_the_page(document: Document, files: Mapping[str, bytes]) -> None:
    """By the name that a reader looks for, in one row with the versions that have it; only examples are left out."""
    lines = files["spree-v3-versions.md"].decode().partition("## Every difference")[2].splitlines()
    missing: list[tuple[str, ...]] = []
    found = [(path, owner) for path, owner in marked(document.data) if path[:2] != ("components", "examples")]
    for path, owner in found:
        versions = range_of(document.data, owner)
        assert versions is not None
        names = {
            "paths": f"`{path[2].upper()} {path[1]}`",
            "anyOf": f"as a JSON {owner.get('type')}",
            "parameters": f"`{owner.get('name')}`",
            "headers": "`Set-Cookie`",
            "responses": {"SpreeV3TooManyRequests": "Too many requests", "SpreeV3StoreNotFound": "Store not found"}.get(
                path[-1], path[-1]
            ),
        }
        name = names.get(path[0], names.get(path[-2], names.get(path[1], f"`{path[-1]}`")))
        if not any(name in line and line.endswith(f"| {versions.phrase} |") for line in lines):
            missing.append(path)
    assert len(found) > 100
    assert missing == []


def test_attributes_stand_in_the_row_of_their_object(document: Document, files: Mapping[str, bytes]) -> None:
    """Many objects have an attribute of the same name: the tables have each as often as the document."""
    table = files["spree-v3-versions.md"].decode().partition("### Attributes")[2].partition("###")[0]
    wanted = [path[-1] for path, _ in marked(document.data) if path[1] == "schemas" and path[-2] == "properties"]

    cells = re.findall(r"^\| \[[^|]+ \| (.+) \| [^|]+ \|$", table, re.MULTILINE)
    assert sorted(re.findall(r"`(\w+)`", " ".join(cells))) == sorted(wanted)


def test_a_difference_in_a_place_without_a_table_is_an_error(document: Document) -> None:
    """Rather than missing from the page."""
    source = Source(document)
    schemas = document.data["components"]["schemas"]
    place = schemas["SpreeV3Amount"]
    place["x-versions"] = ["6.0"]
    try:
        with pytest.raises(PagesError, match="has no row for it"):
            difference_tables(source, "spree_v3")
    finally:
        del place["x-versions"]


def test_every_row_is_checked(rows: Mapping[int, Mapping[str, str]]) -> None:
    """Numbered without a gap, by a part of the document, a trap, or a test of its own."""
    assert list(rows) == list(range(1, len(rows) + 1))
    assert {*CHANGES, *TRAPS, *OTHERWISE} == set(rows)


def first_change(document: Document, location: str) -> str:
    """The first version that has something which the one before lacks, or the other way round."""
    known = versions_of(document.data, "spree_v3")
    named = document.at(location)["x-versions"]
    has = [one in named for one in known]
    return next(known[number] for number in range(1, len(known)) if has[number] != has[number - 1])


def test_a_row_begins_where_the_document_changes(document: Document, rows: Mapping[int, Mapping[str, str]]) -> None:
    """Everything that a row is about appears or disappears in its version."""
    wrong = [
        (number, place, found)
        for number, places in CHANGES.items()
        for place in places
        if (found := first_change(document, place)) != rows[number]["since"]
    ]
    assert wrong == []


def test_a_row_begins_where_its_trap_ends(rows: Mapping[int, Mapping[str, str]]) -> None:
    """The page of traps names the versions that have each."""
    text = (GUIDES / "spree-v3-traps.md").read_text("utf-8")
    traps = {int(row["number"]): row["versions"] for row in TRAP.finditer(text)}
    # Trap 34 is in all versions before 6.0, as its row says of the code of a later 6.0.
    assert {number: BEFORE[traps[trap]] for number, trap in TRAPS.items()} == {
        number: rows[number]["since"] for number in TRAPS
    }


def test_the_other_rows(document: Document, rows: Mapping[int, Mapping[str, str]]) -> None:
    """Prefixes of ids, the end of API v2, cancelling after a partial refund, and a key beside a staff token."""
    families = document.data["x-systems"]["spree_v3"]["families"]
    old, new = families["5.x"], families["6.x"]
    assert rows[14]["since"] == new["versions"][0]
    for prefix in (*old["prefixes"], *new["prefixes"]):
        assert f"`{prefix}`" in rows[14]["change"]

    recorded = ROOT / "tests" / "recordings" / "spree-v3"
    gone = next(recorded.rglob("v2.platform.store_credits.spree600alpha.json")).read_text("utf-8")
    assert rows[17]["since"] == "6.0-alpha"
    assert re.search(r'"status": ?404', gone)

    cancel = next(one for name, one in document.operations.items() if name == "spree_v3.admin.orders.cancel")
    assert "After a partial refund, Spree 6.0 rejects" in cancel.definition["description"]
    assert "6.0-alpha returns 422 with an empty message" in (GUIDES / "spree-v3-traps.md").read_text("utf-8")
    assert rows[9]["since"] == "6.0-alpha"

    refused = document.operations["spree_v3.admin.customers.list"].definition["responses"]["401"]["description"]
    assert "Spree 5.6 and later reject an unknown key even with a valid token" in " ".join(refused.split())
    assert rows[26]["since"] == "5.6"
