"""Schedules on the business clock, and the one function that does all that is due, in order of instant."""
