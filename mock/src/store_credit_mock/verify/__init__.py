"""The command `store-credit-mock verify`: a live server held against the document.

`scenarios` asks what no check of one answer can see, `generated` lets schemathesis make requests from the document.
Both go through one `wire`, which counts every request, holds every answer against the document, and lets nothing change
or delete a record that was not made in the run.
"""

__all__: list[str] = []
