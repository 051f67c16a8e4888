"""Checking a plan file: its faults first, else its findings."""

from services.kit.errors import Faulty, Refused
from services.plan_file.faults import Fault
from services.plan_file.reading import read_json
from services.plan_file.report import PlanCheck, plan_check


class NoPlanFile(Refused):
    """The body is no plan file, or one with faults that would block an apply."""

    code = "plan-file"


def checked(source: bytes) -> PlanCheck:
    """Check a plan file that came as JSON.

    Raises:
        NoPlanFile: it cannot be read, or has faults; every one is named.
    """
    reading = read_json(source)
    if reading.plan_file is None:
        count = len(reading.faults)
        raise NoPlanFile(
            f"{count} fault(s) in the plan file",
            zh=f"方案文件有 {count} 处错误",
            faults=[_faulty(fault) for fault in reading.faults],
        )
    return plan_check(reading.plan_file)


def _faulty(fault: Fault) -> Faulty:
    """A fault with its pointer into the body; what is missing is pointed to where it should be."""
    path = (*fault.path, fault.values["key"]) if fault.code == "missing" else fault.path
    steps = (str(step).replace("~", "~0").replace("/", "~1") for step in path)
    pointer = "/".join(("/body", *steps))
    return Faulty(pointer, fault.code.replace("_", "-"), fault.sentence("en"), fault.sentence("zh"))
