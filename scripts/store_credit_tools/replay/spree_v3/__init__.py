"""Play the recorded scripts of Spree API v3 on the mock, and compare what was published with what the mock responds."""

from store_credit_tools.replay.spree_v3.files import is_response
from store_credit_tools.replay.spree_v3.runner import heard, play, play_all
from store_credit_tools.replay.spree_v3.script import is_script

__all__ = ["heard", "is_response", "is_script", "play", "play_all"]
