"""The files that a published site has beside its pages: the page for unknown addresses, sitemap, robots, icon."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from store_credit_tools.docs_site.publication import Publication
from store_credit_tools.docs_site.site_model import Site

__all__ = ["published_files", "rendered", "robots"]


def published_files(site: Site, publication: Publication, templates: Path) -> Mapping[str, bytes]:
    """Give the files of one site, by the path inside its folder.

    `sitemap.xml` and `robots.txt` name addresses, so that there are none without a base address.
    """
    made = {
        # GitHub Pages would leave out what begins with an underscore.
        ".nojekyll": b"",
        "404.html": rendered(templates, "404.html", publication, site.title, site=site, versions=()),
        "favicon.svg": (templates / "favicon.svg").read_bytes(),
    }
    if publication.logo is not None:
        made[publication.logo.name] = publication.logo.content
    if publication.base_url:
        addresses = [publication.base_url, *(f"{publication.base_url}{page.slug}.html" for page in site.pages)]
        made |= _for_crawlers([address for address in addresses if not address.endswith("/index.html")])
        made["robots.txt"] = robots(publication.base_url)
    return made


def rendered(templates: Path, name: str, publication: Publication, title: str, **values: object) -> bytes:
    """Give a page that is not one of the site's own, such as the one for unknown addresses, by its template."""
    loader = FileSystemLoader(templates)
    environment = Environment(
        loader=loader, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, autoescape=True
    )
    logo = publication.logo
    text = environment.get_template(name).render(
        site_title=publication.title or title,
        publication=publication,
        icon=logo.name if logo else "favicon.svg",
        icon_type=logo.media_type if logo else "image/svg+xml",
        **values,
    )
    return f"{text}\n".encode()


def _for_crawlers(addresses: Sequence[str]) -> Mapping[str, bytes]:
    lines = "\n".join(f"<url><loc>{escape(address)}</loc></url>" for address in addresses)
    head = '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
    return {"sitemap.xml": f"{head}\n{lines}\n</urlset>\n".encode()}


def robots(address: str) -> bytes:
    """Give a `robots.txt` that names the sitemap of the site at an address."""
    return f"User-agent: *\nAllow: /\nSitemap: {address}sitemap.xml\n".encode()
