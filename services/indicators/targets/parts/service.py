"""The way back: what is in force of a plan, as the part of a plan file that applies without any difference."""

from collections.abc import Iterable
from typing import TypeVar

from services.indicators.definitions import versions as indicators
from services.indicators.definitions.tables import Plan
from services.indicators.targets.service import bureaus_of, held
from services.kit.auth import Caller, Forbidden
from services.kit.db import Session
from services.kit.errors import NotFound
from services.plan_file.measuring import PlanIndicator, Policy
from services.plan_file.parts import Header, IndicatorsPart, PlacedTarget


async def part(session: Session, caller: Caller, plan: str) -> IndicatorsPart:
    """Indicators, light policies and targets in force, in the order of the file that was applied last."""
    if caller.unit_path:
        raise Forbidden("a plan is the whole region's", zh="方案属于全区，单位账号不能导出方案")
    row = await indicators.plan_in_force(session, caller.region, plan)
    if row is None:
        raise NotFound("plan", plan)
    there = await held(session, caller.region, plan)
    declared = [PlanIndicator.model_validate(document) for (kind, _), document in there.items() if kind == "indicator"]
    policies = [Policy.model_validate(document) for (kind, _), document in there.items() if kind == "policy"]
    return IndicatorsPart(
        header=_header(row),
        indicators=[_with_bureaus_as_listed(each, row) for each in _listed(declared, row.listed.get("indicator", ()))],
        policies=_listed(policies, row.listed.get("policy", ())),
        targets=[PlacedTarget.model_validate(document) for (kind, _), document in there.items() if kind == "target"],
    )


def _header(row: Plan) -> Header:
    return Header(
        plan=row.code,
        version=row.applied or "-",
        name=row.name,
        region=row.region,
        time_zone=row.time_zone,
        start=row.start,
        end=row.ends_on,
        known_from=row.known_from,
    )


Coded = TypeVar("Coded", PlanIndicator, Policy)


def _listed(items: Iterable[Coded], codes: Iterable[str]) -> list[Coded]:
    places = {code: place for place, code in enumerate(codes)}
    return sorted(items, key=lambda item: (places.get(item.code, len(places)), item.code))


def _with_bureaus_as_listed(indicator: PlanIndicator, row: Plan) -> PlanIndicator:
    """Its subjects' bureaus as the file has them: they are kept in the order of their subjects."""
    places = {subject: place for place, subject in enumerate(row.listed.get(bureaus_of(indicator.code), ()))}
    ordered = sorted(indicator.bureau_by_subject, key=lambda one: (places.get(one.subject, len(places)), one.subject))
    return indicator.model_copy(update={"bureau_by_subject": ordered})
