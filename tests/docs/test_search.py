"""What the search of the pages finds, and in which order; asked in Node, of the files that a browser loads."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from pagetree import Tree, words

from store_credit_tools.node import NodeUnavailableError, node

Files = Mapping[str, bytes]
Row = Mapping[str, Any]
Search = Callable[[str], Sequence[Row]]

SCRIPTS = ("minisearch.js", "search.js", "search-index.js")
QUERIES = [
    "create", "update", "delete", "refund", "rate limit", "timeout", "429", "install", "idempotency", "idempotancy",
    "idempotenc", "credit", "crdeit", "webhoks", "expires_at", "id", "Idempotency-Key", "use_store_credit",
    "idempotency_conf", "constant time", "OutcomeUnknownError", "unknown outcome", "Store credits", "zzzz", "", " . ",
    "refund qqqq", "X-RateLimit-Limit", "spree_v3.store.carts.get", "quickstart", "getting started", "how do I refund",
    "How can I refund my customer?", "openapi download", "settle", "what is the", "list", "unknown",
    "exactly once", "resume", "undo", "kill", "bulk", "csv", "liability",
    "X-Api-Key", "X-Spree-Api-Key", "Authorization", "pk_",
    "STORE_CREDIT_LOG", "VINR_BASE_URL", "http_client", "max_retries",
    "fault", "sandbox", "proxy", "verify", "coverage", "inspector", "ruby", "php", "void", "revoke", "cancel",
]  # fmt: skip

WORDS_OF_STRANGERS = {
    "race": {"recipe-checkout.html", "idempotency.html"},
    "concurrent": {"recipe-checkout.html", "idempotency.html"},
    "concurrency": {"recipe-checkout.html", "idempotency.html"},
    "simultaneous": {"recipe-checkout.html", "idempotency.html"},
    "double click": {"recipe-checkout.html", "idempotency.html"},
    "stub": {"testing.html"},
    "fake": {"testing.html"},
    "emulator": {"testing.html"},
    "unit test": {"testing.html"},
    "docker": {"testing.html#in-a-container"},
    "container": {"testing.html#in-a-container"},
    "ci": {"testing-coverage.html#in-ci", "testing-validate.html#a-gate-in-ci"},
    "lifecycle": {"money.html", "recipe-checkout.html"},
    "states": {"money.html", "recipe-checkout.html"},
    "cents": {"money.html"},
    "rounding": {"money.html"},
    "timezone": {"requests.html"},
    "time zone": {"requests.html", "requests.html#times"},
    "utc": {"requests.html", "requests.html#times"},
    "typed": {"sdk.html"},
    "mypy": {"sdk.html"},
    "type hints": {"sdk.html"},
    "async": {"sdk.html"},
    "logging": {"sdk-observing.html"},
    "retries": {"timeouts.html", "idempotency.html"},
    "paging": {"pagination.html"},
    "hmac": {"webhooks.html"},
    "permission": {"authentication.html"},
    "production": {"recipe-go-live.html"},
    "show balance": {"recipe-balance.html"},
    "take back": {"recipe-take-back.html"},
    "issued by mistake": {"recipe-take-back.html"},
    "fraud": {"recipe-take-back.html"},
    "migrate": {"spree-v2-to-v3.html", "recipe-move.html"},
    "golang": {"testing-go.html"},
    "kotlin": {"testing-java.html"},
    "javascript": {"testing-typescript.html"},
    "excel": {"jobs-issue.html"},
    "claude": {"reading.html", "reading.html#for-coding-agents"},
    "test data": {"testing.html#test-data"},
    "test card": {"testing.html#test-data"},
    "test keys": {"testing.html#test-keys"},
    "alice": {"testing.html#customers-carts-and-orders"},
}
"""What people type who have not read a page yet, and the places that they mean."""
QUERIES += WORDS_OF_STRANGERS


@pytest.fixture(scope="module")
def rows(files: Files, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Sequence[Row]]:
    """The rows of every query, found in one run of Node."""
    try:
        runs = node()
    except NodeUnavailableError as reason:
        pytest.skip(str(reason))
    folder = tmp_path_factory.mktemp("search")
    for name in SCRIPTS:
        (folder / name).write_bytes(files[f"assets/{name}"])
    asked = json.dumps({"folder": str(folder), "queries": QUERIES})
    command = [runs, str(Path(__file__).with_name("search.mjs")), asked]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    return dict(zip(QUERIES, json.loads(done.stdout)["found"], strict=True))


@pytest.fixture
def search(rows: Mapping[str, Sequence[Row]]) -> Search:
    """Give the rows of one of the queries."""
    return rows.__getitem__


def names(found: Sequence[Row]) -> list[str]:
    return [row["name"] for row in found]


def is_operation(row: Row) -> bool:
    return " · " in row["name"]


@pytest.mark.parametrize("verb", ["create", "update", "delete"])
def test_a_verb_finds_its_operations_before_anything_else(verb: str, search: Search, files: Files) -> None:
    """Those of every system, whatever their titles say; attributes such as `created_at` do not come between."""
    index = json.loads(files["assets/search-index.js"].decode().removeprefix("window.searchIndex=").rstrip(";\n"))
    wanted = {name for _, _, name, *_ in index[1] if " · " in name and name.endswith(f".{verb}")}

    assert len(wanted) >= 4
    assert {row["name"] for row in search(verb)[: len(wanted)]} == wanted


@pytest.mark.parametrize("query", ["refund", "rate limit", "timeout", "429"])
def test_what_an_operation_is_used_for_or_refuses_finds_it(query: str, search: Search) -> None:
    """Though the word is in no title: by what it issues, by its statuses, by what a lost response means for it."""
    assert sum(map(is_operation, search(query))) >= 3


@pytest.mark.parametrize(
    ("query", "page"),
    [
        *[("rate limit", "rate-limits"), ("429", "rate-limits"), ("timeout", "timeouts"), ("refund", "recipe-refund")],
        *[(verb, "recipe-take-back") for verb in ("void", "revoke", "cancel")],
    ],
)
def test_a_task_finds_the_page_about_it(query: str, page: str, search: Search) -> None:
    """Among the first three rows."""
    places = [place["href"].partition("#")[0] for row in search(query)[:3] for place in row["places"]]

    assert f"{page}.html" in places


@pytest.mark.parametrize(
    ("query", "page"),
    [
        ("quickstart", "index"),
        ("getting started", "index"),
        ("ruby", "index"),
        ("php", "index"),
        ("refund", "recipe-refund"),
        ("how do I refund", "recipe-refund"),
        ("openapi download", "tools"),
        ("429", "rate-limits"),
        ("fault", "testing-faults"),
        ("sandbox", "testing-faults"),
        ("proxy", "testing-validate"),
        ("verify", "testing-validate"),
        ("coverage", "testing-coverage"),
        ("inspector", "testing-inspector"),
    ],
)
def test_the_page_about_a_task_comes_first(query: str, page: str, search: Search) -> None:
    """Whatever words the question is made of, and though the page has another title."""
    assert search(query)[0]["places"][0]["href"] == f"{page}.html"


@pytest.mark.parametrize("query", ["X-Api-Key", "X-Spree-Api-Key", "Authorization", "pk_"])
def test_a_header_or_a_prefix_finds_its_credential(query: str, search: Search) -> None:
    """On the page about authentication, before anything that only uses it."""
    assert search(query)[0]["places"][0]["href"].startswith("authentication.html#scheme")


@pytest.mark.parametrize(
    ("query", "page"),
    [
        ("STORE_CREDIT_LOG", "environment"),
        ("VINR_BASE_URL", "environment"),
        ("http_client", "sdk-clients"),
        ("max_retries", "sdk-clients"),
    ],
)
def test_an_exact_name_of_the_reference_comes_first(query: str, page: str, search: Search) -> None:
    """A variable of the environment, or an argument of a client: where it is described."""
    assert search(query)[0]["places"][0]["href"].startswith(f"{page}.html#")


@pytest.mark.parametrize(
    ("query", "places"),
    [
        ("exactly once", ["jobs-guarantees.html"]),
        ("kill", ["jobs-guarantees.html"]),
        ("resume", ["jobs-issue.html#stop-and-resume"]),
        ("undo", ["jobs-issue.html#undo"]),
        ("bulk", ["jobs-issue.html"]),
        ("csv", ["jobs-issue.html"]),
        ("liability", ["jobs-audit.html"]),
    ],
)
def test_what_is_asked_about_jobs_is_found(query: str, places: Sequence[str], search: Search) -> None:
    """Among the first three rows: the guides before the names of commands."""
    found = [place["href"] for row in search(query)[:3] for place in row["places"]]

    assert set(places) <= set(found)


@pytest.mark.parametrize(("query", "places"), WORDS_OF_STRANGERS.items(), ids=list(WORDS_OF_STRANGERS))
def test_the_words_of_a_stranger_lead_to_the_page_about_it(query: str, places: set[str], search: Search) -> None:
    """Before anything else, though no page has the word in its title, and some have it nowhere."""
    found = [row["places"][0]["href"] for row in search(query)[: len(places)]]

    assert set(found) == places


def test_words_of_a_question_do_not_count(search: Search) -> None:
    """Unless there are no others."""
    assert search("how do I refund") == search("refund")
    assert is_operation(search("How can I refund my customer?")[1])
    assert search("what is the")


def test_a_status_finds_the_page_of_errors(search: Search) -> None:
    assert [row["places"][0]["href"] for row in search("429")[:2]] == ["rate-limits.html", "errors.html"]


def test_where_new_work_begins_comes_first(search: Search) -> None:
    """VINR and Spree v3 before Spree v2."""
    groups = [row["places"][0]["where"].partition(" · ")[0] for row in search("create")[:5]]

    assert set(groups[:2]) == {"VINR", "Spree Admin API v3"}
    assert set(groups[2:]) == {"Spree Platform API v2"}


def test_the_reference_of_the_sdk_and_the_changelog_come_after_operations_and_pages(search: Search) -> None:
    """`Timeout` is a class of the SDK; who looks for a timeout looks for the guide."""
    assert search("timeout")[0]["places"][0]["href"] == "timeouts.html"
    for query in ("create", "update", "delete", "list", "refund", "429"):
        pages = [place["href"] for row in search(query)[:5] for place in row["places"]]
        assert not [page for page in pages if page.startswith(("sdk", "mock-control", "command", "changelog"))], query
    assert "sdk-clients.html#clientsettle" in [place["href"] for row in search("settle")[:3] for place in row["places"]]


def test_how_to_install_is_found(search: Search) -> None:
    assert search("install")


@pytest.mark.parametrize(
    ("typed", "meant"), [("idempotancy", "idempotency"), ("idempotenc", "idempotency"), ("crdeit", "credit")]
)
def test_one_wrong_letter_finds_what_was_meant(typed: str, meant: str, search: Search) -> None:
    """Another letter, a missing one, or two neighbours in each other's place."""
    found = names(search(typed))
    assert meant in found[0].lower()
    assert search(meant)[0]["name"] in found


