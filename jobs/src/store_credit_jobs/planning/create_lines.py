"""Lines of a plan for rows that are new credits, fast enough for millions of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from json.encoder import encode_basestring_ascii

from store_credit_jobs.planning.draft import DraftRow
from store_credit_jobs.planning.earlier_keys import EarlierKeys
from store_credit_jobs.planning.plan_file import PlanWriter
from store_credit_jobs.planning.plan_lines import PlanRow, PlanStep
from store_credit_jobs.wire_key import WireKeys

__all__ = ["CreateLines"]


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
        self._wires = WireKeys(writer.head.identity, writer.head.campaign)

    def write(self, rows: Sequence[DraftRow]) -> None:
        """Write some rows."""
        if self._earlier.any:
            for row in rows:
                step = PlanStep("create", self._wires.first(row.key), row.minor)
                line = PlanRow(
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
                    steps=(step,),
                )
                planned = self._earlier.planned(line, self._name)
                if planned is not None:
                    self._writer.row(planned)
            return
        self._writer.lines("".join(map(self._line, rows)).encode())
        sums: defaultdict[str, list[int]] = defaultdict(list)
        for row in rows:
            sums[row.currency].append(row.minor)
        for currency, minors in sums.items():
            self._writer.add("create", currency, sum(minors), len(minors))

    def _line(self, row: DraftRow) -> str:
        """Write what `line_of` writes, in a quarter of the time; a test holds the two together."""
        n, line, key, customer, minor, currency, expires, memo, order, _ = row
        text = encode_basestring_ascii
        more = "" if expires is None else f',"expires":{expires}'
        if memo is not None:
            more += f',"memo":{text(memo)}'
        if order is not None:
            more += f',"order":{text(order)}'
        return (
            f'{{"n":{n},"key":{text(key)},"do":"create","customer":{text(customer)},"minor":{minor},'
            f'"currency":"{currency}","line":{line}{more},'
            f'"steps":[{{"action":"create","wire":"{self._wires.first(key)}","minor":{minor}}}]}}\n'
        )
