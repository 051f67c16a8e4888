"""Targets are divided among units and years, and each unit's part becomes its letter of responsibility (目标责任书)."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from services.indicators.breakdowns import rules, store
from services.indicators.breakdowns.letters import service as letters
from services.indicators.breakdowns.letters.rules import Letter, Matter, NothingToSign, approval
from services.indicators.breakdowns.rules import Dissolved, Units, Whole
from services.indicators.breakdowns.schemas import Breakdown
from services.indicators.breakdowns.tables import Breakdown as Row
from services.indicators.clients.registry import RegistryClient, Task
from services.indicators.definitions import versions as definitions
from services.indicators.definitions.tables import Indicator
from services.indicators.directory import store as directory
from services.indicators.directory.store import BREAKDOWNS, REGISTRY
from services.indicators.directory.tables import Audit
from services.indicators.targets import versions as targets
from services.kit import audit
from services.kit.auth import Caller, Forbidden
from services.kit.clock import business_now, civil_date
from services.kit.db import Database, Session
from services.kit.errors import Conflict, NotFound, check_match
from services.plan_file.scalars import plain

Document = dict[str, Any]
Owned = Mapping[str, tuple[str | None, list[str]]]
"""Who leads and who supports each matter."""
OURSELVES = "duban"
"""Who records what follows from a reform: whoever carried it out is in the registry's trail."""


async def follow(db: Database, region: str) -> None:
    """Hand the parts of units that were dissolved to their successors, as next versions; done again it changes nothing.

    What was recorded before stays. A part whose unit was split stays too, and is told: nobody here knows to whom it falls.
    """
    async with db.edge() as session:
        reached = await directory.position(session, region, REGISTRY)
        if await directory.position(session, region, BREAKDOWNS) == reached:
            return
        if await _moved(session, region):
            at = await directory.stamp(session, region)
            caller = Caller(client_id=OURSELVES, scopes=frozenset(), region=region)
            for held, parts in await _moved(session, region):  # read again: from here on nobody else writes
                await _record(session, caller, held.plan, held.target, parts, held=held, document=held.document, at=at)
        await directory.set_position(session, region, reached, BREAKDOWNS)


async def _moved(session: Session, region: str) -> list[tuple[Row, list[Document]]]:
    """The breakdowns in which a unit that one other succeeded has a part still, with the parts as they then are."""
    units = await store.units(session, region)
    return [
        (row, rules.handed_over(row.parts, units))
        for row in await store.open_in_force(session, region)
        if any(rules.heir(code, units) != code for code in row.units)
    ]


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
    await _record(session, caller, plan, code, body["parts"], held=held, document=sent.document, at=at)
    return held is None


async def _record(
    session: Session,
    caller: Caller,
    plan: str,
    code: str,
    parts: list[Document],
    *,
    held: Row | None,
    document: str | None,
    at: datetime,
) -> None:
    """Add the next version, with its entry in the trail."""
    row = Row(
        region=caller.region,
        plan=plan,
        target=code,
        recorded_at=at,
        version=1 if held is None else held.version + 1,
        by=caller.client_id,
        parts=parts,
        units=sorted({part["unit"] for part in parts if part["unit"] is not None}),
        document=document,
    )
    await store.add(session, row)
    said = ("parts", "document")
    was = None if held is None else held.model_dump(include={*said})
    changes = audit.differences(was, row.model_dump(include={*said}))
    subject = f"target:{plan}/{code}"
    await audit.record(
        session, Audit, caller, "target.divide", subject=subject, at=at, version=row.version, changes=changes
    )


async def shown(session: Session, caller: Caller, plan: str, code: str) -> Document:
    """A target's breakdown beside the target as it is in force, which may have changed since."""
    row = await _visible(session, caller, plan, code)
    whole, indicator = await _whole(session, caller.region, plan, code)
    sums = [] if whole is None else rules.sums(whole, row.parts)
    left = rules.left_over(row.units, await store.units(session, caller.region))
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
        "dissolved": [{"unit": unit, "successors": successors} for unit, successors in left.items()],
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
    name = _of_whom(caller, unit, units)
    if held is None:
        raise NotFound("plan", plan)
    owned = await store.owned(session, region, plan)
    listed = await registry.tasks(plan, unit)
    earlier = _Earlier(registry)
    written = Letter(
        plan=held.name,
        unit=name,
        first=held.start,
        last=held.ends_on,
        targets=await _targets(session, region, plan, unit, owned=owned, registry=registry),
        tasks=[await _task(earlier, each, unit, owned) for each in listed if each.carried_to is None],
        signed_on=civil_date(await business_now(session), held.time_zone),
        issuer=(await registry.plan(plan)).issued_by,
    )
    if not written.targets and not written.tasks:
        raise NothingToSign(name, held.name, {each.carried_to.split("/")[0] for each in listed if each.carried_to})
    return f"{name}目标责任书.docx", letters.document(written)


class _Earlier:
    """Earlier plans with their tasks, each asked for once for a letter, however many tasks continue theirs."""

    def __init__(self, registry: RegistryClient) -> None:
        self.registry = registry
        self.tasks: dict[str, dict[str, Task]] = {}
        self.names: dict[str, str] = {}

    async def task(self, plan: str, code: str) -> Task:
        if plan not in self.tasks:
            self.tasks[plan] = {task.code: task for task in await self.registry.tasks(plan)}
        return self.tasks[plan].get(code) or await self.registry.task(plan, code)

    async def name(self, plan: str) -> str:
        if plan not in self.names:
            self.names[plan] = (await self.registry.plan(plan)).name
        return self.names[plan]


async def _task(earlier: _Earlier, task: Task, unit: str, owned: Owned) -> Matter:
    """A task as the letter has it. One that continues tasks of earlier plans has the words of the first of them."""
    source, first = None, task
    while first.carried_from is not None:
        source, _, code = first.carried_from.partition("/")
        first = await earlier.task(source, code)
    return Matter(
        code=task.code,
        name=task.name,
        role=_role(owned.get(task.code), unit),
        clause=task.clause,
        phrase=task.phrase,
        source=None if source is None else await earlier.name(source),
    )


def _of_whom(caller: Caller, unit: str, units: Units) -> str:
    """The name of a unit that the caller sees and that is there to sign."""
    found = units.get(unit)
    seen = found is not None and f"{found.path}.".startswith(f"{caller.unit_path}." if caller.unit_path else "")
    if found is None or not seen or (found.ended and not found.successors):
        raise NotFound("unit", unit)
    if found.successors:
        raise Dissolved(unit, units)
    return found.name


async def _targets(
    session: Session, region: str, plan: str, unit: str, *, owned: Owned, registry: RegistryClient
) -> list[Matter]:
    """The targets that a unit leads, supports or has a part of, in the order of the plan."""
    changed: dict[str | None, list[tuple[Document, str | None]]] = {}
    for request in await registry.approved_changes(plan):
        changed.setdefault(request.target, []).append((request.changes, request.approval))
    held = await targets.held(session, region, plan)
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
                approval=approval(held["target", row.code], changed.get(row.code, [])),
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
