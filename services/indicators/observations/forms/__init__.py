"""The form of figures that are to be reported, filled in as far as it is known."""
