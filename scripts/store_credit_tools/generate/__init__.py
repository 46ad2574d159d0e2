"""Generates the SDK from openapi.yaml: the document is read into plain data (`plan`), which the templates render."""
