"""What a responsibility's row is found by, and whom it names."""

from collections.abc import Iterator

from services.kit.errors import Faulty
from services.registry.versions.rules import Content, Reference, subject_reference


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
    yield Reference(f"{at}/lead", "unit", responsibility["lead"])
    for place, unit in enumerate(responsibility["support"]):
        yield Reference(f"{at}/support/{place}", "unit", unit)
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
