"""What runs inside the measured processes. Each function prepares, imports no other rival, and returns the work."""
