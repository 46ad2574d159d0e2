"""Play a recorded script on the mock, and compare every published answer with what the mock says at that step."""

from replaying_mock.play import Report, play
from replaying_mock.report import as_dict, played_lines
from replaying_mock.script import ScriptError, profiles

__all__ = ["Report", "ScriptError", "as_dict", "play", "played_lines", "profiles"]
