"""Asking for changes of projects and targets, and deciding them: the original is kept beside what was approved."""

from collections.abc import Mapping
from typing import Any

from services.kit.auth import Caller, Forbidden
from services.kit.clock import civil_date
from services.kit.db import Session
from services.kit.errors import Faulty
from services.registry.cases import service as cases
from services.registry.cases.rules import PROPOSAL, begun, check_four_eyes, file_pointers
from services.registry.cases.store import next_number
from services.registry.files import service as files
from services.registry.projects import rules as project_rules
from services.registry.projects import service as projects
from services.registry.projects import store as project_store
from services.registry.projects.requests import rules, store
from services.registry.projects.requests.store import REQUESTS
from services.registry.projects.store import ZONE
from services.registry.versions import store as versions
from services.registry.versions.rules import HENCEFORTH, Content, Reference, check_match, check_seen
from services.registry.versions.service import check_sees_all
from services.registry.versions.store import Stamp


async def ask_for_project(session: Session, caller: Caller, code: str, sent: Content) -> str:
    """Ask for a change of a project; returns the request's code. What is wrong with the changed project is said now."""
    stamp = await versions.stamp(session, caller.region, caller.client_id)
    row = await projects.standing(session, caller.region, code)
    project = project_rules.with_own(row.content)
    _, units = await project_store.answering(session, caller.region, code)
    await _check_asks(session, caller, sent["unit"], units, code)
    after = {**project, **sent["changes"]}
    faults = [
        *rules.project_faults(project, sent["changes"]),
        *project_rules.faults(after, "/body/changes"),
    ]
    references = [
        *project_rules.references(after, "/body/changes"),
        Reference("/body/unit", "unit", sent["unit"], HENCEFORTH),
    ]
    await cases.check(session, caller, references=references, faults=faults, evidence=file_pointers(sent["files"]))
    about = {
        "subject": f"project:{code}",
        "project": code,
        "plan": project["plan"],
        "target": None,
        "before": {name: project[name] for name in sent["changes"]},
        "targets": await store.targets_about(session, caller.region, code),
        "original_version": row.version,
    }
    return await _ask(session, caller, stamp, sent, about)


async def ask_for_target(session: Session, caller: Caller, plan: str, target: str, sent: Content) -> str:
    """Ask for a change of a target; returns the request's code. The indicators service takes it over once approved."""
    stamp = await versions.stamp(session, caller.region, caller.client_id)
    units = await store.answering_for_target(session, caller.region, plan, target)
    await _check_asks(session, caller, sent["unit"], units, f"{plan}/{target}")
    references = [Reference("/path/plan", "plan", plan), Reference("/body/unit", "unit", sent["unit"], HENCEFORTH)]
    faults = rules.target_faults(sent["before"], sent["changes"])
    await cases.check(session, caller, references=references, faults=faults, evidence=file_pointers(sent["files"]))
    about = {
        "subject": f"target:{plan}/{target}",
        "project": None,
        "plan": plan,
        "target": target,
        "before": sent["before"],
        "targets": [],
        "original_version": None,
    }
    return await _ask(session, caller, stamp, sent, about)


async def _ask(session: Session, caller: Caller, stamp: Stamp, sent: Content, about: Content) -> str:
    year = civil_date(stamp.recorded_at, ZONE).year
    number = await next_number(session, REQUESTS, caller.region, f"{year}-")
    code = rules.code_of(year, number)
    content = {
        **about,
        "code": code,
        "unit": sent["unit"],
        "text": sent["text"],
        "changes": sent["changes"],
        "applied_version": None,
        "approval": None,
        "opinions": [],
    }
    said = {"text": sent["text"], "files": sent["files"]}
    content = begun("propose", PROPOSAL, cases.actor(caller, stamp), said, content)
    await cases.keep(session, REQUESTS, caller, stamp, code=code, content=content, act="propose")
    await _refer(session, caller, stamp, content, sent["files"])
    return code


