"""The pictures of the guides: in HTML they can be seen, described and loaded; in Markdown their words stand."""

from __future__ import annotations

import re
import struct
from collections.abc import Mapping
from pathlib import Path
from xml.etree import ElementTree

import pytest
from pagetree import Tree, words

from bootstrap import ROOT
from store_credit_tools.docs_site.document import PagesError
from store_credit_tools.docs_site.pictures import picture_html

GUIDES = ROOT / "docs" / "guides"
DRAWINGS = sorted((GUIDES / "pictures").glob("*.svg"))
SHOWN = re.compile(r'^!\[([^\]]+)\]\((\S+) "([^"]+)"\)$', re.MULTILINE)
EVERY = [
    (guide.stem, " ".join(said.split()), source, caption)
    for guide in sorted(GUIDES.glob("*.md"))
    for said, source, caption in SHOWN.findall(guide.read_text("utf-8"))
]


def test_each_drawing_is_shown() -> None:
    """And the picture of the README is shown too."""
    assert {source for _, _, source, _ in EVERY} == {
        "../inspector.png",
        *(f"pictures/{path.name}" for path in DRAWINGS),
    }


@pytest.mark.parametrize(
    ("page", "said", "source", "caption"), EVERY, ids=[f"{page}-{source}" for page, _, source, _ in EVERY]
)
def test_a_picture_is_described(
    page: str, said: str, source: str, caption: str, files: Mapping[str, bytes], trees: Mapping[str, Tree]
) -> None:
    """For those who do not see it: in HTML by its text, in Markdown by words in its place."""
    tree = trees[f"{page}.html"]
    (figure,) = [one for one in tree.all("figure") if words(one).endswith(caption)]
    shown = figure[0][0] if figure[0].tag == "a" else figure[0]

    assert f"**Figure: {caption}.** {said}" in " ".join(files[f"{page}.md"].decode().split())
    assert words(figure[1]) == caption
    if shown.tag == "img":
        content = files[shown.get("src", "")]
        assert shown.get("alt") == said
        assert (shown.get("width"), shown.get("height")) == tuple(map(str, struct.unpack(">II", content[16:24])))
        assert shown.get("loading") == "lazy"
        assert content == (GUIDES / source).read_bytes()
    else:
        assert (shown.tag.rpartition("}")[2], shown.get("role")) == ("svg", "img")
        assert words(tree.ids[shown.get("aria-labelledby", "")]) == caption
        assert words(tree.ids[shown.get("aria-describedby", "")]) == said


def test_no_page_in_markdown_has_a_picture(files: Mapping[str, bytes]) -> None:
    """It would lead to a file that is not there."""
    pages = [path for path in files if path.endswith((".md", ".txt"))]
    assert [path for path in pages if re.search(rb"^!\[", files[path], re.MULTILINE)] == []


@pytest.mark.parametrize("path", DRAWINGS, ids=[path.stem for path in DRAWINGS])
def test_a_drawing_follows_the_theme_and_can_be_read_on_a_phone(path: Path) -> None:
    """All its colours are those of the style sheet; letters are not below 12 where 360 are as wide as a phone."""
    css = (ROOT / "docs" / "templates" / "assets" / "site.css").read_text("utf-8")
    light = dict(re.findall(r"--(\w+): light-dark\((#\w+), #\w+\)", css))
    root = ElementTree.fromstring(path.read_text("utf-8"))
    colours = {one.get(name, "none") for one in root.iter() for name in ("fill", "stroke")}

    assert root.get("viewBox", "").startswith("0 0 360 ")
    assert colours - {"none"} <= {f"var(--{name}, {colour})" for name, colour in light.items()}
    for one in root.iter("{http://www.w3.org/2000/svg}text"):
        assert one.get("fill") is not None, "black cannot be read in the dark"
    assert min(int(size) for size in re.findall(r'font-size="(\d+)"', path.read_text("utf-8"))) >= 12
    assert path.stat().st_size < 5000


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    """A folder with a drawing, a picture of 3 by 2, and files that are none."""
    (tmp_path / "guides").mkdir()
    (tmp_path / "guides" / "a.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><g/></svg>\n')
    (tmp_path / "guides" / "b.svg").write_text('<?xml version="1.0"?><svg/>')
    (tmp_path / "b.png").write_bytes(b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sII", 13, b"IHDR", 3, 2))
    (tmp_path / "c.png").write_bytes(b"GIF89a")
    return tmp_path


def test_words_are_escaped(docs: Path) -> None:
    """In a drawing, and in the attribute of a picture."""
    assert picture_html("a.svg", "a < b", "A & B", docs) == (
        '<figure><svg role="img" aria-labelledby="a-title" aria-describedby="a-words" viewBox="0 0 1 1">'
        '<title id="a-title">A &amp; B</title><desc id="a-words">a &lt; b</desc><g/></svg>'
        "<figcaption>A &amp; B</figcaption></figure>\n"
    )
    assert picture_html("../b.png", 'say "b"', "B", docs) == (
        '<figure><a href="assets/b.png"><img src="assets/b.png" alt="say &quot;b&quot;" width="3" height="2"'
        ' loading="lazy" decoding="async"></a>'
        "<figcaption>B</figcaption></figure>\n"
    )


@pytest.mark.parametrize(
    ("source", "said", "caption", "problem"),
    [
        ("none.svg", "words", "caption", "there is no picture none.svg in docs"),
        ("../../a.png", "words", "caption", "there is no picture ../../a.png in docs"),
        ("a.svg", "", "caption", "the picture a.svg needs words and a caption"),
        ("a.svg", "words", "", "the picture a.svg needs words and a caption"),
        ("b.svg", "words", "caption", "b.svg has to begin with <svg xmlns="),
        ("../c.png", "words", "caption", "c.png is not a valid picture"),
    ],
)
def test_what_cannot_be_shown_is_rejected(source: str, said: str, caption: str, problem: str, docs: Path) -> None:
    """With its name, and what to do."""
    (docs.parent / "a.png").write_bytes((docs / "b.png").read_bytes())
    with pytest.raises(PagesError, match=re.escape(problem)):
        picture_html(source, said, caption, docs)
