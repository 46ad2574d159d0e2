"""The files of the copies: what is in each, by its name."""

from __future__ import annotations

import json
from pathlib import Path

from bootstrap import ROOT
from store_credit_mock.contract import Document, DocumentError
from store_credit_mock.contract.document import BUNDLED
from store_credit_mock.contract.version_cut import cut_to_version, versions_of
from store_credit_tools.export.downgrade import downgraded
from store_credit_tools.export.system_copy import ExportError, system_copy, systems_of

__all__ = ["EXPORTS", "exported", "write_exports"]

EXPORTS = ROOT / "docs" / "openapi"
"""Where the copies are committed."""


def exported(document: Path) -> dict[str, str]:
    """The copies of a document as JSON, by file name: `vinr-3.1.json` and `vinr-3.0.json` for each system.

    Of a system with versions there is one more for each, such as `spree-v3-5.6-3.1.json`, in OpenAPI 3.1.

    Raises:
        ExportError: The document cannot be read or split; the text says why.
    """
    try:
        # The repository's own document is read through the mock's link to it, beside which its data are cached.
        data = Document.read(BUNDLED if BUNDLED.exists() and BUNDLED.samefile(document) else document).data
    except (DocumentError, OSError) as error:
        raise ExportError(str(error)) from error
    found: dict[str, str] = {}
    for system in systems_of(data):
        try:
            made = system_copy(data, system)
        except ExportError as error:
            raise ExportError(f"{document.name}: {error}") from error
        name = system.replace("_", "-")
        made_of = {f"{name}-3.1": made, f"{name}-3.0": downgraded(made)}
        for version in versions_of(data, system):
            one = system_copy(cut_to_version(data, system, version), system)
            one["info"]["title"] += f", version {version}"
            made_of[f"{name}-{version}-3.1"] = one
        for file, one in made_of.items():
            found[f"{file}.json"] = json.dumps(one, ensure_ascii=False, indent=2) + "\n"
    return found


def write_exports(document: Path, folder: Path) -> list[str]:
    """Write the copies into a folder, made if need be, and give their names.

    Raises:
        ExportError: As `exported`.
    """
    files = exported(document)
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / name).write_text(text, "utf-8")
    return list(files)
