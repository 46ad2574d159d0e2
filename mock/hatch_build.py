"""Puts `openapi.yaml` and its copies into the package, wherever the build starts from, with its second form ready made.

The document lives at the root of the repository, outside this folder, so that it has one home. A checkout has it one
folder up, an unpacked source distribution beside this file. An editable install gets a link (where links cannot be
made, a copy) beside the sources. The second form is what the mock reads at its start; see contract/document.py there.
"""

import os
import shutil
import sys
import tempfile
from hashlib import sha256
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

__all__ = ["DocumentHook"]

NAME = "openapi.yaml"
PACKAGE = "store_credit_mock"
COPIES = "document_copies"
"""In the package and in a source distribution; at home they are in docs/openapi."""


class DocumentHook(BuildHookInterface[Any]):
    """Adds the document to source distributions, wheels and editable installs."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        here = Path(self.root)
        document = next((path for path in (here / NAME, here.parent / NAME) if path.is_file()), None)
        if document is None:
            raise FileNotFoundError(f"{NAME} is neither in {here} nor one folder up; build from a whole checkout")
        if version != "editable":
            place = COPIES if self.target_name == "sdist" else f"{PACKAGE}/{COPIES}"
            copies = next((path for path in (here / COPIES, here.parent / "docs" / "openapi") if path.is_dir()), None)
            if copies is None:
                raise FileNotFoundError(f"docs/openapi is not beside {document}; build from a whole checkout")
            build_data["force_include"] |= {str(one): f"{place}/{one.name}" for one in sorted(copies.glob("*.json"))}
        if self.target_name == "sdist":
            build_data["force_include"][str(document)] = NAME
        elif version == "editable":
            place_beside_sources(document, here / "src" / PACKAGE / NAME)
        else:
            build_data["force_include"][str(document)] = f"{PACKAGE}/{NAME}"
            for path in second_form(here, document):
                build_data["force_include"][str(path)] = f"{PACKAGE}/{path.name}"


def place_beside_sources(document: Path, place: Path) -> None:
    place.unlink(missing_ok=True)
    try:
        place.symlink_to(os.path.relpath(document, place.parent))
    except OSError:
        shutil.copyfile(document, place)


def second_form(here: Path, document: Path) -> list[Path]:
    folder = Path(tempfile.mkdtemp(prefix="openapi-"))
    sys.path.insert(0, str(here / "src" / PACKAGE / "contract"))
    try:
        from document import compile_yaml, keep  # pyright: ignore[reportMissingImports, reportUnknownVariableType]
    finally:
        sys.path.pop(0)
    text = document.read_bytes()
    made = compile_yaml(text, NAME)
    paths: list[Path] = []
    for part in ("data", "lines"):
        path = folder / f"openapi.{part}.json"
        keep(path, {"digest": sha256(text).hexdigest(), part: made[part]})
        paths.append(path)
    return paths
