"""Names in the place of codes."""
