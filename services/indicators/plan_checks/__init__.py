"""Checking a whole plan file without applying it (方案校核)."""
