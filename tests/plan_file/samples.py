"""A small plan file to make faults in, and the sample plan."""

from pathlib import Path
from typing import Final

from services.plan_file.faults import Fault
from services.plan_file.model import PlanFile
from services.plan_file.reading import read

PLANS: Final = Path(__file__).parents[2] / "plans"
SMALL: Final = (Path(__file__).parent / "small.yaml").read_text(encoding="utf-8")
XIAOSHAN: Final = (PLANS / "xiaoshan-2017-2019.yaml").read_text(encoding="utf-8")
XIAOSHAN_TEXT: Final = (PLANS / "xiaoshan-action-plan-2017-2019.txt").read_text(encoding="utf-8")


def changed(old: str, new: str, text: str = SMALL) -> str:
    """Return the text with one place changed; the place must exist and be the only one."""
    assert text.count(old) == 1, f"{text.count(old)} places say {old!r}"
    return text.replace(old, new)


def plan_of(text: str) -> PlanFile:
    reading = read(text)
    assert reading.faults == ()
    assert reading.plan_file is not None
    return reading.plan_file


def faults_of(text: str) -> list[Fault]:
    reading = read(text)
    assert reading.plan_file is None
    return list(reading.faults)


def line_of(text: str, marker: str) -> int:
    """Return the line, from 1, on which the marker begins."""
    return text.count("\n", 0, text.index(marker)) + 1
