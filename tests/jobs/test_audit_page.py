"""An audit's page stands alone, runs nothing, shows what it is given as text, and can be read by everybody."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from functools import partial
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from jobs_support.listed_account import VINR, ListedAccount, credit
from store_credit_jobs.audit.notices import Window
from store_credit_jobs.audit.page import page
from store_credit_jobs.audit.report import Report
from store_credit_jobs.audit.run import Question, make_report
from store_credit_jobs.audit.sqlite_database import SqliteDatabase
from store_credit_jobs.credit import Credit
from store_credit_jobs.snapshots.credit_line import LARGEST
from store_credit_jobs.snapshots.export import Reading
from store_credit_jobs.snapshots.store import SnapshotStore
from store_credit_tools.node import BROWSER, NodeUnavailableError, program

AT = 1_790_000_000
DAY = 86_400
MONTH = 30 * DAY
CURRENCIES = ("USD", "JPY", "BHD", "EUR", "GBP", "CHF", "SEK", "NOK", "DKK", "PLN", "CZK", "HUF", "AUD", "XYZ")
MEMOS = (
    "<script>alert(1)</script>",
    "</title></style></svg><img src=x onerror=alert(1)>",
    "רווח טוב",
    "\u202egoodwill",
    "a & b \" c ' d",
    "&lt;b&gt;",
    "x" * 300,
)


def many() -> list[Credit]:
    """Credits of many currencies and months, with every text that could break a page."""
    return [
        credit(
            number,
            customer=f"<b>{number % 7}</b>",
            minor=LARGEST if number == 3 else 1000 * number,
            used=number % 3 * 10,
            authorized=number % 5 * 10 if number > 5 else 0,
            currency=CURRENCIES[number * number % len(CURRENCIES)],
            expires=None if number % 4 else AT - DAY + number % 5 * DAY,
            created=float(AT - number * MONTH),
            memo=MEMOS[number % len(MEMOS)],
            category=None if number % 2 else '"><script>alert(2)</script>',
            mark=f"sc1.c{number % 3}.{'a' * 32}.1" if number != 8 else "sc1.c1.odd.1",
        )
        for number in range(1, 61)
    ]


def report_of(folder: Path, held: list[Credit], **asked: Any) -> Report:
    store = SnapshotStore(folder)
    for months in (70, 35, 0):
        made = store.add(ListedAccount(held), VINR, Reading(clock=partial(float, AT - months * DAY)))
    heads = tuple(one.head for one in store.chain(VINR).snapshots)
    database = SqliteDatabase()
    try:
        return make_report(made, database, Question(history=heads, **asked))
    finally:
        database.close()


class Seen(HTMLParser):
    """What a page holds, as a browser reads it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self.open: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in ("meta", "link", "img", "rect", "line", "br"):
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if tag != "rect":
            assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def test_it_stands_alone_and_runs_nothing(tmp_path: Path) -> None:
    seen = Seen(page(report_of(tmp_path, many())))
    assert seen.open == []
    assert {tag for tag, _ in seen.tags} & {"script", "link", "img", "iframe", "object", "form", "a", "b"} == set()
    for tag, attributes in seen.tags:
        assert not [name for name in attributes if name.startswith("on") or name in ("src", "href", "style")], (
            tag,
            attributes,
        )
    policy = next(
        attributes for tag, attributes in seen.tags if attributes.get("http-equiv") == "Content-Security-Policy"
    )
    assert policy["content"] == "default-src 'none'; style-src 'unsafe-inline'"
    style = seen.text[next(place for place, text in enumerate(seen.text) if ":root" in text)]
    assert not re.search(r"url\(|@import", style)


def test_text_of_customers_is_shown_as_text(tmp_path: Path) -> None:
    written = page(report_of(tmp_path, many()))
    shown = "".join(Seen(written).text)
    for memo in MEMOS:
        assert memo.replace("\u202e", "\\u202e") in shown
    assert "\u202e" not in written
    # A memo that runs from right to left does not turn the amounts beside it.
    assert "<bdi>רווח טוב</bdi>" in written


