"""All credits of an account at one time, in a file that proves it is whole, and a chain of such files."""
