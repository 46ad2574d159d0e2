"""From the repository to the files of the site."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from store_credit_mock.contract import DocumentError
from store_credit_mock.contract.document import BUNDLED
from store_credit_tools.docs_site.assemble import read_site
from store_credit_tools.docs_site.document import ROOT, PagesError, Source
from store_credit_tools.docs_site.markdown import UnknownTargetError
from store_credit_tools.docs_site.pictures import picture_files
from store_credit_tools.docs_site.publication import DEFAULT, WHOLE, Publication
from store_credit_tools.docs_site.published_files import published_files
from store_credit_tools.docs_site.render import render_site, taken_name
from store_credit_tools.docs_site.samples import samples_for, version_samples, without_handlers
from store_credit_tools.docs_site.sampling.errors import SampleError
from store_credit_tools.export.files import EXPORTS

__all__ = ["ROOT", "build_site"]


def build_site(
    document: Path = BUNDLED, tell: Callable[[str], object] = bool, publication: Publication = DEFAULT
) -> Mapping[str, bytes]:
    """Make every file of the site, by its path inside the site's folder. Nothing is written.

    Args:
        document: The document; guides, templates, samples and changelog are those of this repository.
        tell: Takes a sentence on each operation that the pages show without samples.
        publication: Address, name and look of the site.

    Raises:
        PagesError: The pages cannot be made; the text says where the fault is.
    """
    source = Source.read(document)
    _ = source.operations
    try:
        samples = samples_for(source.document)
        versions = version_samples(source.document)
        for sentence in without_handlers(source.document).values():
            tell(sentence)
    except (SampleError, DocumentError) as error:
        raise source.told(error) from error
    changelog = (ROOT / "CHANGELOG.md").read_text("utf-8")
    guides = ROOT / "docs" / "guides"
    site = read_site(source, guides, changelog, samples)
    templates = ROOT / "docs" / "templates"
    try:
        pages = dict(render_site(site, templates, publication, versions))
        beside = published_files(site, publication, templates)
        if taken := sorted(pages.keys() & beside.keys()):
            raise taken_name(taken[0])
        pages |= beside
        pages[f"openapi/{WHOLE}"] = document.read_bytes()
        pages |= picture_files()
        return pages | {f"openapi/{path.name}": path.read_bytes() for path in sorted(EXPORTS.iterdir())}
    except UnknownTargetError as error:
        raise PagesError(f"{_written_at(error.pattern, [document, *sorted(guides.glob('*.md'))])}{error}") from error


def _written_at(pattern: str, files: Iterable[Path]) -> str:
    """Where a link was written: `file:line: `, or nothing if no file has it."""
    for file in files:
        for number, line in enumerate(file.read_text("utf-8").splitlines(), 1):
            if re.search(pattern, line):
                return f"{file.name}:{number}: "
    return ""
