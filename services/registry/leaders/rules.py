"""Who is in contact with what, what a visit is, and the way of a problem to its decision and result (问题上报)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from services.kit.errors import Faulty
from services.plan_file.codes import UNIT_KINDS
from services.registry.cases.rules import Ways, day_faults, unit_references
from services.registry.versions.rules import HENCEFORTH, Content, Reference, searched, subject_reference

KINDS: Final = ("project", "enterprise", "carrier")
"""What a leader may be in contact with."""

WAYS: Final[Ways] = {
    "raise": (frozenset(), "raised"),
    "assign": (frozenset({"raised", "assigned", "decided"}), "assigned"),
    "send_back": (frozenset({"assigned"}), "raised"),
    "decide": (frozenset({"raised", "assigned"}), "decided"),
    "settle": (frozenset({"assigned", "decided"}), "done"),
    "return": (frozenset({"raised", "assigned", "decided"}), "returned"),
    "reopen": (frozenset({"done", "returned"}), "raised"),
}
"""raised 上报 → assigned 交办 → decided 决定 → done 办结; returned 退回 where it is not one for this way."""


def contact_columns(contact: Content) -> dict[str, object]:
    """The columns of a contact's row of today."""
    return {
        **{name: contact[name] for name in ("leader", "subject")},
        "valid_from": date.fromisoformat(contact["valid_from"]),
        "valid_to": contact["valid_to"] and date.fromisoformat(contact["valid_to"]),
    }


def visit_columns(visit: Content) -> dict[str, object]:
    """The columns of a visit's row of today."""
    return {
        **{name: visit[name] for name in ("leader", "subject")},
        "happened_on": date.fromisoformat(visit["on"]),
        **searched(visit["place"], visit["seen"].replace("\n", " "), *visit["people"]),
    }


def problem_columns(problem: Content) -> dict[str, object]:
    """The columns of a problem's row of today; `units` are those whose people see it."""
    return {
        **{name: problem[name] for name in ("leader", "subject", "visit", "unit", "state")},
        "due": problem["due"] and date.fromisoformat(problem["due"]),
        "settled_on": problem["settled_on"] and date.fromisoformat(problem["settled_on"]),
        "units": concerned(problem),
        **searched(problem["title"], problem["code"]),
    }


def concerned(problem: Content) -> list[str]:
    """The units that a problem concerns: who raised it, who deals with it or did, the leader to whom it was raised."""
    named = (problem["raised_by"], problem["leader"], problem["unit"], *problem["former_units"])
    return list(dict.fromkeys(unit for unit in named if unit is not None))


def leader_faults(kind: str | None, leader: str, at: str = "/body/leader") -> Iterator[Faulty]:
    """A fault where the one in contact is no leader; a unit that is not there is a reference's fault."""
    if kind is not None and kind != "leader":
        yield Faulty(
            at,
            "no-leader",
            f"{leader} is a {kind}, no leader",
            f"{leader} 是“{UNIT_KINDS.labels[kind]}”（{kind}），不是区领导",
        )


def subject_faults(subject: str, at: str = "/body/subject") -> Iterator[Faulty]:
    """A fault where contact is kept with something else than a project, an enterprise or a carrier."""
    if subject.partition(":")[0] not in KINDS:
        yield Faulty(
            at,
            "no-subject-of-contact",
            f"{subject} is none of {', '.join(KINDS)}",
            f"{subject} 不是联系对象；应为项目（project:）、企业（enterprise:）或平台（carrier:）",
        )


def references(said: Content, at: str = "/body", *, until: str = HENCEFORTH) -> Iterator[Reference]:
    """The leader, who must be one until a day, the unit that assists, and the subject, which must be there."""
    for name in ("leader", "liaison"):
        if said.get(name) is not None:
            yield Reference(f"{at}/{name}", "unit", said[name], until)
    if said["subject"].partition(":")[0] in KINDS:
        yield from subject_reference(said["subject"], f"{at}/subject")


def contact_faults(contact: Content, others: Sequence[Content], at: str = "/body") -> Iterator[Faulty]:
    """What is wrong with a contact: days reversed, or the same leader in contact with the same thing twice at a time."""
    yield from day_order_faults(contact, at)
    yield from overlap_faults(contact, others, at)


def day_order_faults(contact: Content, at: str) -> Iterator[Faulty]:
    """A fault where a contact ends before it begins."""
    first, last = contact["valid_from"], contact["valid_to"]
    if last is not None and last < first:
        yield Faulty(
            f"{at}/valid_to",
            "dates-reversed",
            f"it ends on {last}, before it begins on {first}",
            f"终止日期 {last} 早于起始日期 {first}",
        )


def overlap_faults(contact: Content, others: Sequence[Content], at: str) -> Iterator[Faulty]:
    """A fault for each other contact of the same leader with the same thing that holds on a day of this one."""
    first, last = contact["valid_from"], contact["valid_to"]
    for other in others:
        begins_before_end = last is None or other["valid_from"] <= last
        ends_after_begin = other["valid_to"] is None or first <= other["valid_to"]
        if begins_before_end and ends_after_begin:
            until = other["valid_to"] or "…"
            yield Faulty(
                f"{at}/valid_from",
                "in-contact-already",
                f"{contact['leader']} is in contact with {contact['subject']} from {other['valid_from']} to {until}",
                f"{contact['leader']} 自 {other['valid_from']} 至 {until} 已联系 {contact['subject']}",
            )


def visit_faults(visit: Content, today: date, at: str = "/body") -> Iterator[Faulty]:
    """What is wrong with a visit by itself."""
    yield from subject_faults(visit["subject"], f"{at}/subject")
    yield from day_faults(visit["on"], today, f"{at}/on")


def visit_of_problem_faults(problem: Content, visit: Mapping[str, object] | None) -> Iterator[Faulty]:
    """A fault where a problem names a visit that is not there, or is about something else."""
    if problem["visit"] is None:
        return
    if visit is None:
        yield Faulty(
            "/body/visit",
            "unknown-reference",
            f"there is no visit {problem['visit']}",
            f"没有走访记录 {problem['visit']}",
        )
    elif visit["subject"] != problem["subject"]:
        yield Faulty(
            "/body/visit",
            "other-subject",
            f"visit {problem['visit']} was to {visit['subject']}, not to {problem['subject']}",
            f"走访 {problem['visit']} 的对象为 {visit['subject']}，不是 {problem['subject']}",
        )


def assignment_references(sent: Content) -> Iterator[Reference]:
    """The unit to which a problem is assigned."""
    for reference in unit_references([sent["unit"]], "/body/unit"):
        yield replace(reference, pointer="/body/unit")


def reopening_references(problem: Content) -> Iterator[Reference]:
    """Who raised a problem and to whom, when it is raised again: both may have been dissolved since."""
    for name in ("raised_by", "leader"):
        if problem[name] is not None:
            yield Reference("/path/code", "unit", problem[name], HENCEFORTH)


def due_faults(due: str, today: date, at: str = "/body/due") -> Iterator[Faulty]:
    """A fault where a problem would be due before today."""
    if date.fromisoformat(due) < today:
        yield Faulty(at, "day-gone", f"it is {today} now; {due} is gone", f"今天是 {today}，{due} 已过")
