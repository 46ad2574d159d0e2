"""The parts the pages are put together from: anchors, words for schemas, homes, prose, highlighted code."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest

from store_credit_mock.contract.document import join
from store_credit_tools.docs_site.anchors import Anchors, Register, slug_of
from store_credit_tools.docs_site.document import PagesError, Source
from store_credit_tools.docs_site.highlighting import LANGUAGES, highlight
from store_credit_tools.docs_site.markdown import Texts
from store_credit_tools.docs_site.placement import homes_of
from store_credit_tools.docs_site.schema_text import Shapes, words_of
from store_credit_tools.docs_site.view_model import Place

PLACES = {
    "schema": {"VinrPage": Place("vinr-store-credit", "list-answer.page", "list-store-credit")},
    "decision": {"V1": Place("decisions", "v1", "vinr")},
}


def texts(ending: str = ".html", page: str = "index") -> Texts:
    return Texts(page, PLACES, ["index", "vinr-store-credit", "decisions"], ending)


@pytest.mark.parametrize(
    ("heading", "slug"),
    [
        ("Create store credit", "create-store-credit"),
        ("VINR: answers by status", "vinr-answers-by-status"),
        ("The cart's `token`, once", "the-carts-token-once"),
        ("store_credit.created", "store_creditcreated"),
        ("Größe", "größe"),
    ],
)
def test_ids_of_headings_are_those_readers_of_markdown_give(heading: str, slug: str) -> None:
    """The rule of GitHub."""
    assert slug_of(heading) == slug


def test_an_anchor_is_given_once() -> None:
    """Members of one name get anchors that tell them apart; two headings of one name are refused."""
    anchors = Anchors("page", "Page")

    assert anchors.member("create", "amount") == "create.amount"
    assert anchors.member("create", "amount") == "create.amount-2"
    assert anchors.member("credit", "attributes", "amount") == "credit.amount"
    assert anchors.heading("Body of it") == "body-of-it"
    with pytest.raises(ValueError, match="two headings"):
        anchors.heading("body of it")
    assert anchors.place("create.amount") == Place("page", "create.amount", "body-of-it")


def test_a_second_home_is_refused() -> None:
    """Nobody would know which of the two a link means."""
    register = Register()
    register.place("schema", "VinrPage", PLACES["schema"]["VinrPage"])

    with pytest.raises(ValueError, match="two homes"):
        register.place("schema", "VinrPage", Place("index", "x", "x"))


def test_a_schema_is_at_home_with_the_resource_it_is_nearest_to() -> None:
    """A category of a credit belongs to the categories; what a guide names belongs to the guide."""
    source = Source.read()
    resources = {str(tag["name"]): list(source.operations_of(tag["name"])) for tag in source.document.data["tags"]}
    events = {"webhooks": list(source.document.webhooks.values())}
    homes = homes_of(
        source, {**resources, **events}, {"SpreeError": "errors", "VinrEvent": "webhooks", "SpreeV3Event": "webhooks"}
    )

    assert homes["SpreeStoreCreditCategory"] == "spree.store_credit_categories"
    assert homes["VinrCustomer"] == "vinr.store_credit"
    assert homes["SpreeError"] == "errors"
    assert homes["VinrEventData"] == "webhooks"


def test_schemas_are_put_into_words() -> None:
    """Formats, lists, unions and references, as a reader says them."""
    shapes = Shapes(Source.read())
    schemas = "#/components/schemas"
    credit = join(schemas, "VinrStoreCredit", "properties")

    assert shapes.type(join(credit, "expires_at")) == "integer (Unix seconds)"
    assert shapes.nullable(join(credit, "expires_at"))
    assert shapes.type(join(credit, "customer")) == "string or [customer](schema:VinrCustomer)"
    assert shapes.type(join(schemas, "VinrStoreCreditList", "properties", "data")) == (
        "array of [store credit](schema:VinrStoreCredit)"
    )
    # A number is accepted by some versions only.
    amount = join(schemas, "SpreeV3StoreCreditCreate", "properties", "amount")
    assert shapes.type(amount) == "[string or number (until 6.0-alpha+ledger)](schema:SpreeV3Amount)"
    assert shapes.type(amount, every=False) == "[string (decimal)](schema:SpreeV3Amount)"
    ((kind, versions),) = shapes.of_versions(amount)
    assert (kind, versions.exact) == ("number", "5.5, 5.6, 6.0-alpha, 6.0-alpha+ledger")
    assert shapes.of_versions(join(credit, "customer")) == ()
    assert words_of("SpreeCartStoreCreditEvent") == "cart store credit event"
    assert words_of("SpreeCart") == "cart"


@pytest.mark.parametrize(
    ("schema", "phrases"),
    [
        ({"minimum": 1}, ["1 or more"]),
        ({"maximum": 100}, ["at most 100"]),
        ({"minimum": 1, "maximum": 100}, ["1 to 100"]),
        ({"exclusiveMinimum": 0}, ["more than 0"]),
        ({"exclusiveMaximum": 1}, ["less than 1"]),
        ({"exclusiveMinimum": 0, "maximum": 1}, ["more than 0", "at most 1"]),
        ({"minimum": 0, "exclusiveMaximum": 1}, ["0 or more", "less than 1"]),
        ({"exclusiveMinimum": 0, "exclusiveMaximum": 1}, ["more than 0", "less than 1"]),
        # 2 ** 31 - 1 says how wide a column is, and is not a limit that anybody meets.
        ({"minimum": 0, "maximum": 2147483647}, ["0 or more"]),
        ({"exclusiveMinimum": 0, "maximum": 2147483647}, ["more than 0"]),
        ({"minLength": 1, "maxLength": 255}, ["1 to 255 characters"]),
        ({"maxLength": 1}, ["at most 1 character"]),
        ({"minLength": 2}, ["at least 2 characters"]),
        ({"minLength": 1}, []),
        ({"minItems": 1, "maxItems": 3}, ["1 to 3 items"]),
        ({"maxItems": 20}, ["at most 20 items"]),
        ({"pattern": "^[A-Z]{3}$"}, ["must match `^[A-Z]{3}$`"]),
        ({"x-decimal-places": 2}, ["at most 2 decimals"]),
        ({"minProperties": 1}, ["at least one member"]),
        ({"minProperties": 2}, ["at least 2 members"]),
        ({"format": "unix-time", "minimum": 0}, []),
    ],
    ids=str,
)
def test_each_limit_has_its_phrase(schema: dict[str, Any], phrases: list[str]) -> None:
    """By keyword: "more than 0" and "0 or more" are different promises about money."""
    assert list(Shapes(Source.read()).limits(schema)) == phrases


def test_links_by_name_become_addresses_of_the_form() -> None:
    """An anchor of a member in HTML; the heading above it in Markdown; no page's name on the page itself."""
    text = "See [page](schema:VinrPage) (V1)."

    assert '<a href="vinr-store-credit.html#list-answer.page">page</a>' in texts().inline(text)
    assert "[page](vinr-store-credit.md#list-store-credit)" in texts(".md").linked(text)
    assert "[page](#list-store-credit)" in texts(".md", "vinr-store-credit").linked(text)
    assert "([V1](decisions.md#vinr))" in texts(".md").linked(text)


