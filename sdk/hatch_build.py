"""Puts `openapi.yaml` into the package, wherever the build starts from.

The document lives at the root of the repository, outside this folder, so that it has one home. A checkout has it one
folder up, an unpacked source distribution beside this file. An editable install gets a link (where links cannot be
made, a copy) beside the sources, so that `importlib.resources` finds the document there too.
"""

import os
import shutil
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

__all__ = ["DocumentHook"]

NAME = "openapi.yaml"


class DocumentHook(BuildHookInterface[Any]):
    """Adds the document to source distributions, wheels and editable installs."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        here = Path(self.root)
        document = next((path for path in (here / NAME, here.parent / NAME) if path.is_file()), None)
        if document is None:
            raise FileNotFoundError(f"{NAME} is neither in {here} nor one folder up; build from a whole checkout")
        if self.target_name == "sdist":
            build_data["force_include"][str(document)] = NAME
        elif version == "editable":
            place_beside_sources(document, here / "src" / "store_credit" / NAME)
        else:
            build_data["force_include"][str(document)] = f"store_credit/{NAME}"


def place_beside_sources(document: Path, place: Path) -> None:
    place.unlink(missing_ok=True)
    try:
        place.symlink_to(os.path.relpath(document, place.parent))
    except OSError:
        shutil.copyfile(document, place)
