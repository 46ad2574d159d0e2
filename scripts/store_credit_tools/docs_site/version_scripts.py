"""What pages load about the versions of a system: which version lacks what, and what each responds to the samples."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from store_credit_tools.docs_site.highlighting import highlight
from store_credit_tools.docs_site.sample_sets import VersionSample
from store_credit_tools.docs_site.view_model import OperationEntry, Page

__all__ = ["Versions", "has_versions", "lacks_script", "samples_script"]

Versions = Mapping[str, Mapping[str, VersionSample]]
"""What versions of a system respond to the samples of the operations they have, by version and operationId."""


def has_versions(page: Page, versions: Versions) -> bool:
    """Whether a page shows an operation of the system whose versions are told apart."""
    return any(isinstance(block, OperationEntry) and _having(block.id, versions) for block in page.blocks)


def lacks_script(pages: Iterable[Page], versions: Versions) -> str:
    """All versions, and by operationId and by page those which have it, unless all have it; empty without versions."""
    known = list(versions)
    names = {name for samples in versions.values() for name in samples}
    operations = {name: _having(name, versions) for name in sorted(names)}
    found: dict[str, list[str]] = {}
    for page in pages:
        shown = [block.id for block in page.blocks if isinstance(block, OperationEntry) and block.id in names]
        if shown:
            found[page.slug] = [one for one in known if any(one in operations[name] for name in shown)]
    data = {
        "all": known,
        "operations": {name: having for name, having in operations.items() if having != known},
        "pages": {slug: having for slug, having in found.items() if having != known},
    }
    return f"window.versionData={_json(data)}\n" if known else ""


def samples_script(page: Page, versions: Versions) -> str:
    """What a page loads when a version is chosen: by version and operation, ids and what differs; empty for nothing.

    The ids replace those of the request. The body stands there if it is another than the one shown.
    """
    shown = {
        block.id: block.samples[0].response
        for block in page.blocks
        if isinstance(block, OperationEntry) and block.samples
    }
    found = {
        version: {
            name: {"ids": one.ids}
            | ({"html": highlight(one.response, "json")} if one.response not in {"", shown[name]} else {})
            for name, one in samples.items()
            if name in shown
        }
        for version, samples in versions.items()
    }
    return f"window.versionSamples={_json(found)}\n" if any(found.values()) else ""


def _having(operation: str, versions: Versions) -> list[str]:
    return [version for version, samples in versions.items() if operation in samples]


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
