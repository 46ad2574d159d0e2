"""Running the generator: a document in, a folder of formatted Python out."""

from __future__ import annotations

import contextlib
import io
import os
import sysconfig
from pathlib import Path
from typing import Any, cast

from openapi_python_client import Project
from openapi_python_client.config import Config, ConfigFile, MetaType
from openapi_python_client.parser import GeneratorData
from openapi_python_client.parser.errors import GeneratorError
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from store_credit_tools.generate.formatting import docstring, imports, prose, sources
from store_credit_tools.generate.ir import Plan
from store_credit_tools.generate.parse import read_plan

__all__ = ["GENERATED", "GenerationError", "generate"]

GENERATED = ("__init__.py", "client.py", "api", "models")
"""What the generator owns inside the package; everything else there is written by hand."""


class GenerationError(Exception):
    """The document cannot be turned into an SDK; the text says why and where."""


def generate(document: Path, config: Path, templates: Path, output: Path) -> Plan:
    """Write the generated part of the SDK for a document into an empty folder.

    Raises:
        GenerationError: The document cannot be read, the generator warned of anything, or it dropped an operation.
    """
    data = _read(document)
    settings = Config.from_sources(
        ConfigFile.load_from_path(config), MetaType.NONE, document, "utf-8", overwrite=True, output_path=output
    )
    parsed = GeneratorData.from_dict(data, config=settings)
    if isinstance(parsed, GeneratorError):
        raise GenerationError(f"{document.name}: {parsed.header}\n{parsed.detail or ''}")
    try:
        plan = read_plan(data)
    except (KeyError, TypeError, ValueError) as error:
        raise GenerationError(f"{document.name}: {error}") from error
    missing = sorted(plan.models.keys() - {str(model.class_info.name) for model in parsed.models})
    if missing:
        named = ", ".join(missing)
        raise GenerationError(f"{document.name}: give the schemas of {named} names of their own in components/schemas")
    project = Project(openapi=parsed, config=settings, custom_template_path=templates)
    project.env.globals["plan"] = plan  # pyright: ignore[reportUnknownMemberType, reportArgumentType]
    filters = cast("dict[str, Any]", project.env.filters)  # pyright: ignore[reportUnknownMemberType]
    filters.update(
        docstring=docstring, prose=prose, sources=sources, imports=imports, by_case=_export_order, literal=repr
    )
    # The hooks call ruff by its name; the one beside this Python is the pinned one.
    path = os.environ.get("PATH", "")
    os.environ["PATH"] = sysconfig.get_path("scripts") + os.pathsep + path
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            problems = list(project.build())
    finally:
        os.environ["PATH"] = path
    if problems:
        lines = [f"{one.header or one.level.name}: {one.detail}" for one in problems if one.detail]
        raise GenerationError(f"{document.name}: the generator is not content:\n" + "\n".join(lines))
    _check_complete(data, parsed)
    for file in sorted(output.rglob("*.py")):
        if not file.read_bytes().strip():
            file.unlink()
    return plan


def _export_order(names: list[str]) -> list[str]:
    # The order ruff's RUF022 keeps: constants, then classes, then the rest.
    return sorted(names, key=lambda name: (0 if name.isupper() else 1 if name[:1].isupper() else 2, name))


def _read(document: Path) -> dict[str, Any]:
    try:
        data: Any = YAML(typ="safe").load(document)  # pyright: ignore[reportUnknownMemberType]
    except OSError as error:
        raise GenerationError(f"{document}: cannot be read: {error.strerror}") from error
    except (YAMLError, UnicodeDecodeError) as error:
        raise GenerationError(f"{document}: is not YAML: {error}") from error
    if not isinstance(data, dict) or "openapi" not in data or "paths" not in data:
        raise GenerationError(f"{document}: is not an OpenAPI document: it has no 'openapi' or no 'paths'")
    return cast("dict[str, Any]", data)


def _check_complete(data: dict[str, Any], parsed: GeneratorData) -> None:
    wanted = {
        str(operation["operationId"])
        for item in data["paths"].values()
        for verb, operation in item.items()
        if verb in ("get", "put", "post", "delete", "patch")
    }
    made = sum(len(collection.endpoints) for collection in parsed.endpoint_collections_by_tag.values())
    if made != len(wanted):
        raise GenerationError(f"openapi.yaml: the generator made {made} operations of {len(wanted)}; one was dropped")