def test_each_picture_says_what_it_shows_and_stands_beside_its_table(tmp_path: Path) -> None:
    written = page(report_of(tmp_path, many()))
    seen = Seen(written)
    ids = [attributes["id"] for _, attributes in seen.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    pictures = [attributes for tag, attributes in seen.tags if tag == "svg"]
    # One of all currencies, and for each of the six with the most credits two by month.
    assert len(pictures) == 13
    for attributes in pictures:
        assert attributes["role"] == "img"
        assert attributes["aria-labelledby"] in ids
        assert attributes["aria-describedby"] in ids
    for section in re.findall(r"<section.*?</section>", written, re.DOTALL):
        assert section.count("<table") == 1
    assert "2 more currencies are in the table" in written
    # Bars of amounts beyond a float's digits are of integers, too.
    assert re.findall(r' (?:x|y|width|height)="(?![0-9]+(?:\.[0-9])?")', written) == []


def test_every_table_is_named_and_has_heads(tmp_path: Path) -> None:
    seen = Seen(page(report_of(tmp_path, many(), window=Window.read("30d"))))
    ids = {attributes.get("id") for _, attributes in seen.tags}
    named = [attributes["aria-labelledby"] for tag, attributes in seen.tags if tag == "table"]
    assert set(named) <= ids
    assert {"currencies", "ages", "months", "history", "campaigns", "memos", "largest-credits", "expiring"} <= set(
        named
    )
    assert all(attributes.get("scope") in ("col", "row") for tag, attributes in seen.tags if tag == "th")


def test_an_account_without_credits_has_a_page(tmp_path: Path) -> None:
    written = page(report_of(tmp_path, []))
    assert "There are no credits." in written
    assert "<svg" not in written
    Seen(written)


def test_figures_are_right_down_to_the_last_digit(tmp_path: Path) -> None:
    held = [credit(1, minor=LARGEST), credit(2, minor=LARGEST, used=1), credit(3, minor=12345, currency="JPY")]
    written = page(report_of(tmp_path, held))
    owed = f"{2 * LARGEST - 1:,}"
    whole = f"{(2 * LARGEST - 1) // 100:,}.{(2 * LARGEST - 1) % 100:02d}"
    assert owed not in written
    assert f"<bdi>{whole}</bdi>" in written
    assert "<bdi>12,345</bdi>" in written


@pytest.fixture(scope="module")
def looked_at(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Any]:
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if chromium is None:
        pytest.skip("chromium is not installed, so that nobody looked at the page in a browser")
    folder = tmp_path_factory.mktemp("page")
    books = folder / "books.csv"
    books.write_text("customer,currency,amount\nsomebody,USD,1.00\n")
    path = folder / "audit.html"
    path.write_text(page(report_of(folder, many(), books=books, window=Window.read("30d"))), "utf-8")
    quiet = ["--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update"]
    # Root has no user namespace of its own to lock the browser into.
    alone = ["--no-sandbox"] if os.geteuid() == 0 else []
    try:
        command = program(BROWSER, "audit_page.mjs")
    except NodeUnavailableError as reason:
        pytest.skip(str(reason))
    asked = json.dumps({"chromium": chromium, "arguments": quiet + alone, "page": str(path)})
    done = subprocess.run(
        [*command, asked], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=160, check=False
    )
    assert done.returncode == 0, done.stderr
    return {one["name"]: one for one in map(json.loads, done.stdout.splitlines())}


@pytest.mark.toolchain
@pytest.mark.slow
@pytest.mark.parametrize("way", ["wide", "phone", "dark", "phone_in_the_dark", "paper"])
def test_axe_finds_nothing(way: str, looked_at: Mapping[str, Any]) -> None:
    assert looked_at[way]["found"] == []
    assert looked_at[way]["pictures"] == 13


@pytest.mark.toolchain
@pytest.mark.slow
def test_it_is_dark_where_that_is_wished_and_never_on_paper(looked_at: Mapping[str, Any]) -> None:
    assert looked_at["dark"]["background"] != looked_at["wide"]["background"]
    assert looked_at["paper"]["background"] == looked_at["wide"]["background"] == "rgb(255, 255, 255)"
