"""The operations, one package for each resource. Generated from openapi.yaml by scripts/generate: do not edit."""
