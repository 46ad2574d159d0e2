"""The guides: every Python sample runs, and holes are filled or complained about."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bootstrap import ROOT
from served_mock import Served, served
from store_credit import SpreeAdminClient, SpreeClient, SpreeStoreClient, VinrClient
from store_credit_tools.docs_site.document import PagesError
from store_credit_tools.docs_site.excerpts import excerpts, parts
from store_credit_tools.docs_site.guides import Hole, Panel, read_guides
from store_credit_tools.readme_samples import Sample, samples

GUIDES = sorted((ROOT / "docs" / "guides").glob("*.md"))
EVERY = [(guide, sample) for guide in GUIDES for sample in samples(guide)]
SAMPLES = [
    pytest.param(guide, sample, id=f"{guide.stem}:{sample.line}")
    for guide, sample in EVERY
    if "def test_" not in sample.code
]
MOCK = "http://127.0.0.1:4010"


@pytest.fixture(scope="module")
def mock() -> Iterator[Served]:
    """A running mock, for samples that talk to a server."""
    with served("--samples") as running:
        yield running


@pytest.mark.parametrize(("guide", "sample"), SAMPLES)
def test_a_sample_runs(guide: Path, sample: Sample, mock: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    """As it stands, but for the port of the mock; one that cannot is compiled and says why."""
    code = compile(sample.code, guide.name, "exec")
    if sample.reason is not None:
        return
    for name, value in mock.started["environment"].items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    address = sample.code.replace(MOCK, mock.url)
    names: dict[str, Any] = {"__name__": "sample"}
    exec(compile(address, guide.name, "exec") if address != sample.code else code, names)
    for value in names.values():
        if isinstance(value, VinrClient | SpreeClient | SpreeAdminClient | SpreeStoreClient):
            value.close()


@pytest.mark.takes_seconds
def test_samples_that_are_tests_pass(pytester: pytest.Pytester) -> None:
    """Pasted into a file, with nothing but the mock's plugin installed."""
    tests = [sample.code for _, sample in EVERY if "def test_" in sample.code and sample.reason is None]
    pytester.makepyfile("\n\n".join(tests))

    assert tests
    pytester.runpytest_inprocess("-p", "no:cacheprovider").assert_outcomes(passed=len(tests))


def guide(folder: Path, text: str) -> Path:
    """A folder with one guide."""
    head = "---\ntitle: A guide\ngroup: Start\nposition: 1\nlead: What it is about.\n---\n"
    (folder / "one.md").write_text(head + text, "utf-8")
    return folder


def test_a_hole_in_a_line_is_filled_and_one_for_a_block_splits_the_text(tmp_path: Path) -> None:
    """Values go into the text, blocks between two parts of it."""
    folder = guide(tmp_path, 'Version {{ version }}.\n\n{{ schema("VinrPage") }}\n\nAfter.\n')

    (read,) = read_guides(folder, {"version": "1.2.3"})

    assert read.parts == ("Version 1.2.3.", Hole("schema", "VinrPage"), "After.")


def test_a_panel_splits_the_text(tmp_path: Path) -> None:
    """Without its marks, and with its holes filled."""
    folder = guide(tmp_path, "Before.\n\n::: cards\n- [One](#one) of {{ version }}.\n:::\n\nAfter.\n")

    (read,) = read_guides(folder, {"version": "1.2.3"})

    assert read.parts == ("Before.", Panel("cards", "- [One](#one) of 1.2.3."), "After.")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("One.\n\n{{ nothing }}\n", r"one\.md:9: 'nothing' is undefined"),
        ("One.\n\n{{ schema( }}\n", r"one\.md:9: "),
        ("Look at {{ events() }}.\n", "a line of its own"),
        ("::: cards\n{{ events() }}\n:::\n", "a line of its own"),
        ("::: card\nText.\n:::\n", "a panel begins with a line ::: and cards or sample"),
        ("::: cards\nText.\n", "and ends with a line :::"),
    ],
    ids=["unknown", "syntax", "block inside a line", "block inside a panel", "unknown panel", "open panel"],
)
def test_a_hole_that_cannot_be_filled_is_told_with_its_line(text: str, said: str, tmp_path: Path) -> None:
    """The line is that of the file, its head counted."""
    with pytest.raises(PagesError, match=said):
        read_guides(guide(tmp_path, text), {})


PROGRAMS = ROOT / "docs" / "programs"


