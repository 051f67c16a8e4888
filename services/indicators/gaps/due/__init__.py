"""What is due: every event at its own instant, so that at once, day by day or late gives one history."""
