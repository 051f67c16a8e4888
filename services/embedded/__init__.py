"""The embedded default: Postgres, Redis, the three apps and their workers on one machine, by one command."""
