"""A published plan's annex tables, read into the beginning of a plan file: `duban plan draft`."""