async def opine(session: Session, caller: Caller, code: str, sent: Content, *, if_match: str | None) -> None:
    """Give a unit's opinion on a request that is not decided; a later one takes the place of an earlier one."""
    stamp = await versions.stamp(session, caller.region, caller.client_id)
    row = await cases.standing(session, REQUESTS, caller.region, code)
    check_seen(if_match, row.version)
    await cases.check(
        session,
        caller,
        references=[Reference("/body/unit", "unit", sent["unit"], HENCEFORTH)],
        evidence=file_pointers(sent["files"]),
    )
    await cases.check_speaks_for(session, caller, sent["unit"])
    opinion = {**sent, "at": stamp.recorded_at.isoformat()}
    others = [each for each in row.content["opinions"] if each["unit"] != sent["unit"]]
    said = {"text": f"{sent['unit']}: {sent['view']}: {sent['text']}", "files": sent["files"]}
    await cases.act(
        session, REQUESTS, caller, stamp, row=row, name="opine", said=said, changes={"opinions": [*others, opinion]}
    )
    await _refer(session, caller, stamp, row.content, sent["files"])


async def decide(session: Session, caller: Caller, code: str, sent: Content, *, if_match: str | None) -> None:
    """Approve a request, which for a project makes its next version, or refuse it."""
    check_sees_all(caller)
    faults = []
    if sent["decision"] == "approve" and sent["approval"] is None:
        faults = [Faulty("/body/approval", "missing", "say the approval number", "请填写批准文号")]
    await cases.check(session, caller, faults=faults, evidence=file_pointers(sent["files"]))
    stamp = await versions.stamp(session, caller.region, caller.client_id)
    row = await cases.standing(session, REQUESTS, caller.region, code)
    check_match(if_match, row.version)
    check_four_eyes(row.content, caller.client_id)
    said = {"text": sent["text"], "files": sent["files"]}
    if sent["decision"] == "refuse":
        await cases.act(session, REQUESTS, caller, stamp, row=row, name="refuse", said=said)
        return
    more: Content = {"approval": sent["approval"]}
    project_code = row.content["project"]
    if project_code is not None and row.content["state"] == "proposed":
        project_row = await projects.standing(session, caller.region, project_code)
        after = rules.changed(project_rules.with_own(project_row.content), row.content)
        await projects.check(session, caller.region, after, faults=project_rules.faults(after, "/changes"))
        more["applied_version"] = await projects.write(
            session, caller, stamp, project_row, after, act="project.change", request=code, approval=sent["approval"]
        )
    await cases.act(session, REQUESTS, caller, stamp, row=row, name="approve", said=said, changes=more)
    await _refer(session, caller, stamp, row.content, sent["files"])


async def withdraw(session: Session, caller: Caller, code: str, sent: Content, *, if_match: str | None) -> None:
    """Take back a request that is not decided."""
    stamp = await versions.stamp(session, caller.region, caller.client_id)
    row = await cases.standing(session, REQUESTS, caller.region, code)
    check_seen(if_match, row.version)
    await cases.check_speaks_for(session, caller, row.content["unit"])
    await cases.check(session, caller, evidence=file_pointers(sent["files"]))
    await cases.act(session, REQUESTS, caller, stamp, row=row, name="withdraw", said=sent)


async def of_record(session: Session, caller: Caller, code: str) -> Mapping[str, Any]:
    """A project as first planned beside every approved change in order."""
    row = await projects.standing(session, caller.region, code)
    approved = await store.approved(session, caller.region, f"project:{code}")
    return rules.of_record(project_rules.with_own(row.content), approved)


async def _check_asks(session: Session, caller: Caller, unit: str, units: list[str], what: str) -> None:
    """Refuse a caller that asks for another unit, or for one that does not answer for what is to be changed."""
    await cases.check_speaks_for(session, caller, unit)
    if caller.unit_path and unit not in units:
        said, zh = ", ".join(units) or "nobody yet", "、".join(units) or "尚无责任单位"
        raise Forbidden(f"a change of {what} is asked for by {said}", zh=f"{what} 的变更应由以下单位申请：{zh}")


async def _refer(session: Session, caller: Caller, stamp: Stamp, request: Content, hashes: list[str]) -> None:
    await files.refer(session, caller, request["subject"], hashes, at=stamp.recorded_at)
