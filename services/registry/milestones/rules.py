"""Milestones: "entered the list" and "named" are different states (已入库, 已命名), and a milestone says which one counts."""

from collections.abc import Iterator, Sequence
from datetime import date

from services.kit.errors import Faulty
from services.registry.cases.rules import day_faults
from services.registry.versions.rules import Content, Reference, searched, subject_reference


def columns(milestone: Content) -> dict[str, object]:
    """The columns of the row of today."""
    done = done_on(milestone)
    return {
        "subject": milestone["subject"],
        "due": date.fromisoformat(milestone["due"]),
        "done_on": done and date.fromisoformat(done),
        **searched(milestone["name"], milestone["code"]),
    }


def references(milestone: Content, at: str = "/body") -> Iterator[Reference]:
    """The subject of a milestone, which must be there."""
    yield from subject_reference(milestone["subject"], f"{at}/subject")


def faults(milestone: Content, at: str = "/body") -> Iterator[Faulty]:
    """What is wrong with a milestone by itself: states twice, a state that counts and is none of them."""
    codes = [state["code"] for state in milestone["states"]]
    for place, code in enumerate(codes):
        if codes.index(code) != place:
            yield Faulty(f"{at}/states/{place}/code", "twice", f"{code} stands above already", f"{code} 重复")
    if milestone["counts"] not in codes:
        yield _unknown(milestone["counts"], codes, f"{at}/counts")


def report_faults(milestone: Content, report: Content, today: date, at: str = "/body") -> Iterator[Faulty]:
    """What is wrong with a report that a state was reached."""
    codes = [state["code"] for state in milestone["states"]]
    if report["state"] not in codes:
        yield _unknown(report["state"], codes, f"{at}/state")
    if report["on"] is not None:
        yield from day_faults(report["on"], today, f"{at}/on")


def _unknown(state: str, codes: Sequence[str], at: str) -> Faulty:
    return Faulty(
        at,
        "unknown-state",
        f"{state} is none of its states; these are {', '.join(codes)}",
        f"没有状态 {state}；可用的有 {'、'.join(codes)}",
    )


def reached(milestone: Content) -> dict[str, str]:
    """The day on which each state was reached, by the last report on it; one that was not after all is left out."""
    last = {report["state"]: report["on"] for report in milestone["reports"]}
    return {state: day for state, day in last.items() if day is not None}


def done_on(milestone: Content) -> str | None:
    """The day on which the state that counts, or one that stands after it, was reached first.

    States stand in their order: what was named has entered the list; what has entered the list was not named by that.
    """
    codes = [state["code"] for state in milestone["states"]]
    if milestone["counts"] not in codes:
        return None
    enough = set(codes[codes.index(milestone["counts"]) :])
    return min((day for state, day in reached(milestone).items() if state in enough), default=None)


def reported(milestone: Content, report: Content) -> Content:
    """The milestone after one more report; those before stay."""
    after = {**milestone, "reports": [*milestone["reports"], report]}
    return {**after, "done_on": done_on(after)}


def defined(present: Content | None, sent: Content) -> Content:
    """The milestone as it was sent, with the reports that there are."""
    whole = {**sent, "reports": [] if present is None else present["reports"]}
    return {**whole, "done_on": done_on(whole)}
