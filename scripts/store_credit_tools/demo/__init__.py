"""What scripts/demo shows: the SDK on known traffic, then on the mock."""
