"""Checks of an OpenAPI document that need nothing but Python: every mistake with its line and what to do about it."""
