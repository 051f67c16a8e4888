"""Proposing, reviewing and deciding the steps of a project."""

from datetime import date
from typing import Any

from services.kit.auth import Caller
from services.kit.db import Session
from services.registry.cases import service as cases
from services.registry.cases.rules import PROPOSAL, begun, check_four_eyes, file_pointers, unit_references
from services.registry.cases.store import next_number
from services.registry.files import service as files
from services.registry.projects import service as projects
from services.registry.projects import store as project_store
from services.registry.projects.kinds.rules import step_named
from services.registry.projects.kinds.store import PROJECT_KINDS
from services.registry.projects.rules import with_own
from services.registry.projects.steps import rules, store
from services.registry.projects.steps.store import STEPS
from services.registry.projects.suspensions.rules import pause_on
from services.registry.versions import store as versions
from services.registry.versions.rules import HENCEFORTH, Content, Reference, check_match, check_seen
from services.registry.versions.service import check_sees_all


def code_of(project: str, number: int) -> str:
    """A step's code: `P01/3`."""
    return f"{project}/{number}"


async def propose(session: Session, caller: Caller, code: str, sent: Content) -> int:
    """Propose a step of a project; returns its number. What is missing yet may follow, what is wrong may not."""
    stamp = await versions.stamp(session, caller.region, caller.client_id)
    project, kind = await _project(session, caller, code)
    rule = rules.allowed(kind, project["life"], sent["step"])
    await _check_proposer(session, caller, code, rule)
    pending = await store.open_proposal(session, caller.region, code)
    if pending is not None:
        raise rules.ProposalOpen(pending.number)
    proposal = await _proposal(session, caller, sent, project=project, kind=kind, rule=rule)
    number = await next_number(session, STEPS, caller.region, code_of(code, 0)[:-1])
    content = {**proposal, "project": code, "number": number}
    said = {"text": sent["text"], "files": _files(sent)}
    await cases.keep(
        session,
        STEPS,
        caller,
        stamp,
        code=code_of(code, number),
        content=begun("propose", PROPOSAL, cases.actor(caller, stamp), said, content),
        act="propose",
    )
    await files.refer(session, caller, f"project:{code}", said["files"], at=stamp.recorded_at)
    return number


async def amend(
    session: Session, caller: Caller, code: str, number: int, sent: Content, *, if_match: str | None
) -> None:
    """Replace a proposal that is not decided. Opinions were on what is no longer said: they are asked for again."""
    stamp = await versions.stamp(session, caller.region, caller.client_id)
    row = await cases.standing(session, STEPS, caller.region, code_of(code, number))
    check_match(if_match, row.version)
    project, kind = await _project(session, caller, code)
    rule = rules.allowed(kind, project["life"], sent["step"])
    await _check_proposer(session, caller, code, rule)
    proposal = await _proposal(session, caller, sent, project=project, kind=kind, rule=rule)
    said = {"text": sent["text"], "files": _files(sent)}
    await cases.act(session, STEPS, caller, stamp, row=row, name="amend", said=said, changes=proposal)
    await files.refer(session, caller, f"project:{code}", said["files"], at=stamp.recorded_at)


async def opine(
    session: Session, caller: Caller, code: str, number: int, sent: Content, *, if_match: str | None
) -> None:
    """Give a unit's opinion in the joint review; only units that were asked have one."""
    stamp = await versions.stamp(session, caller.region, caller.client_id)
    row = await cases.standing(session, STEPS, caller.region, code_of(code, number))
    check_seen(if_match, row.version)
    faults = [] if sent["unit"] in row.content["reviewers"] else [rules.not_asked(sent["unit"], row.content)]
    references = [Reference("/body/unit", "unit", sent["unit"], HENCEFORTH)]
    await cases.check(session, caller, references=references, faults=faults, evidence=file_pointers(sent["files"]))
    await cases.check_speaks_for(session, caller, sent["unit"])
    opinion = {**sent, "at": stamp.recorded_at.isoformat()}
    others = [each for each in row.content["opinions"] if each["unit"] != sent["unit"]]
    said = {"text": f"{sent['unit']}: {sent['view']}: {sent['text']}", "files": sent["files"]}
    await cases.act(
        session, STEPS, caller, stamp, row=row, name="opine", said=said, changes={"opinions": [*others, opinion]}
    )
    await files.refer(session, caller, f"project:{code}", sent["files"], at=stamp.recorded_at)


