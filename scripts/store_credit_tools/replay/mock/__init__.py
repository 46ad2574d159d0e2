"""Play a recorded script on the mock, and compare every published response with what the mock says at that step."""

from store_credit_tools.replay.mock.runner import play, play_all, responses
from store_credit_tools.replay.mock.script import Run, runs

__all__ = ["Run", "play", "play_all", "responses", "runs"]
