"""Notices (督办件): one matter and one unit each, the decisions about them, and what their units did."""
