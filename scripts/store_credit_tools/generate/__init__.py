"""Generates code from OpenAPI documents with openapi-python-client: `build` for any, `sdk` for openapi.yaml."""
