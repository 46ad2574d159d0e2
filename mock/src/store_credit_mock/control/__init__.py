"""The control plane `/_mock/`: what a test may do to the sandbox. Has its own token and its own OpenAPI document."""

from typing import TYPE_CHECKING, Any

from store_credit_mock.systems.control_route import ControlCall, ControlError, ControlRoute

if TYPE_CHECKING:
    from store_credit_mock.control.client import Control

__all__ = ["Control", "ControlCall", "ControlError", "ControlRoute"]


def __getattr__(name: str) -> Any:
    # Imported when it is first used: making the classes of all routes costs a start some 65 ms.
    if name == "Control":
        from store_credit_mock.control.client import Control

        return Control
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
