"""`scripts/docs`: what it says of a broken document, and what it leaves alone."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from bootstrap import ROOT
from store_credit_tools.check.run import check
from store_credit_tools.docs_site.build import build_site
from store_credit_tools.docs_site.document import PagesError
from store_credit_tools.docs_site.write import differences, write_site

pytestmark = pytest.mark.takes_seconds

TEXT = (ROOT / "openapi.yaml").read_text("utf-8")


def broken(folder: Path, old: str, new: str) -> tuple[Path, int]:
    """A copy of the document with one place changed, and the line of that place."""
    assert TEXT.count(old) >= 1
    path = folder / "openapi.yaml"
    path.write_text(TEXT.replace(old, new, 1), "utf-8")
    return path, TEXT[: TEXT.index(old)].count("\n") + 1


def complaint(document: Path) -> str:
    """What building from a document says."""
    with pytest.raises(PagesError) as caught:
        build_site(document)
    return str(caught.value)


def test_a_fault_of_yaml_is_told_with_its_line(tmp_path: Path) -> None:
    """A quote that is never closed."""
    document, line = broken(tmp_path, "      summary: Create store credit\n", '      summary: "Create store credit\n')

    found = [int(number) for number in re.findall(r"(?:line:? |yaml:)(\d+)", complaint(document))]
    # A parser notices it at the next quote.
    assert any(line <= number <= line + 15 for number in found)


def test_a_missing_text_is_told_with_its_line(tmp_path: Path) -> None:
    """A member without a description, which the page would have nothing to say of."""
    old = "          description: ISO 4217 currency code, always in uppercase.\n"
    document, line = broken(tmp_path, old, "")
    said = complaint(document)

    assert said.startswith("openapi.yaml:")
    assert abs(int(said.split(":")[1]) - line) <= 3
    assert "currency" in said
    assert "description" in said


def test_a_reference_to_nothing_is_told_with_its_line(tmp_path: Path) -> None:
    """The schema of a response, misspelt."""
    old = '                $ref: "#/components/schemas/VinrStoreCreditList"\n'
    document, line = broken(tmp_path, old, old.replace("List", "Lisst"))
    said = complaint(document)

    assert abs(int(said.split(":")[1]) - line) <= 2
    assert "$ref points to nothing, or is circular: #/components/schemas/VinrStoreCreditLisst" in said


def test_an_operation_without_a_name_is_told_with_its_line(tmp_path: Path) -> None:
    """It is read by its method and path, which is not how samples call it; the check of the document has the line."""
    document, line = broken(tmp_path, "      operationId: vinr.store_credit.create\n", "")
    said = complaint(document)
    told = [one for one in check(document) if "operationId" in str(one)]

    assert "vinr.store_credit.create" in said
    assert any(abs(int(str(one).split(":")[1]) - line) <= 2 for one in told)


def test_an_operation_that_the_mock_does_not_have_is_shown_without_samples(tmp_path: Path) -> None:
    """One GET more than the mock has handlers for: it is told with its line, and its page is made all the same."""
    start = TEXT.index("  /v1/store-credit:\n")
    end = TEXT.index("\n  /", start)
    item = TEXT[start:end]
    verbs = [found.start() for found in re.finditer(r"^    (?:get|post):", item, re.MULTILINE)]
    path = item[: verbs[0]] + item[item.index("\n    get:") + 1 :].partition("\n    post:")[0]
    path = path.replace("/v1/store-credit", "/v1/store-credit-summary")
    path = re.sub(r"operationId: vinr\.store_credit\.", "operationId: vinr.store_credit.again_", path)
    path = re.sub(r"summary: ", "summary: Again ", path)
    document = tmp_path / "copy.yaml"
    document.write_text(TEXT[:start] + path + "\n" + TEXT[start:], "utf-8")
    said: list[str] = []
    files = build_site(document, said.append)

    first = TEXT[:start].count("\n") + 1
    for sentence in said:
        told = re.search(
            r"copy\.yaml:(\d+): .*: the mock has no handler for vinr\.store_credit\.again_\w+, so", sentence
        )
        assert told is not None, sentence
        assert first < int(told[1]) <= first + path.count("\n")
    assert len(said) == path.count("operationId: ")
    assert b"## Again " in b"".join(content for name, content in files.items() if name.endswith(".md"))


def test_what_is_deprecated_says_so(tmp_path: Path) -> None:
    """An operation, a parameter and a member of a body: in HTML and in Markdown."""
    changed = TEXT.replace(
        "      operationId: vinr.store_credit.update\n",
        "      deprecated: true\n      operationId: vinr.store_credit.update\n",
    ).replace("        - name: ending_before\n", "        - deprecated: true\n          name: ending_before\n")
    document = tmp_path / "copy.yaml"
    document.write_text(changed, "utf-8")
    files = build_site(document)

    markdown = b"".join(content for name, content in files.items() if name.endswith(".md")).decode()
    html = b"".join(content for name, content in files.items() if name.endswith(".html")).decode()
    assert markdown.count("**Deprecated.** A later version") >= 1
    assert re.search(r"`ending_before`[^\n]*deprecated", markdown)
    assert "<b>deprecated</b>" in html
    assert '<b class="no">Deprecated</b>' in html


def test_two_headings_of_one_name_are_told_with_the_line(tmp_path: Path) -> None:
    """Their ids would depend on their order."""
    document, _ = broken(tmp_path, "      summary: Create store credit\n", "      summary: Retrieve store credit\n")

    assert re.match(r"openapi\.yaml:\d+: .*'Retrieve store credit'", complaint(document))


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        (
            "operationId: vinr.store_credit.list\n",
            "operationId: vinr.store_credit.create\n",
            "another operation",
        ),
        ("          type: integer\n          minimum: 1\n", "          type: money\n", "none of JSON Schema's"),
        ("x-docs-level: advanced", "x-docs-level: expert", "`x-docs-level` is `advanced`"),
        ('"decided: V58"', '"decided: V99"', "links to the decision V99, which no page shows"),
        (
            "deleting a credit (V30)",
            "deleting a credit, see [it](schema:Nope)",
            "links to the schema Nope, which no page shows",
        ),
        ("error: {code: expired_api_key,", "error: {code: new_code,", "no example has this code"),
    ],
)
def test_what_the_pages_cannot_show_is_told_with_its_line(old: str, new: str, reason: str, tmp_path: Path) -> None:
    """The lines said and changed may differ where a fault has two sides, such as two operations of one name."""
    document, line = broken(tmp_path, old, new)
    said = complaint(document)

    assert reason in said
    assert said.startswith("openapi.yaml:")
    if not reason.startswith(("another", "no example")):
        assert abs(int(said.split(":")[1]) - line) <= 8


def test_an_error_code_without_advice_is_told_with_its_line(tmp_path: Path) -> None:
    """A code joined the list of those known, and nobody said what to do about it."""
    document, line = broken(tmp_path, "rate_limited, internal_error]", "rate_limited, new_code, internal_error]")
    said = complaint(document)

    assert "new_code" in said
    assert abs(int(said.split(":")[1]) - line) <= 20


def test_the_last_good_site_stays(tmp_path: Path, files: Mapping[str, bytes], monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever fails while a site is written, the one that was there is whole and alone."""
    site = tmp_path / "site"
    write_site(files, site)
    before = {path: path.read_bytes() for path in site.rglob("*") if path.is_file()}

    def fail(self: Path, data: bytes) -> int:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "write_bytes", fail)
        with pytest.raises(PagesError, match="No space left"):
            write_site({"index.html": b"new"}, site)

    assert {path: path.read_bytes() for path in site.rglob("*") if path.is_file()} == before
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


