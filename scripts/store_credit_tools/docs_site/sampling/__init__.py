"""The samples of an operation: its request from the document, written in each language, answered by the mock."""