def test_a_missing_letter_inside_a_word(search: Search) -> None:
    assert search("webhoks")[0]["places"][0]["href"].startswith("webhooks.html")


def test_things_of_one_name_are_one_row_with_their_places(search: Search) -> None:
    """`expires_at` is in three places."""
    for query in ("expires_at", "id", "Idempotency-Key", "Store credits"):
        found = names(search(query))
        assert len({name.lower() for name in found}) == len(found), query
    for query in ("expires_at", "id", "Idempotency-Key"):
        assert search(query)[0]["name"] == query, "what is called exactly so comes first"
    row = search("expires_at")[0]
    assert sorted(place["where"].rpartition(" · ")[2] for place in row["places"]) == [
        "Create store credit", "The store credit object", "Update store credit",
    ]  # fmt: skip
    assert row["more"] == 0
    key = search("Idempotency-Key")[0]
    assert (len(key["places"]), key["more"] > 0) == (6, True)


def test_a_field_leads_to_the_body_in_json(search: Search, files: Files, trees: Mapping[str, Tree]) -> None:
    """And not to the same body in another encoding, which is folded; no member of such a one is in the index."""
    folded = {
        f"{path}#{anchor}"
        for path, tree in trees.items()
        for details in tree.all("details", "adv")
        if "The same body as" in words(details)
        for anchor in (one.get("id") for one in details.iter())
        if anchor
    }

    pages, entries = json.loads(
        files["assets/search-index.js"].decode().removeprefix("window.searchIndex=").rstrip(";\n")
    )

    assert "vinr-store-credit.html#create-form.expires_at" in folded
    assert search("expires_at")[0]["places"][0]["href"] == "vinr-store-credit.html#create.expires_at"
    assert not folded & {f"{pages[page][0]}.html#{anchor}" for page, _, _, anchor, *_ in entries}


