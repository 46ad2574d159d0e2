"""What holds for every file of the site: links lead somewhere, both forms agree, nothing is loaded from outside."""

from __future__ import annotations

import gzip
import hashlib
import itertools
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping

import pytest
from markdown_it import MarkdownIt
from pagetree import Tree, markdown_headings, words

from store_credit_mock.contract import Document
from store_credit_tools.docs_site.anchors import slug_of
from store_credit_tools.docs_site.build import ROOT, build_site
from store_credit_tools.docs_site.samples import samples_for
from store_credit_tools.docs_site.write import differences

Files = Mapping[str, bytes]
Trees = Mapping[str, Tree]

VENDORS = ("https://docs.vinr.com/docs/", "https://spreecommerce.org/docs/", "https://github.com/spree/spree")
HTML_BYTES, COMPRESSED_BYTES = 100_000, 30_000
"""What a page may weigh: its HTML alone, and all that is sent for it but the search, compressed."""


def markdown(files: Files) -> Iterator[tuple[str, str]]:
    """The pages in Markdown."""
    pages = (path for path in files if path.endswith(".md") and path != "skill.md")
    return ((path, files[path].decode()) for path in pages)


def test_every_page_is_html(trees: Trees) -> None:
    """A browser's own parser has nothing to mend; no id is there twice."""
    assert {path: tree.errors for path, tree in trees.items() if tree.errors} == {}
    assert all(tree.ids for tree in trees.values())


def test_every_page_says_what_it_is(trees: Trees) -> None:
    """Language, title, one first heading, and no level of headings left out."""
    for path, tree in trees.items():
        assert tree.root.get("lang") == "en"
        assert words(next(tree.all("title")))
        levels = [level for level, _, _ in tree.headings]
        assert levels[0] == 1, path
        assert levels.count(1) == 1, path
        assert all(after - before <= 1 for before, after in itertools.pairwise(levels)), path


def test_every_link_of_the_html_leads_somewhere(files: Files, trees: Trees) -> None:
    """To a file of the site, and to an anchor in it; none leaves the site but to hosts the prose names."""
    broken = [
        f"{path}: {link}"
        for path, tree in trees.items()
        for link in _links(tree)
        if not _leads_somewhere(path, link, files, {name: set(tree.ids) for name, tree in trees.items()})
    ]

    assert broken == []


def test_every_resource_leads_to_the_vendors_own_page(trees: Trees, document: Document) -> None:
    """That of `externalDocs` of its tag; and no page out of the site gets a handle on the one that opened it."""
    documented = {tag["externalDocs"]["url"] for tag in document.data["tags"]}
    linked: set[str] = set()
    for path, tree in trees.items():
        outside = [one for one in tree.all("a") if one.get("href", "").startswith("http")]
        assert [one for one in outside if one.get("rel") != "noopener"] == [], path
        linked |= {one.get("href", "") for one in outside}
        if path.startswith(("vinr-", "spree-")) and any("data-method" in one.attrib for one in tree.all("section")):
            assert {one.get("href") for one in outside} & documented, path
    assert documented <= linked


def _links(tree: Tree) -> Iterator[str]:
    for element in tree.root.iter():
        for name in ("href", "src"):
            if element.get(name) is not None:
                yield element.get(name, "")


def _leads_somewhere(path: str, link: str, files: Files, anchors: Mapping[str, set[str]]) -> bool:
    # The vendors' own pages, and Spree's source, whose addresses are given in openapi.yaml and in the guides.
    if link == "data:," or link.startswith(VENDORS):
        return True
    target, _, anchor = link.partition("#")
    # In the repository the copies of the document stand beside docs/site; a built site has them inside.
    target = (target or path).removeprefix("../") if path.endswith((".md", ".txt")) else target or path
    target = "openapi/openapi.yaml" if target == "../openapi.yaml" else target
    return target in files and (not anchor or anchor in anchors.get(target, set()))


