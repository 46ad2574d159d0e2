"""Jobs that several machines carry out: a queue in PostgreSQL beside the journal, with one runner for each account."""
