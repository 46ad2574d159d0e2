"""Ranges of versions on the pages: short, and true of every version between their two ends."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import pytest
from pagetree import Tree, words

from store_credit_mock.contract import Document
from store_credit_tools.docs_site.version_ranges import known_versions, range_of, runs

DATA = {
    "x-systems": {
        "vinr": {},
        "spree": {"versions": ["4.5", "4.10", "5.3"]},
        "spree_v3": {"versions": ["5.5", "5.6", "6.0-alpha", "6.0"]},
    }
}


@pytest.mark.parametrize(
    ("named", "phrase"),
    [
        (["5.6", "6.0-alpha", "6.0"], "since 5.6"),
        (["6.0", "5.6", "6.0-alpha"], "since 5.6"),
        (["5.5", "5.6"], "until 5.6"),
        (["5.6", "6.0-alpha"], "5.6 to 6.0-alpha"),
        (["6.0"], "6.0 only"),
        (["5.5"], "5.5 only"),
        (["4.5", "5.3"], "4.5 and 5.3 only"),
        (["4.5", "4.10"], "until 4.10"),
        (["5.5", "6.0-alpha", "6.0"], "5.5 and since 6.0-alpha"),
        (["5.5", "5.6", "6.0"], "until 5.6 and 6.0"),
        (["5.5", "6.0"], "5.5 and 6.0 only"),
        # No system has both, so that nobody can say what lies between them.
        (["4.10", "5.3", "5.5"], "4.10, 5.3 and 5.5 only"),
    ],
)
def test_a_range_never_hides_a_gap(named: Sequence[str], phrase: str) -> None:
    """Between two versions that it names lies none that is not meant; `4.10` comes after `4.5`."""
    found = range_of(DATA, {"x-versions": named})
    assert found is not None
    assert found.phrase == phrase
    assert sorted(found.exact.split(", ")) == sorted(named)


def test_what_all_versions_have_is_not_marked() -> None:
    """Nor does it get an empty mark."""
    assert range_of(DATA, {}) is None


@pytest.mark.parametrize(
    ("named", "said"),
    [
        (["5.5", "5.6", "6.0-alpha"], ["5.5 to 6.0-alpha"]),
        (["5.5", "5.6"], ["5.5", "5.6"]),
        (["5.5", "6.0-alpha", "6.0"], ["5.5", "6.0-alpha", "6.0"]),
        (["4.5", "5.3"], ["4.5", "5.3"]),
        (["v1"], ["v1"]),
    ],
)
def test_only_three_neighbours_become_a_range(named: Sequence[str], said: Sequence[str]) -> None:
    """Two are no longer one by one."""
    assert runs(named, known_versions(DATA, named)) == said


def test_the_document_says_which_versions_are_neighbours(document: Document) -> None:
    """Versions of which some are marked are all listed, so that no mark has to name them one by one."""
    marked = re.findall(r"'x-versions': \[([^\]]+)\]", str(document.data))
    assert len(marked) > 100
    for named in marked:
        assert known_versions(document.data, re.findall(r"'([^']+)'", named)), named


def test_the_pages_show_ranges_and_list_every_version_beside_them(
    files: Mapping[str, bytes], trees: Mapping[str, Tree]
) -> None:
    """In both forms in the same words; the list of all is in the tooltip."""
    page = trees["spree-v3-admin-customers-store-credits.html"]
    (term,) = [one for one in page.all("dt") if one.get("id") == "store-credit.amount_authorized"]
    (mark,) = [one for one in term.iter("b") if one.get("title")]
    assert (words(mark), mark.get("title")) == ("since 6.0-alpha+ledger", "6.0-alpha+ledger, 6.0")
    twin = " ".join(files["spree-v3-admin-customers-store-credits.md"].decode().split())
    assert "`amount_authorized` (string (decimal), read-only, since 6.0-alpha+ledger):" in twin

    for path, tree in trees.items():
        assert not [words(one) for one in tree.all("dt") if re.search(r"only in \d", words(one))], path
        for chip in tree.all("p", "v"):
            for span in chip.iter("span"):
                listed = re.findall(r"(\S+) on \d{4}-\d\d-\d\d", span.get("title", ""))
                shown = words(next(span.iter("b")))
                assert listed, path
                assert shown.split(", ") == listed or (" to " in shown and len(listed) > 2), (path, shown)
