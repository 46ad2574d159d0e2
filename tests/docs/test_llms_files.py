"""The files for AI readers: they list every page, hold what they say they hold, and say how large they are."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

import pytest
from pagetree import markdown_headings

from store_credit_tools.docs_site.build import ROOT
from store_credit_tools.docs_site.document import PagesError
from store_credit_tools.docs_site.render import render_site
from store_credit_tools.docs_site.site_model import Site
from store_credit_tools.docs_site.view_model import Page, Prose

Files = Mapping[str, bytes]


def markdown(files: Files) -> Iterator[tuple[str, str]]:
    """The pages in Markdown."""
    pages = (path for path in files if path.endswith(".md") and path != "skill.md")
    return ((path, files[path].decode()) for path in pages)


def test_llms_txt_lists_every_page(files: Files) -> None:
    """In the form llmstxt.org describes: a title, a quotation that sums up, lists of links under headings."""
    text = files["llms.txt"].decode()
    title, _, rest = text.partition("\n\n")

    assert title.startswith("# ")
    assert rest.startswith("> ")
    listed = re.findall(r"^- \[[^\]]+\]\(([^)]+)\): \S", text, re.MULTILINE)
    assert sorted(listed) == sorted(path for path, _ in markdown(files))
    assert [level for level, _ in markdown_headings(text)].count(1) == 1


def test_llms_full_txt_holds_every_page_about_the_apis(files: Files) -> None:
    """Headings and code of each, in the order of the navigation; nothing that leads to a file the reader lacks."""
    text = files["llms-full.txt"].decode()
    apart = ("sdk", "mock-control", "command-", "environment", "decisions", "changelog")
    pages = {path: page for path, page in markdown(files) if not path.startswith(apart)}
    titles = [title for level, title in markdown_headings(text) if level == 1]

    assert titles[1:] == [page.partition("\n")[0].removeprefix("# ").replace("`", "") for page in pages.values()]
    for page in pages.values():
        for code in re.findall(r"^```.*?^```$", page, re.MULTILINE | re.DOTALL):
            assert code in text
    headings = [title for _, title in markdown_headings(text)]
    for path, page in pages.items():
        assert {title for _, title in markdown_headings(page)} <= set(headings), path
    prose = re.sub(r"```.*?```", "", text, flags=re.DOTALL)
    assert re.findall(r"\]\((?!https?:)[^)]*\)", prose) == []
    assert re.findall(r"\([VDRAT]\d+(?:, [VDRAT]\d+)*\)", prose) == []
    assert "\nSources. " not in prose
    assert "# Decisions" not in text


@pytest.mark.parametrize(
    ("name", "own"),
    [
        ("llms-vinr.txt", ["vinr-"]),
        ("llms-spree-v3.txt", ["spree-v3-"]),
        ("llms-spree-v2.txt", ["spree-store-credit", "spree-orders", "spree-checkout", "spree-account", "spree-oauth"]),
    ],
)
def test_each_system_has_a_file_of_its_own(files: Files, name: str, own: Sequence[str]) -> None:
    """Its pages as they are in the file of all, after what the basics say of it; nothing of another system."""
    head, *pages = files[name].decode().removesuffix("\n").split("\n\n---\n\n# ")
    whole = files["llms-full.txt"].decode()
    index = files["llms.txt"].decode()
    (basics,) = re.findall(r"^## Basics\n\n(.*?)\n\n", index, re.MULTILINE | re.DOTALL)
    guides = [path for path in re.findall(r"\(([\w-]+\.md)\)", basics) if path != "json-api.md" or "v2" in name]
    wanted = guides + [path for path, _ in markdown(files) if path.startswith(tuple(own))]

    assert head.startswith("# Store credit on VINR and Spree: ")
    assert [page.partition("\n")[0] for page in pages] == [
        files[path].decode().partition("\n")[0].removeprefix("# ") for path in wanted
    ]
    assert all(page in whole for page in pages[len(guides) :])
    # Each section of the basics is there as it is in the whole, or left out.
    sections = [section for page in pages[: len(guides)] for section in page.split("\n## ")]
    assert all(section.strip() in whole for section in sections)
    headings = re.findall(r"^## (.+)$", "\n".join(pages[: len(guides)]), re.MULTILINE)
    systems = {"llms-vinr.txt": "VINR", "llms-spree-v3.txt": "Spree v3", "llms-spree-v2.txt": "Spree v2"}
    for other in systems.values():
        assert any(one.startswith(other) for one in headings) == (other == systems[name]), other


def test_llms_txt_says_how_large_the_other_files_are(files: Files) -> None:
    """In kB, of each that a reader could load whole."""
    names = sorted(path for path in files if re.fullmatch(r"llms-.+\.txt", path))
    told = re.findall(r"\[(llms-[\w-]+\.txt)\]\(\1\) \((\d+) kB\)", files["llms.txt"].decode())

    assert len(names) == 5
    assert sorted(told) == [(name, str(round(len(files[name]) / 1000))) for name in names]


def test_llms_txt_puts_last_what_a_reader_in_a_hurry_leaves_out(files: Files) -> None:
    """Under "Optional", as llmstxt.org has it; the way to a program comes before all lists."""
    text = files["llms.txt"].decode()
    head, _, lists = text.partition("\n## ")
    *_, optional = lists.split("\n## ")

    assert optional.startswith("Optional\n")
    assert re.findall(r"\((.+?\.md)\)", optional) == ["decisions.md", "changelog.md"]
    for name in ("llms-sdk.txt", "llms-full.txt", "pip install", "openapi.yaml", "vinr-3.1.json"):
        assert name in head
    for page in ("sdk.md", "mock-control.md", "command-store-credit.md", "environment.md"):
        assert f"({page})" in lists


def test_the_skill_is_what_an_agent_needs_to_write_a_program(files: Files) -> None:
    """A name and a description in the form that agents read, then `llms-sdk.txt`."""
    _, head, text = files["skill.md"].decode().split("---\n", 2)
    values = dict(line.split(": ") for line in head.splitlines())

    assert list(values) == ["name", "description"]
    assert values["name"] == "store-credit"
    assert 50 < len(values["description"]) <= 1024
    assert text.strip() == files["llms-sdk.txt"].decode().strip()


def test_it_is_said_where_an_agent_looks_for_the_skill(files: Files) -> None:
    """In the folder of its name, wherever the file is mentioned as one to save."""
    _, head, _ = files["skill.md"].decode().split("---\n", 2)
    (name,) = re.findall(r"^name: (.+)$", head, re.MULTILINE)

    for text in (files["llms.txt"].decode(), files["reading.md"].decode(), (ROOT / "README.md").read_text("utf-8")):
        assert f"`.claude/skills/{name}/SKILL.md`" in text
        assert "`AGENTS.md`" in text


def test_what_is_to_be_installed_is_in_the_repository(files: Files) -> None:
    """An agent runs the first command that it reads; nothing of these names is on the Python Package Index yet."""
    for path in ("llms.txt", "llms-sdk.txt", "skill.md", "sdk.md"):
        text = files[path].decode()
        assert set(re.findall(r"pip install [^`\n]+", text)) == {"pip install ./sdk './mock[server]' ./jobs"}, path
        assert "not on PyPI yet; do not install a package of this name" in text, path


def test_a_guide_cannot_take_the_place_of_the_skill() -> None:
    """One of the two would be lost without anybody's notice."""
    page = Page(slug="skill", title="Skills", group="Start", lead="What to learn.", blocks=(Prose(text="Text."),))
    site = Site(title="Reference", version="1.0", summary="All there is.", pages=(page,), places={})

    with pytest.raises(PagesError, match=r"docs/guides/skill\.md: every site has a file skill\.md of its own; rename"):
        render_site(site, ROOT / "docs" / "templates")
