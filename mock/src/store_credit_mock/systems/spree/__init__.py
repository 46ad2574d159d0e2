"""Spree Commerce's API v2, as far as it touches store credit.

What it says comes from the recordings of real servers and from the fact sheet of the contract, whose sections and
decisions (`D1`...) the docstrings name. The version played is `Options(profile=...)`: 4.5 and 4.10 are
proven by recordings, 5.3 was read from code only.
"""

from store_credit_mock.systems.spree.system import Spree

__all__ = ["Spree"]
