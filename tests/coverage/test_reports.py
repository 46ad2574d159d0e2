"""Table, page, command and gates."""

from __future__ import annotations

import json
from html.parser import HTMLParser
from pathlib import Path

import pytest

from store_credit_mock import Contract, Document
from store_credit_mock.cli import main
from store_credit_mock.coverage import Coverage, CoverageError, Gates, page, table, write

from .small import SMALL, exchange


@pytest.fixture
def coverage(small: Contract) -> Coverage:
    """A list that was asked for once."""
    made = Coverage(small)
    made.add(exchange(small, "GET", "/things?limit=1", answer={"data": [{"kind": "odd"}]}))
    return made


# The table


def test_the_table_counts_and_lists_what_is_missing(coverage: Coverage) -> None:
    """A line for each operation with what was seen of what, a total, and the missing names in full."""
    text = table(coverage, width=100)
    lines = text.splitlines()

    assert lines[0].split() == [
        "operation",
        "statuses",
        "parameters",
        "media",
        "types",
        "fields",
        "enum",
        "values",
        "%",
    ]
    assert lines[2].split()[:5] == ["t.things.list", "1/2", "1/7", "1/2", "3/20"]
    assert lines[3].startswith("t.things.replace (no success)")
    assert lines[5].startswith("total (1/2 operations)")
    assert lines[5].endswith(f"{coverage.percent:.2f}")
    missing = text[text.index("missing of t.things.list") :]
    assert "statuses: default" in missing
    assert "header Trace-Id" in missing
    assert 'enum values: response Problem.code: 1, "two", null, true' in missing
    assert "limit" not in missing[: missing.index("missing of t.things.replace")]
    assert max(map(len, lines)) <= 100
    assert "missing" not in table(coverage, missing=False)


# The page


class Reader(HTMLParser):
    """Reads a page strictly enough to notice a tag that is not closed."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open[-1:] != ["style"]:
            self.text += data


def test_the_page_needs_nothing_but_itself(small: Contract, coverage: Coverage) -> None:
    """No script, no request; both colour schemes; every operation is a disclosure that the keyboard opens."""
    text = page(coverage, small)
    reader = Reader()
    reader.feed(text)
    names = [name for name, _ in reader.tags]

    assert reader.open == []
    assert not {"script", "link", "img", "iframe", "object"} & set(names)
    links = [attributes["href"] or "" for name, attributes in reader.tags if name == "a"]
    targets = {attributes["id"] for name, attributes in reader.tags if name == "details"}
    assert {link.removeprefix("#") for link in links} == targets == set(coverage.operations)
    assert "url(" not in text
    assert "@import" not in text
    assert "default-src 'none'" in text
    assert "prefers-color-scheme:dark" in text
    assert names.count("details") == names.count("summary") == len(coverage.operations)
    assert f"{coverage.percent:.2f} % of the document" in reader.text
    assert "query limit:9" in reader.text  # the line of the parameter


def test_the_page_escapes_what_a_document_says(tmp_path: Path) -> None:
    """A document is somebody's text: names in it become no markup."""
    path = tmp_path / "openapi.yaml"
    path.write_text(
        SMALL.replace("more: {type", "<script>alert(1)</script>: {type").replace("t.things.list", "t.<b>'\"&")
    )
    contract = Contract(Document.read(path))
    text = page(Coverage(contract), contract)
    reader = Reader()
    reader.feed(text)

    assert {name for name, _ in reader.tags}.isdisjoint({"script", "b"})
    assert "<script>alert(1)</script>" in reader.text
    assert "t.<b>'\"&" in reader.text


# Gates


def test_a_percentage_is_held_against_the_exact_number(small: Contract, coverage: Coverage) -> None:
    """Of all points together, each counting the same; what is rounded for show decides nothing."""
    total = coverage.total()
    exact = total["seen"] * 100 / total["all"]

    assert Gates(small, exact - 1e-9).failures(coverage) == []
    assert len(Gates(small, exact + 1e-9).failures(coverage)) == 1
    assert Gates(small, None).failures(coverage) == []


def test_answers_can_be_required(small: Contract, coverage: Coverage) -> None:
    """Each that was not seen is a failure of its own."""
    gates = Gates(small, None, ["t.things.list:200", "t.things.list:default", "t.things.replace:204"])

    assert gates.failures(coverage) == [
        "t.things.list:default was required but not seen",
        "t.things.replace:204 was required but not seen",
    ]


