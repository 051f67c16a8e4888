"""Pauses of a project (中止计时): proposed, approved, ended; their days leave its schedule."""
