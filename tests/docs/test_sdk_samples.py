"""The samples beside the methods of the SDK are those of the operations, which `test_samples_on_one_mock.py` runs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from xml.etree.ElementTree import Element

from pagetree import Tree

from store_credit_mock.contract import Document
from store_credit_tools.docs_site.anchors import page_of_tag
from store_credit_tools.docs_site.reference.sdk_layout import CLIENTS


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
        page = trees[f"{page_of_tag(one.definition['tags'][0])}.html"]
        told = samples_in(page.ids[name])
        wanted = {"python": told["python"], "async": told["async"]}
        assert samples_in(section) == wanted, name
        text = files[path.replace(".html", ".md")].decode()
        entry = text.partition(f"\n### {title}\n")[2].partition("\n### ")[0]
        _, *blocks = re.findall(r"^```python\n(.*?)\n```$", entry, re.MULTILINE | re.DOTALL)
        assert blocks == list(wanted.values()), name
        seen += 1

    assert seen > 40


def samples_in(section: Element) -> Mapping[str, str]:
    """The samples of a section by their language."""
    return {
        one.get("data-lang", ""): "".join(next(one.iter("pre")).itertext())
        for one in section.iter("div")
        if one.get("data-lang")
    }
