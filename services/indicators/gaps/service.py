"""Gaps at any as_of and known_at, and the work that keeps their lights up to date."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from services.indicators.directory import store as directory
from services.indicators.gaps import store
from services.indicators.gaps.explanations import store as explanations
from services.indicators.gaps.matters import store as matters
from services.indicators.gaps.matters.store import Matter, PlanKnown, Wanted
from services.kit.auth import Caller
from services.kit.clock import civil_date
from services.kit.db import Driver
from services.kit.errors import NotFound, Refused
from services.kit.names import UnknownNames, check_names, unknown

CSV_COLUMNS: Final = (
    "target",
    "coverage_date",
    "actual",
    "scheduled",
    "goal",
    "gap",
    "lag_pp",
    "completion",
    "attainment",
    "light",
    "reason",
)
NUMBERS: Final = ("scheduled", "gap", "lag_pp", "completion", "attainment", "lag_ratio", "time_progress")
PLAIN: Final = ("coverage_date", "goal_on", "days_behind", "overdue_reports", "missed_checkpoints", "light", "reason")

Row = dict[str, Any]


class PlanNotKnown(Refused):
    """`known_at` lies before anything of the plan was known."""

    code = "plan_not_known"

    def __init__(self, plan: PlanKnown, known_at: datetime) -> None:
        super().__init__(
            f"nothing of {plan.code} was known at {known_at.isoformat()}; it is known from {plan.known_from.isoformat()}",
            zh=f"{known_at.isoformat()} 时尚无方案 {plan.code} 的任何信息；其信息始于 {plan.known_from.isoformat()}",
            pointer="/query/known_at",
        )


class WhichPlan(Refused):
    """There are several plans."""

    code = "which-plan"

    def __init__(self, codes: Sequence[str]) -> None:
        listed = ", ".join(codes)
        super().__init__(f"name one of the plans: {listed}", zh=f"请指明方案：{listed}", pointer="/query/plan")


@dataclass(frozen=True)
class Asked:
    """A question as it came: what is None is the business clock's."""

    plan: str | None
    as_of: date | None
    known_at: datetime | None


@dataclass(frozen=True)
class Pair:
    """The pair that is answered, for one plan."""

    plan: PlanKnown
    as_of: date
    known_at: datetime
    provisional: bool


async def pair(driver: Driver, region: str, asked: Asked) -> Pair:
    """What can be answered of what was asked.

    The horizon is taken before anything is read: what may still be recorded lies after it. A later `known_at` is
    lowered to it, one after the business clock is answered from what is there; both are provisional, and so is
    everything on a plan whose history is still being loaded.
    """
    moment = await matters.moment(driver, region)
    found = await matters.plans(driver, region, asked.plan)
    if not found and asked.plan is not None:
        raise UnknownNames([unknown("plan", asked.plan, what="plan", where="/registry/v1/plans")])
    if not found:
        raise NotFound("plan", "")
    if len(found) > 1:
        raise WhichPlan([plan.code for plan in found])
    plan = found[0]
    known_at, provisional = asked.known_at or moment.horizon, plan.state == "set-up"
    if known_at > moment.horizon:
        provisional = True
        known_at = known_at if known_at > moment.now else moment.horizon
    if known_at < plan.known_from:
        raise PlanNotKnown(plan, known_at)
    return Pair(plan, asked.as_of or civil_date(known_at, plan.time_zone), known_at, provisional)


async def wanted(
    driver: Driver,
    region: str,
    *,
    unit: str | None,
    industry: str | None,
    carrier: str | None,
    targets: Sequence[str] | None,
    search: str | None,
) -> Wanted:
    """What was asked for, its unit by code or name, also one of before, told by its path.

    A unit that was dissolved stands for those that took over from it.
    """
    paths = None
    if unit is not None:
        paths = await directory.units_named(driver, region, unit)
        if not paths:
            raise UnknownNames([unknown("unit", unit, what="unit", where="/registry/v1/units", by="name")])
    return Wanted(paths, industry, carrier, targets or None, search)


