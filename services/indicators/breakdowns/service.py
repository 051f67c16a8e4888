"""Targets are divided among units and years, and each unit's part becomes its letter of responsibility (目标责任书)."""

from datetime import date
from decimal import Decimal
from typing import Any

from services.indicators.breakdowns import rules, store
from services.indicators.breakdowns.letters import service as letters
from services.indicators.breakdowns.letters.rules import Letter, Matter
from services.indicators.breakdowns.rules import Whole
from services.indicators.breakdowns.schemas import Breakdown
from services.indicators.breakdowns.tables import Breakdown as Row
from services.indicators.clients.registry import RegistryClient
from services.indicators.definitions import versions as definitions
from services.indicators.definitions.tables import Indicator
from services.indicators.directory import store as directory
from services.indicators.directory.tables import Audit
from services.indicators.targets import versions as targets
from services.kit import audit
from services.kit.auth import Caller, Forbidden
from services.kit.clock import business_now, civil_date
from services.kit.db import Session
from services.kit.errors import Conflict, NotFound, check_match
from services.plan_file.scalars import plain

Document = dict[str, Any]


async def divide(
    session: Session, caller: Caller, plan: str, code: str, sent: Breakdown, *, if_match: str | None
) -> bool:
    """Record how a target is divided, as the next version; says whether it is the first one. The parts reach the whole."""
    if caller.unit_path:
        raise Forbidden("a target is divided by the whole region", zh="目标由全区统一分解，单位账号不能分解")
    at = await directory.stamp(session, caller.region)
    if await directory.plan_state(session, caller.region, plan) == "closed":
        raise Conflict("the plan is closed: nothing of it changes", zh="方案已关闭，不能再更改")
    whole, _ = await _whole(session, caller.region, plan, code)
    if whole is None:
        raise NotFound("target", code)
    held = await store.in_force(session, caller.region, plan, code)
    if held is not None:
        check_match(if_match, held.version)
    rules.divisible(whole)
    body = sent.model_dump(mode="json")
    units = await store.units(session, caller.region)
    before = [] if held is None else held.parts
    faults = [*rules.faults(whole, body["parts"], units), *rules.dissolved(body["parts"], before, units)]
    if faults:
        raise rules.BadBreakdown(faults)
    if held is not None and (held.parts, held.document) == (body["parts"], sent.document):
        return False
    row = Row(
        region=caller.region,
        plan=plan,
        target=code,
        recorded_at=at,
        version=1 if held is None else held.version + 1,
        by=caller.client_id,
        parts=body["parts"],
        units=sorted({part["unit"] for part in body["parts"] if part["unit"] is not None}),
        document=sent.document,
    )
    await store.add(session, row)
    subject = f"target:{plan}/{code}"
    said = ("parts", "document")
    was = None if held is None else held.model_dump(include={*said})
    changes = audit.differences(was, row.model_dump(include={*said}))
    await audit.record(
        session, Audit, caller, "target.divide", subject=subject, at=at, version=row.version, changes=changes
    )
    return held is None


async def shown(session: Session, caller: Caller, plan: str, code: str) -> Document:
    """A target's breakdown beside the target as it is in force, which may have changed since."""
    row = await _visible(session, caller, plan, code)
    whole, indicator = await _whole(session, caller.region, plan, code)
    sums = [] if whole is None else rules.sums(whole, row.parts)
    return {
        **row.model_dump(exclude={"region", "units"}),
        "measure": None if whole is None else whole.measure,
        "unit_of_measure": None if indicator is None else indicator.unit_of_measure,
        "goal": None if whole is None or whole.goal is None else plain(whole.goal),
        "upper": None if whole is None or whole.upper is None else plain(whole.upper),
        "goal_on": None if whole is None else whole.goal_on,
        "reaches": whole is not None and all(one.remaining == 0 for one in sums),
        "sums": [
            {"dimension": one.dimension, "parts": plain(one.parts), "remaining": plain(one.remaining)} for one in sums
        ],
    }


