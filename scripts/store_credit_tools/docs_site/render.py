"""The site as files: every page in HTML and in Markdown, and what belongs to them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict
from functools import partial
from html import escape
from pathlib import Path
from types import MappingProxyType
from typing import Any, cast
from urllib.parse import urljoin

import rcssmin  # pyright: ignore[reportMissingTypeStubs]
import rjsmin  # pyright: ignore[reportMissingTypeStubs]
from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateError, select_autoescape
from markupsafe import Markup

from store_credit_tools.docs_site.anchors import slug_of
from store_credit_tools.docs_site.document import PagesError
from store_credit_tools.docs_site.highlighting import highlight
from store_credit_tools.docs_site.index_models import ChangeSection
from store_credit_tools.docs_site.markdown import Texts, joined
from store_credit_tools.docs_site.one_file import OPTIONAL, one_files
from store_credit_tools.docs_site.publication import DEFAULT, Publication
from store_credit_tools.docs_site.reference.llms_sdk import llms_sdk_values
from store_credit_tools.docs_site.sample_sets import SampleSet
from store_credit_tools.docs_site.search import search_index
from store_credit_tools.docs_site.site_model import Site
from store_credit_tools.docs_site.version_scripts import Versions, has_versions, lacks_script, samples_script
from store_credit_tools.docs_site.view_model import (
    Attribute,
    EventEntry,
    ObjectEntry,
    OperationEntry,
    Page,
    Prose,
    ReferenceEntry,
    RelatedEvents,
    TryIt,
)
from store_credit_tools.vendor import VENDOR, banner

__all__ = ["COMMITTED", "render_site", "taken_name"]

COMMITTED = (".md", ".txt")
"""Endings of the files that are kept in the repository."""

_OUTLINED = 2
_PRE = re.compile(r"(<pre.*?</pre>)", re.DOTALL)
_FENCE = re.compile(r"^(```.*?^```$)", re.DOTALL | re.MULTILINE)
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_BLANKS = re.compile(r"\s*\n\s*")
_ALL_PAGES = "[All pages](llms.txt) · [The Python SDK in one file](llms-sdk.txt)\n"
"""The end of each page in Markdown: who has loaded one of them finds the others from there."""


def render_site(
    site: Site,
    templates: Path,
    publication: Publication = DEFAULT,
    versions: Versions = MappingProxyType({}),
) -> Mapping[str, bytes]:
    """Give the contents of every page, and of what pages load, by its path inside the site's folder.

    Args:
        site: The pages.
        templates: The folder of the templates.
        publication: Address, name and look.
        versions: What versions of a system respond to the samples, by version and operationId.

    Raises:
        PagesError: A template cannot be used, or a text links to nothing; the text says which.
    """
    try:
        made: dict[str, str] = {}
        for path, content in _Renderer(site, templates, publication, versions).files():
            if path in made:
                raise taken_name(path)
            made[path] = content
    except TemplateError as error:
        place = f"{getattr(error, 'name', None) or 'a template'}:{getattr(error, 'lineno', '?')}"
        raise PagesError(f"docs/templates: {place}: {error.message}") from error
    return {path: text.encode("utf-8") for path, text in made.items()}


def taken_name(path: str) -> PagesError:
    """Tell that a guide would take the place of a file that every site has."""
    return PagesError(f"docs/guides/{Path(path).stem}.md: every site has a file {path} of its own; rename the guide")


class _Renderer:
    def __init__(
        self,
        site: Site,
        templates: Path,
        publication: Publication,
        versions: Versions,
    ) -> None:
        self.site = site
        self.versions = versions
        self.publication = publication
        self.templates = templates
        self.environment = Environment(
            loader=FileSystemLoader(templates),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            autoescape=select_autoescape(["html"], default=False),
        )
        # Jinja2 declares its filters by functions of any kind.
        self._filters = cast("dict[str, Callable[..., Any]]", self.environment.filters)  # pyright: ignore[reportUnknownMemberType]
        self._filters.update(
            code=_as_html(highlight),
            languages=_languages,
            in_html=_in_html,
            slug=slug_of,
            plain=_plain,
            try_it=_as_html(_try_it),
            variables=_variables,
        )
        self.slugs = [page.slug for page in site.pages]

    def files(self) -> Iterator[tuple[str, str]]:
        texts: list[tuple[Page, str]] = []
        for number, page in enumerate(self.site.pages):
            yield f"{page.slug}.html", self._html(number, page)
            if more := _more_samples(page):
                yield f"assets/samples/{page.slug}.js", f"window.moreSamples={more}\n"
            if of_versions := samples_script(page, self.versions):
                yield f"assets/samples/{page.slug}.versions.js", of_versions
            texts.append((page, self._markdown(page)))
            yield f"{page.slug}.md", f"{texts[-1][1]}\n{_ALL_PAGES}"
        whole = {"llms-sdk.txt": self._llms_sdk(), **dict(one_files(self.site, texts))}
        yield "llms.txt", self._llms({name: round(len(text.encode()) / 1000) for name, text in whole.items()})
        yield from whole.items()
        yield "skill.md", self.environment.get_template("skill.md").render(text=whole["llms-sdk.txt"])
        for path in sorted((self.templates / "assets").iterdir()):
            text = path.read_text("utf-8") + (self.publication.style() if path.name == "site.css" else "")
            yield f"assets/{path.name}", _light(text, path.suffix)
        yield "assets/menu.js", self.site.menu_script()
        if lacks := lacks_script(self.site.pages, self.versions):
            yield "assets/versions.js", lacks
        # Loaded when a reader first searches: the engine, with the license it has to carry, and what it looks through.
        engine = (VENDOR / "minisearch.js").read_text("utf-8")
        yield "assets/minisearch.js", banner("minisearch") + _light(engine, ".js")
        yield "assets/search-index.js", search_index(self.site)

    def _html(self, number: int, page: Page) -> str:
        texts = Texts(page.slug, self.site.places, self.slugs, ".html", self.publication)
        self._use(texts)
        self._filters.update(
            facts=_as_html(partial(_facts, texts)),
            inline=_as_html(texts.inline),
            html=_as_html(texts.html),
            paragraphs=_as_html(partial(_paragraphs, texts)),
            address=_address(texts),
        )
        pages = self.site.pages
        text = self.environment.get_template("page.html").render(
            site=self.site,
            page=page,
            publication=self.publication,
            site_title=self.publication.title or self.site.title,
            edit=self._edit(page),
            outline=tuple(_outline(page)),
            has_versions=has_versions(page, self.versions),
            before=pages[number - 1] if number else None,
            after=pages[number + 1] if number + 1 < len(pages) else None,
        )
        # Blanks between elements say nothing and weigh much.
        parts = _PRE.split(text)
        return "".join(part if part.startswith("<pre") else _BLANKS.sub("\n", part) for part in parts).strip() + "\n"

    def _markdown(self, page: Page) -> str:
        texts = Texts(page.slug, self.site.places, self.slugs, ".md", self.publication)
        self._use(texts)
        text = self.environment.get_template("page.md").render(site=self.site, page=page)
        return "".join(part if part.startswith("```") else _tidy(part) for part in _FENCE.split(text)).strip() + "\n"

    def _llms(self, kilobytes: Mapping[str, int]) -> str:
        text = self.environment.get_template("llms.txt").render(
            site=self.site, publication=self.publication, optional=OPTIONAL, kilobytes=kilobytes
        )
        if self.publication.base_url:
            base = self.publication.base_url
            text = _LINK.sub(lambda found: f"]({urljoin(base, found[1])})", text)
        return _tidy(text).strip() + "\n"

    def _edit(self, page: Page) -> str:
        """Where the source of a page can be edited; empty if nobody said, or if it has none that is written by hand."""
        guide = self.templates.parent / "guides" / f"{page.slug}.md"
        source = f"docs/guides/{guide.name}" if guide.is_file() else "openapi.yaml" if page.is_resource else ""
        return f"{self.publication.edit_url}{source}" if self.publication.edit_url and source else ""

    def _llms_sdk(self) -> str:
        text = self.environment.get_template("llms-sdk.txt").render(llms_sdk_values())
        # Blanks around the signs of a tree and in code stay; only empty lines go.
        return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"

    def _use(self, texts: Texts) -> None:
        self._filters.update(wrapped=texts.wrapped, kept=texts.kept, item=partial(_item, texts), place=texts.address)


def _outline(page: Page) -> Iterator[tuple[str, str, str, bool]]:
    """The second-level headings of a page, and its methods.

    Words, anchor, of an operation its HTTP method, and whether it belongs to the heading above. Then its name leaves
    out the name of that heading, so that it fits into the column.
    """
    above = ""
    for block in page.blocks:
        if isinstance(block, Prose):
            for heading in re.findall(r"^## (.+)$", block.text, re.MULTILINE):
                yield heading.replace("`", ""), slug_of(heading), "", False
        elif isinstance(block, ChangeSection):
            if block.label:
                yield block.label, block.anchor, "", block.level > _OUTLINED
        elif isinstance(block, OperationEntry):
            yield block.title, block.anchor, block.method, False
        elif isinstance(block, ReferenceEntry):
            inner = block.level > _OUTLINED and block.title.startswith(f"{above}.")
            if not inner:
                above = block.title
            yield block.title.removeprefix(f"{above}.") if inner else block.title, block.anchor, block.method, inner
        elif isinstance(block, EventEntry | RelatedEvents) or (
            isinstance(block, ObjectEntry) and block.level == _OUTLINED
        ):
            yield block.title, block.anchor, "", False


def _as_html(function: Callable[..., str]) -> Callable[..., Markup]:
    """What a function gives is HTML; the templates escape everything else."""

    def made(*arguments: Any) -> Markup:
        return Markup(function(*arguments))  # noqa: S704 - its parts were escaped where they became HTML

    return made


def _light(text: str, suffix: str) -> str:
    """A style sheet or script without what only its authors read."""
    made = rcssmin.cssmin(text) if suffix == ".css" else rjsmin.jsmin(text)  # pyright: ignore[reportUnknownMemberType]
    return f"{made}\n"


def _tidy(text: str) -> str:
    """Markdown without blanks at ends of lines and without more than one empty line."""
    return re.sub(r"\n{3,}", "\n\n", re.sub(r"[ \t]+$", "", text, flags=re.MULTILINE))


def _item(texts: Texts, text: str, indent: int) -> str:
    """One item of a list, its further lines below its first."""
    return " " * indent + "- " + texts.wrapped(text, indent + 2)


def _paragraphs(texts: Texts, text: str, element: str = "") -> str:
    made = texts.paragraphs(text)
    return f"<{element}>{made}</{element}>" if element and not made.startswith("<p>") else made


def _facts(texts: Texts, attribute: Attribute) -> str:
    """Values, limits, default and example of an attribute on one line."""
    parts: list[str] = []
    if attribute.explains_values and attribute.open_values:
        parts.append("other values may be added")
    elif attribute.values and not attribute.explains_values:
        values = " ".join(f"`{value}`" for value in attribute.values)
        parts.append(f"{'Known values:' if attribute.open_values else 'One of'} {values}")
    parts += attribute.limits
    if attribute.default is not None:
        parts.append(f"default `{attribute.default}`")
    if attribute.example is not None:
        parts.append(f"for example `{attribute.example}`")
    text = "; ".join(parts)
    return texts.inline(text[:1].upper() + text[1:])


def _address(texts: Texts) -> Any:
    def address(name: str, kind: str) -> str:
        return texts.address_of(kind, name)

    return address


def _languages(sample: SampleSet) -> tuple[tuple[str, str, str, str], ...]:
    """Key, label, language for the highlighter and text of each sample in the Markdown of a page."""
    found = (
        ("curl", "curl", "shell", sample.curl),
        ("python", "Python", "python", sample.python),
        ("async", "Python, async", "python", sample.python_async),
        ("fetch", "JavaScript", "javascript", sample.fetch),
    )
    return tuple(one for one in found if one[3])


def _in_html(sample: SampleSet) -> tuple[tuple[str, str, str, str], ...]:
    """Those of `_languages` that the HTML of a page carries, where it does not load them."""
    return tuple(one for one in _languages(sample) if one not in sample.loaded)


def _more_samples(page: Page) -> str:
    """The samples that a page loads when it is shown, as JSON: by operation, a list for each sample set."""
    more = {
        block.id: [
            [
                {"key": key, "label": label, "html": highlight(text, language)}
                for key, label, language, text in sample.loaded
            ]
            for sample in block.samples
        ]
        for block in page.blocks
        if isinstance(block, OperationEntry) and block.samples
    }
    return json.dumps(more, ensure_ascii=False, separators=(",", ":")) if more else ""


def _variables(sample: SampleSet) -> str:
    """The environment variables that a sample reads, as words."""
    names = [f"`{name}`" for name in dict.fromkeys(re.findall(r"\$([A-Z_]+)", sample.curl))]
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]])) if names else ""


def _plain(text: str) -> str:
    """Markdown without its signs, for where only words can stand."""
    return joined(re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text).replace("`", ""))


def _try_it(entry: TryIt) -> str:
    text = json.dumps(asdict(entry), ensure_ascii=False, separators=(",", ":"))
    return escape(text, quote=False).replace("'", "&#39;")  # stands between single quotes, so that JSON's stay