async def gaps(driver: Driver, caller: Caller, at: Pair, of: Wanted) -> list[Row]:
    """The gaps of what the caller may see, in the order of the plan file."""
    region, plan = caller.region, at.plan.code
    known = await matters.matters(driver, region, plan, at.known_at, unit_path=caller.unit_path, wanted=of)
    if not known:
        given = {"industry": of.industry, "carrier": of.carrier, "target": of.targets}
        asked = {name: value for name, value in given.items() if value is not None}
        await check_names(driver, directory.NAMES, asked, {"region": region, "unit_path": caller.unit_path})
    everything = of.everything and caller.unit_path == ""
    chosen = None if everything else list(known)
    rows = await store.evaluate(driver, store.Question(region, at.as_of, at.known_at, plan, chosen))
    return [_row(row, known[row["target"]]) for row in rows if row["target"] in known]


def _row(row: Mapping[str, Any], matter: Matter) -> Row:
    actual = row["done_on"] if row["measure"] == "milestone" else row["actual"]
    shown: Row = {
        "target": row["target"],
        "name": matter.name,
        "name_en": matter.name_en,
        "subject": row["subject"],
        "subject_name": matter.subject_name,
        "indicator": matter.indicator,
        "measure": row["measure"],
        "unit": matter.unit,
        "lead": matter.lead,
        "lead_name": matter.lead_name,
        "support": matter.support,
        "actual": None if actual is None else written(actual),
        "goal": goal(row),
    }
    shown |= {name: None if row[name] is None else written(row[name]) for name in NUMBERS}
    return shown | {name: row[name] for name in PLAIN}


def goal(row: Mapping[str, Any]) -> str:
    """The goal as the plan writes it: a number, `1-2` for a range, a milestone's due date."""
    if row["goal"] is None:
        return str(row["goal_on"])
    lower = written(row["goal"].normalize())
    return lower if row["upper"] is None else f"{lower}-{written(row['upper'].normalize())}"


def written(value: Decimal | date) -> str:
    """A number with the digits it was rounded to and no exponent; a day as it is written."""
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def furthest_behind(row: Row) -> tuple[bool, Decimal, Decimal]:
    """Sorts by lag, the furthest behind first; what has no lag, milestones among it, follows by its gap."""
    lag, gap = row["lag_pp"], row["gap"]
    return lag is None, -Decimal(lag or 0), Decimal(gap or 0)


def summary(rows: Sequence[Row]) -> list[Row]:
    """By lead unit: how many targets show which light, and which lag."""
    units: dict[str | None, Row] = {}
    for row in rows:
        entry = units.setdefault(
            row["lead"], {"unit": row["lead"], "name": row["lead_name"], "lights": {}, "red": [], "yellow": []}
        )
        entry["lights"][row["light"]] = entry["lights"].get(row["light"], 0) + 1
        if row["light"] in {"red", "yellow"}:
            entry[row["light"]].append(row["target"])
    return sorted(units.values(), key=lambda unit: (-len(unit["red"]), -len(unit["yellow"]), unit["unit"] or ""))


async def visible(driver: Driver, caller: Caller, at: Pair, target: str) -> Matter:
    """A target that the caller may see, or `NotFound`."""
    of = Wanted(targets=[target])
    found = await matters.matters(
        driver, caller.region, at.plan.code, at.known_at, unit_path=caller.unit_path, wanted=of
    )
    if target not in found:
        raise NotFound("target", target)
    return found[target]


async def explain(driver: Driver, caller: Caller, at: Pair, target: str) -> Row:
    """Everything that the gap of a target rests on."""
    matter = await visible(driver, caller, at, target)
    question = store.Question(caller.region, at.as_of, at.known_at, at.plan.code, [target])
    found = await explanations.explanation(driver, question)
    if found is None:
        raise NotFound("target", target)
    return {"name": matter.name, "lead": matter.lead, "subject_name": matter.subject_name, **found}
