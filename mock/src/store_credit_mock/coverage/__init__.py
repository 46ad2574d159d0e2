"""Which operations, statuses, parameters, media types, fields and enum values of the document were exercised.

Whatever makes `Exchange` records counts them so (bodies as they were checked: decoded from any content encoding):

    coverage = Coverage(contract)
    coverage.add(exchange)  # for each; or once: record.listeners.append(coverage.add)

and then `coverage.percent`, `write(coverage, path)`, `table(coverage)`, `page(coverage, contract)`, and
`Gates(contract, fail_under, require).failures(coverage)`.

What counts. Only what the document allows, and each side by itself:

- a request without a violation shows its parameters, its media type, the fields of its body and their enum values,
  whatever the response was; a request with one shows nothing of the kind;
- a response without a violation that arrived whole shows its status, its media type, its fields and their enum values,
  also when the request was refused rightly: that is how a 400 is exercised;
- an operation was exercised once a request without a violation got a response below 400.

A point is a name from the document: parameters by place and name, fields and values by side and JSON pointer of the
schema that defines them. A schema that several responses of an operation share is counted once for the operation. Not
counted: `const` (its field says as much), response headers, webhooks, credentials, members behind
`additionalProperties: true`, and what stands only under `if`, `patternProperties`, `prefixItems` or `dependentSchemas`.
"""

from store_credit_mock.coverage.coverage import Coverage, CoverageError
from store_credit_mock.coverage.files import read, write
from store_credit_mock.coverage.gates import Gates
from store_credit_mock.coverage.html_report import page
from store_credit_mock.coverage.text_report import table

__all__ = ["Coverage", "CoverageError", "Gates", "page", "read", "table", "write"]
