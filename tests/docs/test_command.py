"""`scripts/docs`: what it says of a broken document, and what it leaves alone."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from bootstrap import ROOT
from reference_pages.building import build_site
from reference_pages.source import PagesError
from reference_pages.writing import differences, write_site

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
    document, line = broken(tmp_path, "      summary: Issue store credit\n", '      summary: "Issue store credit\n')

    found = [int(number) for number in re.findall(r"line:? (\d+)", complaint(document))]
    # A parser notices it at the next quote.
    assert any(line <= number <= line + 15 for number in found)


def test_a_missing_text_is_told_with_its_line(tmp_path: Path) -> None:
    """A member without a description, which the page would have nothing to say of."""
    old = "          description: ISO 4217 code in capitals.\n"
    document, line = broken(tmp_path, old, "")
    said = complaint(document)

    assert said.startswith("openapi.yaml:")
    assert abs(int(said.split(":")[1]) - line) <= 3
    assert "currency" in said
    assert "description" in said


def test_a_reference_to_nothing_is_told_with_its_line(tmp_path: Path) -> None:
    """The schema of an answer, misspelt."""
    old = '                $ref: "#/components/schemas/VinrStoreCreditList"\n'
    document, line = broken(tmp_path, old, old.replace("List", "Lisst"))
    said = complaint(document)

    assert abs(int(said.split(":")[1]) - line) <= 2
    assert "nothing stands at #/components/schemas/VinrStoreCreditLisst" in said


def test_an_operation_without_a_name_is_told_with_its_line(tmp_path: Path) -> None:
    """What another reader of the document says gets the line, too."""
    document, line = broken(tmp_path, "      operationId: vinr.store_credit.create\n", "")
    said = complaint(document)

    assert abs(int(said.split(":")[1]) - line) <= 2
    assert "no operationId" in said


def test_two_headings_of_one_name_are_told_with_the_line(tmp_path: Path) -> None:
    """Their ids would depend on their order."""
    document, _ = broken(tmp_path, "      summary: Issue store credit\n", "      summary: Retrieve store credit\n")

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
        ('- "decided: V58"', '- "decided: V99"', "links to the decision V99, which no page shows"),
        ("deletes it (V30)", "deletes it, see [it](schema:Nope)", "links to the schema Nope, which no page shows"),
        ("          code: expired_api_key\n", "          code: new_code\n", "no example has this code"),
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
    document, line = broken(
        tmp_path, "            - rate_limited\n", "            - rate_limited\n            - new_code\n"
    )
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


def test_a_new_site_replaces_the_whole_old_one(tmp_path: Path) -> None:
    """A page that is no more does not stay behind."""
    site = tmp_path / "site"
    write_site({"index.html": b"1", "old.html": b"1", "llms.txt": b""}, site)
    write_site({"index.html": b"2", "assets/site.css": b"2", "llms.txt": b""}, site)

    assert sorted(path.name for path in site.rglob("*") if path.is_file()) == [
        ".built",
        "index.html",
        "llms.txt",
        "site.css",
    ]
    assert (site / "index.html").read_bytes() == b"2"


def test_a_folder_of_somebody_else_is_left_alone(tmp_path: Path) -> None:
    """`--out` with a home folder must not cost anybody their files."""
    (tmp_path / "letter.odt").write_bytes(b"dear")

    with pytest.raises(PagesError, match="holds files that are not a site's"):
        write_site({"index.html": b""}, tmp_path)
    assert (tmp_path / "letter.odt").read_bytes() == b"dear"


def test_the_check_names_each_difference(tmp_path: Path) -> None:
    """Missing, left over and different pages; the HTML is nobody's business."""
    (tmp_path / "same.md").write_bytes(b"1\r\n")
    (tmp_path / "other.md").write_bytes(b"1")
    (tmp_path / "gone.md").write_bytes(b"1")
    (tmp_path / "page.html").write_bytes(b"1")
    files = {"same.md": b"1\n", "other.md": b"2", "llms.txt": b"", "page.html": b"2", "new.html": b""}

    assert differences(files, tmp_path) == ["different  other.md", "left over  gone.md", "missing    llms.txt"]
