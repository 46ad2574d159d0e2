"""Play a recorded script on the mock, and compare every published response with what the mock says at that step."""

from store_credit_tools.replay.mock.report import as_dict, played_lines
from store_credit_tools.replay.mock.runner import Report, play
from store_credit_tools.replay.mock.script import ScriptError, profiles

__all__ = ["Report", "ScriptError", "as_dict", "play", "played_lines", "profiles"]
