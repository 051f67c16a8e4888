"""Rosters (名册, 台账): the named items behind a count, each recognised once, with evidence."""