def names(folder: Path) -> list[str]:
    """Every file below a folder."""
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def test_a_new_site_replaces_the_whole_old_one(tmp_path: Path) -> None:
    """A page that is no more does not stay behind, nor does the folder it was in."""
    site = tmp_path / "site"
    write_site({"index.html": b"1", "old.html": b"1", "gone/old.css": b"1", "llms.txt": b""}, site)
    write_site({"index.html": b"2", "assets/site.css": b"2", "llms.txt": b""}, site)

    assert names(site) == [".built", "assets/site.css", "index.html", "llms.txt"]
    assert not (site / "gone").exists()
    assert (site / "index.html").read_bytes() == b"2"


def test_files_of_others_in_the_folder_stay(tmp_path: Path) -> None:
    """A CNAME beside the pages, a folder of one's own, and a page that was changed by hand and is no longer made."""
    site = tmp_path / "site"
    write_site({"index.html": b"1", "old.html": b"1", "assets/old.css": b"1"}, site)
    mine = {"CNAME": "example.com", ".nojekyll": "", "robots.txt": "x", "blog/post.html": "x", "assets/my.css": "x"}
    for path, text in {**mine, "old.html": "changed by hand"}.items():
        (site / path).parent.mkdir(exist_ok=True)
        (site / path).write_text(text, "utf-8")

    write_site({"index.html": b"2"}, site)
    write_site({"index.html": b"3"}, site)

    assert names(site) == sorted([".built", "index.html", "old.html", *mine])
    assert {path: (site / path).read_text("utf-8") for path in mine} == mine
    assert (site / "index.html").read_bytes() == b"3"


