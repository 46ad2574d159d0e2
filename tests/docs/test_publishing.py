"""`scripts/docs --base-url --title --logo --colour --edit-url --version-name`: what is published."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import parse_qs, urljoin, urlsplit
from xml.etree import ElementTree

import pytest

from bootstrap import ROOT
from store_credit_tools.docs_site.build import build_site
from store_credit_tools.docs_site.document import PagesError, Source
from store_credit_tools.docs_site.publication import DARK, LIGHT, Publication, read_publication
from store_credit_tools.docs_site.side_by_side import write_version
from store_credit_tools.docs_site.write import write_site

pytestmark = pytest.mark.takes_seconds

BASE = "https://docs.example.com/credit/"
TEMPLATES = ROOT / "docs" / "templates"
LOGO = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"/>'


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, bytes]:
    """A site with everything that can be asked for."""
    logo = tmp_path_factory.mktemp("logo") / "mark.svg"
    logo.write_bytes(LOGO)
    return build_site(
        publication=read_publication(
            base_url=BASE.rstrip("/"),
            title="Acme <credit>",
            logo=logo,
            colour="#ffcc00",
            edit_url="https://git.example.com/acme/edit/main",
        )
    )


def test_a_repository_on_github_is_linked_and_takes_reports() -> None:
    """It is where the pages are edited; another host has issues elsewhere."""
    made = read_publication(edit_url="https://github.com/acme/credit/edit/main/docs")
    other = read_publication(edit_url="https://git.example.com/acme/edit/main")

    assert made.repository == "https://github.com/acme/credit"
    assert made.report("Errors & more", "errors") == (
        "https://github.com/acme/credit/issues/new?title=Documentation%3A+Errors+%26+more+%28errors%29"
    )
    assert (other.repository, other.report("Errors", "errors")) == ("", "")
    assert read_publication().repository == ""


def test_each_page_of_a_repository_on_github_leads_to_it() -> None:
    """From its header and its footer; nothing leads anywhere without one."""
    files = build_site(publication=read_publication(edit_url="https://github.com/acme/credit/edit/main/"))
    for path in page_names(files):
        text = files[path].decode()
        assert text.count('href="https://github.com/acme/credit"') == 2, path
        assert text.count(">Report a problem with this page</a>") == 1, path


def page_names(files: Mapping[str, bytes]) -> list[str]:
    return [path for path in files if path.endswith(".html") and path != "404.html"]


def test_each_page_has_its_own_canonical_address_and_the_sitemap_lists_all(published: Mapping[str, bytes]) -> None:
    """The start page is the folder itself."""
    canonical: dict[str, str] = {}
    for path in page_names(published):
        found = re.search(r'<link rel="canonical" href="([^"]+)">', published[path].decode())
        assert found is not None, path
        canonical[path] = found[1]
    assert canonical["index.html"] == BASE
    assert canonical["errors.html"] == f"{BASE}errors.html"
    listed = [found.text for found in ElementTree.fromstring(published["sitemap.xml"]).iter() if found.text]
    assert sorted(text for text in listed if text.strip()) == sorted(canonical.values())
    assert f"Sitemap: {BASE}sitemap.xml" in published["robots.txt"].decode()


def test_title_and_logo_are_in_every_header(published: Mapping[str, bytes]) -> None:
    """Escaped, and with the logo as the icon too."""
    for path in [*page_names(published), "404.html"]:
        text = published[path].decode()
        assert "Acme &lt;credit&gt;" in text.partition("<title>")[2].partition("</title>")[0], path
        assert "Acme &lt;credit&gt;" in text.partition('class="home"')[2].partition("</a>")[0], path
        assert "<credit>" not in text
        assert re.search(r'<link rel="icon" href="[^"]*assets/logo\.svg" type="image/svg\+xml">', text), path
    assert published["assets/logo.svg"] == LOGO


def test_the_mark_of_the_icon_is_in_every_header_without_a_logo(
    files: Mapping[str, bytes], published: Mapping[str, bytes]
) -> None:
    """One picture beside the title, which says nothing more to those who do not see it."""
    mark, logo = (
        '<img src="favicon.svg" alt="" width="28" height="28">',
        '<img src="assets/logo.svg" alt="" height="28">',
    )
    for made, picture in ((files, mark), (published, logo)):
        for path in page_names(made):
            home = made[path].decode().partition('class="home"')[2].partition("</a>")[0]
            assert re.findall(r"<img [^>]+>", home) == [picture], path


def test_the_page_for_unknown_addresses_works_at_any_depth(published: Mapping[str, bytes]) -> None:
    """Its links begin at the path of the site, as the host shows it for `/credit/a/b/c` too."""
    text = published["404.html"].decode()
    assert text.index('<base href="/credit/">') < text.index("<link")
    addresses = set(re.findall(r'(?:href|src)="([^"]+)"', text)) - {"/credit/"}
    outside = {one for one in addresses if one.startswith("https://")}
    assert {path for path in addresses - outside if path not in published} == set()
    assert addresses > set(page_names(published)), "every page is in its menu"


def test_assistants_are_given_the_page_as_markdown(files: Mapping[str, bytes], published: Mapping[str, bytes]) -> None:
    """By an address that they can fetch; a page without one has no such links."""
    links = re.findall(r'<a href="([^"]+)" rel="nofollow">Open in (\w+)</a>', published["errors.html"].decode())
    assert [name for _, name in links] == ["Claude", "ChatGPT"]
    for address, _ in links:
        (asked,) = parse_qs(urlsplit(address).query)["q"]
        assert f"{BASE}errors.md " in asked
    assert "errors.md" in published
    assert not [path for path in page_names(files) if b"Open in " in files[path]]


def test_sources_can_be_edited(published: Mapping[str, bytes]) -> None:
    """A guide leads to its file, a resource to the document, and each of them exists."""
    for path in page_names(published):
        link = r'<a href="https://git\.example\.com/acme/edit/main/([^"]+)">Edit this page'
        found = re.search(link, published[path].decode())
        if found is not None:
            assert (ROOT / found[1]).is_file(), path
    assert b"/docs/guides/errors.md" in published["errors.html"]
    assert b"/openapi.yaml" in published["vinr-store-credit.html"]


def test_the_documents_can_be_downloaded(published: Mapping[str, bytes]) -> None:
    """The whole one and the copies for tools; llms.txt names them by full addresses that exist."""
    assert published["openapi/openapi.yaml"] == (ROOT / "openapi.yaml").read_bytes()
    links = re.findall(r"\]\(([^)]+)\)", published["llms.txt"].decode())
    assert len(links) > 20
    for link in links:
        assert link.removeprefix(BASE) in published, link


def relative_links(path: str, content: bytes) -> list[str]:
    """What a page links to beside it: neither another host, nor a place in itself, nor in a sample."""
    text = content.decode()
    if path.endswith(".html"):
        text = re.sub(r"<(pre|script)\b.*?</\1>", "", text, flags=re.DOTALL)
        found = re.findall(r'(?:href|src)="([^"]+)"', text)
    else:
        text = re.sub(r"^```.*?^```$", "", text, flags=re.DOTALL | re.MULTILINE)
        found = re.findall(r"\]\(([^)\s]+)\)", text)
    return [link.partition("#")[0] for link in found if "://" not in link and not link.startswith(("#", "mailto:"))]


def dead_links(site: Path) -> list[str]:
    """The links of a folder's pages that lead to no file of it; 404.html links from the root."""
    return [
        f"{page.name}: {link}"
        for page in site.rglob("*")
        if page.suffix in {".html", ".md", ".txt"} and page.name != "404.html"
        for link in relative_links(page.name, page.read_bytes())
        if not (target := (page.parent / link).resolve()).is_relative_to(site.resolve()) or not target.is_file()
    ]


