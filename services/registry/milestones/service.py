"""Defining milestones, and reporting the states that they reach."""

from services.kit.auth import Caller, Forbidden
from services.kit.clock import civil_date
from services.kit.db import Session
from services.registry.cases import service as cases
from services.registry.cases.rules import file_pointers
from services.registry.files import service as files
from services.registry.milestones import rules
from services.registry.milestones.store import MILESTONES
from services.registry.projects.store import ZONE, answering
from services.registry.versions import service, written
from services.registry.versions import store as versions
from services.registry.versions.rules import Content, check_seen


async def put(session: Session, caller: Caller, sent: Content, *, if_match: str | None) -> bool:
    """A milestone for the first time, or anew; what was reported of it stays. Says whether it is new."""
    service.check_sees_all(caller)
    # The lock before the row: else what was reported while waiting for it would be lost.
    await versions.stamp(session, caller.region, caller.client_id)
    row = await MILESTONES.row(session, caller.region, sent["code"])
    present = None if row is None or row.ended_at is not None else row.content
    return await service.put(
        session,
        MILESTONES,
        caller,
        sent["code"],
        rules.defined(present, sent),
        if_match=if_match,
        references=rules.references(sent),
        faults=rules.faults(sent),
    )


async def report(session: Session, caller: Caller, code: str, sent: Content, *, if_match: str | None) -> None:
    """Report that a state was reached, or was not after all; by who answers for the project, or for the whole region."""
    stamp = await versions.stamp(session, caller.region, caller.client_id)
    row = await cases.standing(session, MILESTONES, caller.region, code)
    subject: str = row.content["subject"]
    await _check_reporter(session, caller, subject)
    check_seen(if_match, row.version)
    today = civil_date(stamp.recorded_at, ZONE)
    await cases.check(
        session,
        caller,
        faults=rules.report_faults(row.content, sent, today),
        evidence=file_pointers(sent["files"]),
    )
    by = {"at": stamp.recorded_at.isoformat(), "client_id": caller.client_id, "unit": caller.unit}
    MILESTONES.write(session, stamp, row, code, rules.reported(row.content, {**sent, **by}))
    await session.flush()
    for about in (f"milestone:{code}", subject):
        await files.refer(session, caller, about, sent["files"], at=stamp.recorded_at)
    said = {"state": sent["state"], "on": sent["on"]}
    await written.record(session, caller, "milestone.report", subject=f"milestone:{code}", at=stamp.recorded_at, **said)


async def _check_reporter(session: Session, caller: Caller, subject: str) -> None:
    kind, _, about = subject.partition(":")
    if kind == "project":
        _, units = await answering(session, caller.region, about)
        said = ", ".join(units) or "nobody yet"
        await cases.check_acts_for(
            session,
            caller,
            units,
            what=f"milestones of {subject} are reported by {said}",
            zh=f"{subject} 的里程碑应由以下单位填报：{'、'.join(units) or '尚无责任单位'}",
        )
    elif caller.unit_path:
        raise Forbidden(
            f"milestones of {subject} are reported by callers of the whole region",
            zh=f"{subject} 的里程碑由全区账号填报",
        )
