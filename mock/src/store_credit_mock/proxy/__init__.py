"""A proxy that passes bytes as they come and validates both sides of every exchange against the document.

Needs the extra `proxy` for all but `judging`, `reporting` and `command`.
"""
