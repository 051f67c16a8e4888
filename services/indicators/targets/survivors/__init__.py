"""Plan files that name enterprises which were merged."""
