"""Issue, move and audit store credit from files, exactly once."""
