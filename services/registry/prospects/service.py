"""Prospects move from stage to stage, are met at activities, and become an enterprise and a project in one act."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import orjson

from services.kit import audit
from services.kit.auth import Caller, Forbidden
from services.kit.clock import civil_date
from services.kit.db import Session
from services.kit.errors import Faulty, NotFound
from services.registry.enterprises import rules as enterprises
from services.registry.enterprises import service as enterprise_service
from services.registry.enterprises.store import ENTERPRISES
from services.registry.keyring import Lock
from services.registry.projects import rules as projects
from services.registry.projects import service as project_service
from services.registry.projects.store import PROJECTS
from services.registry.prospects import rules, store
from services.registry.prospects.schemas import FunnelFilter, Landing, ProspectStep
from services.registry.prospects.store import ACTIVITIES, PROSPECTS
from services.registry.prospects.tables import ProspectStep as StepRow
from services.registry.units.rules import below
from services.registry.versions import service, written
from services.registry.versions import store as versions
from services.registry.versions.rules import Content, Reference, check_seen
from services.registry.versions.store import Stamp
from services.registry.versions.tables import Audit, Current


async def put(session: Session, addresses: Lock, caller: Caller, prospect: Content, *, if_match: str | None) -> bool:
    """Add a prospect, at the stage of a lead, or with `If-Match` its next version; says whether it is new."""
    code, region = prospect["code"], caller.region
    stamp = await versions.stamp(session, region, caller.client_id)
    row = await PROSPECTS.row(session, region, code)
    present = None if row is None or row.ended_at is not None else row.content
    if present is not None:
        await check_own(session, caller, [present["unit"]], NotFound("prospect", code))
    await check_own(session, caller, [prospect["unit"]], _foreign())
    faults = [*rules.contact_faults(prospect["contact"]), *rules.since_faults(present, prospect, _today(stamp))]
    if present is None:
        prospect = {**prospect, **rules.OF_ITS_OWN, "stage_since": prospect["since"]}
    else:
        prospect = {**prospect, **{name: present[name] for name in rules.OF_ITS_OWN}}
    content = locked(addresses, prospect, present)
    created = await service.put(
        session,
        PROSPECTS,
        caller,
        code,
        content,
        if_match=if_match,
        references=rules.references(content),
        faults=faults,
        own=True,
        addresses=addresses,
    )
    if created:
        await begin(session, stamp, [content])
    return created


async def begin(session: Session, stamp: Stamp, prospects: Sequence[Content]) -> None:
    """Record the first lead of new prospects, from which their way begins."""
    for one in prospects:
        first = StepRow(
            region=stamp.region,
            prospect=one["code"],
            to_stage="lead",
            day=date.fromisoformat(one["since"]),
            recorded_at=stamp.recorded_at,
            by=stamp.by,
        )
        session.add(first)
    await session.flush()


async def step(session: Session, caller: Caller, code: str, sent: ProspectStep, *, if_match: str | None) -> None:
    """Take a prospect to another stage."""
    stamp, row = await _own(session, caller, code)
    check_seen(if_match, row.version)
    rules.check_step(row.content, sent.to)
    faults = rules.step_faults(row.content, sent.to, sent.text, sent.on, _today(stamp))
    await service.check(session, caller.region, rules.step_references(row.content, sent.to), faults)
    moved = rules.stepped(row.content, sent.to, sent.on, sent.text)
    await _moved(session, caller, stamp, row, moved=moved, said=sent)


async def land(session: Session, caller: Caller, code: str, sent: Landing, *, if_match: str | None) -> None:
    """Turn a signed prospect into an enterprise and a project, once; both are created or found, nothing twice."""
    stamp, row = await _own(session, caller, code)
    check_seen(if_match, row.version)
    rules.check_step(row.content, "landed")
    body = sent.model_dump(mode="json")
    faults = [*rules.landing_faults(body)]
    await service.check(session, caller.region, [], faults)
    enterprise = body["enterprise"] or body["new_enterprise"]["code"]
    faults += rules.day_faults(row.content, sent.on, _today(stamp))
    references, more = await _becoming(session, caller, body, enterprise)
    await service.check(session, caller.region, references, [*faults, *more])
    if body["new_enterprise"] is not None:
        await enterprise_service.create(session, caller, body["new_enterprise"], own=True)
    if body["new_project"] is not None:
        await project_service.create(session, caller, body["new_project"], own=True)
    project = body["project"] or body["new_project"]["code"]
    moved = rules.stepped(row.content, "landed", sent.on, sent.text)
    moved = {**moved, "enterprise": enterprise, "project": project}
    await _moved(session, caller, stamp, row, moved=moved, said=sent)


async def _becoming(
    session: Session, caller: Caller, body: dict[str, Any], enterprise: str
) -> tuple[list[Reference], list[Faulty]]:
    """What a landing refers to, and what is wrong with the enterprise and the project that it names or brings."""
    named, faults, region = [], [], caller.region
    if body["new_enterprise"] is None:
        named.append(Reference("/body/enterprise", "enterprise", enterprise))
    else:
        content, at = enterprise_service.begun(body["new_enterprise"]), "/body/new_enterprise"
        named += enterprises.references(content, at)
        faults += await enterprise_service.found_under_lock(session, caller, content, at)
        faults += _exists(await ENTERPRISES.row(session, region, enterprise), "/body/new_enterprise/code")
    if (new := body["new_project"]) is not None:
        faults += rules.enterprise_faults(new, enterprise, "/body/new_project/enterprise")
        faults += await project_service.new_faults(session, region, new, "/body/new_project")
        faults += _exists(await PROJECTS.row(session, region, new["code"]), "/body/new_project/code")
        new["enterprise"], new["enterprise_name"], new["enterprise_group"] = enterprise, None, None
        fresh = ("enterprise", enterprise) if body["new_enterprise"] is not None else None
        named += [one for one in projects.references(new, "/body/new_project") if (one.kind, one.code) != fresh]
        return named, faults
    code = body["project"]
    named.append(Reference("/body/project", "project", code))
    listed = await PROJECTS.row(session, region, code)
    if listed is not None:
        faults += rules.enterprise_faults(listed.content, enterprise, "/body/project")
    other = await store.became(session, region, code)
    if other is not None:
        said = (f"the prospect {other} became the project {code}", f"项目 {code} 已由对象 {other} 落地形成")
        faults.append(Faulty("/body/project", "taken", *said))
    return named, faults


def _exists(row: Current | None, at: str) -> list[Faulty]:
    if row is None or row.ended_at is not None:
        return []
    said = (f"{row.code} is there already: send its code instead", f"{row.code} 已存在，请改为填写其代码")
    return [Faulty(at, "exists", *said)]


async def put_activity(session: Session, caller: Caller, activity: Content, *, if_match: str | None) -> bool:
    """Add an activity, or with `If-Match` its next version; says whether it is new."""
    await versions.stamp(session, caller.region, caller.client_id)  # before the row is read
    row = await ACTIVITIES.row(session, caller.region, activity["code"])
    if row is not None and row.ended_at is None:
        await check_own(session, caller, row.content["units"], NotFound("activity", activity["code"]))
    await check_own(session, caller, activity["units"], _foreign())
    return await service.put(
        session,
        ACTIVITIES,
        caller,
        activity["code"],
        activity,
        if_match=if_match,
        references=rules.activity_references(activity),
        faults=rules.activity_faults(activity),
        own=True,
    )


async def funnel(session: Session, caller: Caller, asked: FunnelFilter, *, now: Any) -> dict[str, Any]:  # noqa: ANN401
    """How many prospects stand at which stage by the end of a day, today where none is asked for."""
    as_of = asked.as_of or civil_date(now, rules.ZONE)
    given = asked.model_dump(exclude={"as_of"}, exclude_none=True)
    await versions.check_filters(session, given, region=caller.region, unit_path=caller.unit_path)
    steps = await store.reached(session, caller.region, caller.unit_path, as_of, given)
    return {"as_of": as_of, "items": rules.funnel(steps, as_of)}


def shown(addresses: Lock, caller: Caller, prospect: Content, *, clear: bool = False) -> Content:
    """A stored prospect as `caller` may read it; with `clear` its contact person too."""
    found = plain(addresses, prospect)
    if found["contact"] is None or clear or "contacts:deliver" in caller.scopes:
        return found
    return {**found, "contact": rules.masked(found["contact"])}


def plain(addresses: Lock, prospect: Content) -> Content:
    """A stored prospect with its contact person in clear."""
    if prospect["contact"] is None:
        return prospect
    contact = orjson.loads(addresses.unlock(prospect["contact"], rules.locked_as(prospect["code"])))
    return {**prospect, "contact": contact}


async def read_contact(session: Session, caller: Caller, code: str) -> None:
    """Write down that somebody read a contact person in clear."""
    await audit.record(session, Audit, caller, "prospect.read_contact", subject=f"prospect:{code}")


def locked(addresses: Lock, prospect: Content, present: Content | None) -> Content:
    """The prospect with its contact person locked; one that is left out or did not change stays as it is stored."""
    held, of = None if present is None else present["contact"], rules.locked_as(prospect["code"])
    if prospect["contact"] is None:
        return {**prospect, "contact": held}
    written = orjson.dumps(prospect["contact"], option=orjson.OPT_SORT_KEYS).decode()
    if held is not None and addresses.unlock(held, of) == written:
        return {**prospect, "contact": held}
    return {**prospect, "contact": addresses.lock(written, of)}


async def _own(session: Session, caller: Caller, code: str) -> tuple[Stamp, Current]:
    """A prospect that the caller sees, with nobody else writing."""
    stamp = await versions.stamp(session, caller.region, caller.client_id)
    row = await PROSPECTS.row(session, caller.region, code)
    if row is None or row.ended_at is not None:
        raise NotFound("prospect", code)
    await check_own(session, caller, [row.content["unit"]], NotFound("prospect", code))
    return stamp, row


async def check_own(session: Session, caller: Caller, units: list[str], refusal: Exception) -> None:
    """Refuse where none of the units is the caller's or below it."""
    if not caller.unit_path:
        return
    paths = [await store.path_of(session, caller.region, unit) for unit in units]
    if not any(path is not None and below(path, caller.unit_path) for path in paths):
        raise refusal


def _foreign() -> Forbidden:
    return Forbidden(
        "a caller of a unit keeps what its unit or one below it works on",
        zh="单位账号只能维护本单位及下级单位的招商内容",
    )


async def _moved(
    session: Session, caller: Caller, stamp: Stamp, row: Current, *, moved: Content, said: ProspectStep | Landing
) -> None:
    before = row.content["stage"]
    PROSPECTS.write(session, stamp, row, row.code, moved)
    session.add(
        StepRow(
            region=stamp.region,
            prospect=row.code,
            from_stage=before,
            to_stage=moved["stage"],
            day=said.on,
            text=said.text,
            evidence=said.evidence,
            recorded_at=stamp.recorded_at,
            by=stamp.by,
        )
    )
    details = {"from": before, "to": moved["stage"], "enterprise": moved["enterprise"], "project": moved["project"]}
    subject = f"prospect:{row.code}"
    await written.record(session, caller, "prospect.step", subject=subject, at=stamp.recorded_at, **details)


def _today(stamp: Stamp) -> date:
    return civil_date(stamp.recorded_at, rules.ZONE)
