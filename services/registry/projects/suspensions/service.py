"""Proposing, approving, moving and annulling pauses of a project. Approved ones are part of its life, and so of the feed."""

from collections.abc import Sequence

from services.kit.auth import Caller
from services.kit.db import Session
from services.kit.errors import Faulty
from services.registry.cases import service as cases
from services.registry.cases.rules import begun, check_four_eyes, file_pointers
from services.registry.cases.store import next_number
from services.registry.files import service as files
from services.registry.projects import service as projects
from services.registry.projects import store as project_store
from services.registry.projects.rules import with_own
from services.registry.projects.steps.store import taken
from services.registry.projects.suspensions import rules
from services.registry.projects.suspensions.store import SUSPENSIONS
from services.registry.versions import store as versions
from services.registry.versions.rules import Content, check_match, check_seen
from services.registry.versions.service import check_sees_all
from services.registry.versions.store import Stamp


def code_of(project: str, number: int) -> str:
    """A pause's code: `P01/1`."""
    return f"{project}/{number}"


async def propose(session: Session, caller: Caller, code: str, sent: Content) -> int:
    """Propose a pause; returns its number."""
    stamp = await versions.stamp(session, caller.region, caller.client_id)
    row = await projects.standing(session, caller.region, code)
    await _check_unit(session, caller, code)
    life = with_own(row.content)["life"]
    faults = [
        *rules.faults(sent["first_day"], sent["last_day"]),
        *await _beside(session, caller.region, code, life, {**sent, "number": 0}),
    ]
    await cases.check(session, caller, faults=faults, evidence=file_pointers(sent["files"]))
    number = await next_number(session, SUSPENSIONS, caller.region, code_of(code, 0)[:-1])
    said = {"text": sent["text"], "files": sent["files"]}
    content = {name: sent[name] for name in ("first_day", "last_day", "cause", "text")}
    await cases.keep(
        session,
        SUSPENSIONS,
        caller,
        stamp,
        code=code_of(code, number),
        content=begun(
            "propose",
            rules.WAYS,
            cases.actor(caller, stamp),
            said,
            {**content, "project": code, "number": number, "approved_by": None},
        ),
        act="propose",
    )
    await files.refer(session, caller, f"project:{code}", sent["files"], at=stamp.recorded_at)
    return number


async def decide(
    session: Session, caller: Caller, code: str, number: int, sent: Content, *, if_match: str | None
) -> None:
    """Approve a pause, which makes it part of the project's life, or refuse it."""
    check_sees_all(caller)
    faults = []
    if sent["decision"] == "approve" and sent["approved_by"] is None:
        faults = [Faulty("/body/approved_by", "missing", "say who approved it", "请填写批准人或批准机构")]
    await cases.check(session, caller, faults=faults, evidence=file_pointers(sent["files"]))
    stamp = await versions.stamp(session, caller.region, caller.client_id)
    row = await cases.standing(session, SUSPENSIONS, caller.region, code_of(code, number))
    check_match(if_match, row.version)
    check_four_eyes(row.content, caller.client_id)
    said = {"text": sent["text"], "files": sent["files"]}
    more = {"approved_by": sent["approved_by"]} if sent["decision"] == "approve" else {}
    await cases.act(
        session, SUSPENSIONS, caller, stamp, row=row, name=sent["decision"], said=said, ways=rules.WAYS, changes=more
    )
    if sent["decision"] == "approve":
        await _live(session, caller, stamp, row.content, said=rules.Said("/body/decision", "/body/decision"))


async def move_end(
    session: Session, caller: Caller, code: str, number: int, sent: Content, *, if_match: str | None
) -> None:
    """Let an approved pause end on another day."""
    check_sees_all(caller)
    stamp = await versions.stamp(session, caller.region, caller.client_id)
    row = await cases.standing(session, SUSPENSIONS, caller.region, code_of(code, number))
    check_seen(if_match, row.version)
    faults = rules.faults(row.content["first_day"], sent["last_day"])
    await cases.check(session, caller, faults=faults, evidence=file_pointers(sent["files"]))
    said = {"text": f"{row.content['last_day']} → {sent['last_day']}: {sent['text']}", "files": sent["files"]}
    await cases.act(
        session,
        SUSPENSIONS,
        caller,
        stamp,
        row=row,
        name="move_end",
        said=said,
        ways=rules.WAYS,
        changes={"last_day": sent["last_day"]},
    )
    await _live(session, caller, stamp, row.content, said=rules.Said("/body/last_day", "/body/last_day"))


async def annul(
    session: Session, caller: Caller, code: str, number: int, sent: Content, *, if_match: str | None
) -> None:
    """Annul an approved pause: its days count again."""
    check_sees_all(caller)
    stamp = await versions.stamp(session, caller.region, caller.client_id)
    row = await cases.standing(session, SUSPENSIONS, caller.region, code_of(code, number))
    check_seen(if_match, row.version)
    await cases.check(session, caller, evidence=file_pointers(sent["files"]))
    await cases.act(session, SUSPENSIONS, caller, stamp, row=row, name="annul", said=sent, ways=rules.WAYS)
    await _live(session, caller, stamp, row.content)


async def withdraw(
    session: Session, caller: Caller, code: str, number: int, sent: Content, *, if_match: str | None
) -> None:
    """Take back a proposed pause."""
    stamp = await versions.stamp(session, caller.region, caller.client_id)
    row = await cases.standing(session, SUSPENSIONS, caller.region, code_of(code, number))
    check_seen(if_match, row.version)
    await _check_unit(session, caller, code)
    await cases.check(session, caller, evidence=file_pointers(sent["files"]))
    await cases.act(session, SUSPENSIONS, caller, stamp, row=row, name="withdraw", said=sent, ways=rules.WAYS)


async def _live(
    session: Session, caller: Caller, stamp: Stamp, pause: Content, *, said: rules.Said = rules.SAID
) -> None:
    """Bring the project's life in line with a pause that was approved, moved or annulled."""
    project_row = await projects.standing(session, caller.region, pause["project"])
    project = with_own(project_row.content)
    there: Sequence[Content] = project["life"]["suspensions"]
    standing = pause["state"] == "approved"
    if standing:
        beside = await _beside(session, caller.region, pause["project"], project["life"], pause, said=said)
        await cases.check(session, caller, faults=beside)
    now = rules.approved(there, pause) if standing else rules.without(there, pause["number"])
    content = {**project, "life": {**project["life"], "suspensions": now}}
    suspension = code_of(pause["project"], pause["number"])
    await projects.write(session, caller, stamp, project_row, content, act="project.suspend", suspension=suspension)


async def _beside(
    session: Session, region: str, code: str, life: Content, pause: Content, *, said: rules.Said = rules.SAID
) -> list[Faulty]:
    """What is wrong with a pause beside the other ones, the steps that were taken, and the project's end."""
    steps = await taken(session, region, code)
    return [*rules.overlap_faults(life["suspensions"], pause, said), *rules.lived_faults(life, steps, pause, said)]


async def _check_unit(session: Session, caller: Caller, code: str) -> None:
    """Refuse who does not act for a unit that leads or supports something about the project."""
    _, units = await project_store.answering(session, caller.region, code)
    said = ", ".join(units) or "nobody yet"
    await cases.check_acts_for(
        session,
        caller,
        units,
        what=f"a suspension of {code} is proposed by {said}",
        zh=f"项目 {code} 的中止应由以下单位提请：{'、'.join(units) or '尚无责任单位'}",
    )
