"""Drafting, keeping and comparing the schedule of a project."""

from datetime import date
from typing import Any

from services.kit.auth import Caller
from services.kit.db import Session
from services.kit.errors import Faulty, NotFound
from services.registry.calendar.store import CALENDARS
from services.registry.cases import service as cases
from services.registry.projects import service as projects
from services.registry.projects import store as project_store
from services.registry.projects.kinds.store import PROJECT_KINDS
from services.registry.projects.nodes import rules
from services.registry.projects.nodes.store import SCHEDULES
from services.registry.projects.rules import with_own
from services.registry.projects.steps.store import approved
from services.registry.versions import service
from services.registry.versions.rules import Content, Unacceptable


async def draft(
    session: Session, caller: Caller, code: str, goal: date, *, node: str | None, kind: str | None
) -> dict[str, Any]:
    """The latest day of each node so that the goal holds, by the usual durations of a kind of project."""
    project = with_own((await projects.standing(session, caller.region, code)).content)
    row = await cases.standing(session, PROJECT_KINDS, caller.region, kind or project["kind"])
    nodes: list[Content] = row.content["nodes"]
    codes = [each["code"] for each in nodes]
    if node is not None and node not in codes:
        said, zh = ", ".join(codes) or "none", "、".join(codes) or "无"
        fault = Faulty(
            "/query/node", "unknown-node", f"there is no node {node}; {said}", f"没有节点 {node}；可用：{zh}"
        )
        raise Unacceptable([fault])
    wanted = nodes if node is None else nodes[: codes.index(node) + 1]
    works = rules.calendar([each.content for each in await CALENDARS.current(session, caller.region)])
    made = rules.backwards(wanted, goal, works)
    return {**made, "provisional": rules.provisional(made, works)}


async def put(session: Session, caller: Caller, code: str, sent: Content, *, if_match: str | None) -> bool:
    """The schedule of a project for the first time, or anew, by a unit that leads something about it or the office."""
    project = with_own((await projects.standing(session, caller.region, code)).content)
    await check_plans(session, caller, code)
    kind = await cases.standing(session, PROJECT_KINDS, caller.region, project["kind"])
    today = await project_store.today(session, caller.region, project["plan"])
    steps = {step["code"]: step for step in kind.content["steps"]}
    faults = rules.faults(sent, steps, today)
    content = {"project": code, **sent}
    return await service.put(session, SCHEDULES, caller, code, content, if_match=if_match, faults=faults, own=True)


async def check_plans(session: Session, caller: Caller, code: str) -> None:
    """Refuse who plans no nodes of a project: a unit that leads something about it does, and the office."""
    leads, _ = await project_store.answering(session, caller.region, code)
    said = ", ".join(leads) or "nobody yet"
    await cases.check_acts_for(
        session,
        caller,
        leads,
        what=f"the schedule of {code} is planned by {said}",
        zh=f"项目 {code} 的节点计划应由牵头单位编制：{'、'.join(leads) or '尚无责任单位'}",
    )


async def compared(session: Session, caller: Caller, code: str, as_of: date | None) -> dict[str, Any]:
    """The schedule with each node as planned and as it came, as of a day; its `version` too."""
    row = await SCHEDULES.row(session, caller.region, code)
    if row is None or row.ended_at is not None:
        raise NotFound("schedule", code)
    project = with_own((await projects.standing(session, caller.region, code)).content)
    day = as_of or await project_store.today(session, caller.region, project["plan"])
    reached = dict(await approved(session, caller.region, code))
    nodes = rules.compared(row.content, reached, project["life"]["suspensions"], day)
    kept = {"id": row.id, "version": row.version, "recorded_at": row.recorded_at}
    return {**kept, **row.content, "as_of": day, "nodes": nodes}
