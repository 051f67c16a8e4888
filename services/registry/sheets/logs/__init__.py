"""Logs by sheet: what was paid, what was published. Entries have no codes and are never changed, only added."""