@pytest.mark.parametrize(
    "there",
    [
        {"letter.odt": "dear"},
        # Public conventions: many a site that was not written here has them.
        {"index.html": "mine", "llms.txt": "# Mine", "blog/post.html": "mine"},
        {"CNAME": "docs.example.com"},
        # A name is not enough, what it says must be ours.
        {".built": "", "index.html": "mine"},
    ],
    ids=["letters", "a site with llms.txt", "a domain", "a mark of somebody else"],
)
def test_a_folder_of_somebody_else_is_left_alone(there: dict[str, str], tmp_path: Path) -> None:
    """`--out` with a folder that was not written here must not cost anybody their files."""
    for path, text in there.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(text, "utf-8")

    with pytest.raises(PagesError, match=r"is not empty, and no \.built in it says that scripts/docs wrote it"):
        write_site({"index.html": b""}, tmp_path)
    assert {path: (tmp_path / path).read_text("utf-8") for path in names(tmp_path)} == there


@pytest.mark.parametrize("taken", ["new.html", "new.html/", "assets", "assets@"])
def test_a_file_of_somebody_else_is_not_written_over(taken: str, tmp_path: Path) -> None:
    """Where the new site has a page that the last one had not, and a file, a folder or a link is in its place."""
    site, elsewhere = tmp_path / "site", tmp_path / "elsewhere"
    write_site({"index.html": b"1"}, site)
    elsewhere.mkdir()
    if taken.endswith("/"):
        (site / taken).mkdir()
    elif taken.endswith("@"):
        (site / taken.removesuffix("@")).symlink_to(elsewhere)
    else:
        (site / taken).write_text("mine", "utf-8")
    before = names(site)

    name = taken.rstrip("/@")
    with pytest.raises(PagesError, match=rf"{name}: was not written by scripts/docs.*nothing was changed"):
        write_site({"index.html": b"2", "new.html": b"2", "assets/site.css": b"2"}, site)
    assert names(site) == before
    assert (site / "index.html").read_bytes() == b"1"
    assert list(elsewhere.iterdir()) == []


@pytest.mark.parametrize(
    "line", [f"{'0' * 64}  ../letter.odt", f"{'0' * 64}  /letter.odt", f"{'0' * 64}  ", "<<<<<<< HEAD", "letter.odt"]
)
def test_a_list_that_was_changed_removes_nothing(line: str, tmp_path: Path) -> None:
    """A list that names a file outside, or is not a list, does not tell which files are ours."""
    site = tmp_path / "site"
    write_site({"index.html": b"1"}, site)
    with (site / ".built").open("a", encoding="utf-8") as manifest:
        manifest.write(f"{line}\n")

    with pytest.raises(PagesError, match="is not a line of scripts/docs"):
        write_site({"index.html": b"2"}, site)
    assert (site / "index.html").read_bytes() == b"1"


def test_a_page_of_the_last_site_is_not_removed_through_a_link(tmp_path: Path) -> None:
    """A folder that has become a link leads out of the site; the same bytes there are somebody else's file."""
    site, elsewhere = tmp_path / "site", tmp_path / "elsewhere"
    write_site({"index.html": b"1", "assets/old.css": b"1"}, site)
    (site / "assets").rename(elsewhere)
    (site / "assets").symlink_to(elsewhere)

    write_site({"index.html": b"2"}, site)

    assert (elsewhere / "old.css").read_bytes() == b"1"


def test_the_folder_of_the_committed_pages_is_ours_without_a_list(tmp_path: Path) -> None:
    """A fresh clone has the pages and not the list; nothing is removed that nothing says was written here."""
    (tmp_path / "index.md").write_bytes(b"1")
    (tmp_path / "CNAME").write_bytes(b"docs.example.com")

    write_site({"index.md": b"2", "index.html": b"2"}, tmp_path, own=tmp_path)

    assert (tmp_path / "index.md").read_bytes() == b"2"
    assert names(tmp_path) == [".built", "CNAME", "index.html", "index.md"]


def test_a_site_that_cannot_be_written_leaves_no_folder_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The next run then finds what this one found."""

    def fail(self: Path, data: bytes) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", fail)
    with pytest.raises(PagesError, match="No space left"):
        write_site({"index.html": b"new"}, tmp_path / "site")

    assert list(tmp_path.iterdir()) == []


def test_the_check_names_each_difference(tmp_path: Path) -> None:
    """Missing, left over and different pages; HTML is not committed, and other texts may be anybody's."""
    (tmp_path / "same.md").write_bytes(b"1\r\n")
    (tmp_path / "other.md").write_bytes(b"1")
    (tmp_path / "gone.md").write_bytes(b"1")
    (tmp_path / "page.html").write_bytes(b"1")
    (tmp_path / "robots.txt").write_bytes(b"1")
    files = {"same.md": b"1\n", "other.md": b"2", "llms.txt": b"", "page.html": b"2", "new.html": b""}

    assert differences(files, tmp_path) == ["different  other.md", "left over  gone.md", "missing    llms.txt"]
