"""The hand-written runtime: how a call is made, retried, answered and reported.

Nothing in this package names an endpoint. What depends on an operation or a schema of `openapi.yaml` is generated into
`store_credit.api`, `store_credit.models` and `store_credit.client`.
"""
