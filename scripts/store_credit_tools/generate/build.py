"""Run openapi-python-client with templates of our own: a document in, a folder of formatted Python out."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final, cast

from jinja2 import StrictUndefined
from openapi_python_client import Project
from openapi_python_client.parser.errors import GeneratorError

from store_credit_tools.generate.formatting import docstring, export_order, prose, quoted, sources
from store_credit_tools.generate.parsed import GenerationError, Parsed, line_of, refuse, text

__all__ = ["generate", "located"]

_ONCE: Final = {
    "package_init.py.jinja": "__init__.py",
    "client.py.jinja": "client.py",
    "api_init.py.jinja": "api/__init__.py",
    "models_init.py.jinja": "models/__init__.py",
}
_EACH_TAG: Final = "endpoints.py.jinja"
_EACH_MODEL: Final = "model.py.jinja"
_RULES: Final = "F401,I001,UP,RUF022,PIE790"
_FORMAT: Final = ("--isolated", "--no-cache", "--quiet", "--target-version", "py311", "--line-length", "120")
"""ruff decides the bytes, by these rules and no others: --isolated keeps the project's own settings out."""

Overlay = Callable[[Parsed], Mapping[str, Any]]


def generate(
    document: Path | Mapping[str, Any],
    output: Path,
    templates: Path,
    overlay: Overlay | None = None,
    *,
    simplify: bool = False,
) -> Mapping[str, Any]:
    """Write a package for an OpenAPI document: any document, any package, any templates.

    The files are those that `templates` has a template for: `package_init.py.jinja` makes `__init__.py`,
    `client.py.jinja` makes `client.py`, `api_init.py.jinja` and `models_init.py.jinja` make the `__init__.py` of `api/`
    and `models/`, `endpoints.py.jinja` makes `api/<tag>.py` for each tag, `model.py.jinja` makes `models/<module>.py`
    for each model. Base classes, transport and types are what the templates say. Imports that nothing needs are taken
    out again, so that a template may name all that it could need.

    A template sees the tool's own objects: `openapi.endpoint_collections_by_tag` with its `endpoints` (`name`,
    `method`, `path`, `summary`, `path_parameters`, `query_parameters`, `bodies`, `responses`), `openapi.models`,
    `package_name`; `endpoint_collection` in the template of a tag, `model` in that of a model. `properties(model)`
    gives an object's properties by their names in JSON, `schema(property)` what the document says of one. Beside the
    tool's filters there are `text` (unwraps the document's texts and the tool's code), `prose` and `docstring` (text
    that is safe in a docstring), `literal` (`repr`), `by_case`, `sources`.

    Args:
        document: A YAML or JSON file, or the document itself.
        output: The package's folder, made if need be; its name is the package's.
        templates: The folder of Jinja templates.
        overlay: What the tool does not know, as more names for the templates. Where it gives `models`, only the models
            of these class names become files.
        simplify: Show the tool no more of the document than it can read; the overlay reads the rest. A template sees
            neither the names nor the places of parameters then.

    Returns:
        What the overlay gave.

    Raises:
        GenerationError: The document cannot be read, or anything in it would be left out; the text says what and where.
    """
    try:
        read = Parsed.read if isinstance(document, Path) else Parsed
        parsed = read(document, output, simplify=simplify)  # pyright: ignore[reportArgumentType]
        more = {} if overlay is None else dict(overlay(parsed))
        refuse(_Package(parsed, templates, more).build())
        return more
    except Exception as error:  # Whatever the document is, the reader of an error is told of the document.
        raise located(document, error) from error


def located(document: Path | Mapping[str, Any], error: Exception) -> GenerationError:
    """The error that is shown: with the file, and the line of the place that it names."""
    name = document.name if isinstance(document, Path) else "the document"
    if isinstance(error, GenerationError) and error.place and isinstance(document, Path):
        name += f":{line_of(document, error.place)}"
    return GenerationError(f"{name}: {error}")


class _Package(Project):
    """Writes the files there is a template for, where the tool's own project writes all it knows of."""

    def __init__(self, parsed: Parsed, templates: Path, more: dict[str, Any]) -> None:
        super().__init__(openapi=parsed.data, config=parsed.config, custom_template_path=templates)
        filters: dict[str, Any] = {
            "by_case": export_order,
            "docstring": docstring,
            "literal": repr,
            "prose": prose,
            "quoted": quoted,
            "sources": sources,
            "text": text,
        }
        cast("dict[str, Any]", self.env.filters).update(filters)  # pyright: ignore[reportUnknownMemberType]
        names = cast("dict[str, Any]", self.env.globals)  # pyright: ignore[reportUnknownMemberType]
        names.update(more, properties=parsed.properties, schema=parsed.schema)
        self.env.undefined = StrictUndefined
        self._templates = templates
        self._only = more.get("models")

    def build(self) -> list[GeneratorError]:
        for template, path in _ONCE.items():
            self._write(template, path)
        for tag, collection in self.openapi.endpoint_collections_by_tag.items():
            self._write(_EACH_TAG, f"api/{tag}.py", endpoint_collection=collection)
        for model in self.openapi.models:
            if self._only is None or model.class_info.name in self._only:
                self._write(_EACH_MODEL, f"models/{model.class_info.module_name}.py", model=model)
        for command in (["check", "--select", _RULES, "--fix", "--unsafe-fixes", "--ignore", "F822"], ["format"]):
            ruff = [sys.executable, "-m", "ruff", *command, *_FORMAT, "."]
            done = subprocess.run(ruff, cwd=self.package_dir, capture_output=True, text=True, check=False)
            if done.returncode:
                return [GeneratorError(header=f"ruff {command[0]} failed", detail=(done.stderr or done.stdout)[:2000])]
        return []

    def _write(self, template: str, path: str, **values: object) -> None:
        if (self._templates / template).exists():
            target = self.package_dir / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(self.env.get_template(template).render(**values), "utf-8")
