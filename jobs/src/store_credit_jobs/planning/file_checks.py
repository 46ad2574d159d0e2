"""What only all rows of a file together tell: keys that are there twice, sums, customers that nobody knows."""

from __future__ import annotations

from collections.abc import Mapping

import attrs

from store_credit_jobs.errors import Problem
from store_credit_jobs.planning.amounts import MOST_MINOR, AmountRules
from store_credit_jobs.planning.draft import Draft
from store_credit_jobs.planning.plan_lines import Sums
from store_credit_jobs.planning.plan_request import PlanRequest
from store_credit_jobs.planning.problems import Problems, Warnings
from store_credit_jobs.quoting import quoted, visible

__all__ = ["FileChecks"]


@attrs.frozen(slots=True)
class FileChecks:
    """Checks all rows together.

    Attributes:
        name: What problems call the file.
        request: What is planned.
        draft: The rows.
        rules: The system's amounts.
        problems: Takes what is wrong.
        warnings: Takes what is to be known.
    """

    name: str
    request: PlanRequest
    draft: Draft
    rules: AmountRules
    problems: Problems
    warnings: Warnings

    def rows(self) -> None:
        """Check keys, customers and sums."""
        report, draft, mode = self.problems.report, self.draft, self.request.mode
        for key, first, last in draft.doubles():
            text = f"the key occurs twice, first in line {first}; each row needs its own key"
            report(Problem("key_double", text, self.name, last, visible(key)))
        if mode in ("set", "reduce"):
            for customer, currency, first, last in draft.contradictions():
                text = (
                    f"customer {quoted(customer)} already has a row in {currency}, in line {first}; mode {mode} "
                    "allows only one"
                )
                report(Problem("row_identical", text, self.name, last))
        if self.request.customers is not None:
            for customer, line in draft.strangers():
                text = f"customer {quoted(customer)} is not in {self.request.customers}"
                report(Problem("customer_unknown", text, self.name, line))
        if mode in ("add", "refunds"):
            self._held()
        if mode == "refunds":
            self._orders()

    def _held(self) -> None:
        for code, rule in self.rules.known.items():
            if rule.most_of_customer is None:
                continue
            for customer, minor, line in self.draft.above(code, rule.most_of_customer):
                text = (
                    f"customer {quoted(customer)} would get {minor} minor units of {code} from this file, but "
                    f"{rule.system} allows at most {rule.most_of_customer} for one customer"
                )
                self.problems.report(Problem("total_limit", text, self.name, line))

    def _orders(self) -> None:
        for order in self.draft.orders():
            said: str | None = None
            code = "order_limit"
            if order.currencies > 1:
                code, said = "order_currency", "has refunds in several currencies"
            elif order.customers > 1:
                code, said = "customer_ambiguous", "has refunds for several customers"
            elif order.payments > 1:
                said = "has rows with different paid amounts"
            elif order.minor > order.paid:
                said = f"has refunds of {order.minor} minor units, but only {order.paid} were paid"
                if order.earlier:
                    said += f"; {order.earlier} of them are from earlier jobs"
            if said is not None:
                self.problems.report(Problem(code, f"order {quoted(order.order)} {said}", self.name, order.line))

    def totals(self, sums: Sums, max_row: Mapping[str, int], max_total: Mapping[str, int]) -> None:
        """Check what the plan comes to.

        Args:
            sums: What is planned.
            max_row: The most of a row in minor units, by currency.
            max_total: The most of all rows.
        """
        for code, total in sums.totals.items():
            minor, most = total["minor"], max_total.get(code, MOST_MINOR)
            if minor > most:
                why = "--max-total allows" if code in max_total else "any system can store"
                text = f"all rows in {code} total {minor} minor units, more than the {most} that {why}"
                self.problems.report(Problem("total_limit", text, self.name))
            for option, limits in (("--max-row", max_row), ("--max-total", max_total)):
                if limits and code not in limits:
                    self.warnings.add(f"{option} has no limit for {code}, which occurs in the file")
