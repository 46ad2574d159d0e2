"""The workspace: the folder with the journal of all jobs."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from store_credit_jobs.config import config_folder
from store_credit_jobs.errors import JobsError

__all__ = ["FOLDER", "VARIABLE", "find_workspace", "make_workspace"]

FOLDER: Final = ".store-credit"
VARIABLE: Final = "STORE_CREDIT_WORKSPACE"


def find_workspace(named: Path | None = None, *, start: Path | None = None) -> Path:
    """Find the workspace; it need not exist yet.

    Args:
        named: The folder itself, as `--workspace` names it; else the variable `STORE_CREDIT_WORKSPACE`, and else the
            nearest `.store-credit` in `start` or a folder above.
        start: Where to begin; the current folder if None.

    Returns:
        Its absolute path without symbolic links, so that two names of a folder are one. Where there is none, it is
        `.store-credit` beside the configuration, or in `start` without one: two folders below one configuration would
        else have a workspace each, and issue everything twice.

    Raises:
        JobsError: `workspace_invalid`: it is a file; or it was found, not named, and belongs to somebody else, who
            would read and write what is kept in it.
    """
    if named is None and (variable := os.environ.get(VARIABLE)):
        named = Path(variable)
    if named is not None:
        return _folder(named.expanduser().resolve())
    here = (Path.cwd() if start is None else start).absolute()
    for above in (here, *here.parents):
        found = above / FOLDER
        if found.exists() or found.is_symlink():
            _folder(found)
            if found.stat().st_uid != os.geteuid():
                raise JobsError(
                    "workspace_invalid", f"{found} belongs to another user; to use it, pass --workspace with its path"
                )
            return found.resolve()
    return (config_folder(here) or here) / FOLDER


def _folder(path: Path) -> Path:
    if (path.exists() or path.is_symlink()) and not path.is_dir():
        raise JobsError("workspace_invalid", f"{path} is not a folder; select the workspace with --workspace")
    return path


def make_workspace(folder: Path) -> Path:
    """Make a workspace that only its owner may look into, or leave the one that is there.

    Raises:
        JobsError: `disk_full`: it cannot be made.
    """
    try:
        folder.mkdir(mode=0o700)
        # Customers and amounts are in it, and whoever works in a repository adds whole folders.
        (folder / ".gitignore").write_text("*\n", encoding="ascii")
        parent = os.open(folder.parent, os.O_RDONLY)
        try:
            os.fsync(parent)
        finally:
            os.close(parent)
    except FileExistsError:
        return _folder(folder)
    except OSError as error:
        raise JobsError(
            "disk_full",
            f"the workspace {folder} cannot be created: {error.strerror}; select a different one with --workspace",
        ) from error
    return folder