def test_every_link_of_the_markdown_leads_somewhere(files: Files) -> None:
    """To a Markdown page, and to a heading of it by the id that readers of Markdown give it."""
    anchors = {path: {slug_of(title) for _, title in markdown_headings(text)} for path, text in markdown(files)}
    links = [
        (path, link)
        for path, text in [*markdown(files), ("llms.txt", files["llms.txt"].decode())]
        for link in re.findall(r"\]\(([^)\s]+)\)", re.sub(r"```.*?```", "", text, flags=re.DOTALL))
    ]

    assert len(links) > 500
    assert [one for one in links if not _leads_somewhere(*one, files, anchors)] == []


def test_both_forms_have_the_same_headings(files: Files, trees: Trees) -> None:
    """Same words, same levels, same order; an id in the HTML is the one a reader of Markdown gives the heading.

    Samples alone have another place: beside the text, or on a narrow screen right below the description.
    """
    samples = (3, "Samples")
    for path, text in markdown(files):
        tree = trees[path.replace(".md", ".html")]
        read, seen = markdown_headings(text), [(level, title) for level, title, _ in tree.headings]
        assert read.count(samples) == seen.count(samples), path
        assert [one for one in read if one != samples] == [one for one in seen if one != samples], path
        for level, title, name in tree.headings:
            assert name in ({slug_of(title)} if level < 3 else {slug_of(title), ""}), path


def test_what_can_be_sent_comes_before_the_samples(files: Files) -> None:
    """And the responses after them, however long the bodies are."""
    order = ["Body", "Path parameters", "Query parameters", "Headers", "Samples", "Responses", "Errors"]
    seen = 0
    for path, text in markdown(files):
        for section in re.split(r"^## ", text, flags=re.MULTILINE)[1:]:
            titles = re.findall(r"^### (.+)$", section, re.MULTILINE)
            if titles[-2:] == ["Responses", "Errors"]:
                assert titles == [title for title in order if title in titles], f"{path}: {section[:40]}"
                seen += 1

    assert seen > 40


def test_headings_with_an_id_are_unique_on_their_page(files: Files) -> None:
    """A reader of Markdown numbers repeated ids, so that only headings nobody links to may repeat."""
    for path, text in markdown(files):
        titles = [title for level, title in markdown_headings(text) if level < 3]
        assert len(set(titles)) == len(titles), path


def test_samples_and_answers_stand_on_the_pages_to_the_letter(files: Files, trees: Trees) -> None:
    """What was run is what is shown, in both forms; but the HTML loads some (`test_loaded_samples.py`)."""
    code = [["".join(one.itertext()) for one in tree.all("pre")] for tree in trees.values()]
    pages = [text for _, text in markdown(files)]
    for sets in samples_for(Document.read()).values():
        for sample in sets:
            for text in filter(None, [sample.curl, sample.python, sample.python_async, sample.fetch, sample.response]):
                assert any(f"```\n{text}\n" in page or f"\n{text}\n```" in page for page in pages), text
                assert any(text in found for found in code) or text == sample.python_async, text


def test_every_code_block_is_the_same_in_both_forms(files: Files, trees: Trees) -> None:
    """To the letter, in the same order, on every page: what is copied from a browser is what an agent reads.

    The line with an operation's method and path is code in Markdown, and a bar of its own in HTML. Samples that a page
    loads are not in its HTML.
    """
    seen = 0
    loaded = {sample.python_async for sets in samples_for(Document.read()).values() for sample in sets if sample.loaded}
    for path, text in markdown(files):
        told = [
            token.content.removesuffix("\n")
            for token in MarkdownIt("commonmark").parse(text)
            if token.type in {"fence", "code_block"}
        ]
        if f"assets/samples/{path.removesuffix('.md')}.js" in files:
            told = [text for text in told if text not in loaded]
        shown = [
            words(element) if element.tag == "p" else "".join(element.itertext())
            for element in trees[path.replace(".md", ".html")].root.iter()
            if element.tag == "pre" or element.get("class") == "bar"
        ]
        assert shown == told, path
        assert all(told), path
        seen += len(told)

    assert seen > 150


