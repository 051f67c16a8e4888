"""Planning backwards from the goal (倒排工期): the latest day of each node, and how many days late it is."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from services.kit.errors import Faulty
from services.kit.workdays import Calendar
from services.registry.cases.rules import day_faults
from services.registry.projects.suspensions.rules import moved_by, stopped_days
from services.registry.versions.rules import Content


def columns(schedule: Content) -> dict[str, object]:
    """The columns of the row of today."""
    return {"goal": date.fromisoformat(schedule["goal"])}


def calendar(years: Sequence[Content]) -> Calendar:
    """The working days that the region's calendars say; beyond the last published year weekends only."""
    exceptions = {
        date.fromisoformat(day): works
        for year in years
        for day, works in year["exceptions"].items()
        if year["published"]
    }
    published = [year["year"] for year in years if year["published"]]
    return Calendar(exceptions, date(max(published), 12, 31) if published else None)


def before(day: date, days: int, counted: str, works: Calendar) -> date:
    """The latest day from which `days` days lead to `day`: calendar days, or working days, the last one included."""
    if counted == "calendar":
        return day - timedelta(days=days)
    for _ in range(days):
        while not works.works(day):
            day -= timedelta(days=1)
        day -= timedelta(days=1)
    return day


def backwards(nodes: Sequence[Content], goal: date, works: Calendar) -> Content:
    """The latest day of every node so that the last one is reached on the goal's day, and the day to begin by."""
    latest, planned = goal, []
    for node in reversed(nodes):
        planned.append({**node, "latest": latest.isoformat(), "done_on": None})
        latest = before(latest, node["days"], node["counted"], works)
    return {"goal": goal.isoformat(), "begin_by": latest.isoformat(), "nodes": planned[::-1]}


def provisional(schedule: Content, works: Calendar) -> bool:
    """Whether working days were counted in years whose notice is not published yet."""
    return any(node["counted"] == "working" for node in schedule["nodes"]) and works.provisional(
        date.fromisoformat(schedule["goal"])
    )


def faults(schedule: Content, steps: Mapping[str, object], today: date, at: str = "/body") -> Iterator[Faulty]:
    """What is wrong with a schedule: nodes twice or out of order, an end beside the goal, days that have not come."""
    nodes: Sequence[Content] = schedule["nodes"]
    seen: set[str] = set()
    for place, node in enumerate(nodes):
        here = f"{at}/nodes/{place}"
        if node["code"] in seen:
            yield Faulty(f"{here}/code", "twice", f"{node['code']} stands above already", f"{node['code']} 重复")
        seen.add(node["code"])
        if node["step"] is not None and node["step"] not in steps:
            yield Faulty(
                f"{here}/step",
                "unknown-step",
                f"this kind of project has no step {node['step']}; it has {', '.join(sorted(steps))}",
                f"该类项目没有步骤 {node['step']}；可用的有 {'、'.join(sorted(steps))}",
            )
        if node["done_on"] is not None:
            yield from day_faults(node["done_on"], today, f"{here}/done_on")
            if node["step"] is not None:
                yield Faulty(
                    f"{here}/done_on",
                    "said-by-step",
                    f"the step {node['step']} says when this was reached; leave done_on out",
                    f"该节点的完成日期由步骤 {node['step']} 确定，请不要填写",
                )
    planned = [schedule["begin_by"], *(node["latest"] for node in nodes)]
    for place, (earlier, later) in enumerate(pairwise(planned)):
        if later < earlier:
            yield Faulty(
                f"{at}/nodes/{place}/latest",
                "out-of-order",
                f"{later} is before {earlier}, which it follows",
                f"{later} 早于前一节点的 {earlier}",
            )
    if planned[-1] != schedule["goal"]:
        yield Faulty(
            f"{at}/nodes/{len(nodes) - 1}/latest",
            "beside-goal",
            f"the last node is planned for {planned[-1]}, the goal for {schedule['goal']}: they are the same day",
            f"最后节点 {planned[-1]} 与目标日期 {schedule['goal']} 不一致：两者应为同一天",
        )


def compared(
    schedule: Content, reached: Mapping[str, date], pauses: Sequence[Content], as_of: date
) -> list[dict[str, Any]]:
    """Each node as planned and as it came: `due` is the planned day, later by the paused days; days late are after it.

    `reached` holds the days of the approved steps. A node that is not reached is late since its due day.
    """
    begin = date.fromisoformat(schedule["begin_by"])
    shown = []
    for node in schedule["nodes"]:
        due = moved_by(date.fromisoformat(node["latest"]), pauses, begin - timedelta(days=1))
        said = node["done_on"]
        done = reached.get(node["step"]) if node["step"] is not None else (said and date.fromisoformat(said))
        if done is not None and done > as_of:
            done = None
        end = done or as_of
        late = (end - due).days - stopped_days(pauses, due, end) if end > due or done is not None else 0
        state = ("done" if late <= 0 else "done_late") if done is not None else ("late" if late > 0 else "open")
        shown.append(
            {**node, "due": due.isoformat(), "reached_on": done and done.isoformat(), "days_late": late, "state": state}
        )
    return shown
