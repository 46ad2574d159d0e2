"""The control plane `/_mock/`: what a test may do to the sandbox. Has its own token and its own OpenAPI document."""

from typing import TYPE_CHECKING, Any

from store_credit_mock.systems.control_route import ControlCall, ControlError, ControlRoute

if TYPE_CHECKING:
    from store_credit_mock.control.client import Control

__all__ = ["Control", "ControlCall", "ControlError", "ControlRoute"]


def __getattr__(name: str) -> Any:
    # The classes of all routes take a while to make; an engine that nobody controls does without.
    if name == "Control":
        from store_credit_mock.control.client import Control

        return Control
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
