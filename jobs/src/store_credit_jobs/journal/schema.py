"""The journal's tables: the same in SQLite and in PostgreSQL."""

from __future__ import annotations

from typing import Final

__all__ = ["APPLICATION_ID", "INDEXES", "TABLES", "VERSION"]

APPLICATION_ID: Final = 0x73634A31
"""`scJ1`, in the header of the SQLite file: `file journal.db` and we know it by that."""
VERSION: Final = 2

# Types are PostgreSQL's; SQLite takes from them which numbers are integers. `job` is a number, of which programs and
# people see `job.id`. Times are seconds since 1970 by the clock of the machine that wrote them.
TABLES: Final = (
    "CREATE TABLE account (id BIGINT PRIMARY KEY, identity TEXT NOT NULL UNIQUE)",
    """CREATE TABLE job (number BIGINT PRIMARY KEY, id TEXT NOT NULL UNIQUE, account BIGINT NOT NULL,
    campaign TEXT NOT NULL, kind TEXT NOT NULL, plan_sha TEXT NOT NULL UNIQUE, undoes TEXT,
    state TEXT NOT NULL CHECK (state IN ('open', 'ended', 'broken')),
    created TEXT NOT NULL, ended TEXT, head TEXT NOT NULL, result TEXT)""",
    # `payload` is what the request needs beside the columns, `more` what the plan said for people; both JSON.
    """CREATE TABLE plan_row (job BIGINT NOT NULL, n BIGINT NOT NULL, key TEXT NOT NULL, customer TEXT NOT NULL,
    minor BIGINT NOT NULL CHECK (minor >= 0), currency TEXT NOT NULL, what TEXT NOT NULL, line BIGINT,
    payload TEXT NOT NULL, more TEXT NOT NULL, PRIMARY KEY (job, n))""",
    # The memory of all keys: one line for each account, campaign and key, with the row that used it last.
    """CREATE TABLE used (account BIGINT NOT NULL, campaign TEXT NOT NULL, key TEXT NOT NULL, job BIGINT NOT NULL,
    n BIGINT NOT NULL, payload_sha BYTEA NOT NULL, PRIMARY KEY (account, campaign, key))""",
    # `first_sent` and `first_attempt` are those of the first request of this generation which may have arrived.
    """CREATE TABLE step (job BIGINT NOT NULL, n BIGINT NOT NULL, s BIGINT NOT NULL,
    action TEXT NOT NULL CHECK (action IN ('create', 'update', 'delete')), minor BIGINT NOT NULL CHECK (minor >= 0),
    target TEXT, before TEXT, after TEXT, wire TEXT NOT NULL UNIQUE, generation BIGINT NOT NULL CHECK (generation >= 1),
    state TEXT NOT NULL DEFAULT 'planned'
    CHECK (state IN ('planned', 'sending', 'unknown', 'held', 'done', 'refused')),
    attempt BIGINT NOT NULL DEFAULT 0, first_attempt BIGINT, first_sent DOUBLE PRECISION, last_sent DOUBLE PRECISION,
    owner TEXT, credential TEXT, grace DOUBLE PRECISION,
    made TEXT, how TEXT, code TEXT, said TEXT, request_id TEXT,
    PRIMARY KEY (job, n, s), CHECK (state <> 'sending' OR attempt > 0))""",
    # Which step a credit was created by: the primary key lets a credit explain one step alone. Several credits of one
    # step are a double that was found.
    """CREATE TABLE explains (account BIGINT NOT NULL, credit TEXT NOT NULL, job BIGINT NOT NULL, n BIGINT NOT NULL,
    s BIGINT NOT NULL, PRIMARY KEY (account, credit))""",
    # `skew` is by how many seconds the server's clock was ahead, where it sent a Date.
    """CREATE TABLE attempt (job BIGINT NOT NULL, n BIGINT NOT NULL, s BIGINT NOT NULL, attempt BIGINT NOT NULL,
    at DOUBLE PRECISION NOT NULL, outcome TEXT NOT NULL, status BIGINT, request_id TEXT, skew DOUBLE PRECISION,
    PRIMARY KEY (job, n, s, attempt))""",
    # One line: which journal this is, and how often it was marked; see `store_credit_jobs.journal.high_water`. `boot`
    # and `ahead` are those of the machine that wrote it last. What was sent from `lost_since` to `lost_until` may be
    # missing here, since the journal was restored from an older copy.
    """CREATE TABLE origin (journal TEXT NOT NULL, counter BIGINT NOT NULL, began DOUBLE PRECISION NOT NULL,
    at DOUBLE PRECISION NOT NULL, boot TEXT, ahead DOUBLE PRECISION, lost_since DOUBLE PRECISION,
    lost_until DOUBLE PRECISION)""",
    """CREATE TABLE decision (job BIGINT NOT NULL, n BIGINT NOT NULL, s BIGINT NOT NULL, who TEXT NOT NULL,
    at TEXT NOT NULL, word TEXT NOT NULL)""",
)

INDEXES: Final = (
    "CREATE INDEX step_planned ON step (job, n, s) WHERE state = 'planned'",
    "CREATE INDEX step_open ON step (job, n, s) WHERE state IN ('sending', 'unknown', 'held')",
)
