"""What every test folder shares: the name of the long run."""

from hypothesis import settings

# `--hypothesis-profile=long` asks the tests that count their own examples for many more; see CONTRIBUTING.md.
settings.register_profile("long")
