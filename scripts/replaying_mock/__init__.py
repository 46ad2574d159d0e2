"""Play a recorded script on the mock, and compare every published answer with what the mock says at that step."""

from replaying_mock.play import Report, play
from replaying_mock.report import lines, to_dict
from replaying_mock.script import ScriptError

__all__ = ["Report", "ScriptError", "lines", "play", "to_dict"]
