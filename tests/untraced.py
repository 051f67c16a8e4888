"""Processes that coverage leaves alone: nothing of the house runs in them, or others measure what does."""

import os

UNTRACED = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE")}
"""The environment of such a process."""
