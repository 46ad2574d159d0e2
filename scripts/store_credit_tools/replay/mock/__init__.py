"""Play a recorded script on the mock, and compare every published response with what the mock says at that step."""

from store_credit_tools.replay.mock.runner import play
from store_credit_tools.replay.mock.script import profiles

__all__ = ["play", "profiles"]
