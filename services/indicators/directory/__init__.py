"""Copies of what the registry says: plans' states, units, owners, and what a subject can be (名录)."""
