"""Requests made from the document by schemathesis, and its checks of the answers."""

__all__: list[str] = []
