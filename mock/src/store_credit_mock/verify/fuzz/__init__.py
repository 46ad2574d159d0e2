"""Requests made from the document by schemathesis, and its checks of the responses."""

__all__: list[str] = []