def test_a_list_in_a_guide_says_which_section_it_is_in(search: Search) -> None:
    """Each system has its own header of that name."""
    (row,) = [one for one in search("X-RateLimit-Limit") if one["name"] == "X-RateLimit-Limit"]
    assert len({place["where"] for place in row["places"]}) == len(row["places"]) >= 2


def test_the_name_in_the_sdk_finds_its_operation(search: Search) -> None:
    assert names(search("use_store_credit"))[0] == "Use Store Credit for an Order · spree.orders.use_store_credit"
    assert names(search("spree_v3.store.carts.get"))[0] == "Get a cart · spree_v3.store.carts.get"


def test_the_beginning_of_a_code_finds_it(search: Search) -> None:
    assert search("idempotency_conf")[0]["places"][0]["href"] == "errors.html#idempotency_conflict"


def test_words_far_down_in_a_section_are_found_and_shown(search: Search) -> None:
    assert "constant time" in search("constant time")[0]["places"][0]["text"]


def test_the_words_of_a_class_find_it(search: Search) -> None:
    """And the class by its whole name."""
    assert search("OutcomeUnknownError")
    assert search("unknown outcome")


def test_what_is_nowhere_is_not_found(search: Search) -> None:
    """Neither is nothing; of several words those that exist are found."""
    assert [search(query) for query in ("zzzz", "", " . ")] == [[], [], []]
    assert names(search("refund qqqq"))[0] == names(search("refund"))[0]


