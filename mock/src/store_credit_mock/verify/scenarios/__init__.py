"""What must be true of a store-credit system over several requests, which a check of single answers cannot see.

Each scenario is a function over plain HTTP clients. It knows paths and fields of the document and nothing of what
answers them, so any server can be asked. What the document has no operation for (a purchase, a completed order, the
clock) goes through the control plane of a mock; where none answers, a scenario that needs one is skipped, aloud.
"""

from store_credit_mock.verify.scenarios import (
    spree_crud as _spree_records,
)
from store_credit_mock.verify.scenarios import (
    spree_lists as _spree_lists,
)
from store_credit_mock.verify.scenarios import (
    spree_spending as _spree_books,
)
from store_credit_mock.verify.scenarios import (
    vinr_crud as _vinr_records,
)
from store_credit_mock.verify.scenarios import (
    vinr_events as _vinr_events,
)
from store_credit_mock.verify.scenarios import (
    vinr_lists as _vinr_lists,
)
from store_credit_mock.verify.scenarios import (
    vinr_spending as _vinr_books,
)
from store_credit_mock.verify.scenarios.assertions import BrokenError, Outcome, Scenario, Target, attempt, run

__all__ = ["SCENARIOS", "BrokenError", "Outcome", "Scenario", "Target", "attempt", "run"]

SCENARIOS: tuple[Scenario, ...] = (
    *_vinr_records.SCENARIOS,
    *_vinr_lists.SCENARIOS,
    *_vinr_books.SCENARIOS,
    *_vinr_events.SCENARIOS,
    *_spree_records.SCENARIOS,
    *_spree_lists.SCENARIOS,
    *_spree_books.SCENARIOS,
)
"""All of them, in the order they are tried."""
