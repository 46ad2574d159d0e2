"""Jobs that several machines carry out: a queue in PostgreSQL beside the journal, with one runner for each account."""

from importlib.util import find_spec

from store_credit_jobs.errors import JobsError

if find_spec("procrastinate") is None or find_spec("psycopg") is None:
    raise JobsError(
        "extra_missing", "PostgreSQL needs psycopg and procrastinate: run pip install 'store-credit-jobs[postgres]'"
    )
