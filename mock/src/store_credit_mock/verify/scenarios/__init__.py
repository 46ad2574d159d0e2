"""What must be true of a store-credit system over several requests, which a check of single answers cannot see.

Each scenario is a function over plain HTTP clients. It knows paths and fields of the document and nothing of what
answers them, so any server can be asked. What the document has no operation for (a purchase, a completed order, the
clock) goes through the control plane of a mock; where none answers, a scenario that needs one is skipped, aloud.
"""

from store_credit_mock.verify.scenarios.assertions import BrokenError, Outcome, Scenario, Target, attempt, run

__all__ = ["BrokenError", "Outcome", "Scenario", "Target", "attempt", "run"]
