"""Copies of what the other services say: units, contacts, working days, plans, owners and lights (收件底册)."""
