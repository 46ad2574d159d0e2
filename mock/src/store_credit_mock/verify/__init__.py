"""The command `store-credit-mock verify`: validate a live server against the document.

`scenarios` checks what no validation of a single response can see, `fuzz` lets schemathesis make requests from the
document. Both send through `transport`, which enforces the request budget, validates every response, and lets nothing
change or delete a record that was not made in this run.
"""

__all__: list[str] = []
