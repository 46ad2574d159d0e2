"""The methods of the control plane's typed client. Generated from its document by scripts/generate: do not edit."""
