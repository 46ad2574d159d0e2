"""`store-credit-mock versions`: which versions of the systems are played, and how each operation was verified.

Exit codes: 0 printed, 2 the document cannot be used.
"""

from __future__ import annotations

import json
from importlib.metadata import version
from pathlib import Path

import click

from store_credit_mock.contract import Document, DocumentError
from store_credit_mock.contract.verified import Verified, verified

__all__ = ["command"]


@click.command("versions")
@click.option("--document", type=Path, metavar="FILE", help="use this openapi.yaml instead of the bundled one")
@click.option("--json", "as_json", is_flag=True, help="print the result as one JSON document")
def command(document: Path | None, *, as_json: bool) -> int:
    """Show which versions of each system the document describes, and how and when each operation was verified."""
    try:
        read = Document.read() if document is None else Document.read(document)
    except DocumentError as error:
        click.echo(f"store-credit-mock versions: {error}", err=True)
        return 2
    found = {identity: verified(one.definition) for identity, one in read.operations.items()}
    if as_json:
        operations = {
            identity: [{"version": one.version, "how": one.how, "date": one.date} for one in entries]
            for identity, entries in found.items()
        }
        click.echo(
            json.dumps({"mock": version("store-credit-mock"), "document": read.version, "operations": operations})
        )
        return 0
    click.echo(f"store-credit-mock {version('store-credit-mock')}, document {read.version}")
    for system in dict.fromkeys(identity.partition(".")[0] for identity in found):
        _show(system, {identity: one for identity, one in found.items() if identity.startswith(f"{system}.")})
    return 0


def _show(system: str, found: dict[str, tuple[Verified, ...]]) -> None:
    """Print one system as a table."""
    versions = list(dict.fromkeys(one.version for entries in found.values() for one in entries))
    if not versions:
        click.echo(f"\n{system}: the document does not say how it was verified")
        return
    rows = [["operation", *(f"{system} {version}" for version in versions)]]
    for identity, entries in found.items():
        by_version = {one.version: str(one) for one in entries}
        rows.append([identity, *(by_version.get(version, "-") for version in versions)])
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    click.echo()
    for row in rows:
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
