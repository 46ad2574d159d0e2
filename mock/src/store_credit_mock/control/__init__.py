"""The control plane `/_mock/`: what a test may do to the sandbox. Has its own token and its own OpenAPI document."""

from store_credit_mock.control.client import Control
from store_credit_mock.systems.control_route import ControlCall, ControlError, ControlRoute

__all__ = ["Control", "ControlCall", "ControlError", "ControlRoute"]
