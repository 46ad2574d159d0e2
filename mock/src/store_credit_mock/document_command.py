"""`store-credit-mock document`: the OpenAPI document, whole or as a copy for other tools.

Exit codes: 0 printed, 2 there is no such copy.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import click

from store_credit_mock.contract.document import BUNDLED

__all__ = ["command"]

_NAME: Final = re.compile(r"(?P<system>.+?)(?:-(?P<version>\d[^-]*(?:-[a-z][^-]*)?))?-(?P<openapi>3\.\d)\.json")
"""The name of a copy: `spree-3.0.json`, `spree-v3-6.0-alpha+ledger-3.1.json`."""


@click.command("document")
@click.option("--system", metavar="NAME", help="print the export for one system: vinr, spree or spree-v3")
@click.option(
    "--version", metavar="VERSION", help="the version to export, such as 5.6, for a system with several versions"
)
@click.option(
    "--openapi",
    type=click.Choice(["3.1", "3.0"]),
    default="3.1",
    show_default=True,
    help="the OpenAPI version of the export",
)
@click.option("--path", "as_path", is_flag=True, help="print the path of the file instead of its content")
def command(system: str | None, version: str | None, openapi: str, *, as_path: bool) -> int:
    """Print the OpenAPI document: the whole openapi.yaml, or with --system a self-contained copy in JSON.

    A copy lists its servers at the root, the sandbox first. It contains neither webhooks nor members that only this kit
    uses, so code generators, Postman and similar tools accept it without changes.
    """
    if system is None:
        if openapi != "3.1" or version is not None:
            what, such = ("OpenAPI 3.0", "vinr") if version is None else ("a version", "spree-v3")
            click.echo(f"store-credit-mock document: {what} needs a system, such as --system {such}", err=True)
            return 2
        file = BUNDLED
    else:
        folder = _folder()
        found = [match for path in sorted(folder.glob("*.json")) if (match := _NAME.fullmatch(path.name))]
        # Compared as names, so that none leads out of the folder.
        named = system.replace("_", "-")
        systems = list(dict.fromkeys(match["system"] for match in found))
        versions = {match["version"]: match["openapi"] for match in found if match["system"] == named}
        said = None
        if named not in systems:
            has = f"has the systems {', '.join(systems)}" if systems else f"has no copies in {folder}"
            said = f"there is no system {system!r}; the document {has}"
        elif version not in versions:
            told = ", ".join(sorted(filter(None, versions)))
            said = f"{version!r} is not a version of {system}" + (f", which has {told}" if told else ", which has none")
        elif version is not None and versions[version] != openapi:
            said = f"the copy of a single version exists only in OpenAPI {versions[version]}; leave out --openapi"
        if said is not None:
            click.echo(f"store-credit-mock document: {said}", err=True)
            return 2
        file = folder / f"{named}-{f'{version}-' if version else ''}{openapi}.json"
    if as_path:
        click.echo(file)
    else:
        # As bytes: a pipe or a file gets UTF-8 whatever the locale.
        click.echo(file.read_bytes(), nl=False)
    return 0


def _folder() -> Path:
    """Where the copies are: in the package, or of a checkout in docs/."""
    packed = BUNDLED.parent / "document_copies"
    return packed if packed.is_dir() else BUNDLED.resolve().parent / "docs" / "openapi"
