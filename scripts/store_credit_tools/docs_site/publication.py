"""How a site is published: its address, its name and its look.

Without any of it a site works from a folder, under any path and from a file: all its links are relative.
"""

from __future__ import annotations

import colorsys
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import quote, urlencode, urlsplit

from store_credit_tools.docs_site.document import PagesError

__all__ = ["DEFAULT", "WHOLE", "Logo", "Publication", "read_publication"]

WHOLE: Final = "openapi.yaml"
"""The document itself, beside its copies in a site."""

LIGHT: Final = ("#ffffff", "#f5f7fa")
DARK: Final = ("#101318", "#191e26")
"""What text stands on in the two schemes: `--bg` and `--soft` of site.css."""
_CONTRAST: Final = 4.5
"""What WCAG 2.2 asks for text of normal size (1.4.3, level AA)."""
_GITHUB: Final = re.compile(r"(https://github\.com/[^/]+/[^/]+)/edit/")
_LOGO_BYTES: Final = 60_000
"""Each page loads it, and a page with all it loads stays below 100 kB."""
_ASSISTANTS: Final = (("Claude", "https://claude.ai/new?q="), ("ChatGPT", "https://chatgpt.com/?q="))
"""What takes a question from an address. Links: nothing is loaded from there."""
_LOGO_TYPES: Final = {".svg": "image/svg+xml", ".png": "image/png", ".webp": "image/webp"}


@dataclass(frozen=True, slots=True)
class Logo:
    """A picture beside the title, and the icon of the site.

    Attributes:
        name: The path inside the site's folder.
        media_type: Of the picture.
        content: Its bytes.
    """

    name: str
    media_type: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Publication:
    """Where and how a site is shown.

    Attributes:
        base_url: The address of the site's folder, with a slash at its end; empty if it is not known.
        title: What the header and the titles of pages say; empty for the document's own title.
        logo: A picture beside the title.
        colours: The colour of links, on light and on dark; empty for ours.
        edit_url: The address below which the sources of pages can be edited, with a slash at its end; or empty.
        version: The name of this version, where several stand side by side in one folder; else empty.
        standalone: Whether the folder holds all its pages link to; docs/site in the repository does not, since the
            copies of the document are committed beside it.
    """

    base_url: str = ""
    title: str = ""
    logo: Logo | None = None
    colours: tuple[str, str] | None = None
    edit_url: str = ""
    version: str = ""
    standalone: bool = False

    @property
    def base_path(self) -> str:
        """The path of the site's folder at its host, with a slash at its end."""
        return urlsplit(self.base_url).path or "/"

    def copy_beside(self, name: str) -> str:
        """Where a Markdown or text page finds a copy of the document: in the site, or elsewhere in the repository."""
        if self.standalone:
            return f"openapi/{name}"
        return f"../../{name}" if name == WHOLE else f"../openapi/{name}"

    @property
    def repository(self) -> str:
        """The repository on GitHub whose sources the pages are edited in; empty if they are edited elsewhere."""
        found = _GITHUB.match(self.edit_url)
        return found[1] if found else ""

    def report(self, title: str, slug: str) -> str:
        """Where a reader reports a problem with a page; empty without a repository on GitHub."""
        query = urlencode({"title": f"Documentation: {title} ({slug})"})
        return f"{self.repository}/issues/new?{query}" if self.repository else ""

    def assistants(self, slug: str) -> Sequence[tuple[str, str]]:
        """The names of assistants, and addresses that ask each of them to read a page; none before a page has one."""
        if not self.base_url:
            return ()
        asked = quote(f"Read {self.base_url}{slug}.md so that I can ask questions about it.")
        return [(name, f"{address}{asked}") for name, address in _ASSISTANTS]

    def style(self) -> str:
        """The rule that sets the colour, in CSS; empty without one."""
        return f":root{{--link:light-dark({self.colours[0]},{self.colours[1]})}}" if self.colours else ""