def test_the_navigation_has_three_runs_of_groups(trees: Trees) -> None:
    """Each under a heading, in the same order on every page; at the end, apart from them, what is about the pages."""
    for path, tree in trees.items():
        (nav,) = [one for one in tree.all("nav") if one.get("aria-label") == "Pages"]
        runs: dict[str, list[str]] = {}
        heading = ""
        for one in nav:
            if one.tag == "details":
                runs[heading].append(words(next(one.iter("summary"))).rpartition(" ")[0])
            else:
                heading = words(one)
                assert heading not in runs, path
                runs[heading] = []
        assert list(runs) == ["Guides", "API reference", "SDK and tools reference", ""], path
        assert runs["Guides"][:4] == ["Start", "Testing", "Recipes", "Jobs"]
        assert "VINR" in runs["API reference"]
        assert runs["SDK and tools reference"] == ["Python SDK", "Mock control plane", "Commands and settings"]
        assert runs[""] == ["About"]
        assert sum(map(len, runs.values())) == 16


def test_a_page_of_a_resource_begins_with_a_list_of_its_operations(trees: Trees) -> None:
    """In the block of the introduction, after it: method, path, and a link to where each is described."""
    seen = 0
    for path, tree in trees.items():
        told = [(words(one), one.get("href")) for box in tree.all("ul", "ops") for one in box.iter("a")]
        sections = [one for one in tree.all("section", "op") if one.get("data-method")]
        anchors = [next(section.iter("h2")).get("id") for section in sections]
        assert told == [
            (f"{section.get('data-method')} {section.get('data-path')}", f"#{anchor}")
            for section, anchor in zip(sections, anchors, strict=True)
        ], path
        if told:
            (box,) = tree.all("ul", "ops")
            block = tree.section(box)
            assert [one.get("class") for one in block] == ["t", "x"]
            assert next(block.iter("h1")) is not None
            seen += 1

    assert seen > 15


def test_a_page_says_what_its_samples_read(files: Files, trees: Trees) -> None:
    """Once, with the way to the page about it; how a checkout sends them is added only on this machine."""
    pages = {path: list(tree.all("p", "hint")) for path, tree in trees.items()}
    hints = [hint for found in pages.values() for hint in found]

    assert {path for path, found in pages.items() if found} == {
        path for path, tree in trees.items() if any(tree.all("ul", "ops"))
    }
    form = re.compile(r"The samples read [A-Z_, ]+( and [A-Z_]+)? \(values to try\)\.")
    assert all(form.fullmatch(words(one)) for one in hints)
    assert words(pages["vinr-store-credit.html"][0]).startswith("The samples read VINR_BASE_URL and VINR_SECRET_KEY ")
    assert {link.get("href") for one in hints for link in one.iter("a")} == {"testing.html#test-data"}
    assert b"scripts/docs --serve" in files["assets/site.js"]


def test_every_page_has_its_twin(files: Files, trees: Trees) -> None:
    """At the same address with another ending; linked for programs and for people."""
    for path, tree in trees.items():
        twin = path.replace(".html", ".md")
        assert twin in files
        (link,) = [one for one in tree.all("link") if one.get("rel") == "alternate"]
        assert (link.get("type"), link.get("href")) == ("text/markdown", twin)
        assert [words(one) for one in tree.all("a") if one.get("href") == twin] == ["View as Markdown"]


def test_markdown_reads_well_in_a_text_viewer(files: Files) -> None:
    """No line is longer than 120 characters unless it cannot break; no HTML; lists nest by four blanks."""
    for path, text in markdown(files):
        prose = re.sub(r"^```.*?^```$", "(code)", text, flags=re.MULTILINE | re.DOTALL)
        lines = [line for line in prose.splitlines() if not line.startswith("|")]
        assert [line for line in lines if len(line) > 120 and " " in line.strip().removeprefix("- ")] == [], path
        assert (
            re.findall(r"</?(a|b|br|code|details|div|i|p|span|table)\b[^>]*>", re.sub(r"`[^`]*`", "", prose)) == []
        ), path
        assert all(len(blank) % 4 == 0 for blank in re.findall(r"^( *)- ", prose, re.MULTILINE)), path
        assert "\n\n\n" not in prose
        assert all(line.count("`") % 2 == 0 for line in lines), path


