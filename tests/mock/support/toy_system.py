"""A system from outside the package: its handlers and its document (`toy.yaml`) are all there is of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

from store_credit_mock.contract import Violation
from store_credit_mock.storage import Table
from store_credit_mock.systems.call import Abort, Call, Handler, SystemResponse
from store_credit_mock.systems.system import System
from store_credit_mock.systems.system_option import SystemOption

DOCUMENT = Path(__file__).with_name("toy.yaml")
TABLE = Table("toy_points", {"id": "TEXT NOT NULL", "amount": "BIGINT NOT NULL"}, key=("id",))


def colour(value: Any) -> str:
    if value not in {"red", "green"}:
        raise ValueError(f"toy_colour is red or green, not {value!r}")
    return value


class Toy(System):
    """Points on a card."""

    name: ClassVar[str] = "toy"
    tables = (TABLE,)
    options = (SystemOption("toy_colour", "colour of the card", colour, default="red"),)
    base_urls = ("https://toy.test",)
    fixtures: ClassVar[Mapping[str, Any]] = {
        "type": "object",
        "properties": {"points": {"type": "array", "items": {"type": "integer"}}},
    }

    def __init__(self) -> None:
        self.operations: Mapping[str, Handler] = {
            "toy.points.list": self._list,
            "toy.points.create": self._create,
            "toy.points.retrieve": lambda call: SystemResponse(200, self._shown(call, self._find(call))),
            "toy.points.delete": self._delete,
        }

    def serves(self, path: str) -> bool:
        return path.startswith("/toy/")

    def authenticate(self, call: Call) -> SystemResponse | None:
        return None if call.request.header("x-toy-key") == "any" else self.error_response(call, 401, "no key")

    def not_found(self, call: Call, allowed: Sequence[str], *, strict: bool) -> SystemResponse:
        answer = self.error_response(call, 405 if allowed else 404, "nothing here")
        if allowed:
            answer.headers.append(("allow", ", ".join(allowed)))
        return answer

    def reject(self, call: Call, violations: Sequence[Violation]) -> SystemResponse:
        return self.error_response(call, 400, violations[0].message)

    def error_response(self, call: Call, status: int, message: str) -> SystemResponse:
        return SystemResponse(status, {"error": message})

    def load(self, call: Call, fixtures: Mapping[str, Any]) -> None:
        for amount in fixtures.get("points", []):
            self._insert(call, amount)

    def _insert(self, call: Call, amount: int) -> list[Any]:
        row = [f"p{call.sandbox.next()}", amount]
        call.db.run("INSERT INTO toy_points (sandbox, id, amount) VALUES (?, ?, ?)", (call.sandbox.name, *row))
        return row

    def _find(self, call: Call) -> Any:
        sql = "SELECT id, amount FROM toy_points WHERE sandbox = ? AND id = ?"
        row = call.db.one(sql, (call.sandbox.name, call.path["id"]))
        if row is None:
            raise Abort(self.error_response(call, 404, "no such points"))
        return row

    def _shown(self, call: Call, row: Any) -> dict[str, Any]:
        return {"id": row[0], "amount": row[1], "colour": call.sandbox.of_systems["toy_colour"]}

    def _list(self, call: Call) -> SystemResponse:
        rows = call.db.all("SELECT id, amount FROM toy_points WHERE sandbox = ? ORDER BY id", (call.sandbox.name,))
        return SystemResponse(200, {"data": [self._shown(call, row) for row in rows]})

    def _create(self, call: Call) -> SystemResponse:
        body: Any = call.body.value
        amount = body.get("amount") if isinstance(body, dict) else None
        if not isinstance(amount, int | float) or amount != int(amount) or not 0 < amount <= 1_000_000:
            raise Abort(self.error_response(call, 400, "amount is a whole number from 1 to 1000000"))
        return SystemResponse(201, self._shown(call, self._insert(call, int(amount))))

    def _delete(self, call: Call) -> SystemResponse:
        identity = self._find(call)[0]
        call.db.run("DELETE FROM toy_points WHERE sandbox = ? AND id = ?", (call.sandbox.name, identity))
        return SystemResponse(204)
