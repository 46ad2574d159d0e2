"""Coverage as one HTML page that needs nothing else: no script, no request, dark or light as the reader's system is."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from pathlib import Path
from string import Template

from store_credit_mock.contract import Contract
from store_credit_mock.coverage.coverage import Coverage
from store_credit_mock.coverage.labels import grouped
from store_credit_mock.coverage.points import KINDS, PARTS, TITLES, Kind

__all__ = ["page"]


def page(coverage: Coverage, contract: Contract) -> str:
    """Show coverage as a page, whose frame and looks are in `html_report.html`.

    Args:
        coverage: What to show.
        contract: Its document, for the line on which each point stands.
    """
    total = coverage.total()
    known, shown = len(contract.operations), len(coverage.operations)
    return Template(Path(__file__).with_suffix(".html").read_text(encoding="utf-8")).substitute(
        percent=f"{total['percent']:.2f}",
        seen=total["seen"],
        all=total["all"],
        whole="the document" if shown == known else f"{shown} of {known} operations",
        version=escape(contract.document.version),
        digest=escape(contract.document.digest[:12]),
        kinds="".join(_kind(coverage, kind) for kind in KINDS),
        titles="".join(f'<th scope="col">{TITLES[kind]}</th>' for kind in PARTS),
        operations="".join(_operation(coverage, name) for name in coverage.operations),
        details="".join(_details(coverage, contract, name) for name in coverage.operations),
    )


def _kind(coverage: Coverage, kind: Kind) -> str:
    total, title = coverage.total(kind), TITLES[kind]
    return _row(title, [str(total["seen"]), str(total["all"]), _meter(total["percent"], title)])


def _operation(coverage: Coverage, name: str) -> str:
    totals = [coverage.total(kind, name) for kind in PARTS]
    never = "" if coverage.total("operations", name)["seen"] else ' <span class="missing">no success</span>'
    cells = [f"{total['seen']}/{total['all']}" for total in totals]
    percent = _meter(coverage.total(operation=name)["percent"], name)
    return _row(f'<a href="#{escape(name)}">{escape(name)}</a>{never}', [*cells, percent])


def _row(head: str, cells: Iterable[str]) -> str:
    return f'<tr><th scope="row">{head}</th>{"".join(f"<td>{cell}</td>" for cell in cells)}</tr>\n'


def _meter(percent: float, label: str) -> str:
    return f'{percent:.2f} <meter max="100" value="{percent:.2f}" aria-label="{escape(label)}"></meter>'


def _details(coverage: Coverage, contract: Contract, name: str) -> str:
    """Every point of one operation, to unfold."""
    total = coverage.total(operation=name)
    parts = coverage.parts(name)
    inner = ""
    for kind in PARTS:
        for state in ("missing", "seen"):
            if names := parts[kind][state]:
                inner += f'<h3>{TITLES[kind]} <span class="{state}">{state}</span></h3>\n<ul>\n'
                for head, points in grouped(kind, names).items():
                    shown = ", ".join(_point(coverage, contract, name, kind, *point) for point in points)
                    inner += f"<li>{escape(head) + ': ' if head else ''}{shown}</li>\n"
                inner += "</ul>\n"
    return (
        f'<details id="{escape(name)}"><summary>{escape(name)} '
        f"<span>{total['seen']} of {total['all']}</span></summary>\n{inner}</details>\n"
    )


def _point(coverage: Coverage, contract: Contract, operation: str, kind: Kind, text: str, name: str) -> str:
    line = contract.document.line(coverage.operations[operation].places[kind, name])
    return f"<code>{escape(text)}</code>" + (f'<span class="soft">:{line}</span>' if line else "")