def test_markdown_means_what_it_shows(files: Files) -> None:
    """A CommonMark reader finds the members of a record as a list, those of its customer as a list inside it."""
    html = MarkdownIt("commonmark").render(files["vinr-store-credit.md"].decode())
    tree = Tree(f"<!doctype html><title>x</title>{html}")
    outer = next(one for one in tree.all("li") if words(one).startswith("customer (string or object"))
    inner = [words(one).split()[0] for one in outer.iter("li")]

    assert inner[0] == "customer"
    assert {"id", "email", "phone"} <= set(inner)
    for path, text in markdown(files):
        assert MarkdownIt("commonmark").render(text).count("<h1>") == 1, path


def test_nothing_is_loaded_from_outside(files: Files, trees: Trees) -> None:
    """No address of another host in anything a browser fetches: links of pages, the style sheet, the script."""
    for path, tree in trees.items():
        for tag, name in [("link", "href"), ("script", "src"), ("img", "src"), ("iframe", "src"), ("form", "action")]:
            found = [one.get(name, "") for one in tree.all(tag)]
            assert not [one for one in found if "//" in one or one.startswith("http")], path
        assert not list(tree.all("style")), path
        assert not [one for one in tree.all("script") if one.text], path
    for path in (
        "assets/site.css",
        "assets/site.js",
        "assets/search-box.js",
        "assets/try-it.js",
        "assets/menu.js",
        "assets/scroll-spy.js",
        "assets/not-found.js",
        "assets/versions.js",
        "assets/version-filter.js",
        "assets/version-picker.js",
    ):
        assert b"//" not in files[path].replace(b"http://", b"//") or b"http" not in files[path]
    assert b"@import" not in files["assets/site.css"]
    assert b"url(" not in files["assets/site.css"]


def test_every_page_is_light(files: Files) -> None:
    """The HTML of each, and what a browser loads for it; identical bodies are shown once, which keeps it so."""
    assets = sum(len(gzip.compress(files[f"assets/site.{kind}"], 9)) for kind in ("css", "js"))
    sizes = {path: len(content) for path, content in files.items() if path.endswith(".html")}
    samples = {path: files.get(f"assets/samples/{path.removesuffix('.html')}.js", b"") for path in sizes}
    sent = {path: assets + sum(len(gzip.compress(one, 9)) for one in (files[path], samples[path])) for path in sizes}
    for path, size in sorted(sizes.items(), key=lambda one: -one[1]):
        print(f"{size:>7,} {sent[path]:>7,} {path}")

    assert {path: size for path, size in sizes.items() if size > HTML_BYTES} == {}
    assert {path: size for path, size in sent.items() if size > COMPRESSED_BYTES} == {}


@pytest.mark.takes_seconds
def test_a_second_build_is_the_same(files: Files) -> None:
    """In this process, and in one where names hash differently."""
    assert build_site() == files
    program = (
        "import hashlib; from store_credit_tools.docs_site.build import build_site\n"
        "print({path: hashlib.sha256(content).hexdigest() for path, content in build_site().items()})"
    )
    environment = {**os.environ, "PYTHONHASHSEED": "4711", "PYTHONPATH": str(ROOT / "scripts")}
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == str({path: hashlib.sha256(content).hexdigest() for path, content in files.items()})


def test_the_committed_pages_are_up_to_date(files: Files) -> None:
    """Whoever changes the document, a guide, a sample or a template and forgets scripts/docs is told here."""
    assert differences(files, ROOT / "docs" / "site") == []


def test_the_search_index_knows_everything(files: Files, trees: Trees) -> None:
    """Every page, operations by heading and id, error codes, the last words of a section; every anchor exists."""
    script = files["assets/search-index.js"].decode()
    pages, entries = json.loads(script.removeprefix("window.searchIndex=").rstrip(";\n"))

    assert [f"{slug}.html" for slug, *_ in pages] == list(trees)
    for page, _, _, anchor, *_ in entries:
        assert not anchor or anchor in trees[f"{pages[page][0]}.html"].ids, anchor
    names = {name for _, _, name, *_ in entries}
    assert {
        "Create store credit · vinr.store_credit.create",
        "idempotency_conflict",
        "balance_remaining",
        "Verify the signature",
    } <= names
    (told,) = [text for _, _, name, _, _, text, _ in entries if name == "Verify the signature"]
    assert told.endswith("so test your code with your first sandbox event.")
