"""Milestones reached (里程碑), as they are reported: few, with evidence, by the same manners as figures."""

from collections.abc import AsyncIterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from services.indicators.observations.intake import rows, store
from services.indicators.observations.intake.rules import (
    MILESTONE_OPTIONAL,
    MILESTONE_REQUIRED,
    Cells,
    UnreadableError,
    Wrong,
    day,
    instant,
    unfit,
)
from services.kit.auth import Caller
from services.kit.db import Session

FAULTS: Final = 10_000


@dataclass
class Milestone:
    """One row: that the state named by a milestone was reached on a day."""

    line: int
    target: str
    plan: str
    done_on: date | None
    evidence: str
    recorded_at: datetime | None
    reporter: str
    note: str


async def read(chunks: AsyncIterable[bytes], heading: rows.Heading) -> tuple[list[Milestone], list[Wrong]]:
    """The rows that could be read, and what is wrong by itself; `heading` knows the header. Raises BadHeaderError."""
    found: list[Milestone] = []
    wrong: list[Wrong] = []
    async for each in rows.read(chunks, heading):
        if each.wrong is not None:
            wrong.append(each.wrong)
            continue
        given = {name: each.cells.get(name, "").strip() for name in (*MILESTONE_REQUIRED, *MILESTONE_OPTIONAL)}
        spoiled = unfit(each.line, given)
        if spoiled is not None:
            wrong.append(spoiled)
        else:
            found.append(_milestone(each.line, given, wrong))
        if len(wrong) > FAULTS:
            break
    return found, wrong


def _milestone(line: int, given: Cells, wrong: list[Wrong]) -> Milestone:
    done_on = recorded_at = None
    try:
        done_on = day(given["done_on"])
    except UnreadableError as fault:
        wrong.append(Wrong(line, "done_on", fault.code, given["done_on"]))
    try:
        recorded_at = instant(given["recorded_at"]) if given["recorded_at"] else None
    except UnreadableError as fault:
        wrong.append(Wrong(line, "recorded_at", fault.code, given["recorded_at"]))
    if not given["evidence"]:
        wrong.append(Wrong(line, "evidence", "evidence-missing"))
    return Milestone(
        line, given["target"], given["plan"], done_on, given["evidence"], recorded_at, given["reporter"], given["note"]
    )


async def judge(
    session: Session, caller: Caller, reports: Sequence[Milestone], *, plan: str | None, now: datetime
) -> tuple[list[store.MilestoneRow], list[Wrong]]:
    """Rows to record, and what is wrong with the others beside what there is; rows that are there already are neither.

    A caller with a place in the tree of units reports what its unit or one below it leads or supports, for itself or
    one below it.
    """
    known = await store.milestones(session, caller.region, unit_path=caller.unit_path)
    there = await store.milestone_reports(session, caller.region)
    reporters = await store.reporters(session, caller.region, unit_path=caller.unit_path)
    wrong: list[Wrong] = []
    fresh: list[store.MilestoneRow] = []
    seen: dict[tuple[str, str, datetime], int] = {}
    for each in reports:
        of_plan = _plan_of(each, known.get(each.target, ()), each.plan or plan)
        if isinstance(of_plan, Wrong):
            wrong.append(of_plan)
            continue
        reporter = reporters.get(each.reporter) if each.reporter else caller.unit or ""
        if reporter is None:
            wrong.append(Wrong(each.line, "reporter", "not-your-reporter", each.reporter))
            continue
        at = each.recorded_at or now
        today = at.astimezone(ZoneInfo(of_plan.time_zone)).date()
        if each.done_on is None:
            continue
        if each.done_on > today:
            wrong.append(Wrong(each.line, "done_on", "day-in-future", str(each.done_on), str(today)))
        key = (of_plan.code, each.target, at)
        if key in seen:
            wrong.append(Wrong(each.line, "recorded_at", "reported-twice", str(at), str(seen[key])))
            continue
        seen[key] = each.line
        held = there.get(key) if each.recorded_at else there.get((of_plan.code, each.target, None))
        if held == each.done_on:
            continue
        if held is not None and each.recorded_at:
            wrong.append(Wrong(each.line, "recorded_at", "reported-twice", str(at), "database"))
        elif each.recorded_at and of_plan.stands:
            wrong.append(Wrong(each.line, "recorded_at", "recorded-at-not-allowed"))
        fresh.append(
            store.MilestoneRow(of_plan.code, each.target, at, each.done_on, each.evidence, reporter, each.note)
        )
    return fresh, wrong


def _plan_of(
    each: Milestone, known: Sequence[store.PlanOfMilestone], wanted: str | None
) -> store.PlanOfMilestone | Wrong:
    """The plan that has the milestone, if that is the caller's to report."""
    found = [plan for plan in known if wanted in {None, plan.code}]
    plans = [plan for plan in found if plan.theirs] or found
    if len(plans) != 1:
        return Wrong(each.line, "target", "unknown-target", each.target)
    if not plans[0].theirs:
        return Wrong(each.line, "target", "not-your-milestone", each.target, plans[0].lead)
    return plans[0]


async def load(session: Session, region: str, fresh: Sequence[store.MilestoneRow], *, client: str) -> list[date | None]:
    """Record milestones reached; returns the day that was in force of each before."""
    there = await store.milestone_reports(session, region)
    await store.load_milestones(session, region, fresh, client=client)
    return [there.get((each.plan, each.target, None)) for each in fresh]
