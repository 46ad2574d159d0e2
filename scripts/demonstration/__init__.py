"""What scripts/demo shows: the SDK on traffic that was recorded or is written in the document."""
