"""Copies of the document for other people's tools: one per system, self-contained, in OpenAPI 3.1 and in 3.0.3."""