@pytest.mark.takes_seconds
@pytest.mark.parametrize("options", [(), ("--base-url", BASE)], ids=["a folder", "an address"])
def test_every_link_of_a_site_elsewhere_leads_to_a_file_of_it(options: tuple[str, ...], tmp_path: Path) -> None:
    """In HTML, in Markdown and in the files for agents; the document and its copies are linked to."""
    command = [sys.executable, ROOT / "scripts" / "docs", "--out", tmp_path / "pages", *options]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    site = tmp_path / "pages"

    assert dead_links(site) == []
    for name in ("tools.html", "tools.md", "llms.txt"):
        assert "openapi/openapi.yaml" in (site / name).read_text("utf-8"), name


def test_every_link_of_the_committed_pages_leads_to_a_file_of_the_repository() -> None:
    """There the document and its copies stand elsewhere."""
    pages = [page for page in (ROOT / "docs" / "site").iterdir() if page.suffix in {".md", ".txt"}]
    links = {(page, link) for page in pages for link in relative_links(page.name, page.read_bytes())}
    assert len(links) > 300
    assert [(page.name, link) for page, link in links if not (page.parent / link).is_file()] == []


def test_the_rule_for_nginx_finds_the_twin_of_each_page(published: Mapping[str, bytes]) -> None:
    """Two lines of CONTRIBUTING.md, which nginx 1.22 was seen to follow."""
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    section = text.partition("## Publish the pages\n")[2].partition("\n## ")[0]
    kinds, rule = re.findall(r"^    ((?:map|location) .+)$", section, re.MULTILINE)
    twins = dict(re.findall(r"(\S+) (\.\w+);", kinds))
    pattern = rule.split()[2].replace("?<", "?P<")

    assert twins == {"~text/markdown": ".md", "default": ".html"}
    assert "try_files $page$twin" in rule
    assert "Vary Accept" in rule, "a cache keeps both"
    for path in page_names(published):
        found = re.match(pattern, f"/{path}")
        assert found, path
        assert all(f"{found['page']}{ending}".removeprefix("/") in published for ending in twins.values()), path


