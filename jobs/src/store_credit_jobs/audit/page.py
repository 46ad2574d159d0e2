"""A report as one page of HTML: no script, nothing from a network, readable by everybody, in the dark and on paper."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from typing import Final

from store_credit_jobs.audit.pictures import PARTS, months_picture, shares_picture
from store_credit_jobs.audit.report import Line, Report
from store_credit_jobs.audit.tables import Table, breaking, differing, tables, visible

__all__ = ["page"]

_MOST_CURRENCIES: Final = 12
_MOST_CHARTS: Final = 6

_MEANING: Final = (
    "The outstanding amount is what was issued, less what has been used or has expired; it includes authorized amounts."
)

_STYLE: Final = """
:root { color-scheme: light dark; --page: #fff; --text: #1a1d21; --soft: #555c66; --line: #c9ced6; --head: #f1f3f6;
  --used: #6a7280; --expired: #b4530a; --authorized: #2f5fd0; --free: #0b7a55; --bad: #a3161b; }
@media screen and (prefers-color-scheme: dark) { :root { --page: #14171b; --text: #e8eaee; --soft: #a9b1bd;
  --line: #3d444e; --head: #1f242b; --used: #8f98a6; --expired: #ee9a4d; --authorized: #8badff; --free: #3fc795;
  --bad: #ff8d8d; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1.5rem 1rem 3rem; max-width: 78rem; background: var(--page); color: var(--text);
  font: 1rem/1.5 system-ui, sans-serif; }
h1 { font-size: 1.6rem; line-height: 1.25; } h2 { font-size: 1.15rem; margin: 2.2rem 0 .5rem; }
p, dl { max-width: 48rem; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .15rem 1rem; margin: 1rem 0; }
dt { color: var(--soft); } dd { margin: 0; overflow-wrap: anywhere; }
.verdict { font-weight: 600; border-left: .3rem solid var(--free); padding-left: .7rem; }
.verdict.bad { border-color: var(--bad); color: var(--bad); }
.wide { overflow-x: auto; } .wide:focus-visible { outline: 2px solid var(--authorized); outline-offset: 2px; }
table { border-collapse: collapse; font-size: .92rem; font-variant-numeric: tabular-nums; }
th, td { padding: .3rem .7rem; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; }
thead th { background: var(--head); } tbody th { font-weight: 500; }
th.n, td.n { text-align: right; white-space: nowrap; } td bdi, th bdi { overflow-wrap: anywhere; }
figure { margin: 1rem 0; } figcaption { color: var(--soft); font-size: .92rem; }
svg { display: block; width: 100%; max-width: 54rem; height: auto; } svg text { font: 12px system-ui, sans-serif;
  fill: var(--text); } svg .axis { stroke: var(--soft); }
.used { fill: var(--used); background: var(--used); } .expired { fill: var(--expired); background: var(--expired); }
.authorized { fill: var(--authorized); background: var(--authorized); } .free { fill: var(--free);
  background: var(--free); }
.key { display: flex; flex-wrap: wrap; gap: .2rem 1.2rem; list-style: none; margin: .5rem 0; padding: 0; }
.key span { display: inline-block; width: .9rem; height: .9rem; margin-right: .4rem; vertical-align: -.1rem; }
@media print { body { max-width: none; padding: 0; font-size: 10pt; } .wide { overflow: visible; }
  h2 { break-after: avoid; } tr, figure { break-inside: avoid; } thead { display: table-header-group; }
  rect, .key span { print-color-adjust: exact; -webkit-print-color-adjust: exact; } th, td { padding: .15rem .4rem; } }
""".strip()


def page(report: Report) -> str:
    """Write a report as a page that stands alone."""
    return "\n".join(_lines(report)) + "\n"


def _lines(report: Report) -> Iterator[str]:
    title = escape(f"Store credit of {visible(report.account)}, {report.at}")
    yield '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">'
    # The browser itself refuses what would load or run anything, whatever a memo says.
    yield "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
    yield '<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex">'
    yield f"<title>{title}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<main>"
    yield f"<h1>Store credit of <bdi>{escape(visible(report.account))}</bdi></h1>"
    facts = {
        "As of": report.at,
        "System": f"{report.system}, {report.host}",
        "Read": f"{report.started} to {report.ended}",
        "Basis": "the ledgers of the credits" if report.basis == "ledger" else "the credits as they were read",
        "Seal of the snapshot": report.sha256,
    }
    pairs = "".join(f"<dt>{name}</dt><dd>{escape(visible(value))}</dd>" for name, value in facts.items())
    yield f"<dl>{pairs}</dl>"
    yield from _verdict(report)
    yield from (f"<p>{escape(visible(note.text))}.</p>" for note in report.notes)
    yield f"<p>{_MEANING}</p>"
    if not report.currencies:
        yield "<p>There are no credits.</p>"
    for table in tables(report):
        yield f'<section aria-labelledby="{table.id}">\n<h2 id="{table.id}">{escape(table.title)}</h2>'
        yield from _pictures(table.id, report)
        yield _table(table)
        if table.note is not None:
            yield f"<p>{escape(table.note)}.</p>"
        yield "</section>"
    yield "</main>\n</body>\n</html>"


def _verdict(report: Report) -> Iterator[str]:
    if report.sound:
        yield '<p class="verdict">No credit breaks a rule.</p>'
    if report.violation_count:
        yield f'<p class="verdict bad">{breaking(report.violation_count)}.</p>'
    if report.drift is not None and report.drift.count:
        yield f'<p class="verdict bad">{differing(report.drift.count)} from the books.</p>'


def _pictures(key: str, report: Report) -> Iterator[str]:
    currencies = [line.currency for line in report.currencies]
    if key == "currencies":
        shown = report.currencies[:_MOST_CURRENCIES]
        picture = shares_picture("shares", "What became of the issued credit, by currency", shown)
        legend = "".join(f'<li><span class="{kind}"></span>{said}</li>' for kind, said in PARTS)
        yield _figure(picture, f'<ul class="key">{legend}</ul>', _left_out(currencies, shown, "currencies"))
    elif key in ("months", "history"):
        lines = report.months if key == "months" else report.history
        said = "Outstanding by month of issue" if key == "months" else "Outstanding at the last snapshot of each month"
        charts = currencies[:_MOST_CHARTS]
        for place, currency in enumerate(charts):
            mine = [line for line in lines if line.currency == currency]
            if mine:
                title = f"{said}, {visible(currency)}"
                last = place == len(charts) - 1
                left_out = _left_out(currencies, charts, "currencies") if last else ""
                yield _figure(months_picture(f"{key}-{place}", title, mine), "", f"{escape(title)}. {left_out}")


def _left_out(all_of: Sequence[str], shown: Sequence[str | Line], what: str) -> str:
    more = len(all_of) - len(shown)
    return f"{more} more {what} are in the table." if more > 0 else ""


def _figure(picture: str, legend: str, caption: str) -> str:
    said = f"<figcaption>{legend}{caption}</figcaption>" if legend or caption else ""
    return f"<figure>{picture}{said}</figure>"


def _table(table: Table) -> str:
    def cell(place: int, text: str | None) -> str:
        tag = 'th scope="row"' if place == 0 else "td" if place < table.texts else 'td class="n"'
        return f"<{tag}><bdi>{escape(text or '')}</bdi></{tag.split(maxsplit=1)[0]}>"

    heads = "".join(
        f'<th scope="col"{"" if place < table.texts else " class=n"}>{escape(column)}</th>'
        for place, column in enumerate(table.columns)
    )
    rows = "\n".join(f"<tr>{''.join(cell(place, text) for place, text in enumerate(row))}</tr>" for row in table.rows)
    return (
        f'<div class="wide" role="group" aria-labelledby="{table.id}" tabindex="0"><table aria-labelledby="{table.id}">'
        f"<thead><tr>{heads}</tr></thead>\n<tbody>\n{rows}\n</tbody></table></div>"
    )
