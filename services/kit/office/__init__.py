"""Office files of people: read with guards, written so that nothing in them is taken for a formula."""