async def history(session: Session, caller: Caller, plan: str, code: str) -> Document:
    """Every version of a target's breakdown."""
    await _visible(session, caller, plan, code)
    rows = await store.versions(session, caller.region, plan, code)
    return {"items": [row.model_dump(include={"version", "recorded_at", "by", "document", "parts"}) for row in rows]}


async def letter(session: Session, registry: RegistryClient, caller: Caller, plan: str, unit: str) -> tuple[str, bytes]:
    """A unit's letter of responsibility as a file name and a document: its parts, its targets, its tasks, the term."""
    region = caller.region
    held = await definitions.plan_in_force(session, region, plan)
    units = await store.units(session, region)
    known = units.get(unit)
    top = f"{caller.unit_path}." if caller.unit_path else ""
    if held is None or known is None or not f"{known.path}.".startswith(top):
        raise NotFound("unit", unit)
    name = known.name
    owned = await store.owned(session, region, plan)
    tasks = await registry.tasks(plan, unit)
    written = Letter(
        plan=held.name,
        unit=name,
        first=held.start,
        last=held.ends_on,
        targets=await _targets(session, region, plan, unit, owned),
        tasks=[
            Matter(
                code=task.code,
                name=task.name,
                role=_role(owned.get(task.code), unit),
                clause=task.clause,
                phrase=task.phrase,
            )
            for task in tasks
        ],
        signed_on=civil_date(await business_now(session), held.time_zone),
        issuer=await registry.issuer(plan),
    )
    return f"{name}目标责任书.docx", letters.document(written)


async def _targets(
    session: Session, region: str, plan: str, unit: str, owned: dict[str, tuple[str | None, list[str]]]
) -> list[Matter]:
    """The targets that a unit leads, supports or has a part of, in the order of the plan."""
    breakdowns = await store.of_plan(session, region, plan)
    indicators = {row.code: row for row in await definitions.indicators_in_force(session, region)}
    found = []
    for row in await targets.in_force(session, region, plan):
        breakdown = breakdowns.get(row.code)
        parts = [part for part in breakdown.parts if part["unit"] == unit] if breakdown is not None else []
        role = _role(owned.get(row.code), unit)
        if not parts and role is None:
            continue
        indicator = indicators.get(row.indicator or "")
        found.append(
            Matter(
                code=row.code,
                name=row.name,
                role=role,
                clause=row.clause,
                phrase=row.phrase,
                goal=row.goal,
                upper=row.upper,
                operator=row.operator,
                measure=row.measure,
                unit_of_measure="" if indicator is None else indicator.unit_of_measure,
                state=row.state,
                goal_on=row.goal_on,
                parts=tuple((part["year"], Decimal(part["value"])) for part in parts),
            )
        )
    return found


def _role(owners: tuple[str | None, list[str]] | None, unit: str) -> str | None:
    lead, support = owners or (None, [])
    if unit == lead:
        return "lead"
    return "support" if unit in support else None


async def _visible(session: Session, caller: Caller, plan: str, code: str) -> Row:
    row = await store.in_force(session, caller.region, plan, code)
    if row is None or not await store.sees(session, caller.region, caller.unit_path, plan, code):
        raise NotFound("breakdown", code)
    return row


async def _whole(session: Session, region: str, plan: str, code: str) -> tuple[Whole | None, Indicator | None]:
    """The target in force as a whole to be divided, and its indicator."""
    held: Document | None = (await targets.held(session, region, plan)).get(("target", code))
    if held is None:
        return None, None
    indicators = {row.code: row for row in await definitions.indicators_in_force(session, region)}
    indicator = indicators.get(held["indicator"] or "")
    [row] = [each for each in await targets.in_force(session, region, plan) if each.code == code]
    points = [(point["date"], point["value"]) for point in held["checkpoints"][:-1]]
    return (
        Whole(
            target=code,
            measure=row.measure,
            goal=row.goal,
            upper=row.upper,
            whole=indicator is not None and indicator.whole,
            ratio=indicator is not None
            and (indicator.accumulation in {"rate", "formula"} or indicator.unit_of_measure == "%"),
            start=row.start,
            goal_on=row.goal_on,
            checkpoints=tuple((date.fromisoformat(day), Decimal(value)) for day, value in points),
        ),
        indicator,
    )
