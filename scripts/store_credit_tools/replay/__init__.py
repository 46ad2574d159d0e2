"""Recorded servers against what we have: the SDK, and the mock."""
