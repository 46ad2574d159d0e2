"""The engine: takes a request, routes it to a system's handler in one transaction, and keeps what happened."""
