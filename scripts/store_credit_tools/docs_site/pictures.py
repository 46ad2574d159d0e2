"""The pictures of the guides: a drawing becomes a part of its page, and any other picture a file beside it.

A guide names a picture by its path from `docs/guides`, in a paragraph of its own:
`![the same in words](pictures/lost-response.svg "A lost response")`. The words are what a screen reader says and what
the page in Markdown has in place of the picture; the caption stands below the picture.

A drawing is an SVG file made by hand. On its page it takes its colours from the style sheet, in the form
`fill="var(--text, #1d2433)"`, so that it follows the theme; the colour after the comma is for the file alone. It is
shown at most 30rem wide, so that one with a width of 360 and letters of 13 can still be read on a phone.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape
from pathlib import Path

from store_credit_tools.docs_site.document import ROOT, PagesError

__all__ = ["picture_files", "picture_html", "pictures_as_words"]

_DOCS = ROOT / "docs"
_DRAWING = '<svg xmlns="http://www.w3.org/2000/svg" '
_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_PICTURE = re.compile(r'^!\[(?P<words>[^\]]+)\]\([^\s)]+ "(?P<caption>[^"]+)"\)$', re.MULTILINE)


def picture_html(source: str, words: str, caption: str, docs: Path = _DOCS) -> str:
    """A picture with its caption as HTML.

    Args:
        source: Its path from the folder of the guides.
        words: What it shows.
        caption: What stands below it.
        docs: The folder that holds the pictures; the guides are in `guides` in it.

    Raises:
        PagesError: There is no such picture, or something is missing.
    """
    path = (docs / "guides" / source).resolve()
    if not words or not caption:
        raise PagesError(f'the picture {source} needs words and a caption: ![words]({source} "caption")')
    if not path.is_relative_to(docs.resolve()) or not path.is_file():
        raise PagesError(f"there is no picture {source} in docs")
    shown = _drawn(path, words, caption) if path.suffix == ".svg" else _loaded(path, words)
    return f"<figure>{shown}<figcaption>{escape(caption)}</figcaption></figure>\n"


def _drawn(path: Path, words: str, caption: str) -> str:
    """A drawing, named and described for those who do not see it."""
    text = path.read_text("utf-8").strip()
    if not text.startswith(_DRAWING):
        raise PagesError(f"{path.name} has to begin with {_DRAWING.strip()}")
    title, description = f"{path.stem}-title", f"{path.stem}-words"
    named = f'<svg role="img" aria-labelledby="{title}" aria-describedby="{description}" '
    opening, inner = text.removeprefix(_DRAWING).split(">", 1)
    told = f'<title id="{title}">{escape(caption)}</title><desc id="{description}">{escape(words)}</desc>'
    return f"{named}{opening}>{told}{inner}"


def _loaded(path: Path, words: str) -> str:
    """A picture in a file of its own, which a browser loads when a reader comes near it; its place is kept free."""
    head = path.read_bytes()[:24]
    if not head.startswith(_SIGNATURE):
        raise PagesError(f"{path.name} is not a valid picture: an SVG or a PNG file")
    width, height = (int.from_bytes(head[at : at + 4]) for at in (16, 20))
    # On a phone it is small; its own file can be enlarged.
    return (
        f'<a href="assets/{path.name}"><img src="assets/{path.name}" alt="{escape(words)}" width="{width}"'
        f' height="{height}" loading="lazy" decoding="async"></a>'
    )


def picture_files(docs: Path = _DOCS) -> Mapping[str, bytes]:
    """The pictures that pages load, by their path in the folder of the site."""
    return {f"assets/{path.name}": path.read_bytes() for path in sorted(docs.glob("*.png"))}


def pictures_as_words(text: str) -> str:
    """Markdown with the words of each picture in its place."""
    return _PICTURE.sub(lambda found: f"**Figure: {found['caption']}.** {found['words']}", text)
