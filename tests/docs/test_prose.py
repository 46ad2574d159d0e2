"""The words of the texts for readers, and the drawing of sentences."""

from __future__ import annotations

from pathlib import Path

import pytest

from bootstrap import ROOT
from store_credit_tools.prose.sentences import Sentence, draw, paragraphs, sentences
from store_credit_tools.prose.sources import Text
from store_credit_tools.prose.words import ALLOWED, in_sentence


@pytest.fixture(scope="module")
def every() -> list[Sentence]:
    """Every sentence of the repository, read once."""
    return list(sentences(ROOT))


def test_no_text_has_a_word_that_the_glossary_replaces(every: list[Sentence]) -> None:
    """In the OpenAPI document, decisions, guides, READMEs, commands and errors."""
    assert [str(finding) for sentence in every for finding in in_sentence(sentence)] == []


def test_every_kind_of_text_is_read(every: list[Sentence]) -> None:
    """A source that moves away would otherwise pass in silence."""
    paths = {sentence.path for sentence in every}

    assert paths >= {
        "openapi.yaml",
        "docs/decisions.yaml",
        "docs/guides/errors.md",
        "README.md",
        "sdk/README.md",
        "mock/README.md",
        "sdk/src/store_credit/_core/amounts.py",
        "mock/src/store_credit_mock/server/command.py",
        "jobs/README.md",
        "jobs/src/store_credit_jobs/cli/apply_command.py",
    }
    assert not [path for path in paths if path.startswith("mock/src/store_credit_mock/systems/")]
    for allowed, _ in ALLOWED:
        assert any(path.startswith(allowed) for path in paths), allowed


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The answer comes late.", ["answer"]),
        ("The server answered 404.", ["answered"]),
        ("Mend the field.", ["mend"]),
        ("The body is no JSON.", ["is no"]),
        ("There is no credit.", []),
        ("It is no longer valid.", []),
        ("Compare it with the document.", ["the document"]),
        ("Compare it with the OpenAPI document.", []),
        ('The server says `the answer` or "mend it".', []),
        ("Whoever takes it off waits for ever.", ["takes it off", "whoever", "for ever"]),
    ],
)
def test_banned_words(text: str, words: list[str]) -> None:
    """Not in code and quotes, which may be a vendor's."""
    assert [found.word for found in in_sentence(Sentence("docs/guides/x.md", 1, text))] == words


def test_a_page_is_cut_into_sentences() -> None:
    """With the lines of paragraphs, items and cells; without code, headings and the page's fields."""
    page = (
        "---\ntitle: A page\nlead: What this page is about.\n---\n## A heading of words\n\n"
        "One sentence, which\ngoes on. "
        'And another one.\n\n```python\nprint("not this at all")\n```\n\n- An item of a list.\n- One more.\n\n'
        "| name | meaning |\n| --- | --- |\n| `a` | a cell with words |\n\n"
        "> **Warning:** A quotation of\n> two lines.\n"
    )

    assert list(paragraphs(Text("x.md", 1, page, markdown=True))) == [
        (3, "What this page is about."),
        (7, "One sentence, which goes on. And another one."),
        (14, "An item of a list."),
        (15, "One more."),
        (17, " name "),
        (17, " meaning "),
        (19, " `a` "),
        (19, " a cell with words "),
        (21, "**Warning:** A quotation of two lines."),
    ]


def test_drawing_is_the_same_for_the_same_seed(tmp_path: Path) -> None:
    """Each sentence once, and never more than there are."""
    (tmp_path / "docs").mkdir()
    (tmp_path / "openapi.yaml").write_text(
        "info:\n  description: |\n    Here are some words. These are some others.\n", "utf-8"
    )
    (tmp_path / "docs" / "decisions.yaml").write_text("V1:\n  question: Which words are here?\n", "utf-8")
    (tmp_path / "README.md").write_text("Here are some words. Another line of a README.\n", "utf-8")

    drawn = draw(tmp_path, 10, 3)

    assert sorted(str(one) for one in drawn) == [
        "README.md:1: Another line of a README.",
        "docs/decisions.yaml:2: Which words are here?",
        "openapi.yaml:3: Here are some words.",
        "openapi.yaml:3: These are some others.",
    ]
    assert draw(tmp_path, 10, 3) == drawn
    assert draw(tmp_path, 1, 4) == draw(tmp_path, 1, 4)