def test_without_an_address_nothing_names_one(files: Mapping[str, bytes]) -> None:
    """The site that is committed and read from a folder."""
    assert not {"sitemap.xml", "robots.txt"} & set(files)
    for path in page_names(files):
        assert b'rel="canonical"' not in files[path]
        assert b"Edit this page" not in files[path]
        assert b'<meta property="og:title"' in files[path]
    assert b'<base href="/">' in files["404.html"]


def contrast(one: str, other: str) -> float:
    """The formula of WCAG, written down once more."""

    def luminance(text: str) -> float:
        parts = [int(text[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_marked_words_can_be_read_on_both_grounds() -> None:
    """In the results of the search: with the contrast that WCAG asks for at its level AAA."""
    css = (TEMPLATES / "assets" / "site.css").read_text("utf-8")
    pairs = dict(re.findall(r"--(text|mark): light-dark\((#\w{6}, #\w{6})\)", css))
    for text, ground in zip(pairs["text"].split(", "), pairs["mark"].split(", "), strict=True):
        assert contrast(text, ground) >= 7


@pytest.mark.parametrize("colour", ["#ffcc00", "#000000", "#ffffff", "#3f3bc4", "#7f7f7f"])
def test_a_colour_can_be_read_on_both_grounds(colour: str) -> None:
    """By the formula of WCAG."""
    colours = read_publication(colour=colour).colours
    assert colours is not None
    for chosen, grounds in zip(colours, (LIGHT, DARK), strict=True):
        for ground in grounds:
            assert contrast(chosen, ground) >= 4.5
    css = (TEMPLATES / "assets" / "site.css").read_text("utf-8")
    for light, dark in zip(LIGHT, DARK, strict=True):
        short = "#fff" if light == "#ffffff" else light
        assert f"light-dark({short}, {dark})" in css


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"base_url": "docs.example.com"}, "--base-url 'docs.example.com' is not a valid address"),
        ({"base_url": "https://user:secret@docs.example.com/"}, "is not a valid address"),
        ({"base_url": "https://docs.example.com/?a=1"}, "is not a valid address"),
        ({"edit_url": "javascript:alert(1)"}, "--edit-url 'javascript:alert(1)' is not a valid address"),
        ({"base_url": 'https://e.com/"><script>'}, "is not a valid address"),
        ({"colour": "red"}, "--colour 'red' is not a valid colour: #rrggbb"),
        ({"version": "../up"}, "--version-name '../up' is not a valid name of a folder"),
        ({"version": ".git"}, "is not a valid name of a folder"),
        ({"logo": Path("mark.gif")}, "is not a valid picture"),
        ({"logo": Path("missing.png")}, "cannot be read"),
    ],
)
def test_what_cannot_be_published_is_refused(asked: Mapping[str, str | Path], said: str) -> None:
    """With the option, and what is valid."""
    with pytest.raises(PagesError) as caught:
        read_publication(**asked)  # pyright: ignore[reportArgumentType] - one of each kind
    assert said in str(caught.value)


def test_a_logo_that_breaks_the_budget_is_refused(tmp_path: Path) -> None:
    """A page with all it loads stays below 100 kB."""
    logo = tmp_path / "big.png"
    logo.write_bytes(b"x" * 60_001)
    with pytest.raises(PagesError, match="60,001 bytes; 60,000 is the limit"):
        read_publication(logo=logo)


