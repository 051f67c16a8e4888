"""What the copies of the registry mean here: places in the tree of units, subjects, states of a plan."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final

EVER: Final = datetime(1900, 1, 1, tzinfo=UTC)
"""Since when that counts which was copied while nothing was promised to stand."""

SUBJECT_KINDS: Final = ("unit", "industry", "carrier", "enterprise", "project")
"""Kinds of the registry's objects that figures can be about, beside plans and regions."""


APPROVED: Final = "approved"
"""State of a pause whose days are out of the schedule."""

ANNULLED: Final = "annulled"
"""State of a pause that was approved, and whose days count again. Of a pause that never was, nothing follows."""


def unit_path(code: str, parent: str | None, paths: Mapping[str, str]) -> str:
    """The unit's codes from the root down to it, joined by dots; a parent not known yet is taken for a root."""
    return code if parent is None else f"{paths.get(parent, parent)}.{code}"


def stands(state: str) -> bool:
    """Whether what was answered on a plan in this state is promised to stand: not while its history is loaded."""
    return state != "set-up"
