"""Small changes to our own code, one at a time, each of which a test should notice."""
