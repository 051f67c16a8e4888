"""Applying a plan's part for the notifier: declarative, and twice is once."""

from typing import Any

import orjson

from services.kit import audit
from services.kit.auth import Caller, Forbidden
from services.kit.clock import business_now
from services.kit.db import Session, knowledge_lock
from services.kit.errors import NotFound, Refused
from services.notifier.ladders import store
from services.notifier.ladders.tables import Audit, LadderVersion, Supervision
from services.plan_file.difference import Applied, Change, difference, objects
from services.plan_file.parts import NotifierPart


class WrongPlan(Refused):
    """The part is not of the plan or the region it was sent for."""

    code = "wrong-plan"


async def apply(
    session: Session, caller: Caller, code: str, part: NotifierPart, *, dry_run: bool, prune: bool
) -> Applied:
    """Bring ladder, hours and digests to what the part says; what it does not name stays unless `prune`."""
    if caller.unit_path:
        raise Forbidden("a plan is the whole region's; a unit cannot apply it", zh="方案属于全区，单位账号不能应用方案")
    header = part.header
    if header.plan != code:
        raise WrongPlan(
            f"the part is of the plan {header.plan}", zh=f"内容属于计划 {header.plan}", pointer="/body/header/plan"
        )
    if header.region != caller.region:
        raise WrongPlan(
            f"the part is of the region {header.region}, you of {caller.region}",
            zh=f"内容属于区域 {header.region}，与调用方区域 {caller.region} 不符",
            pointer="/body/header/region",
        )
    if not dry_run:
        await knowledge_lock(session, caller.region)
    now = await business_now(session)
    latest = await store.latest(session, caller.region, code)
    before = {} if latest is None else objects(_part(part, latest.content))
    changes = difference(before, objects(part), prune=prune)
    answer = Applied(plan=code, version=header.version, dry_run=dry_run, changes=changes)
    if dry_run:
        return answer
    version = None
    if changes or latest is None:
        version = LadderVersion(
            region=caller.region,
            plan=code,
            number=1 if latest is None else latest.number + 1,
            recorded_at=now,
            plan_version=header.version,
            content=_merged(latest, part, prune=prune),
        )
    applied = Supervision(
        region=caller.region, plan=code, version=header.version, header=header.model_dump(mode="json")
    )
    await store.put(session, applied, version)
    if version is not None:
        await _record(session, caller, version, part, changes)
    return answer


async def _record(
    session: Session, caller: Caller, version: LadderVersion, part: NotifierPart, changes: list[Change]
) -> None:
    """Write down what an apply changed."""
    await audit.record(
        session,
        Audit,
        caller,
        "plan.apply",
        subject=f"plan:{version.plan}",
        at=version.recorded_at,
        file=part.header.version,
        version=version.number,
        **audit.wrote([change.told(version.plan) for change in changes]),
    )


async def part(session: Session, caller: Caller, code: str) -> NotifierPart:
    """The part of a plan file that applies without any difference."""
    if caller.unit_path:
        raise Forbidden("a plan is the whole region's", zh="方案属于全区，单位账号不能导出方案")
    latest = await store.latest(session, caller.region, code)
    applied = await store.supervision(session, caller.region, code)
    if latest is None or applied is None:
        raise NotFound("plan", code)
    return NotifierPart.model_validate_json(orjson.dumps({"header": applied.header, **latest.content}))


def _part(part: NotifierPart, content: dict[str, Any]) -> NotifierPart:
    return NotifierPart.model_validate({"header": part.header.model_dump(mode="json"), **content})


def _merged(latest: LadderVersion | None, part: NotifierPart, *, prune: bool) -> dict[str, Any]:
    """The content as it shall be kept: the part's, and the digests that it does not name unless pruned."""
    content = part.model_dump(mode="json", exclude={"header"})
    named = {digest["code"] for digest in content["digests"]}
    if latest is not None and not prune:
        content["digests"] += [digest for digest in latest.content["digests"] if digest["code"] not in named]
    return content
