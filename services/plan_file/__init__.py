"""The one place that sees a whole plan file: its model, its reading and checks, its parts and their differences."""
