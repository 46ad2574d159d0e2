"""The pages about Spree v3 name recordings: each is there, and has the status and the code that the page says.

The table of traps has a recording and a test of the mock for each.
"""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path
from typing import Any, Final

import pytest

from bootstrap import ROOT

GUIDES = ROOT / "docs" / "guides"
PUBLISHED = GUIDES / "spree-v3-published-document.md"
RECORDINGS = {path.name: path for path in (ROOT / "tests" / "recordings").rglob("v[23].*.spree*.json")}
NAMED = re.compile(r"`(v[23]\.[a-z0-9_]+(?:\.[a-z0-9_]+)+)`")
TRAPS = GUIDES / "spree-v3-traps.md"
MOCK_TESTS = ROOT / "tests" / "mock" / "spree_v3"
TRAP = re.compile(r"^\| (?P<number>\d+) \| (?P<trap>[^|]+) \| (?P<versions>[^|]+) \| (?P<sdk>[^|]+) \|$", re.MULTILINE)
EVIDENCE = re.compile(r"^\| (?P<number>\d+) \| (?P<shown>[^|]+) \|$", re.MULTILINE)
SHOWN_ON_THE_MOCK: Final = {
    1: "test_v3_amounts.test_what_is_taken_before_6",
    2: "test_v3_amounts.test_the_locale_of_a_request_makes_an_amount_a_hundredfold",
    3: "test_v3_idempotency.test_twins_under_way_at_once_both_run",
    4: "test_v3_idempotency.test_a_refusal_that_was_kept_stands_in_the_way_of_its_correction",
    5: "test_v3_traps.test_5_deleting_an_authorized_credit_leaves_its_order_with_a_payment_nobody_can_capture",
    6: "test_v3_lists.test_a_misspelt_filter_lists_everything",
    7: "test_v3_redeeming.test_an_order_is_redeemed_by_who_may_write_orders",
    8: "test_v3_lists.test_own_lists_hide_other_currencies",
    9: "test_v3_traps.test_9_a_row_that_somebody_else_holds_is_409_and_is_not_kept_under_the_key",
    10: "test_v3_amounts.test_how_amounts_are_shown",
    11: "test_v3_webhooks.test_a_life_is_told_and_verified",
    12: "test_v3_credits.test_the_first_category_is_the_default",
    13: "test_v3_limits.test_5x_announces_a_limit_and_never_refuses",
    14: "test_v3_traps.test_14_completing_with_credit_for_a_part_captures_it_although_it_is_refused_5_6",
    15: "test_v3_traps.test_15_the_same_amount_off_and_on_again_never_completes_5_6",
    16: "test_v3_traps.test_16_a_cart_completed_twice_at_once_is_captured_once",
    17: "test_v3_traps.test_17_cancelling_after_a_partial_refund_gives_nothing_more_back",
    18: "test_v3_traps.test_18_the_payment_method_of_another_store_that_comes_first_is_taken",
    19: "test_v3_amounts.test_no_customer_holds_a_million",
    20: "test_v3_credentials.test_prefixes_of_ids_mean_nothing_to_5x",
    21: "test_v3_idempotency.test_a_revoked_key_still_replays",
    22: "test_v3_amounts.test_any_text_is_a_currency",
    23: "test_v3_traps.test_23_a_negative_redemption_makes_more_due_5_6",
    24: "test_v3_redeeming.test_only_6_0_keeps_to_the_currency_of_the_cart",
    25: "test_v3_lists.test_outstanding_is_all_or_nothing",
    26: "test_v3_redeeming.test_authorized_only_until_it_is_captured_or_voided",
    27: "test_v3_lists.test_an_edit_rewrites_the_one_allocation",
    28: "test_v3_credentials.test_a_key_and_a_token_are_both_checked",
    29: "test_v3_lists.test_expand_does_something_from_the_ledger_on",
    30: "test_v3_redeeming.test_a_gift_card_on_a_guests_cart_makes_credit_without_a_customer",
    31: "test_v3_idempotency.test_a_response_is_kept_and_given_again",
    32: "test_v3_idempotency.test_what_comes_from_an_exception_is_not_kept",
    33: "test_v3_idempotency.test_the_same_key_for_something_else_is_refused",
    34: "test_v3_idempotency.test_one_publishable_key_is_the_namespace_of_every_shopper",
    35: "test_v3_idempotency.test_a_key_lives_a_day",
    36: "test_v3_credentials.test_five_wrong_passwords_lock_an_account_of_6",
    37: "test_v3_lists.test_customers_are_found_by_a_search",
    38: "test_v3_credits.test_no_text_of_a_credit_takes_a_null_byte",
    39: "test_v3_lists.test_the_country_of_a_request_changes_nothing_where_a_store_has_one_market",
    40: "test_v3_redeeming.test_a_refund_lowers_what_is_used_and_makes_no_second_credit",
}
"""The test that the mock falls into each trap of the page, by its number there."""
ROW = re.compile(r"^\| (?P<status>\d{3}) `(?P<code>\w+)` \|.*\| `(?P<name>v3\.[\w.]+)` \|$", re.MULTILINE)


