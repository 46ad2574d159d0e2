"""Coverage as one HTML page that needs nothing else: no script, no request, dark or light as the reader's system is."""

from __future__ import annotations

from html import escape
from typing import Final

from store_credit_mock.contract import Contract
from store_credit_mock.coverage.coverage import Coverage
from store_credit_mock.coverage.labels import grouped
from store_credit_mock.coverage.points import KINDS, Kind
from store_credit_mock.coverage.text_report import TITLES

__all__ = ["page"]

_STYLE: Final = """
:root{color-scheme:light dark;--text:#1b1f24;--soft:#57606a;--back:#fff;--line:#d0d7de;--good:#116329;--bad:#a40e26;
--bar:#2da44e;--rest:#eaeef2}
@media(prefers-color-scheme:dark){:root{--text:#e6edf3;--soft:#9aa4ae;--back:#0d1117;--line:#30363d;--good:#56d364;
--bad:#ff7b72;--bar:#2ea043;--rest:#21262d}}
body{font:16px/1.5 system-ui,sans-serif;color:var(--text);background:var(--back);margin:0 auto;max-width:72rem;
padding:1rem}
a{color:inherit}.wide{overflow-x:auto}table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
th,td{padding:.3rem .6rem;border-bottom:1px solid var(--line);text-align:right;white-space:nowrap}
th:first-child,td:first-child{text-align:left}caption{text-align:left;color:var(--soft);padding:.3rem .6rem}
meter{width:6rem;vertical-align:middle}details{border:1px solid var(--line);border-radius:6px;margin:.5rem 0;
padding:.4rem .8rem}
summary{cursor:pointer;font-weight:600;overflow-wrap:anywhere}summary span{font-weight:400;color:var(--soft)}
:focus-visible{outline:3px solid var(--bar);outline-offset:2px}h1{line-height:1.2}h3{margin:.8rem 0 .2rem}
ul{margin:.2rem 0;padding-left:1.4rem}li{overflow-wrap:anywhere}code{font:14px ui-monospace,monospace}
.missing{color:var(--bad)}.seen{color:var(--good)}.soft{color:var(--soft)}
"""

_HINT: Final = '<p class="soft">A number after a colon is a line of openapi.yaml.</p>\n'


def page(coverage: Coverage, contract: Contract) -> str:
    """The whole page.

    Args:
        coverage: What to show.
        contract: Its document, for the line on which each point stands.
    """
    document = contract.document
    total = coverage.total()
    known, shown = len(contract.operations), len(coverage.operations)
    whole = "the document" if shown == known else f"{shown} of {known} operations"
    head = (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width,initial-scale=1">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none';style-src 'unsafe-inline'\">\n"
        f"<title>Coverage {total['percent']:.2f} %</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<main>\n"
    )
    lead = (
        f"<h1>{total['percent']:.2f} % of {whole} was exercised</h1>\n"
        f"<p>{total['seen']} of {total['all']} points of document {escape(document.version)}"
        f' <span class="soft">(digest {escape(document.digest[:12])})</span>.</p>\n'
    )
    details = "".join(_operation(coverage, contract, name) for name in coverage.operations)
    tables = _kinds(coverage) + _operations(coverage)
    return f"{head}{lead}{tables}<h2>Every point</h2>\n{_HINT}{details}</main>\n</body>\n</html>\n"


def _kinds(coverage: Coverage) -> str:
    rows: list[str] = []
    for kind in KINDS:
        total = coverage.total(kind)
        rows.append(
            f'<tr><th scope="row">{TITLES[kind]}</th><td>{total["seen"]}</td><td>{total["all"]}</td>'
            f"<td>{_meter(total['percent'], TITLES[kind])}</td></tr>\n"
        )
    return (
        f"{_wide('By kind')}"
        '<thead><tr><th scope="col">kind</th>'
        '<th scope="col">seen</th><th scope="col">of</th>'
        f'<th scope="col">%</th></tr></thead><tbody>\n{"".join(rows)}</tbody></table></div>\n'
    )


def _operations(coverage: Coverage) -> str:
    kinds: list[Kind] = [kind for kind in KINDS if kind != "operations"]
    titles = "".join(f'<th scope="col">{TITLES[kind]}</th>' for kind in kinds)
    rows: list[str] = []
    for name in coverage.operations:
        cells = ""
        for kind in kinds:
            total = coverage.total(kind, name)
            cells += f"<td>{total['seen']}/{total['all']}</td>"
        percent = coverage.total(operation=name)["percent"]
        never = "" if coverage.total("operations", name)["seen"] else ' <span class="missing">no success</span>'
        link = f'<a href="#{escape(name)}">{escape(name)}</a>'
        rows.append(f'<tr><th scope="row">{link}{never}</th>{cells}<td>{_meter(percent, name)}</td></tr>\n')
    return (
        f"{_wide('By operation')}"
        '<thead><tr><th scope="col">operation</th>'
        f'{titles}<th scope="col">%</th></tr></thead><tbody>\n{"".join(rows)}</tbody></table></div>\n'
    )


def _wide(caption: str) -> str:
    """The beginning of a table that scrolls by itself on a small screen, by the keyboard too."""
    return f'<div class="wide" tabindex="0" role="region" aria-label="{caption}"><table><caption>{caption}</caption>'


def _meter(percent: float, label: str) -> str:
    return f'{percent:.2f} <meter max="100" value="{percent:.2f}" aria-label="{escape(label)}"></meter>'


def _operation(coverage: Coverage, contract: Contract, name: str) -> str:
    total = coverage.total(operation=name)
    parts = coverage.parts(name)
    inner = ""
    for kind in KINDS:
        if kind == "operations":
            continue
        for state in ("missing", "seen"):
            names = parts[kind][state]
            if names:
                inner += f'<h3>{TITLES[kind]} <span class="{state}">{state}</span></h3>\n'
                inner += _points(coverage, contract, name, kind, names)
    return (
        f'<details id="{escape(name)}"><summary>{escape(name)} '
        f"<span>{total['seen']} of {total['all']}</span></summary>\n{inner}</details>\n"
    )


def _points(coverage: Coverage, contract: Contract, operation: str, kind: Kind, names: list[str]) -> str:
    places = dict(zip(names, coverage.operations[operation].points.places(kind, names), strict=True))
    items = ""
    # Names of one group come from different pointers, so each is asked for by itself.
    groups: dict[str, list[tuple[str, int | None]]] = {}
    for name in names:
        ((head, (text,)),) = grouped(kind, [name]).items()
        groups.setdefault(head, []).append((text, contract.document.line(places[name])))
    for head, texts in groups.items():
        shown = ", ".join(
            f"<code>{escape(text)}</code>" + (f'<span class="soft">:{line}</span>' if line else "")
            for text, line in texts
        )
        items += f"<li>{escape(head) + ': ' if head else ''}{shown}</li>\n"
    return f"<ul>\n{items}</ul>\n"
