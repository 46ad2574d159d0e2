"""Lines of a plan for rows that are new credits: what `line_of` writes, fast enough for millions of them.

A test holds the two together.
"""

from __future__ import annotations

from collections.abc import Sequence
from json import JSONEncoder
from typing import Final

from store_credit_jobs.planning.draft import DraftRow, DraftRows
from store_credit_jobs.planning.earlier_keys import EarlierKeys
from store_credit_jobs.planning.plan_file import PlanWriter
from store_credit_jobs.planning.plan_lines import PlanRow, PlanStep
from store_credit_jobs.wire_key import WireKeys

__all__ = ["CreateLines"]

_KEPT: Final = 1000
_encode: Final = JSONEncoder(separators=(",", ":")).encode


class _Further(dict[tuple[int | None, str | None, str | None], str]):
    """The members of a line about expiry, memo and order: mostly the same for many rows."""

    def __missing__(self, said: tuple[int | None, str | None, str | None]) -> str:
        named = zip(("expires", "memo", "order"), said, strict=True)
        text = _encode({name: value for name, value in named if value is not None})[1:-1]
        if len(self) == _KEPT:
            self.clear()
        self[said] = more = f",{text}" if text else ""
        return more


class CreateLines:
    """Writes rows that create a credit each.

    Args:
        writer: Where they are written to.
        earlier: What keys were used for before.
        name: What problems call the file.
    """

    def __init__(self, writer: PlanWriter, earlier: EarlierKeys, name: str) -> None:
        self._writer = writer
        self._earlier = earlier
        self._name = name
        self._further = _Further()
        self._wires = WireKeys(writer.head.identity, writer.head.campaign)

    def write(self, rows: DraftRows) -> None:
        """Write some rows."""
        if self._earlier.any:
            uses = self._earlier.uses(rows.key)
            for row in rows.rows():
                planned = self._earlier.planned(self._row(row), uses.get(row.key), self._name)
                if planned is not None:
                    self._writer.row(planned)
            return
        further, wires = self._further, self._wires.first(rows.key)
        said = zip(rows.expires, rows.memo, rows.order, strict=True)
        ids = rows.n, rows.line, _encoded(rows.key), _encoded(rows.customer)
        lines = [
            f'{{"n":{n},"key":"{key}","do":"create","customer":"{customer}","minor":{minor},"currency":"{currency}",'
            f'"line":{line}{further[more]},"steps":[{{"action":"create","wire":"{wire}","minor":{minor}}}]}}\n'
            for n, line, key, customer, minor, currency, wire, more in zip(
                *ids, rows.minor, rows.currency, wires, said, strict=True
            )
        ]
        self._writer.lines("".join(lines).encode())
        for code in {*rows.currency}:
            of_it = [minor for minor, currency in zip(rows.minor, rows.currency, strict=True) if currency == code]
            self._writer.add("create", code, sum(of_it), len(of_it))

    def _row(self, row: DraftRow) -> PlanRow:
        (wire,) = self._wires.first([row.key])
        return PlanRow(
            row.n,
            row.key,
            "create",
            row.customer,
            row.minor,
            row.currency,
            line=row.line,
            expires=row.expires,
            memo=row.memo,
            order=row.order,
            steps=(PlanStep("create", wire, row.minor),),
        )


def _encoded(texts: Sequence[str]) -> list[str]:
    """Write texts as JSON does, without their quotation marks."""
    # Between two texts is the only place where a quotation mark follows a comma: one inside a text has a backslash.
    return _encode(texts)[2:-2].split('","')
