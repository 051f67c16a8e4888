"""What a responsibility's row is found by, and whom it names."""

from collections.abc import Callable, Iterator
from typing import Final

from services.kit.errors import Faulty
from services.registry.versions.rules import HENCEFORTH, Content, Reference, subject_reference

OF_ITS_OWN: Final[Content] = {"valid_from": None, "valid_to": None, "superseded": {}}
"""What the registry keeps of a responsibility beside what a plan file says of it, as it is at first."""


def columns(responsibility: Content) -> dict[str, object]:
    """The columns of the row of today."""
    lead, support = responsibility["lead"], responsibility["support"]
    return {
        "plan": responsibility["plan"],
        "subject": responsibility["subject"],
        "lead": lead,
        "units": [lead, *(unit for unit in support if unit != lead)],
    }


def references(responsibility: Content, at: str = "/body") -> Iterator[Reference]:
    """The units, the subject and the plan that a responsibility names, which must be there."""
    until = responsibility.get("valid_to") or HENCEFORTH
    yield Reference(f"{at}/lead", "unit", responsibility["lead"], until)
    for place, unit in enumerate(responsibility["support"]):
        yield Reference(f"{at}/support/{place}", "unit", unit, until)
    yield from subject_reference(responsibility["subject"], f"{at}/subject")
    yield Reference(f"{at}/plan", "plan", responsibility["plan"])


def faults(responsibility: Content, at: str = "/body") -> Iterator[Faulty]:
    """What is wrong with a responsibility by itself: a unit that leads and supports, or supports twice."""
    seen = {responsibility["lead"]}
    for place, unit in enumerate(responsibility["support"]):
        if unit in seen:
            yield Faulty(
                f"{at}/support/{place}",
                "unit-twice",
                f"{unit} is named already: a unit leads or supports, once",
                f"{unit} 已列出：同一单位只能牵头或配合一次",
            )
        seen.add(unit)


def in_force(responsibility: Content, day: str) -> bool:
    """Whether it has not ended before a day (ISO)."""
    last = responsibility["valid_to"]
    return last is None or last >= day


def handed_over(responsibility: Content, heir: Callable[[str], str]) -> Content:
    """The same with each unit replaced by the one that took over its part; what it was is kept as superseded.

    One unit leads, and no unit is named twice: where the lead and a supporting unit become one, it leads.
    """
    lead = heir(responsibility["lead"])
    support = [unit for unit in dict.fromkeys(map(heir, responsibility["support"])) if unit != lead]
    if (lead, support) == (responsibility["lead"], responsibility["support"]):
        return responsibility
    before = responsibility.get("superseded", {})
    now: Content = {"lead": lead, "support": support}
    replaced = {
        name: [*before.get(name, []), responsibility[name]] for name in now if now[name] != responsibility[name]
    }
    return {**responsibility, **now, "superseded": {**before, **replaced}}
