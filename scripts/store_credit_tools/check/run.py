"""Check a whole document."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

from store_credit_tools.check.breaks import check_breaks
from store_credit_tools.check.examples import check_examples
from store_credit_tools.check.extension_uses import check_extensions
from store_credit_tools.check.findings import Finding, UnusableError
from store_credit_tools.check.house import DECISIONS, check_house, is_ours
from store_credit_tools.check.operations import check_operations
from store_credit_tools.check.references import check_references
from store_credit_tools.check.schemas import check_schemas
from store_credit_tools.check.source import Source
from store_credit_tools.check.versions import check_versions
from store_credit_tools.check.walk import Walk

__all__ = ["check", "say_mistakes"]

_SWAGGER: Final = "OpenAPI 2 (Swagger) is not supported; convert the document to 3.1"


def check(path: Path, *, full: bool = False, whole: bool = True) -> list[Finding]:
    """Find the mistakes in a document, in the order of its lines.

    The document of this repository, or a copy of it, is checked by the rules of the repository as well,
    with `full` also by what the mock and the recordings say.

    Args:
        path: Its file.
        full: Whether to ask the mock and the recordings.
        whole: Whether to look for what is missing or unused, too, as a document in the middle of a change may have it.

    Raises:
        UnusableError: There is no OpenAPI document to check.
    """
    source = Source.read(path)
    if source.broken or source.data is None:
        return _sorted(source)
    version = source.data.get("openapi")
    if not isinstance(version, str) or not version.startswith(("3.0.", "3.1.")):
        place = ("openapi",) if "openapi" in source.data else ("swagger",)
        said = (
            f"is {_SWAGGER}"
            if "swagger" in source.data
            else f"`openapi` must be 3.0 or 3.1, not {version}; write `openapi: 3.1.0`"
        )
        if "openapi" in source.data and not isinstance(version, str):
            said = f'`openapi` must be a text; write `openapi: "{version}.0"`'
        raise UnusableError(f"{source.name}:{source.line(place)}: {said}")
    walk = Walk(source)
    ours = is_ours(source)
    check_references(walk, unused=whole)
    check_schemas(walk)
    check_operations(walk)
    check_extensions(walk, ours=ours)
    check_versions(walk)
    check_examples(walk)
    decisions = Source.read(DECISIONS) if ours and whole else None
    if decisions is not None and decisions.data is not None:
        check_house(walk, decisions)
        check_breaks(source)
    if full and decisions is not None:
        from store_credit_tools.check.full import check_full

        check_full(path, source)
    return _sorted(source, *([decisions] if decisions is not None else []))


def _sorted(*sources: Source) -> list[Finding]:
    """Each finding once: what stands behind an alias is found wherever that is used."""
    return [one for source in sources for one in sorted(dict.fromkeys(source.findings))]


def say_mistakes(program: str, path: Path, *, any_document: bool) -> bool:
    """Print the mistakes of a document, each on its line, for a program that cannot use it as it is.

    Args:
        program: How the program is called.
        path: The document.
        any_document: Whether to look at one that is not this repository's, too.

    Returns:
        Whether there were any.
    """
    try:
        source = Source.read(path)
        found = check(path, whole=False) if any_document or source.broken or is_ours(source) else []
    except UnusableError as error:
        print(f"{program}: {error}", file=sys.stderr)
        return True
    for finding in found:
        print(f"{program}: {finding}", file=sys.stderr)
    return bool(found)
