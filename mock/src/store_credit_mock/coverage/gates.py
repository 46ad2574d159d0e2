"""What coverage must reach."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches

from store_credit_mock.contract import Contract
from store_credit_mock.coverage.coverage import Coverage, CoverageError

__all__ = ["Gates"]


class Gates:
    """A percentage and responses that coverage must reach.

    Args:
        contract: The document that names the operations and statuses.
        fail_under: Percent of all points, 0 to 100; None asks for none.
        require: `operation:status` each, such as `vinr.store_credit.create:201`.
        only: Operations the percentage is of, as `Coverage.only` takes them.

    Raises:
        CoverageError: The percentage is none, or the document lacks an operation or status; the text names near ones.
    """

    def __init__(
        self,
        contract: Contract,
        fail_under: float | None = None,
        require: Sequence[str] = (),
        only: Sequence[str] = (),
    ) -> None:
        if fail_under is not None and not 0 <= fail_under <= 100:
            raise CoverageError(f"{fail_under:g} is not a valid percentage; use a number from 0 to 100")
        self.fail_under = fail_under
        self.only = only
        self.require = [_required(contract, text) for text in require]

    def failures(self, coverage: Coverage) -> list[str]:
        """Say what was not reached, a sentence each; empty if all was.

        Raises:
            CoverageError: A pattern of `only` fits no operation.
        """
        found: list[str] = []
        total = coverage.only(self.only).total()
        # Not by the rounded number: 99.999 % is under 100 %.
        if self.fail_under is not None and total["seen"] * 100 < self.fail_under * total["all"]:
            found.append(f"coverage is {total['percent']:.2f} %, below {self.fail_under:g} %")
        for operation, status in self.require:
            if ("statuses", status) not in coverage.operations[operation].seen:
                found.append(f"{operation}:{status} was required but not seen")
        return found


def _required(contract: Contract, text: str) -> tuple[str, str]:
    name, colon, status = text.strip().rpartition(":")
    if not colon:
        name, status = text.strip(), ""
    operation = contract.operations.get(name)
    if operation is None:
        near = get_close_matches(name, contract.operations, 3, 0.5)
        raise CoverageError(
            f"{text}: the OpenAPI document has no operation {name or 'without a name'}; "
            + (
                f"the nearest names are {', '.join(near)}"
                if near
                else f"use an existing operation, such as {next(iter(contract.operations), '')}"
            )
        )
    if status not in operation.responses:
        known = ", ".join(operation.responses)
        wrong = f"has no status {status}" if status else "needs a status after a colon"
        raise CoverageError(f"{text}: {name} {wrong}; it has {known}")
    return name, status
