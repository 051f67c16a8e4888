"""Milestones (里程碑): which states they may reach, and which of them counts."""
