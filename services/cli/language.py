"""The language in which reasons are given: Chinese where the person's environment asks for it, else English."""

import os
from typing import Literal


def language() -> Literal["zh", "en"]:
    """From `LC_ALL`, `LC_MESSAGES` or `LANG`, the first that is set, as for any other program."""
    chosen = next((value for name in ("LC_ALL", "LC_MESSAGES", "LANG") if (value := os.environ.get(name))), "")
    return "zh" if chosen.lower().startswith("zh") else "en"
