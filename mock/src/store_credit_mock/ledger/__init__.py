"""Money on the move: append-only entries, the balances they add up to, and what must always hold.

Knows neither system nor storage. Amounts are integers with their unit and currency beside them.
"""

from store_credit_mock.ledger.entries import EXTERNAL, Account, Entry, LedgerError, Unit, balances
from store_credit_mock.ledger.invariants import InvariantViolation, check_account

__all__ = ["EXTERNAL", "Account", "Entry", "InvariantViolation", "LedgerError", "Unit", "balances", "check_account"]
