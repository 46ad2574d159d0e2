"""What goes over the wire, told as it happens."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console

    from store_credit_mock.mock import Mock

__all__ = ["Narrator"]


class Narrator:
    """Prints the exchanges of a mock since it was last asked, and counts what was exercised."""

    def __init__(self, console: Console, mock: Mock) -> None:
        self._console = console
        self._mock = mock
        self._told = 0
        self.operations: dict[str, int] = {}

    def tell(self) -> None:
        """Print the new exchanges, a line each."""
        for exchange in self._mock.exchanges:
            if exchange.number <= self._told:
                continue
            self._told = exchange.number
            self.operations[exchange.operation] = self.operations.get(exchange.operation, 0) + 1
            request, response = exchange.request, exchange.response
            query = f"?{request.query}" if request.query else ""
            replayed = ", the stored response" if response.header("idempotent-replayed") else ""
            outcome = "no response, the connection was cut" if response.incomplete else f"{response.status}{replayed}"
            self._console.print(
                f"    {request.method} {request.path}{query} -> {outcome}", style="dim", highlight=False, markup=False
            )

    def say(self, text: str) -> None:
        """Print the new exchanges, then a sentence about them."""
        self.tell()
        self._console.print(f"  {text}", highlight=False, markup=False)