@pytest.mark.parametrize("link", ["[x](schema:Nothing)", "[x](page:nowhere)", "[x](operation:vinr.nothing)"])
def test_a_link_to_nothing_is_refused(link: str) -> None:
    """A page with a dead link is not written."""
    with pytest.raises(PagesError, match="the page index links to"):
        texts().inline(link)


def test_markdown_in_samples_is_left_alone() -> None:
    """A citation or a link inside a fence is part of the sample."""
    fence = "```python\nx = call(V1)  # [x](schema:Nothing)\n```"

    assert texts().linked(fence) == fence


def test_text_from_the_document_cannot_become_html() -> None:
    """Signs of HTML are shown, never obeyed."""
    assert texts().inline("a <b> & `<script>`") == "a &lt;b&gt; &amp; <code>&lt;script&gt;</code>"


def test_a_wrapped_line_never_begins_a_list_by_accident() -> None:
    """`- x` at the end of a line would change what the text means."""
    text = " ".join(["word"] * 24) + " 400. " + " ".join(["word"] * 30)
    wrapped = texts(".md").wrapped(text)

    assert " ".join(wrapped.split()) == text
    assert not re.search(r"^400\.", wrapped, re.MULTILINE)
    assert max(map(len, wrapped.splitlines())) <= 120


def test_a_quotation_is_one_in_both_forms() -> None:
    """However long the address is that takes the place of a name, each line of it keeps the mark."""
    text = f"> **Warning:** {'word ' * 20}[page](schema:VinrPage)\n> {'word ' * 20}end.\n\nAfter."
    *quoted, blank, after = texts(".md").kept(text).split("\n")

    assert (blank, after) == ("", "After.")
    assert all(line.startswith("> ") for line in quoted)
    assert max(map(len, quoted)) <= 120
    assert " ".join(line.removeprefix("> ") for line in quoted) == (
        f"**Warning:** {'word ' * 20}[page](vinr-store-credit.md#list-store-credit) {'word ' * 20}end."
    )
    assert texts().html(text).startswith("<blockquote>\n<p><strong>Warning:</strong> word")


@pytest.mark.parametrize(
    ("language", "code"),
    [
        ("json", '{\n  "a": [1, null, "<b>"]\n}'),
        ("python", 'async def main() -> None:\n    print("a & b")  # why\n\n\nmain()\n'),
        ("shell", 'curl https://example.com \\\n  -H "X-Api-Key: $KEY" \\\n  -d \'{"a": 1}\''),
        ("javascript", "const a = `b ${c}`; // why"),
        ("console", "$ store-credit-mock serve --port '4010'"),
        ("console", "$ curl http://127.0.0.1:4010 \\\n    -d '{}'\n201 Created"),
        ("text", "<plain> & simple"),
    ],
)
def test_highlighted_code_says_the_same(language: str, code: str) -> None:
    """Marks are put around, nothing is lost or added, and no more than the four elements are used."""
    html = highlight(code, language)

    assert unescape(re.sub(r"</?(b|i|u|em)>", "", html)) == code
    assert "<b>" in html or "<i>" in html or language == "text"


@pytest.mark.parametrize("language", [*sorted(LANGUAGES), "text"])
@pytest.mark.parametrize("end", ["", "\n", "\n\n", " ", "\\", "'", '"', "\r", "\r\nb\r\n"])
def test_no_end_of_code_is_lost(language: str, end: str) -> None:
    """Whatever a block ends with, finished or not, in every language that is marked."""
    code = f"$ a --b <c>{end}"

    assert unescape(re.sub(r"</?(b|i|u|em)>", "", highlight(code, language))) == code
