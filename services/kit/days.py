"""Days as people write them: `2018-07-01`, `2018/7/1`, `2018.7.1`, `2018年7月1日`, `20180701`. Pure."""

import re
import unicodedata
from datetime import date
from typing import Final

DAY: Final = re.compile(r"([0-9]{4})(?:-|/|\.|年)([0-9]{1,2})(?:-|/|\.|月)([0-9]{1,2})日?(?: 00:00(?::00)?)?")
DIGITS: Final = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")


def day(text: str) -> date | None:
    """The day that a text says; None where it says none."""
    plain = unicodedata.normalize("NFKC", text).strip()
    found = DAY.fullmatch(plain) or DIGITS.fullmatch(plain)
    if found is None:
        return None
    try:
        return date(*(int(part) for part in found.groups()))
    except ValueError:
        return None
