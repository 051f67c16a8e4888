"""What must hold between the things of a plan file. Pure: every rule takes objects and gives faults; none reads a file."""

from services.plan_file.rules.check import check, check_part

__all__ = ["check", "check_part"]
