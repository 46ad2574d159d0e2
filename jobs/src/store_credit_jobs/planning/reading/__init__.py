"""From a file, be it CSV, JSON lines or Parquet, to rows of text with their lines."""
