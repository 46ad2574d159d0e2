"""VINR `/v1/store-credit`: its rules, its purchases, its webhooks.

Decisions V1 to V62 are in docs/decisions.yaml.
"""

from store_credit_mock.systems.vinr.system import Vinr

__all__ = ["Vinr"]
