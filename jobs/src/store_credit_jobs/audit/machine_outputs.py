"""A report for programs: one JSON document, and CSV."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from typing import Any, Final, cast

from store_credit_jobs.audit.amounts import plain
from store_credit_jobs.audit.report import Figures, Report

__all__ = ["as_csv", "as_json"]

_NUMBER: Final = re.compile(r"-?[0-9]+(\.[0-9]+)?", re.ASCII)
# Of the signs also those of full width, which some spreadsheets read as the others.
_FORMULAS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_HEADER: Final = (
    *("section", "currency", "name", "customer", "credits", "issued", "used", "expired", "outstanding"),
    *("authorized", "books", "server", "difference"),
)


def as_json(report: Report) -> str:
    """Write a report as one line of JSON; amounts are integers of minor units."""
    return json.dumps({"report": 1, **_object(report), "sound": report.sound}) + "\n"


def as_csv(report: Report) -> str:
    """Write a report's figures as CSV, a row for each: amounts as decimals, text so that no spreadsheet runs it."""
    file = io.StringIO(newline="")
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(_HEADER)
    for row in _rows(report):
        writer.writerow([_cell(row.get(name)) for name in _HEADER])
    return file.getvalue()


def _rows(report: Report) -> Iterator[dict[str, Any]]:
    sections = {
        "currency": report.currencies,
        "age": report.ages,
        "month": report.months,
        "history": report.history,
        "campaign": report.campaigns,
        "category": report.categories,
        "memo": report.memos,
        "expiring": () if report.expiring is None else report.expiring.lines,
    }
    for section, lines in sections.items():
        for line in lines:
            name = "all others" if line.rest else line.name
            yield {"section": section, "currency": line.currency, "name": name, **_amounts(line.figures, line.currency)}
    for section, holdings in {"credit": report.largest_credits, "customer": report.largest_customers}.items():
        for one in holdings:
            figures = _amounts(one.figures, one.currency)
            yield {
                "section": section,
                "currency": one.currency,
                "name": one.credit,
                "customer": one.customer,
                **figures,
            }
    for section, violations in {"violation": report.violations, "edited": report.possibly_edited}.items():
        for one in violations:
            yield {
                "section": f"{section}: {one.rule}",
                "currency": one.currency,
                "name": one.credit,
                "customer": one.customer,
                "credits": "1",
                "issued": plain(one.minor, one.currency),
                "used": plain(one.used, one.currency),
                "authorized": plain(one.authorized, one.currency),
            }
    if report.drift is not None:
        for section, differences in {"books": report.drift.totals, "difference": report.drift.differences}.items():
            for one in differences:
                yield {
                    "section": section,
                    "currency": one.currency,
                    "customer": one.customer,
                    "books": plain(one.books, one.currency),
                    "server": plain(one.server, one.currency),
                    "difference": plain(one.difference, one.currency),
                }


def _amounts(figures: Figures, currency: str) -> dict[str, str]:
    return {
        "credits": str(figures.credits),
        "issued": plain(figures.issued, currency),
        "used": plain(figures.used, currency),
        "expired": plain(figures.expired, currency),
        "outstanding": plain(figures.outstanding, currency),
        "authorized": plain(figures.authorized, currency),
    }


def _cell(value: str | None) -> str:
    if value is None:
        return ""
    # What a spreadsheet would take for a formula, or for the end of a row, stays text.
    if value.startswith(_FORMULAS) and not _NUMBER.fullmatch(value):
        value = f"'{value}"
    return value.encode("utf-8", "replace").decode("utf-8")


def _object(one: Any) -> dict[str, Any]:
    def plainly(value: Any) -> Any:
        if isinstance(value, tuple):
            return [plainly(item) for item in cast("tuple[Any, ...]", value)]
        return _object(value) if hasattr(value, "__attrs_attrs__") else value

    members = {field.name: plainly(getattr(one, field.name)) for field in one.__attrs_attrs__}
    if isinstance(one, Figures):
        members["outstanding"] = one.outstanding
    return members
