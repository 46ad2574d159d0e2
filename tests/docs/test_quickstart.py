"""The page one begins with: every block of it runs, and nothing on it is left out here."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from pagetree import Tree, words

from bootstrap import ROOT
from served_mock import Served, served

BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
INSTALL = (
    "$ python3 -m venv .venv\n"
    "$ . .venv/bin/activate\n"
    "$ pip install ./sdk './mock[server]' ./jobs\n"
    "$ store-credit-mock serve --samples\n"
)
PRINTED = "console.log(JSON.stringify(await response.json()))"
PUBLISH = "$ scripts/docs --out site --base-url https://docs.example.com/credit/ --title 'Acme credit'\n"


@pytest.fixture(scope="module")
def blocks(files: Mapping[str, bytes]) -> list[tuple[str, str]]:
    """Language and text of each block, in their order."""
    return BLOCK.findall(files["index.md"].decode())


@pytest.fixture
def mock() -> Iterator[Served]:
    """What the page says to start."""
    with served("--samples") as running:
        yield running


def test_each_block_is_run_by_a_test(blocks: list[tuple[str, str]]) -> None:
    """Python and curl also in `test_samples_on_one_mock.py`, the test in `test_guides.py`, the rest below."""
    kinds = [language if language != "console" else text.split()[1] for language, text in blocks]

    assert kinds == [
        *("curl", "python", "javascript", "ruby", "php", "json"),
        *("python3", "text", "python", "text"),
        *("python", "csv", "shell", "scripts/docs"),
    ]
    assert blocks[6][1] == INSTALL
    assert blocks[-1][1] == PUBLISH
    assert [text.startswith("def test_") for language, text in blocks if language == "python"] == [False, False, True]


def test_the_first_sentence_says_what_store_credit_is(files: Mapping[str, bytes]) -> None:
    """And that VINR's page calls itself illustrative is there to be read before anybody goes live."""
    text = " ".join(files["index.md"].decode().split())

    assert text.startswith("# Start here Store credit is a balance that a customer can spend on future purchases. ")
    assert "describes its own page about store credit as illustrative" in text


def test_cards_lead_to_the_sections(trees: Mapping[str, Tree]) -> None:
    """Each card is one link to a heading of the page with the same words; the first screen has nothing else before."""
    (panel,) = trees["index.html"].all("div", "cards")
    cards = list(panel.iter("li"))
    links = [list(card.iter("a")) for card in cards]
    headings = {name: title for level, title, name in trees["index.html"].headings if level == 2}

    assert len(cards) == 4
    assert [headings[link.get("href", "").removeprefix("#")] for (link,) in links] == [words(link) for (link,) in links]
    assert all(len(words(card)) > len(words(link)) for card, (link,) in zip(cards, links, strict=True))


@pytest.mark.takes_seconds
def test_what_is_printed_is_on_the_page(blocks: list[tuple[str, str]], mock: Served, tmp_path: Path) -> None:
    """By the samples, in their order, with what the start printed; VINR's id and time are new ones."""
    (_, curl), (_, python), (_, node), (_, ruby), (_, php), (_, body), *rest = blocks
    _, (_, exports), (_, spree), (_, spree_text), *_ = rest
    for line in exports.splitlines():
        name, _, value = line.removeprefix("export ").partition("=")
        assert mock.started["environment"][name] == value.replace("http://127.0.0.1:4010", mock.url)
    environment = {**os.environ, **mock.started["environment"], "NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1"}

    def printed(*command: str) -> str:
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    before = len(mock.control.vinr.credits())
    assert printed(sys.executable, "-c", spree) == spree_text
    first, balance = printed(sys.executable, "-c", python).split()
    assert int(balance) == json.loads(body)["balance_remaining"]
    missing: list[str] = []
    for command, name, code in (
        ("node", "create.mjs", node.replace("console.log(await response.json())", PRINTED)),
        ("ruby", "create.rb", ruby),
        ("php", "create.php", php),
        ("sh", "create.sh", curl.removeprefix("$ ")),
    ):
        needed = "curl" if command == "sh" else command
        if shutil.which(needed) is None:
            missing.append(needed)
            continue
        (tmp_path / name).write_text(code)
        said = printed(command, str(tmp_path / name))
        assert json.loads(said)["id"] == first, "the same key returns the same credit"
        assert _without_what_is_new(said) == _without_what_is_new(body)
    assert len(mock.control.vinr.credits()) == before + 1
    if missing:
        pytest.skip(f"these samples were not run, as their commands are not installed: {', '.join(missing)}")


def test_every_line_of_the_first_sample_is_narrow(blocks: list[tuple[str, str]]) -> None:
    """It stands in a column of its own beside the title, where longer lines would have to be scrolled."""
    wide = [line for _, text in blocks[:6] for line in text.splitlines() if len(line) > 56]

    assert wide == []


def _without_what_is_new(body: str) -> dict[str, Any]:
    """A credit without the id and the time that it has only there."""
    found = json.loads(body)
    assert re.fullmatch(r"sc_[0-9a-f]{20}", found.pop("id"))
    assert isinstance(found.pop("created"), int)
    return found


@pytest.mark.takes_seconds
def test_the_job(blocks: list[tuple[str, str]], mock: Served, tmp_path: Path) -> None:
    """In an empty folder, with what the start printed: three credits, and none more when it is applied again."""
    (table,) = (text for language, text in blocks if language == "csv")
    (commands,) = (text for language, text in blocks if language == "shell")
    (tmp_path / "goodwill.csv").write_text(table)
    # VINR's credit that the samples name is there before.
    before = len(mock.control.vinr.credits())
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("STORE_CREDIT", "VINR"))}
    environment |= mock.started["environment"]
    environment["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), environment["PATH"]])

    for script in (commands, "store-credit issue apply plan.jsonl"):
        done = subprocess.run(
            ["sh", "-euc", script], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        assert len(mock.control.vinr.credits()) - before == 3


@pytest.mark.takes_seconds
def test_the_reference_is_published(tmp_path: Path) -> None:
    """The command makes a folder with a start page, from whatever folder it is called."""
    command = PUBLISH.removeprefix("$ ").strip().replace("scripts/docs", str(ROOT / "scripts" / "docs"))
    done = subprocess.run(["sh", "-c", command], cwd=tmp_path, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr
    assert (tmp_path / "site" / "index.html").is_file()
