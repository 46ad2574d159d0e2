"""A sandbox: its clock, its ids and its options. Nothing else in the mock asks the machine for time or chance."""

from store_credit_mock.sandbox.clock import LATEST, Clock, as_iso, as_milliseconds
from store_credit_mock.sandbox.options import Options
from store_credit_mock.sandbox.sandbox import STATE, TABLE, Sandbox

__all__ = ["LATEST", "STATE", "TABLE", "Clock", "Options", "Sandbox", "as_iso", "as_milliseconds"]
