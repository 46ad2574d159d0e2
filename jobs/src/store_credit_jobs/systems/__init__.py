"""What is different between the systems: how credit is created, found again, changed and listed."""