def recorded(name: str) -> list[dict[str, Any]]:
    """What each version answered."""
    return [json.loads(path.read_bytes()) for file, path in RECORDINGS.items() if file.startswith(f"{name}.spree")]


@pytest.mark.parametrize("guide", sorted(GUIDES.glob("spree-v*.md")), ids=lambda guide: guide.stem)
def test_every_recording_that_a_page_names_is_there(guide: Path) -> None:
    """Under the name without the suffix of the version."""
    named = set(NAMED.findall(guide.read_text("utf-8")))

    assert {name for name in named if not recorded(name)} == set()
    assert named or guide.stem in {"spree-v2-to-v3", "spree-v3-versions"}


def test_every_status_and_code_of_the_page_was_recorded() -> None:
    """By one of the versions at least; what was only read says so and is not among the rows."""
    rows = [found.groups() for found in ROW.finditer(PUBLISHED.read_text("utf-8"))]

    def codes(name: str) -> set[tuple[str, str]]:
        answers = [exchange["response"] for exchange in recorded(name)]
        return {(str(one["status"]), one["body"]["error"]["code"]) for one in answers if one["status"] >= 400}

    assert len(rows) > 15
    assert [row for row in rows if row[:2] not in codes(row[2])] == []


def mock_tests() -> set[str]:
    """As `module.function`."""
    return {
        f"{path.stem}.{one.name}"
        for path in MOCK_TESTS.glob("test_*.py")
        for one in ast.parse(path.read_text("utf-8")).body
        if isinstance(one, ast.FunctionDef)
    }


def test_every_trap_has_a_sentence_a_recording_and_a_test() -> None:
    """A row each in both tables, numbered without a gap; what no recording shows says that it was read or only seen."""
    text = TRAPS.read_text("utf-8")
    numbers = [int(row["number"]) for row in TRAP.finditer(text)]
    shown = {int(row["number"]): row["shown"] for row in EVIDENCE.finditer(text)}
    lines = text.partition("| what the SDK does |")[2].partition("\n\n")[0].strip().splitlines()[1:]

    assert numbers == list(shown) == list(SHOWN_ON_THE_MOCK) == list(range(1, len(lines) + 1))
    assert set(SHOWN_ON_THE_MOCK.values()) <= mock_tests()
    assert [number for number, names in shown.items() if not NAMED.search(names) and "*" not in names] == []
    only_read = [number for number, names in shown.items() if names == "*read*"]
    assert f"Traps {only_read[0]} to {only_read[-1]} were found only by reading" in text
    assert only_read == list(range(only_read[0], only_read[-1] + 1))


VERSIONS = re.compile(
    r"all|all before 6\.0|5\.5 to 6\.0-alpha(\+ledger)?(; 6\.0)?|(5\.5|5\.6|6\.0-alpha(\+ledger)?|6\.0)(, \S+)*"
)


def test_every_trap_names_versions_that_have_it_recorded() -> None:
    """Of what is said of a version that ran, a recording is of that version, or of its own mark on the page."""
    suffixes = {"5.6": "spree561", "6.0-alpha": "spree600alpha", "6.0-alpha+ledger": "spree600alpha_overlay"}
    missing: list[tuple[str, str]] = []
    text = TRAPS.read_text("utf-8")
    shown = {row["number"]: row["shown"] for row in EVIDENCE.finditer(text)}
    for row in TRAP.finditer(text):
        assert VERSIONS.fullmatch(row["versions"]), row["versions"]
        said = set(row["versions"].split(", ")) if row["versions"][0] != "a" else {"5.6", "6.0-alpha"}
        said |= {"5.6", "6.0-alpha"} if row["versions"].startswith("5.5 to") else set()
        for name in NAMED.findall(shown[row["number"]]):
            files = {file for file in RECORDINGS if file.startswith(f"{name}.spree")}
            wanted = {f"{name}.{suffixes[one]}.json" for one in said if one in suffixes}
            missing += [(row["number"], file) for file in sorted(wanted - files)]
    assert missing == []
