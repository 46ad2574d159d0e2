"""Each operation leads to the guides about it and to its method of the SDK, found by rules and not by hand."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import cache

import pytest
from pagetree import Tree, words

from store_credit_mock.contract import Document
from store_credit_tools.docs_site.anchors import Register
from store_credit_tools.docs_site.document import PagesError, Source
from store_credit_tools.docs_site.further_reading import FurtherReading
from store_credit_tools.docs_site.guides import Guide, Hole
from store_credit_tools.docs_site.view_model import OperationEntry, Page, Place, TryIt

DOCUMENT = Document.read()
EVERY_OPERATION = pytest.mark.parametrize("name", DOCUMENT.operations)
Trees = Mapping[str, Tree]

CREATE = "spree_v3.admin.customers.store_credits.create"
APPLY = "spree_v3.store.carts.store_credits.apply"


def shown(name: str, trees: Trees) -> tuple[str, dict[str, str]]:
    """The line at an operation, and its links: words and address."""
    (section,) = (tree.ids[name] for tree in trees.values() if name in tree.ids)
    lines = [one for one in section.iter("p") if re.match("(Guides|SDK): ", words(one))]
    assert len(lines) == 1
    return words(lines[0]), {words(one): one.get("href", "") for one in lines[0].iter("a")}


@EVERY_OPERATION
def test_every_operation_leads_on(name: str, trees: Trees) -> None:
    """To three guides at most, each under its title, and to the entry of its method; all of them exist."""
    said, links = shown(name, trees)
    methods = {text: address for text, address in links.items() if address.startswith("sdk")}
    guides = {text: address for text, address in links.items() if text not in methods}

    assert guides or methods
    assert len(guides) <= 3
    for text, address in guides.items():
        assert words(next(trees[address].all("h1"))).startswith(text)
    if "x-no-sdk-method" in DOCUMENT.operations[name].definition:
        assert methods == {}
    else:
        ((text, address),) = methods.items()
        page, _, anchor = address.partition("#")
        assert words(trees[page].ids[anchor]).removesuffix(" #") == text
        assert said.endswith(f"SDK: {text}")
        assert f"{text.partition('.')[0]}.".startswith(("vinr.", "spree.", "admin.", "store."))
        assert name.endswith(text.partition(".")[2])


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        (CREATE, ["recipe-refund.html", "idempotency.html", "sdk-spree-admin.html#admincustomersstore_creditscreate"]),
        (APPLY, ["recipe-checkout.html", "spree-v3-traps.html", "idempotency.html"]),
        ("spree_v3.admin.orders.payments.capture", ["spree-v3-traps.html", "idempotency.html"]),
        ("spree_v3.admin.customers.store_credits.list", ["recipe-reconcile.html", "pagination.html"]),
        ("vinr.store_credit.create", ["recipe-refund.html", "idempotency.html"]),
        ("vinr.store_credit.list", ["recipe-balance.html", "pagination.html"]),
        ("spree.store_credit_types.delete", ["spree-v2-to-v3.html"]),
        ("spree.oauth.revoke", ["spree-v2-to-v3.html", "authentication.html"]),
    ],
)
def test_an_operation_leads_to_what_a_reader_needs_next(name: str, wanted: list[str], trees: Trees) -> None:
    """The recipe for its task comes first; what concerns all operations of its kind follows."""
    _, links = shown(name, trees)
    addresses = list(links.values())

    assert [one for one in addresses if one in wanted] == wanted
    assert addresses[0] == wanted[0]


def test_the_markdown_form_has_the_same_links(files: Mapping[str, bytes]) -> None:
    """With the addresses of Markdown files."""
    text = " ".join(files["spree-v3-store-carts-store-credits.md"].decode().split())

    assert (
        "Guides: [Apply store credit at checkout](recipe-checkout.md), [What costs a shopper money](spree-v3-traps.md),"
        " [Idempotency and retries](idempotency.md). SDK:"
        " [`store.carts.store_credits.apply`](sdk-spree-store.md#storecartsstore_creditsapply)."
    ) in text


def test_names_of_the_sdk_in_a_description_lead_to_their_entries(trees: Trees) -> None:
    """`settle()` at the operation that warns of a second credit, and the class that replaces a method."""
    for name, address in (
        (CREATE, "sdk-clients.html#clientsettle"),
        ("spree.oauth.token", "sdk-clients.html#clientcredentials"),
    ):
        (section,) = (tree.ids[name] for tree in trees.values() if name in tree.ids)
        assert address in {one.get("href") for one in section.iter("a")}


# The rules


@cache
def source() -> Source:
    return Source.read()


def guide(slug: str, *parts: str | Hole, group: str = "Recipes") -> Guide:
    """A guide whose title is its slug in capitals."""
    return Guide(slug, slug.upper(), group, 1, "Lead.", parts)


def links_to(*operations: str) -> str:
    return ", ".join(f"[One](operation:{name})" for name in operations)


def added(name: str, *guides: Guide, register: Register | None = None, text: str = "Text.") -> OperationEntry:
    """An operation of the document beside these guides."""
    entry = OperationEntry(
        id=name,
        title="Title",
        anchor="title",
        method="GET",
        path="/",
        description=text,
        authentication="none",
        parameters={},
        bodies=(),
        responses=(),
        aliases=(),
        sources="",
        verified=(),
        versions=None,
        samples=(),
        deprecated=False,
        no_sdk_method="",
        try_it=TryIt(title="", header="", prefix=""),
    )
    page = Page(slug="page", title="Page", group="Group", lead="Lead.", blocks=(entry,))
    (found,) = FurtherReading(source(), guides, register or Register()).added(page).blocks
    assert isinstance(found, OperationEntry)
    return found


GET = "spree_v3.store.carts.get"


def test_recipes_come_first_and_first_those_that_begin_with_the_operation() -> None:
    """What another system has in front does not count. An overview comes last; the start page and news are left out."""
    other = "spree_v3.store.carts.complete"
    found = added(
        GET,
        guide("index", links_to(GET), group="Start"),
        guide("news", links_to(GET), group="About"),
        guide("overview", links_to(GET), group="Basics"),
        guide("second", links_to(other, other, GET)),
        guide("first", links_to("vinr.store_credit.list", GET, other)),
    )

    assert found.guides == ("[FIRST](page:first)", "[SECOND](page:second)", "[OVERVIEW](page:overview)")


def test_a_page_shows_three_guides_of_many() -> None:
    """Those by rule keep their place."""
    many = [guide(f"recipe-{number}", links_to(GET, APPLY)) for number in range(5)]
    rules = [guide(slug, group="Basics") for slug in ("idempotency", "spree-v3-traps")]

    assert [one.partition("]")[0] for one in added(GET, *many).guides] == ["[RECIPE-0", "[RECIPE-1", "[RECIPE-2"]
    assert added(APPLY, *many, *rules).guides == (
        "[RECIPE-0](page:recipe-0)",
        "[SPREE-V3-TRAPS](page:spree-v3-traps)",
        "[IDEMPOTENCY](page:idempotency)",
    )


def test_a_title_does_not_repeat_the_system_of_the_page() -> None:
    """ "... on Spree v3" says nothing on a page of Spree v3, and something on one of VINR."""
    both = replace(guide("carts", links_to(GET, "vinr.store_credit.retrieve")), title="Carts on Spree v3")

    assert added(GET, both).guides == ("[Carts](page:carts)",)
    assert added("vinr.store_credit.retrieve", both).guides == ("[Carts on Spree v3](page:carts)",)


def test_an_operation_that_the_sdk_lacks_has_no_link_to_it() -> None:
    """As in a document whose operations were added before `scripts/generate` ran; no other code becomes a link."""
    register = Register()
    register.place("sdk", "SpreeStoreClient.carts.get", Place("sdk", "a", "a"))
    register.place("sdk", "client.settle", Place("sdk", "b", "b"))
    found = added(GET, register=register, text="`settle()`, `settle`, `other()` and [`settle()`](sdk:client.settle).")

    assert found.sdk_method == "[`store.carts.get`](sdk:SpreeStoreClient.carts.get)"
    assert found.description == (
        "[`settle()`](sdk:client.settle), `settle`, `other()` and [`settle()`](sdk:client.settle)."
    )
    assert added(GET).sdk_method == ""


def test_a_guide_that_a_rule_names_has_to_be_there() -> None:
    """The build stops and says which file is missing, and why it is needed."""
    with pytest.raises(PagesError, match=r"docs/guides/idempotency\.md does not exist, but operations such as "):
        added(APPLY)