DEFAULT: Final = Publication()


def read_publication(
    *,
    base_url: str = "",
    title: str = "",
    logo: Path | None = None,
    colour: str = "",
    edit_url: str = "",
    version: str = "",
    standalone: bool = False,
) -> Publication:
    """Check what was asked for.

    Args:
        base_url: Such as `https://example.com/credit/`.
        title: Any text.
        logo: An SVG, PNG or WebP file of at most 60,000 bytes.
        colour: `#rrggbb`; made darker on light and lighter on dark until text in it can be read.
        edit_url: Such as `https://github.com/OWNER/REPOSITORY/edit/main/`.
        version: Letters, digits, `.`, `-`, `+` and `_`.
        standalone: Whether it is written elsewhere than to docs/site; a site with an address always is.

    Raises:
        PagesError: One of them is not valid; the text names it and says what is.
    """
    if version and not re.fullmatch(r"[0-9A-Za-z][\w.+-]*", version, re.ASCII):
        raise PagesError(
            f"--version-name {version!r} is not a valid name of a folder: letters, digits and . - + _, a letter or a"
            " digit first"
        )
    base = _address("--base-url", base_url)
    return Publication(
        base_url=f"{base}{version}/" if base and version else base,
        title=" ".join(title.split()),
        logo=None if logo is None else _logo(logo),
        colours=_colours(colour) if colour else None,
        edit_url=_address("--edit-url", edit_url),
        version=version,
        standalone=standalone or bool(base),
    )


def _address(option: str, text: str) -> str:
    """An absolute address of a folder, or nothing."""
    if not text:
        return ""
    try:
        parts = urlsplit(text)
        _ = parts.port
    except ValueError:
        parts = urlsplit("")
    wrong = parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment
    if wrong or parts.username is not None or re.search(r"[\s\"'<>]", text):
        raise PagesError(f"{option} {text!r} is not a valid address: https://HOST/PATH/ without a query or a fragment")
    return text if text.endswith("/") else f"{text}/"


def _logo(path: Path) -> Logo:
    suffix = path.suffix.lower()
    if suffix not in _LOGO_TYPES:
        raise PagesError(f"--logo {path}: is not a valid picture: it has to be one of {', '.join(_LOGO_TYPES)}")
    try:
        content = path.read_bytes()
    except OSError as error:
        raise PagesError(f"--logo {path}: cannot be read: {error.strerror}") from error
    if len(content) > _LOGO_BYTES:
        limit = f"{_LOGO_BYTES:,} is the limit, as each page loads it"
        raise PagesError(f"--logo {path}: has {len(content):,} bytes; {limit}")
    return Logo(f"assets/logo{suffix}", _LOGO_TYPES[suffix], content)


def _colours(text: str) -> tuple[str, str]:
    if not re.fullmatch(r"#[0-9A-Fa-f]{6}", text):
        raise PagesError(f"--colour {text!r} is not a valid colour: #rrggbb, such as #0b6b40")
    return _readable(text, LIGHT, -0.01), _readable(text, DARK, 0.01)


def _readable(colour: str, grounds: tuple[str, ...], step: float) -> str:
    """The colour, made darker or lighter in steps until it stands out from all grounds."""
    hue, lightness, saturation = colorsys.rgb_to_hls(*_channels(colour))
    while min(_contrast(colour, ground) for ground in grounds) < _CONTRAST:
        lightness = min(1.0, max(0.0, lightness + step))
        channels = colorsys.hls_to_rgb(hue, lightness, saturation)
        colour = "#" + "".join(f"{round(channel * 255):02x}" for channel in channels)
    return colour.lower()


def _channels(colour: str) -> tuple[float, float, float]:
    red, green, blue = bytes.fromhex(colour[1:])
    return red / 255, green / 255, blue / 255


def _contrast(one: str, other: str) -> float:
    """The ratio that WCAG 2.2 defines, 1 to 21."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in _channels(colour)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