SMALL = {"index.html": b"<p>one</p>", "assets/site.css": b"", "favicon.svg": b""}


def write(folder: Path, name: str) -> None:
    publication = Publication(base_url=f"{BASE}{name}/", version=name)
    write_version({**SMALL, "page.html": name.encode()}, folder, publication, "Credit", TEMPLATES)


def test_versions_stand_side_by_side(tmp_path: Path) -> None:
    """In whatever order they are written, the folder leads to the newest, and its page lists all of them."""
    folder = tmp_path / "site"
    for name in ("0.10.0", "next", "0.9.0"):
        write(folder, name)
    (folder / "CNAME").write_text("docs.example.com")
    write(folder, "0.9.1")

    listed = re.findall(r'<a href="([^"/]+)/index\.html">[^<]*</a>', (folder / "versions.html").read_text())
    assert [name for name in listed if name != "index.html"][-4:] == ["0.10.0", "0.9.1", "0.9.0", "next"]
    assert 'url=0.10.0/index.html"' in (folder / "index.html").read_text()
    assert (folder / "CNAME").read_text() == "docs.example.com"
    assert f"{BASE}0.10.0/sitemap.xml" in (folder / "robots.txt").read_text()
    for name in listed:
        assert (folder / name / "page.html").read_text() == name
    base, *addresses = re.findall(r'href="([^"]+)"', (folder / "404.html").read_text())
    assert addresses
    for address in addresses:
        assert (folder / urljoin(base, address).removeprefix("/credit/")).exists(), address


def test_every_page_finds_itself_in_other_versions(tmp_path: Path) -> None:
    """By `versions.json`, which each build writes anew for all of them; one of an old version is not built again."""
    folder = tmp_path / "site"
    write(folder, "0.9.0")
    publication = Publication(base_url=f"{BASE}0.10.0/", version="0.10.0")
    more = {**SMALL, "new.html": b"", "404.html": b"", "openapi/reader.html": b"", "new.md": b""}
    write_version(more, folder, publication, "Credit", TEMPLATES)

    assert json.loads((folder / "versions.json").read_bytes()) == [
        {"name": "0.10.0", "pages": ["index", "new"]},
        {"name": "0.9.0", "pages": ["index", "page"]},
    ]
    assert "versions.json" in (folder / ".built").read_text(), "a later build replaces it"


def test_a_site_of_one_version_names_it(files: Mapping[str, bytes]) -> None:
    """In the header of each page, without a link to a list that is not there."""
    number = Source.read().text("#/info", "version")
    for path in page_names(files):
        header = files[path].decode().partition("<header>")[2].partition("</header>")[0]
        assert f'<span class="version">{number}</span>' in header, path
        assert "versions.html" not in header, path


def test_versions_never_go_into_a_folder_of_somebody_else(tmp_path: Path) -> None:
    """Neither beside their files nor over them."""
    (tmp_path / "index.html").write_text("mine")
    with pytest.raises(PagesError, match="is not empty"):
        write(tmp_path, "1.0")
    assert [path.name for path in tmp_path.iterdir()] == ["index.html"]

    write_site({"a.html": b""}, tmp_path / "built")
    (tmp_path / "built" / "versions.html").write_text("mine")
    with pytest.raises(PagesError, match="was not written by scripts/docs"):
        write(tmp_path / "built", "1.0")
    assert (tmp_path / "built" / "versions.html").read_text() == "mine"


def test_the_command_writes_a_version(tmp_path: Path) -> None:
    """As the workflow calls it; a page names its version and leads to the others."""
    command = [sys.executable, ROOT / "scripts" / "docs", "--out", tmp_path / "pages", "--base-url", BASE]
    ran = subprocess.run([*command, "--version-name", "0.1.0"], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    page = (tmp_path / "pages" / "0.1.0" / "index.html").read_text("utf-8")
    assert re.search(r'<a class="version" href="\.\./versions\.html"[^>]*>0\.1\.0</a>', page)
    assert (tmp_path / "pages" / "versions.html").is_file()

    ran = subprocess.run([*command[:2], "--version-name", "0.1.0"], capture_output=True, text=True, check=False)
    assert ran.returncode == 2
    assert "--version-name needs --out" in ran.stderr
