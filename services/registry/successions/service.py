"""Plans that share projects, and plans that continue others: each one audited act."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from services.kit.auth import Caller
from services.kit.clock import business_day
from services.kit.db import Session
from services.kit.errors import Faulty, NotFound
from services.registry.plans.rules import WrongState
from services.registry.plans.store import PLANS, TASKS
from services.registry.projects.store import PROJECTS
from services.registry.responsibilities.store import RESPONSIBILITIES
from services.registry.sharing import rules as sharing
from services.registry.sharing.schemas import Sharing
from services.registry.sharing.store import SHARED_PROJECTS
from services.registry.successions import rules, store
from services.registry.successions.schemas import Successor
from services.registry.successions.store import SUCCESSIONS
from services.registry.versions import rules as objects
from services.registry.versions import service, written
from services.registry.versions import store as versions
from services.registry.versions.rules import Content, Unacceptable
from services.registry.versions.store import Stamp
from services.registry.versions.tables import Current


async def share(
    session: Session, caller: Caller, plan: str, project: str, sent: Sharing, *, if_match: str | None
) -> None:
    """Let a plan have a project in common with the plan that lists it."""
    service.check_sees_all(caller)
    await _open(session, caller, plan)
    listed = await PROJECTS.row(session, caller.region, project)
    content = {"plan": plan, "project": project, **sent.model_dump(mode="json")}
    await service.put(
        session,
        SHARED_PROJECTS,
        caller,
        project,
        content,
        if_match=if_match,
        references=sharing.references(content),
        faults=sharing.faults(content, None if listed is None else listed.content["plan"]),
        plan=plan,
    )


async def unshare(session: Session, caller: Caller, plan: str, project: str, *, if_match: str | None) -> None:
    """End what a plan shares; the project and its own plan stay as they are."""
    service.check_sees_all(caller)
    stamp = await versions.stamp(session, caller.region, caller.client_id)
    row = await SHARED_PROJECTS.row(session, caller.region, project, plan=plan)
    if row is None or row.ended_at is not None:
        raise NotFound("shared_project", project)
    objects.check_match(if_match, row.version)
    SHARED_PROJECTS.end(session, stamp, row)
    subject = SHARED_PROJECTS.subject(project, plan)
    await written.record(session, caller, "shared_project.end", subject=subject, at=stamp.recorded_at)


@dataclass
class _HandOver:
    """What goes on, found out before anything is written."""

    plan: str
    successor: str
    tasks: list[tuple[Current, Content, Current | None]] = field(default_factory=list)
    """Each open task, what it becomes, and the ended row whose code that takes up."""
    owners: Mapping[str, Current] = field(default_factory=dict)
    projects: list[str] = field(default_factory=list)


async def hand_over(
    session: Session, caller: Caller, plan: str, sent: Successor, *, dry_run: bool, if_match: str | None
) -> dict[str, Any]:
    """Let a plan be continued by another: its open tasks and projects go on there. Once, and all at once."""
    service.check_sees_all(caller)
    stamp = await versions.stamp(session, caller.region, caller.client_id)
    row = await SUCCESSIONS.row(session, caller.region, plan)
    going_on = await PLANS.row(session, caller.region, plan)
    if going_on is None:
        raise NotFound("plan", plan)
    objects.check_seen(if_match, going_on.version)
    if row is not None:
        raise service.Exists("succession", plan)
    found, faults = await _found(session, caller, plan, sent)
    matters = await RESPONSIBILITIES.rows(session, caller.region, plan=plan)
    targets = {code: one.content["name"] for code, one in matters.items() if one.content["kind"] == "target"}
    asked = [unmet.code for unmet in sent.targets]
    faults += rules.missing_faults(asked, targets, ("target", "目标"), "/body/targets/{}/code")
    going = [matters[old.code] for old, _, _ in found.tasks if old.code in matters]
    owners = [owner.content for owner in going if owner.ended_at is None]
    named = [*rules.owner_references(owners)]
    answering = await versions.answering(session, caller.region, named)
    faults += objects.dissolved(named, answering, (await business_day(session)).isoformat())
    if faults:
        raise Unacceptable(faults)
    content = {
        "plan": plan,
        "successor": sent.successor,
        "document": sent.document,
        "tasks": [
            {**{name: old.content[name] for name in ("code", "name", "state")}, "becomes": new["code"]}
            for old, new, _ in found.tasks
        ],
        "projects": found.projects,
        "targets": [{"code": one.code, "name": targets[one.code], "reason": one.reason} for one in sent.targets],
    }
    if not dry_run:
        found.owners = matters
        await _write(session, caller, stamp, found, content)
    return {**content, "dry_run": dry_run}


async def _found(session: Session, caller: Caller, plan: str, sent: Successor) -> tuple[_HandOver, list[Faulty]]:
    region, successor = caller.region, sent.successor
    following = await PLANS.row(session, region, successor)
    if following is None:
        said = (f"there is no plan {successor}", f"没有代码为 {successor} 的计划")
        return _HandOver(plan, successor), [Faulty("/body/successor", "unknown-reference", *said)]
    faults = [*rules.plan_faults(plan, successor, await store.successors(session, region))]
    if not faults:
        await _open(session, caller, successor)
    rows = await TASKS.rows(session, region, plan=plan)
    going = rules.open_tasks({code: row.content for code, row in rows.items() if row.ended_at is None})
    there = await TASKS.rows(session, region, plan=successor)
    renames = [rename.model_dump() for rename in sent.renames]
    taken = {code for code, row in there.items() if row.ended_at is None}
    faults += rules.rename_faults(renames, going, taken)
    new = rules.codes(renames, going)
    carried = {code: rules.carried_task(task, plan, successor, new[code]) for code, task in going.items()}
    found = _HandOver(plan, successor, [(rows[code], task, there.get(new[code])) for code, task in carried.items()])
    has, has_already = [await _projects(session, region, each) for each in (plan, successor)]
    faults += rules.missing_faults(sent.projects or [], has, ("project", "项目"), "/body/projects/{}")
    asked = has if sent.projects is None else set(sent.projects)
    found.projects = sorted(asked - has_already)
    return found, faults


async def _write(session: Session, caller: Caller, stamp: Stamp, found: _HandOver, content: Content) -> None:
    region, successor = caller.region, found.successor
    matters = await RESPONSIBILITIES.rows(session, region, plan=successor)
    shared = await SHARED_PROJECTS.rows(session, region, plan=successor)
    for old, new, place in found.tasks:
        TASKS.write(session, stamp, old, old.code, {**old.content, "carried_to": f"{successor}/{new['code']}"})
        TASKS.write(session, stamp, place, new["code"], new)
        owner, there = found.owners.get(old.code), matters.get(new["code"])
        if owner is not None and owner.ended_at is None and (there is None or there.ended_at is not None):
            carried = rules.carried_owner(owner.content, new)
            RESPONSIBILITIES.write(session, stamp, there, new["code"], carried)
    for code in found.projects:
        one = {
            "plan": successor,
            "project": code,
            "reason": f"承接自计划 {found.plan}",
            "document": content["document"],
        }
        SHARED_PROJECTS.write(session, stamp, shared.get(code), code, one)
    SUCCESSIONS.write(session, stamp, None, found.plan, content)
    counts: dict[str, Any] = {name: len(content[name]) for name in ("tasks", "projects", "targets")}
    subject = f"plan:{found.plan}"
    await written.record(
        session, caller, "plan.hand-over", subject=subject, at=stamp.recorded_at, successor=successor, **counts
    )


async def _open(session: Session, caller: Caller, plan: str) -> None:
    """Refuse where nothing of a plan changes any more."""
    row = await PLANS.row(session, caller.region, plan)
    if row is not None and row.content["state"] == "closed":
        raise WrongState("the plan is closed: nothing is added to it", zh="计划已关闭，不能再增加内容")


async def _projects(session: Session, region: str, plan: str) -> set[str]:
    """What a plan lists and what it shares, by code."""
    listed = await PROJECTS.rows(session, region, plan=plan)
    shared = await SHARED_PROJECTS.rows(session, region, plan=plan)
    return {row.code for row in (*listed.values(), *shared.values()) if row.ended_at is None}
