"""Markdown texts, with links by name, as HTML and as Markdown for the other form of the pages."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from html import escape
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from store_credit_tools.docs_site.anchors import slug_of
from store_credit_tools.docs_site.document import PagesError
from store_credit_tools.docs_site.highlighting import highlight
from store_credit_tools.docs_site.pictures import picture_html, pictures_as_words
from store_credit_tools.docs_site.publication import DEFAULT, WHOLE, Publication
from store_credit_tools.docs_site.tabs import group_tabs
from store_credit_tools.docs_site.view_model import Place
from store_credit_tools.export.files import EXPORTS

__all__ = ["Texts", "UnknownTargetError", "joined"]

_KINDS = "page|schema|operation|header|refusal|scheme|code|decision|copy|sdk|route|control|command|variable"
_LINK = re.compile(rf"\]\((?P<kind>{_KINDS}):(?P<name>[^)#\s]+)(?P<anchor>#[^)\s]+)?\)")
_CITED = re.compile(r"\((?P<ids>[VDRAT]\d+(?:, [VDRAT]\d+)*)\)")
_CITATION = re.compile(r"\[[VDRAT]\d+\]\([^)#]+\.html#[^)]+\)")
_CITATIONS = re.compile(rf"\((?P<links>{_CITATION.pattern}(?:, {_CITATION.pattern})*)\)")
_FENCE = re.compile(r"^(```.*?^```)$", re.MULTILINE | re.DOTALL)
_NOTE = re.compile(r"^```python not run: .*$", re.MULTILINE)
_PLAIN = re.compile(r"[^\[\]`*_<>&\\!|#\"']*\Z")
_BLOCK = re.compile(r"([-+*#>|]|\d+[.)])(\s|$)")
_CODE = re.compile(r"`[^`]+`")
_INDENTED_FOR_SHOW = frozenset({"console", "shell", "json", "jsonl"})
"""Languages in which the indentation of a line says nothing, so that a long one may be broken."""
_COLUMNS = re.compile(r"\S {3,}\S|[─│-]{9}")
"""What is printed in columns, which broken lines would hide."""
_BLANK = "\0"
_QUOTED = "> "
_WIDTH = 120


class UnknownTargetError(PagesError):
    """A text of a page links to something that no page shows.

    Attributes:
        pattern: What the link looks like where it was written.
    """

    def __init__(self, page: str, kind: str, name: str) -> None:
        super().__init__(f"the page {page} links to the {kind} {name}, which no page shows")
        self.pattern = rf"\b{re.escape(name)}\b" if kind == "decision" else rf"\({kind}:{re.escape(name)}[)#]"


def joined(text: str) -> str:
    """One paragraph as one line."""
    return " ".join(text.split())


class Texts:
    """The texts of one page in one of its two forms.

    Args:
        page: Slug of the page, whose own anchors are linked to without its name.
        places: Where everything is, by kind and name.
        pages: Slugs of all pages.
        ending: `.html` or `.md`, of the files that are linked to.
        publication: Whether the copies of the document are in the site.

    Raises:
        UnknownTargetError: A text links to something that does not exist.
    """

    def __init__(
        self,
        page: str,
        places: Mapping[str, Mapping[str, Place]],
        pages: Sequence[str],
        ending: str,
        publication: Publication = DEFAULT,
    ) -> None:
        self.page = page
        self.places = places
        self.pages = frozenset(pages)
        self.ending = ending
        self.publication = publication

    def address(self, place: Place) -> str:
        """Where a place is, seen from this page."""
        name = place.heading if self.ending == ".md" else place.anchor
        anchor = f"#{name}" if name else ""
        return anchor or "#" if place.page == self.page else f"{place.page}{self.ending}{anchor}"

    def address_of(self, kind: str, name: str) -> str:
        """Where something is, seen from this page."""
        return self.address(self._find(kind, name, None))

    def linked(self, text: str) -> str:
        """Markdown with addresses in place of names, and with the decisions it cites linked."""

        def resolve(found: re.Match[str]) -> str:
            if found["kind"] == "copy":
                return f"]({self._copy(found['name'])})"
            return f"]({self.address(self._find(found['kind'], found['name'], found['anchor']))})"

        def cite(found: re.Match[str]) -> str:
            known = self.places.get("decision", {})
            ids = found["ids"].split(", ")
            return "(" + ", ".join(f"[{one}](decision:{one})" if one in known else one for one in ids) + ")"

        if "(" not in text:
            return text
        # What stands in a sample is not ours to change.
        parts = _FENCE.split(text)
        return "".join(part if part.startswith("```") else _LINK.sub(resolve, _CITED.sub(cite, part)) for part in parts)

    def _copy(self, name: str) -> str:
        """Where a copy of the document is: beside the pages, or in the repository beside the committed Markdown."""
        if name != WHOLE and not (EXPORTS / name).is_file():
            raise UnknownTargetError(self.page, "copy", name)
        return f"openapi/{name}" if self.ending == ".html" else self.publication.copy_beside(name)

    def _find(self, kind: str, name: str, anchor: str | None) -> Place:
        if kind == "page":
            if name not in self.pages:
                raise UnknownTargetError(self.page, kind, name)
            name_of_heading = (anchor or "").removeprefix("#")
            return Place(name, name_of_heading, name_of_heading)
        place = self.places.get(kind, {}).get(name)
        if place is None:
            raise UnknownTargetError(self.page, kind, name)
        return place

    # HTML

    @cached_property
    def _markdown(self) -> MarkdownIt:
        made = MarkdownIt("commonmark", {"html": False}).enable("table")
        made.add_render_rule("fence", _fence)
        made.add_render_rule("heading_open", _heading_open)
        made.add_render_rule("heading_close", _heading_close)
        made.add_render_rule("table_open", _constant('<div class="w" tabindex="0"><table>\n'))
        made.add_render_rule("table_close", _constant("</table></div>\n"))
        made.add_render_rule("image", _image)
        made.core.ruler.push("pictures", _without_paragraphs)
        made.add_render_rule("link_open", _link_open)
        made.core.ruler.push("tabs", group_tabs)
        return made

    def html(self, text: str) -> str:
        """Paragraphs, lists, tables and code as HTML."""
        return self._markdown.render(_raised(self.linked(text))).strip()

    def inline(self, text: str) -> str:
        """One paragraph as HTML, without an element around it."""
        text = _raised(self.linked(joined(text)))
        return text if _PLAIN.match(text) else self._markdown.renderInline(text)

    def paragraphs(self, text: str) -> str:
        """As `inline` where there is one paragraph, as `html` where there are more."""
        return self.html(text) if "\n\n" in text.strip() or "\n- " in text or "\n| " in text else self.inline(text)

    # Markdown

    def wrapped(self, text: str, indent: int = 0) -> str:
        """Paragraphs in lines of at most 120 characters, all but the first line indented; tables stay."""
        blank = " " * indent
        made: list[str] = []
        for paragraph in self.linked(text.strip()).split("\n\n"):
            if paragraph.startswith((_QUOTED, "- ")):
                # A list inside an item of another is indented by four blanks, as all lists are.
                inner = blank if paragraph.startswith(_QUOTED) else " " * (-(-indent // 4) * 4)
                made.append(textwrap.indent(_block_rewrapped(paragraph), inner))
            elif _BLOCK.match(paragraph) or paragraph.startswith("```"):
                made.append(textwrap.indent(paragraph, blank))
            else:
                made.append(blank + _wrap(joined(paragraph), blank))
        return "\n\n".join(made).removeprefix(blank)

    def kept(self, text: str) -> str:
        """Markdown as it was written, with its links resolved and without the notes for those who run its samples.

        Only its lines are broken anew, since an address is longer than the name in its place. Words stand in place of
        a picture.
        """
        parts = _FENCE.split(_NOTE.sub("```python", self.linked(text)))
        return "".join(part if part.startswith("```") else _rewrapped(pictures_as_words(part)) for part in parts)


def _rewrapped(text: str) -> str:
    """Paragraphs, quotations and items of lists in lines of at most 120 characters; everything else stays."""
    return "\n\n".join(map(_block_rewrapped, text.split("\n\n")))


def _block_rewrapped(block: str) -> str:
    if block.startswith(("#", "|", "    ", "\n")) or not block.strip():
        return block
    if block.startswith(_QUOTED):
        # The mark begins every line, so that no line of text can be taken for something else.
        return _QUOTED + _wrap(joined(re.sub(rf"^{_QUOTED}", "", block, flags=re.MULTILINE)), _QUOTED)
    made: list[str] = []
    for part in re.split(r"\n(?=\s*(?:[-*]|\d+\.) )", block):
        lead = re.match(r"\s*(?:(?:[-*]|\d+\.) +)?", part)
        mark = lead[0] if lead else ""
        made.append(mark + _wrap(joined(part.removeprefix(mark)), " " * len(mark)))
    return "\n".join(made)


def _wrap(text: str, blank: str) -> str:
    """Break a paragraph, never inside code, nor so that a line begins a list or a heading by accident."""
    text = _CODE.sub(lambda code: code[0].replace(" ", _BLANK), text)
    lines: list[str] = []
    for width in range(_WIDTH - len(blank), _WIDTH - len(blank) - 30, -1):
        lines = textwrap.wrap(text, width, break_long_words=False, break_on_hyphens=False)
        if not any(_BLOCK.match(line) for line in lines[1:]):
            break
    return f"\n{blank}".join(lines).replace(_BLANK, " ")


def _constant(text: str) -> Callable[..., str]:
    def render(*_: Any) -> str:
        return text

    return render


def _fence(_renderer: Any, tokens: Sequence[Token], index: int, *_: Any) -> str:
    token = tokens[index]
    code = token.content.rstrip("\n")
    language = token.info.partition(" ")[0]
    wraps = language in _INDENTED_FOR_SHOW and not _COLUMNS.search(code)
    opening = '<pre class="wrap">' if wraps else "<pre>"
    return f"{opening}<code>{highlight(code, language)}</code></pre>\n"


def _without_paragraphs(state: StateCore) -> None:
    """Take away the paragraph around a picture: a figure is none."""
    for before, inline, after in zip(state.tokens, state.tokens[1:], state.tokens[2:], strict=False):
        if inline.type == "inline" and [child.type for child in inline.children or []] == ["image"]:
            before.hidden = after.hidden = True


def _image(_renderer: Any, tokens: Sequence[Token], index: int, *_: Any) -> str:
    token = tokens[index]
    return picture_html(str(token.attrs["src"]), joined(token.content), str(token.attrs.get("title", "")))


def _raised(text: str) -> str:
    """Without the parentheses around cited decisions of another page: their links are raised, as those of notes are."""
    return _CITATIONS.sub(lambda found: " ".join(_CITATION.findall(found["links"])), text)


def _link_open(renderer: Any, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    """A link; the page that one out of the site opens has no handle on ours."""
    if str(tokens[index].attrs.get("href", "")).startswith(("http:", "https:")):
        tokens[index].attrSet("rel", "noopener")
    return str(renderer.renderToken(tokens, index, options, env))


def _heading_open(_renderer: Any, tokens: Sequence[Token], index: int, *_: Any) -> str:
    return f'<{tokens[index].tag} id="{slug_of(_words(tokens, index))}">'


def _heading_close(_renderer: Any, tokens: Sequence[Token], index: int, *_: Any) -> str:
    text = _words(tokens, index - 2)
    label = escape(text, quote=True)
    return f' <a class="h" href="#{slug_of(text)}" aria-label="Link to: {label}">#</a></{tokens[index].tag}>\n'


def _words(tokens: Sequence[Token], index: int) -> str:
    """The words of a heading, without the signs around them."""
    return "".join(child.content for child in tokens[index + 1].children or [])