@pytest.mark.parametrize(
    ("slug", "program"),
    [
        ("spree-v2-to-v3", "python/spree_v3_story.py"),
        ("spree-v2-to-v3", "python/spree_v2_story.py"),
        ("spree-v3-traps", "python/spree_v3_traps.py"),
        ("testing-typescript", "typescript/store-credit.test.ts"),
        ("testing-java", "java/StoreCreditTest.java"),
        ("testing-go", "go/store_credit_test.go"),
        ("webhooks", "node/webhooks.mjs"),
        ("webhooks", "java/Webhooks.java"),
        ("webhooks", "go/webhooks/main.go"),
        ("webhooks", "ruby/webhooks.rb"),
        ("webhooks", "php/webhooks.php"),
        ("idempotency", "node/basics/idempotency.mjs"),
        ("pagination", "node/basics/pagination_vinr.mjs"),
        ("pagination", "node/basics/pagination_spree_v3.mjs"),
        ("pagination", "node/basics/pagination_spree_v2.mjs"),
        ("rate-limits", "node/basics/rate_limits.mjs"),
        ("requests", "node/basics/errors.mjs"),
    ],
)
def test_a_guide_shows_all_marked_parts_of_its_program(slug: str, program: str) -> None:
    """Each once, as the file has it but for the margin; a mark that is not closed would be seen as missing."""
    text = (ROOT / "docs" / "guides" / f"{slug}.md").read_text("utf-8")
    page = (ROOT / "docs" / "site" / f"{slug}.md").read_text("utf-8")
    marked = (PROGRAMS / program).read_text("utf-8")
    found = parts(PROGRAMS / program)

    sign = "#" if program.endswith((".py", ".rb")) else "//"
    assert len(found) == marked.count(f"{sign} >>> ") == marked.count(f"{sign} <<< ")
    assert [text.count(f'{{{{ excerpt("{program}", "{name}") }}}}') for name in found] == [1] * len(found)
    assert [page.count(code) for code in found.values()] == [1] * len(found)
    assert not [code for code in found.values() if ">>>" in code or code.startswith((" ", "\t"))]


@pytest.mark.parametrize(
    ("call", "said"),
    [
        ('"a.go", "none"', r"one\.md:9: a\.go has no part 'none'; it has one"),
        ('"b.go", "one"', r"one\.md:9: there is no program b\.go in programs/"),
    ],
)
def test_an_excerpt_that_is_not_there_is_told_with_its_line(call: str, said: str, tmp_path: Path) -> None:
    """And with what there is."""
    programs, guides = tmp_path / "programs", tmp_path / "guides"
    programs.mkdir()
    guides.mkdir()
    (programs / "a.go").write_text("package a\n\t// >>> one\n\tif a {\n\t}\n\t// <<< one\n", "utf-8")
    values = {"excerpt": excerpts(programs)}

    (read,) = read_guides(guide(guides, 'One.\n\n{{ excerpt("a.go", "one") }}\n'), values)
    assert read.parts == ("One.\n\n```go\nif a {\n}\n```",)
    with pytest.raises(PagesError, match=said):
        read_guides(guide(guides, f"One.\n\n{{{{ excerpt({call}) }}}}\n"), values)


def test_a_head_that_lacks_something_is_told(tmp_path: Path) -> None:
    """The navigation needs all four."""
    (tmp_path / "one.md").write_text("---\ntitle: A guide\n---\nText\n", "utf-8")

    with pytest.raises(PagesError, match=r"one\.md:1: the head has to name group, lead, position, title"):
        read_guides(tmp_path, {})


WIDTH = 98
"""Columns that a block of code has room for on a wide screen; what is wider has to be scrolled."""
NO_PROGRAM = ("console", "csv", "json", "jsonl", "shell", "text")
FENCED = re.compile(r"^```(?P<language>\w*)[^\n]*\n(?P<code>.*?)^```$", re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize("guide", GUIDES, ids=lambda path: path.stem)
def test_no_line_of_a_program_is_cut(guide: Path) -> None:
    """Neither of those in the guide itself nor of its excerpts."""
    text = guide.read_text("utf-8")
    code = [block["code"] for block in FENCED.finditer(text) if block["language"] not in ("", *NO_PROGRAM)]
    for program, name in re.findall(r'^\{\{ excerpt\("([^"]+)", "([^"]+)"\) \}\}$', text, re.MULTILINE):
        code.append(parts(PROGRAMS / program)[name])

    lines = [line for one in code for line in one.splitlines()]
    assert [line for line in lines if len(line.expandtabs(8)) > WIDTH] == []
