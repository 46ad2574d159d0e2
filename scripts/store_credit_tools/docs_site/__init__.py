"""Builds the reference pages from openapi.yaml: document -> plain data (`pages`) -> templates -> files."""
