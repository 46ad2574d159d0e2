"""Files of the site: written all or none, and compared with what is committed."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from reference_pages.rendering import COMMITTED
from reference_pages.source import PagesError

__all__ = ["differences", "write_site"]

_MARK = ".built"
"""A file that says a folder was written by this module, so that nothing else is ever removed."""


def write_site(files: Mapping[str, bytes], folder: Path) -> None:
    """Put a site in place of the one in a folder.

    Everything is written beside it first; only when that is done are the two exchanged, so that a reader never sees
    half a site, and the last good one stays when anything fails before.

    Raises:
        PagesError: The folder holds files of others, or cannot be written.
    """
    folder = folder.resolve()
    _check_ours(folder)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        made = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
        try:
            for path, content in files.items():
                target = made / path
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(content)
            (made / _MARK).write_bytes(b"")
            made.chmod(0o755)
            _exchange(made, folder)
        finally:
            shutil.rmtree(made, ignore_errors=True)
    except OSError as error:
        raise PagesError(f"{folder}: cannot be written: {error.strerror}") from error


def _exchange(made: Path, folder: Path) -> None:
    if not folder.exists():
        made.rename(folder)
        return
    old = made.with_name(f"{made.name}-old")
    folder.rename(old)
    try:
        made.rename(folder)
    except OSError:
        old.rename(folder)
        raise
    shutil.rmtree(old, ignore_errors=True)


def _check_ours(folder: Path) -> None:
    if not folder.exists():
        return
    if not folder.is_dir():
        raise PagesError(f"{folder}: is no folder; name another with --out")
    names = os.listdir(folder)  # noqa: PTH208 - names are all that is looked at
    if names and _MARK not in names and "llms.txt" not in names:
        raise PagesError(f"{folder}: holds files that are not a site's; empty it, or name another folder with --out")


def differences(files: Mapping[str, bytes], folder: Path) -> list[str]:
    """One line for each committed file of a site that is missing, left over or different."""
    wanted = {path: content for path, content in files.items() if path.endswith(COMMITTED)}
    present = {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and path.name.endswith(COMMITTED)
    }
    lines = [f"missing    {path}" for path in wanted.keys() - present]
    lines += [f"left over  {path}" for path in present - wanted.keys()]
    lines += [
        f"different  {path}"
        for path in wanted.keys() & present
        # Line ends are a matter of the checkout.
        if (folder / path).read_bytes().replace(b"\r\n", b"\n") != wanted[path]
    ]
    return sorted(lines)
