"""Spree's API v3, as Spree 5.5 and later speak it."""

from store_credit_mock.systems.spree_v3.system import SpreeV3

__all__ = ["SpreeV3"]
