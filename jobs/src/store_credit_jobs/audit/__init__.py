"""What is owed, proven from snapshots."""
