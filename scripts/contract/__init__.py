"""The document as something to check against: find the operation of an exchange, say what is wrong with either side.

Used by the tests and by scripts/replay. It knows OpenAPI 3.1 as far as `openapi.yaml` uses it, and neither system.
"""

from contract.checker import Checker, Violation
from contract.closed import close
from contract.document import Document, DocumentError, Operation
from contract.exchange import Exchange, ExchangeError, Match, find, read_exchange, read_folder

__all__ = [
    "Checker",
    "Document",
    "DocumentError",
    "Exchange",
    "ExchangeError",
    "Match",
    "Operation",
    "Violation",
    "close",
    "find",
    "read_exchange",
    "read_folder",
]
