"""`store-credit-mock document`: the OpenAPI document, whole or as a copy for other tools.

Exit codes: 0 printed, 2 there is no such copy.
"""

from __future__ import annotations

from pathlib import Path

import click

from store_credit_mock.contract.document import BUNDLED

__all__ = ["command"]


@click.command("document")
@click.option("--system", metavar="NAME", help="the copy for other tools that is about one system: vinr, spree")
@click.option("--openapi", type=click.Choice(["3.1", "3.0"]), default="3.1", show_default=True, help="of that copy")
@click.option("--path", "as_path", is_flag=True, help="print where the file is, instead of what it holds")
def command(system: str | None, openapi: str, *, as_path: bool) -> int:
    """Print the OpenAPI document: the whole openapi.yaml, or with --system a self-contained copy in JSON.

    A copy has its servers at the root, the sandbox first, and is without webhooks and without what only this kit reads;
    code generators, Postman and the like take it as it is.
    """
    if system is None:
        if openapi != "3.1":
            click.echo("store-credit-mock document: name a system for OpenAPI 3.0, such as --system vinr", err=True)
            return 2
        file = BUNDLED
    else:
        folder = _folder()
        file = folder / f"{system}-{openapi}.json"
        # Compared as names, so that none leads out of the folder.
        names = sorted({path.name.rpartition("-")[0] for path in folder.glob("*-3.?.json")})
        if system not in names:
            said = f"has the systems {', '.join(names)}" if names else f"has no copies in {folder}"
            click.echo(f"store-credit-mock document: there is no system {system!r}; the document {said}", err=True)
            return 2
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
