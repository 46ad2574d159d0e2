"""Several versions of a site in one folder, each in a folder of its own, and the page that lists them.

Every page has a list of the other versions. The reader's browser makes it from `versions.json` in the folder above,
which is written anew with each version, so that the pages of an old version name one that came after it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from packaging.version import InvalidVersion, Version

from store_credit_tools.docs_site.publication import Publication
from store_credit_tools.docs_site.published_files import rendered, robots
from store_credit_tools.docs_site.write import files_of, write_site

__all__ = ["write_version"]


def write_version(
    files: Mapping[str, bytes], folder: Path, publication: Publication, title: str, templates: Path
) -> None:
    """Write one version beside the others, then the lists of all of them and the page that leads to the newest.

    Args:
        files: The version's site.
        folder: Where the versions stand; a new or empty folder, or one written here before.
        publication: That of the version; its `version` is the name of its folder.
        title: The document's, for a publication without one.
        templates: The folder of the templates.

    Raises:
        PagesError: As for `write_site`.
    """
    if not (folder / ".built").exists():
        # From here on the folder is known as ours, and nothing in it leads to a version that is not there yet.
        write_site({".nojekyll": b""}, folder)
    write_site(files, folder / publication.version)
    versions = _versions_in(folder)
    listed = {"versions.json": _versions_file({name: files_of(folder / name) for name in versions})}
    write_site({**_version_files(publication, title, versions, templates), **listed}, folder)


def _versions_file(files: Mapping[str, Sequence[str]]) -> bytes:
    """Give `versions.json`: `[{"name": ..., "pages": [...]}, ...]`, the newest first, pages without `.html`."""
    listed = [
        {"name": name, "pages": [path.removesuffix(".html") for path in paths if _is_page(path)]}
        for name, paths in files.items()
    ]
    return (json.dumps(listed, separators=(",", ":")) + "\n").encode()


def _is_page(path: str) -> bool:
    return path.endswith(".html") and "/" not in path and path != "404.html"


def _version_files(
    publication: Publication, title: str, versions: Sequence[str], templates: Path
) -> Mapping[str, bytes]:
    """Give the files beside the versions, by their path in the folder; the newest version is the first."""
    root = publication.base_url.removesuffix(f"{publication.version}/")
    newest = replace(publication, base_url=f"{root}{versions[0]}/" if root else f"/{versions[0]}/")
    made = {
        ".nojekyll": b"",
        "404.html": rendered(templates, "404.html", newest, title, site=None, versions=versions),
        "index.html": rendered(templates, "newest.html", publication, title, versions=versions, root_url=root),
        "versions.html": rendered(templates, "versions.html", publication, title, versions=versions),
    }
    if root:
        made["robots.txt"] = robots(f"{root}{versions[0]}/")
    return made


def _versions_in(folder: Path) -> Sequence[str]:
    """The versions in a folder, the newest first; names that are not valid versions come last."""
    found = [path.parent.name for path in folder.glob("*/.built")]
    return sorted(found, key=_age, reverse=True)


def _age(name: str) -> tuple[bool, Version, str]:
    try:
        return True, Version(name), name
    except InvalidVersion:
        return False, Version("0"), name
