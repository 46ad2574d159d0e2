"""Files of the site: written into their folder, and compared with what is committed.

A folder that was written here holds `.built`, which lists the files of the site with their SHA-256. Only what it lists
is ever replaced or removed, so that a `CNAME`, a `404.html` or another site's pages stay.
"""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Final

from store_credit_tools.docs_site.document import PagesError
from store_credit_tools.docs_site.render import COMMITTED

__all__ = ["SITE", "differences", "files_of", "write_site"]

SITE: Final = Path(__file__).resolve().parents[3] / "docs" / "site"
"""Where this repository keeps its own pages. A fresh clone has them without `.built`; they are ours all the same."""

_MANIFEST: Final = ".built"
_HEAD: Final = "# scripts/docs wrote these files, and replaces or removes them and no others."


def write_site(files: Mapping[str, bytes], folder: Path, *, own: Path = SITE) -> None:
    """Write a site into a folder; files there that are not the site's stay as they are.

    Everything is written into a hidden folder inside it first and moved into place when that is done, each file at
    once, so that the last good site stays when writing fails, and a reader never sees half a file. Pages of the last
    site that the new one lacks are removed, unless they were changed since.

    Args:
        files: The contents by the path inside the folder.
        folder: Where to; a new or empty folder, or one written here before.
        own: The folder whose pages are committed, which is written to even without `.built`.

    Raises:
        PagesError: The folder holds files of others where the site's would go, or is not the site's at all, or cannot
            be written. Nothing was changed, unless a file could not be moved.
    """
    folder, own = folder.resolve(), own.resolve()
    before = _check_ours(folder, own)
    if folder != own:
        _check_free(files, folder, before)
    made = not folder.exists()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        stage = Path(tempfile.mkdtemp(prefix=".staging-", dir=folder))
        try:
            for path, content in files.items():
                _put(stage / path, content)
            now = {path: hashlib.sha256(content).hexdigest() for path, content in files.items()}
            # Whatever happens between here and the end, the next run knows every file that was written.
            _move(_put(stage / _MANIFEST, _listed({**before, **now})), folder / _MANIFEST)
            for path in files:
                _move(stage / path, folder / path)
            for path in before.keys() - now.keys():
                _remove(folder, path, before[path])
            _move(_put(stage / _MANIFEST, _listed(now)), folder / _MANIFEST)
        finally:
            shutil.rmtree(stage, ignore_errors=True)
            if made and not any(folder.iterdir()):
                folder.rmdir()
    except OSError as error:
        raise PagesError(f"{folder}: cannot be written: {error.strerror}") from error


def files_of(folder: Path) -> Sequence[str]:
    """The files of the site that was written into a folder, by their paths in it; none if no site was.

    Raises:
        PagesError: Their list was changed or cannot be read.
    """
    try:
        return sorted(_read_manifest(folder / _MANIFEST) or ())
    except OSError as error:
        raise PagesError(f"{folder}: cannot be read: {error.strerror}") from error


def _put(path: Path, content: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def _move(made: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    made.replace(target)


def _remove(folder: Path, path: str, digest: str) -> None:
    """Remove a page of the last site, and the folders that are empty without it."""
    old = folder / path
    # A link on the way would lead to a file that is not of this folder.
    if old.resolve() != old or not old.is_file() or hashlib.sha256(old.read_bytes()).hexdigest() != digest:
        return
    old.unlink()
    for parent in PurePosixPath(path).parents:
        if parent.parts and not any((folder / parent).iterdir()):
            (folder / parent).rmdir()


def _listed(digests: Mapping[str, str]) -> bytes:
    lines = [_HEAD, *(f"{digest}  {path}" for path, digest in sorted(digests.items()))]
    return ("\n".join(lines) + "\n").encode()


def _check_ours(folder: Path, own: Path) -> Mapping[str, str]:
    """The digests of the files that were written here, by path.

    Raises:
        PagesError: The folder is somebody else's.
    """
    if not folder.exists():
        return {}
    if not folder.is_dir():
        raise PagesError(f"{folder}: is not a folder; name another with --out")
    try:
        before = _read_manifest(folder / _MANIFEST)
        if before is None and folder != own and any(folder.iterdir()):
            raise PagesError(
                f"{folder}: is not empty, and no {_MANIFEST} in it says that scripts/docs wrote it; nothing was"
                " changed. Name a new or an empty folder with --out, and copy the pages from there"
            )
    except OSError as error:
        raise PagesError(f"{folder}: cannot be read: {error.strerror}") from error
    return before or {}


def _read_manifest(path: Path) -> Mapping[str, str] | None:
    """What a manifest lists; None if there is none, or none of ours.

    Raises:
        PagesError: It was changed, so that it cannot be told which files are ours.
        OSError: It cannot be read.
    """
    if path.is_symlink() or not path.is_file():
        return None
    head, *lines = path.read_text("utf-8", "replace").splitlines() or [""]
    if head != _HEAD:
        return None
    return dict(_entry(path, line) for line in lines)


def _entry(path: Path, line: str) -> tuple[str, str]:
    digest, _, name = line.partition("  ")
    parts = PurePosixPath(name)
    if len(digest) != 64 or not name or parts.is_absolute() or ".." in parts.parts or "\\" in name:
        raise PagesError(
            f"{path}: {line[:80]!r} is not a line of scripts/docs, so that it cannot tell which files it wrote; nothing"
            " was changed. Name another folder with --out"
        )
    return name, digest


def _check_free(files: Mapping[str, bytes], folder: Path, before: Mapping[str, str]) -> None:
    """Make sure that no file would be written over one of somebody else, nor through a link out of the folder."""
    for path in sorted(_places(files)):
        place = folder / path
        is_folder = path not in files
        in_the_way = place.is_symlink() or not place.is_dir() if is_folder else path not in before or place.is_dir()
        if (place.exists() or place.is_symlink()) and in_the_way:
            raise PagesError(
                f"{place}: was not written by scripts/docs, and the site has {'a folder' if is_folder else 'a file'} of"
                " that name; nothing was changed. Move it, or name another folder with --out"
            )


def _places(files: Mapping[str, bytes]) -> Iterator[str]:
    """The paths of all files, and of the folders they are in."""
    yield from files
    yield from {parent.as_posix() for path in files for parent in PurePosixPath(path).parents if parent.parts}


def differences(files: Mapping[str, bytes], folder: Path) -> list[str]:
    """One line for each committed file of a site that is missing, left over or different.

    Only a page can be left over; a text such as `robots.txt` may be somebody else's.
    """
    wanted = {path: content for path, content in files.items() if path.endswith(COMMITTED)}
    present = {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and path.name.endswith(COMMITTED)
    }
    lines = [f"missing    {path}" for path in wanted.keys() - present]
    lines += [f"left over  {path}" for path in present - wanted.keys() if path.endswith(".md")]
    lines += [
        f"different  {path}"
        for path in wanted.keys() & present
        # Line ends are a matter of the checkout.
        if (folder / path).read_bytes().replace(b"\r\n", b"\n") != wanted[path]
    ]
    return sorted(lines)
