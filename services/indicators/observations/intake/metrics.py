"""When a row says something new of the figure that is there, as SQL. Design: semantics.md 2.

A figure goes from `reported` to `verified` to `approved`, and from 快报 to 年报 to 核定. Whoever says so of a figure that is there
makes a new version of it with the same value. Less says nothing: a file of 快报 that is sent again takes nothing back of what was
approved or audited since.
"""

from typing import Final

_STATUSES: Final = "ARRAY['reported', 'verified', 'approved']"
_CLASSES: Final = "ARRAY['flash', 'annual', 'audited']"


def says_more(row: str, *, status: str, class_: str) -> str:
    """A staged row says more than that a figure is of this status and this class. One that is to be rejected never does."""
    return f"""(NOT {row}.rejected AND (
        array_position({_STATUSES}, {row}.status) > array_position({_STATUSES}, {status}::text)
        OR coalesce(array_position({_CLASSES}, {row}.class) > array_position({_CLASSES}, {class_}::text), false)))"""


REPEATED: Final = "(there_value = kept_value AND there_base IS NOT DISTINCT FROM kept_base)"
SAME: Final = f"({REPEATED} AND NOT {says_more('judged', status='there_status', class_='there_class')})"
NEW: Final = f"NOT coalesce({SAME}, false)"
CLASS: Final = f"""({_CLASSES})[greatest(
    coalesce(array_position({_CLASSES}, judged.class), 1),
    CASE WHEN {REPEATED} THEN array_position({_CLASSES}, there_class::text) END)]"""
"""Who verifies a figure need not say of what class it is; a figure that is new is 快报 unless said."""