@pytest.mark.parametrize(
    ("under", "required", "said"),
    [
        (None, "t.thing.list:200", r"no operation t\.thing\.list; the nearest names are t\.things\.list"),
        (None, "zzz:200", r"no operation zzz; use an existing operation, such as t\.things\.list"),
        (None, "t.things.list:201", r"has no status 201; it has 200, default"),
        (None, "t.things.list", r"needs a status after a colon; it has 200, default"),
        (None, ":200", "no operation without a name"),
        (None, "", "no operation without a name"),
        (101, "t.things.list:200", "101 is not a valid percentage"),
        (-1, "t.things.list:200", "-1 is not a valid percentage"),
        (float("nan"), "t.things.list:200", "nan is not a valid percentage"),
    ],
)
def test_a_gate_that_cannot_be_met_is_an_error(small: Contract, under: float | None, required: str, said: str) -> None:
    """What the document lacks is a slip of the pen, said with what it may have meant."""
    with pytest.raises(CoverageError, match=said):
        Gates(small, under, [required])


# The command


def run(*arguments: object) -> int:
    """The exit code."""
    with pytest.raises(SystemExit) as ended:
        main(["coverage", *map(str, arguments)])
    assert isinstance(ended.value.code, int)
    return ended.value.code


def test_files_are_merged_and_reported(
    small: Contract, small_file: Path, coverage: Coverage, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Merge writes one file of several; report shows a table or JSON, writes a page, and ends as its gates say."""
    other = Coverage(small)
    other.add(exchange(small, "PUT", "/things/1", {"kind": "odd"}, status=204))
    a, b, c, html = (tmp_path / name for name in ("a.json", "b.json", "c.json", "c.html"))
    write(coverage, a)
    write(other, b)
    document = ("--document", small_file)

    assert run("merge", a, b, "-o", c, *document) == 0
    required = ("--require", "t.things.list:200", "--require", "t.things.replace:204")
    assert run("report", c, "--html", html, "--fail-under", 17, *required, *document) == 0
    assert "total (2/2 operations)" in capsys.readouterr().out
    assert html.read_text().startswith("<!doctype html>")
    assert run("report", c, "--only", "*.replace", "--fail-under", 17, *required, *document) == 0
    assert "t.things.list" not in capsys.readouterr().out
    assert run("report", c, "--only", "*.replace", "--fail-under", 18, *document) == 1
    assert "coverage is 17.14 %, below 18 %" in capsys.readouterr().err
    assert run("report", a, b, "--json", *document) == 0
    assert json.loads(capsys.readouterr().out) == json.loads(c.read_text())
    assert run("report", a, "--short", "--fail-under", 99, *required, *document) == 1
    said = capsys.readouterr()
    assert "below 99 %" in said.err
    assert "t.things.replace:204 was required" in said.err
    assert "missing" not in said.out


def test_what_cannot_be_used_ends_with_2(
    small_file: Path, coverage: Coverage, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Missing files, other JSON, another document, a wrong gate: one line each, and no traceback."""
    good, bad = tmp_path / "a.json", tmp_path / "bad.json"
    write(coverage, good)
    bad.write_text("{")
    document = ("--document", small_file)
    cases = [
        (("report", tmp_path / "none.json", *document), "none.json: cannot be read"),
        (("report", bad, *document), "bad.json is not valid JSON"),
        (("report", good), "belongs to a different document"),
        (("report", good, "--require", "t.things.lst:200", *document), "the nearest names are t.things.list"),
        (("report", good, "--fail-under", "200", *document), "200 is not a valid percentage"),
        (("report", good, "--fail-under", "x", *document), "is not a valid float"),
        (("report", good, "--html", tmp_path / "no" / "a.html", *document), "cannot be written"),
        (("report", good, "--only", "t.thing.*", *document), "matches no operation"),
        (("merge", good, *document), "'-o' / '--output'"),
        (("report", good, "--document", bad), "bad.json"),
    ]
    for arguments, said in cases:
        assert run(*arguments) == 2, arguments
        captured = capsys.readouterr()
        assert said in captured.err
        assert captured.out == ""