async def decide(
    session: Session, caller: Caller, code: str, number: int, sent: Content, *, if_match: str | None
) -> None:
    """Approve a step, which moves the project, or refuse it. Nothing incomplete is approved, nothing by its proposer."""
    check_sees_all(caller)
    stamp = await versions.stamp(session, caller.region, caller.client_id)
    row = await cases.standing(session, STEPS, caller.region, code_of(code, number))
    check_match(if_match, row.version)
    proposal = row.content
    await cases.check(session, caller, evidence=file_pointers(sent["files"]))
    check_four_eyes(proposal, caller.client_id)
    said = {"text": sent["text"], "files": sent["files"]}
    decided = await cases.act(session, STEPS, caller, stamp, row=row, name=sent["decision"], said=said)
    if sent["decision"] == "refuse":
        return
    project_row = await projects.standing(session, caller.region, code)
    project, kind = await _project(session, caller, code)
    rule = rules.allowed(kind, project["life"], proposal["step"])
    today = await project_store.today(session, caller.region, project["plan"])
    faults = [*rules.faults(proposal, rule, kind, project["life"], today)]
    names = await cases.names(session, caller.region, proposal["reviewers"])
    missing = rules.missing(proposal, rule, kind, project["life"], names)
    if faults or missing:
        raise rules.Incomplete([*faults, *missing])
    life = rules.lived(project["life"], proposal, rule)
    await projects.write(
        session,
        caller,
        stamp,
        project_row,
        {**project, "life": life},
        act="project.step",
        step=decided.code,
    )


async def withdraw(
    session: Session, caller: Caller, code: str, number: int, sent: Content, *, if_match: str | None
) -> None:
    """Take back a proposal that is not decided."""
    stamp = await versions.stamp(session, caller.region, caller.client_id)
    row = await cases.standing(session, STEPS, caller.region, code_of(code, number))
    check_seen(if_match, row.version)
    _, kind = await _project(session, caller, code)
    rule = step_named(kind, row.content["step"])
    if rule is not None:  # a step that the kind of project no longer knows is taken back by anyone who may propose
        await _check_proposer(session, caller, code, rule)
    await cases.check(session, caller, evidence=file_pointers(sent["files"]))
    await cases.act(session, STEPS, caller, stamp, row=row, name="withdraw", said=sent)


async def next_steps(session: Session, caller: Caller, code: str) -> dict[str, Any]:
    """Where a project stands, which steps lead on from there, and what each still lacks."""
    project, kind = await _project(session, caller, code)
    pending = await store.open_proposal(session, caller.region, code)
    proposals = {} if pending is None else {pending.step: pending.content}
    life = project["life"]
    today = await project_store.today(session, caller.region, project["plan"])
    names = await cases.names(session, caller.region, [] if pending is None else pending.content["reviewers"])
    return {
        "project": code,
        "stage": life["stage"],
        "since": life["since"],
        "suspended": pause_on(life["suspensions"], today) is not None,
        "steps": rules.next_steps(kind, life, proposals, names),
    }


async def _project(session: Session, caller: Caller, code: str) -> tuple[Content, Content]:
    """A project and its kind."""
    project = with_own((await projects.standing(session, caller.region, code)).content)
    kind = await cases.standing(session, PROJECT_KINDS, caller.region, project["kind"])
    return project, kind.content


async def _check_proposer(session: Session, caller: Caller, code: str, rule: Content) -> None:
    """Refuse who may not propose this step: the lead unit, a unit of the project, or the leading-group office."""
    if rule["proposes"] == "office":
        check_sees_all(caller)
        return
    leads, units = await project_store.answering(session, caller.region, code)
    who = leads if rule["proposes"] == "lead" else units
    said = ", ".join(who) or "nobody yet"
    await cases.check_acts_for(
        session,
        caller,
        who,
        what=f"this step of {code} is proposed by {said}",
        zh=f"项目 {code} 的该步骤应由以下单位提请：{'、'.join(who) or '尚无责任单位'}",
    )


async def _proposal(
    session: Session, caller: Caller, sent: Content, *, project: Content, kind: Content, rule: Content
) -> Content:
    """What was proposed, checked, with the stages from and to and the findings."""
    life = project["life"]
    today: date = await project_store.today(session, caller.region, project["plan"])
    to, wrong = rules.target(rule, sent["to"])
    faults = [*wrong, *rules.faults(sent, rule, kind, life, today)]
    evidence = [
        pointer
        for place, each in enumerate(sent["evidence"])
        for pointer in file_pointers(each["files"], f"/body/evidence/{place}/files")
    ]
    references = unit_references(sent["reviewers"], "/body/reviewers")
    await cases.check(session, caller, references=references, faults=faults, evidence=evidence)
    return {
        **sent,
        "name": rule["name"],
        "from": life["stage"],
        "to": to,
        "opinions": [],
        "findings": rules.findings(life["commitments"], sent["actuals"]),
    }


def _files(sent: Content) -> list[str]:
    return sorted({sha256 for each in sent["evidence"] for sha256 in each["files"]})
