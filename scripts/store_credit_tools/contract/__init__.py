"""The document as something to check against: find the operation of an exchange, say what is wrong with either side.

Used by the tests and by scripts/replay. It knows OpenAPI 3.1 as far as `openapi.yaml` uses it, and neither system.
"""

from store_credit_tools.contract.checker import Checker, Violation
from store_credit_tools.contract.closed import close
from store_credit_tools.contract.document import Document, DocumentError, Operation
from store_credit_tools.contract.exchange import Exchange, ExchangeError, Match, find, read_exchange, read_folder

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
