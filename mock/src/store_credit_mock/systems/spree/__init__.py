"""Spree Commerce's API v2, as far as it touches store credit.

What it says comes from the recordings of real servers and from its code and documentation, whose
decisions (`D1`...) the docstrings name. The version played is `Options(profile=...)`; recordings prove each of them.
"""

from store_credit_mock.systems.spree.system import Spree

__all__ = ["Spree"]
