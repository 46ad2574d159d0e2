"""The samples beside the methods of the SDK are those of the operations, which `test_samples_on_one_mock.py` runs."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from html import unescape
from xml.etree.ElementTree import Element

from pagetree import Tree

from store_credit_mock.contract import Document
from store_credit_tools.docs_site.anchors import page_of_tag
from store_credit_tools.docs_site.reference.sdk_layout import CLIENTS, NAME_PAGES
from store_credit_tools.docs_site.reference.sdk_pages import exported_names


def test_a_method_shows_the_samples_of_its_operation(
    files: Mapping[str, bytes], trees: Mapping[str, Tree], document: Document
) -> None:
    """The ones in Python to the letter, in both forms; nothing else, as a reader of the SDK writes Python."""
    methods = {
        title: (path, tree.section(tree.ids[anchor]))
        for path, tree in trees.items()
        if path.startswith("sdk-")
        for level, title, anchor in tree.headings
        if level == 3 and anchor
    }
    seen = 0
    for name, one in document.operations.items():
        if "x-no-sdk-method" in one.definition:
            continue
        client = next(client for client in CLIENTS if name.startswith(f"{client.operations}."))
        title = client.variable + name.removeprefix(client.operations)
        path, section = methods[title]
        page = page_of_tag(one.definition["tags"][0])
        told = samples_in(trees[f"{page}.html"].ids[name])
        loaded = json.loads(files[f"assets/samples/{page}.js"].decode().removeprefix("window.moreSamples="))
        (awaited,) = [made["html"] for made in loaded[name][0] if made["key"] == "async"]
        wanted = {"python": told["python"], "async": unescape(re.sub(r"<[^>]+>", "", awaited))}
        assert samples_in(section) == wanted, name
        text = files[path.replace(".html", ".md")].decode()
        entry = text.partition(f"\n### {title}\n")[2].partition("\n### ")[0]
        _, *blocks = re.findall(r"^```python\n(.*?)\n```$", entry, re.MULTILINE | re.DOTALL)
        assert blocks == list(wanted.values()), name
        seen += 1

    assert seen > 40


def test_the_first_page_has_the_first_calls(files: Mapping[str, bytes]) -> None:
    """After the install command, and before any list; `test_samples_on_one_mock.py` runs them."""
    head, _, _ = files["sdk.md"].decode().partition("\n## Pages\n")
    blocks = re.findall(r"^```(\w+)\n(.*?)^```$", head, re.MULTILINE | re.DOTALL)

    assert [language for language, _ in blocks] == ["console", "python", "python"]
    assert [re.findall(r"(\w+)\.create\(", code) for _, code in blocks] == [[], ["store_credits"], ["store_credit"]]
    for page in ("sdk-errors", "idempotency", "timeouts"):
        assert f"({page}.md" in head


def test_the_first_page_says_what_each_page_and_each_name_is_about(
    files: Mapping[str, bytes], trees: Mapping[str, Tree]
) -> None:
    """Each page of the SDK once, with a sentence; each exported name once, after its topic."""
    _, _, rest = files["sdk.md"].decode().partition("\n## Pages\n")
    pages, _, names = (" ".join(part.split()) for part in rest.partition("\n## Names\n"))
    told = re.findall(r"- \[[^]]+\]\(([\w-]+)\.md\): [A-Z][^.]{20,}\.", pages)

    assert sorted(told) == sorted(path.removesuffix(".html") for path in trees if path.startswith("sdk-"))
    assert sorted(re.findall(r"\[`(\w+)`\]", names)) == sorted(exported_names())
    assert len(re.findall(r"- \*\*\[[^]]+\]\(sdk-[\w-]+\.md\):\*\* \[`", names)) == len(NAME_PAGES)


def samples_in(section: Element) -> Mapping[str, str]:
    """The samples of a section by their language."""
    return {
        one.get("data-lang", ""): "".join(next(one.iter("pre")).itertext())
        for one in section.iter("div")
        if one.get("data-lang")
    }
