"""What somebody adds to the repository who follows "How to add a system": the document's part, a sample, the code."""

from __future__ import annotations

__all__ = ["TOY_PATH", "TOY_SAMPLE", "TOY_SCHEMA", "TOY_SCHEME", "TOY_SYSTEM"]

TOY_PATH = """
  # ==== toy.points

  /v1/toy-points:
    servers:
      - url: https://toy.example.com
    get:
      operationId: toy.points.list
      tags: [toy.points]
      summary: List points
      description: The points of each card.
      x-no-sdk-method: The SDK has no rules for this system yet.
      x-source: ["decided: A1"]
      x-verified:
        - {version: v1, how: decided, date: "2026-11-29"}
      security:
        - toyKey: []
      responses:
        "200":
          description: The points of each card.
          content:
            application/json:
              schema:
                $ref: "#/components/schemas/ToyPoints"
              examples:
                points:
                  summary: One card
                  value: {points: [3]}
"""
TOY_SCHEME = """  securitySchemes:
    toyKey:
      type: apiKey
      in: header
      name: X-Toy-Key
      description: The key of a card.
"""
TOY_SCHEMA = """
  schemas:
    ToyPoints:
      type: object
      description: The points of all cards.
      required: [points]
      properties:
        points:
          type: array
          description: One number for each card.
          items: {type: integer}
      x-source: ["decided: A1"]
"""
TOY_SAMPLE = '''"""List the points of each card."""

# The part shown begins here.
import os

import httpx

response = httpx.get("https://toy.example.com/v1/toy-points", headers={"X-Toy-Key": os.environ["TOY_KEY"]})
print(response.json()["points"])
# The part shown ends here.
'''
TOY_SYSTEM = '''"""Points on a card, all of one operation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from store_credit_mock.contract import Violation
from store_credit_mock.sandbox import Sandbox
from store_credit_mock.systems.call import Call, Handler, SystemResponse
from store_credit_mock.systems.system import System

__all__ = ["Toy"]


class Toy(System):
    """Points on a card."""

    name: ClassVar[str] = "toy"
    base_urls = ("https://toy.example.com",)
    operations: Mapping[str, Handler] = {"toy.points.list": lambda _call: SystemResponse(200, {"points": [3]})}

    def environment(self, url: str, sandbox: Sandbox) -> Mapping[str, str]:
        return {"TOY_URL": url, "TOY_KEY": "any"}

    def serves(self, path: str) -> bool:
        return path.startswith("/v1/toy-")

    def authenticate(self, call: Call) -> SystemResponse | None:
        return None if call.request.header("x-toy-key") else self.error_response(call, 401, "no key")

    def not_found(self, call: Call, allowed: Sequence[str], *, strict: bool) -> SystemResponse:
        return self.error_response(call, 405 if allowed else 404, "nothing here")

    def reject(self, call: Call, violations: Sequence[Violation]) -> SystemResponse:
        return self.error_response(call, 400, violations[0].message)

    def error_response(self, call: Call, status: int, message: str) -> SystemResponse:
        return SystemResponse(status, {"error": message})
'''