def test_the_words_that_were_found_are_marked(rows: Mapping[str, Sequence[Row]], search: Search) -> None:
    """In names and excerpts, whose pieces are the whole text; in names that are written in one word, too."""
    for row in (row for found in rows.values() for row in found):
        assert "".join(row["marked"]) == row["name"]
        assert all("".join(place["marked"]) == place["text"] for place in row["places"])
    assert search("Idempotency-Key")[0]["marked"][1::2] == ["Idempotency", "Key"]
    assert search("idempotency_conf")[0]["marked"][1::2] == ["idempotency", "conflict"]
    assert {"constant", "time"} <= set(search("constant time")[0]["places"][0]["marked"][1::2])
    (error,) = [row for row in search("unknown") if row["name"] == "OutcomeUnknownError"]
    assert error["marked"] == ["Outcome", "Unknown", "Error"]


def test_a_place_says_what_it_is(rows: Mapping[str, Sequence[Row]], search: Search) -> None:
    kinds = {place["kind"] for found in rows.values() for row in found for place in row["places"]}

    assert kinds == {"page", "operation", "section", "decision", "field", "reference"}
    assert search("429")[0]["places"][0]["kind"] == "page"
    assert search("use_store_credit")[0]["places"][0]["kind"] == "operation"
    assert search("idempotency_conf")[0]["places"][0]["kind"] == "section"
    assert {place["kind"] for place in search("expires_at")[0]["places"]} == {"field"}


def test_every_result_leads_to_a_page(rows: Mapping[str, Sequence[Row]], files: Files) -> None:
    places = {place["href"].partition("#")[0] for found in rows.values() for row in found for place in row["places"]}

    assert places
    assert not places - set(files)
