"""Rules for what a plan speaks of."""

from collections.abc import Iterator, Mapping, Sequence
from zoneinfo import ZoneInfo

from services.plan_file.faults import Fault, Path
from services.plan_file.rules.known import Known, unknown
from services.plan_file.scalars import plain, total
from services.plan_file.things import (
    Carrier,
    EnterpriseGroup,
    Plan,
    PlanContact,
    PlanEnterprise,
    PlanMember,
    PlanProject,
    PlanTask,
    PlanUnit,
    Responsibility,
    Roster,
)


def plan_faults(plan: Plan) -> Iterator[Fault]:
    """A plan lasts a day at least, in a time zone that exists."""
    if plan.end <= plan.start:
        yield Fault("plan_reversed", ("plan", "end"), {"given": plan.end, "first": plan.start})
    try:
        ZoneInfo(plan.time_zone)
    except (OSError, KeyError, ValueError):  # a folder of zones, an unknown zone, a path
        yield Fault("time_zone", ("plan", "time_zone"), {"given": plan.time_zone})


def unit_faults(units: Sequence[PlanUnit], known: Known) -> Iterator[Fault]:
    """Units form trees: the parent exists, and none stands above itself."""
    parents = {unit.code: unit.parent for unit in units}
    for index, unit in enumerate(units):
        path = ("units", index, "parent")
        yield from known.reference("units", unit.parent, path)
        above, seen = unit.parent, set[str]()
        while above is not None and above not in seen:
            if above == unit.code:
                yield Fault("unit_cycle", path, {"given": unit.code})
            seen.add(above)
            above = parents.get(above)


def contact_faults(contacts: Sequence[PlanContact], known: Known) -> Iterator[Fault]:
    """A contact belongs to a unit."""
    for index, contact in enumerate(contacts):
        yield from known.reference("units", contact.unit, ("contacts", index, "unit"))


def carrier_faults(carriers: Sequence[Carrier], known: Known) -> Iterator[Fault]:
    """A carrier belongs to industries, lies in no circle, and what stands in several places is counted in one."""
    parents = {carrier.code: carrier.parent for carrier in carriers}
    counted: dict[tuple[str, str], str] = {}
    for index, carrier in enumerate(carriers):
        path = ("carriers", index)
        yield from known.reference("industries", carrier.industry, (*path, "industry"))
        yield from known.references("industries", carrier.also, (*path, "also"))
        yield from known.reference("carriers", carrier.parent, (*path, "parent"))
        if _above_itself(carrier.code, parents):
            yield Fault("carrier_cycle", (*path, "parent"), {"given": carrier.code})
        if carrier.area is not None and carrier.area <= 0:
            yield Fault("area_positive", (*path, "area"), {"given": plain(carrier.area)})
        yield from _share_faults(carrier, path)
        for place, member in enumerate(carrier.members):
            here = (*path, "members", place)
            yield from known.reference("enterprises", member.enterprise, (*here, "enterprise"))
            yield from known.reference("carriers", member.carrier, (*here, "carrier"))
            first = counted.setdefault(_identity(member), carrier.code) if member.counted else None
            if member.counted and (first != carrier.code or member.carrier is not None):
                by = first if member.carrier is None else member.carrier
                yield Fault("counted_twice", (*here, "counted"), {"given": member.name, "by": by})


def _above_itself(code: str, parents: Mapping[str, str | None]) -> bool:
    above, seen = parents[code], set[str]()
    while above is not None and above not in seen:
        if above == code:
            return True
        seen.add(above)
        above = parents.get(above)
    return False


def _identity(member: PlanMember) -> tuple[str, str]:
    """By which a thing is known in several places: its code, else its kind and name."""
    return ("enterprise", member.enterprise) if member.enterprise is not None else (member.kind, member.name)


def _share_faults(carrier: Carrier, path: Path) -> Iterator[Fault]:
    """Each industry of the carrier once, each share between 0 and 1; the sum is judged where the shares can be."""
    named = {carrier.industry, *carrier.also}
    in_range = True
    for place, one in enumerate(carrier.shares):
        here = (*path, "shares", place)
        if one.industry not in named:
            yield Fault(
                "share_industry", (*here, "industry"), {"given": one.industry, "known": ", ".join(sorted(named))}
            )
        named.discard(one.industry)
        if not 0 <= one.share <= 1:
            in_range = False
            yield Fault("share_range", (*here, "share"), {"given": plain(one.share)})
    summed = total(one.share for one in carrier.shares)
    if carrier.shares and in_range and summed != 1:
        yield Fault("share_sum", (*path, "shares"), {"given": plain(summed)})


def enterprise_faults(enterprises: Sequence[PlanEnterprise], known: Known) -> Iterator[Fault]:
    """An enterprise belongs to an industry."""
    for index, enterprise in enumerate(enterprises):
        yield from known.reference("industries", enterprise.industry, ("enterprises", index, "industry"))


def group_faults(groups: Sequence[EnterpriseGroup], known: Known) -> Iterator[Fault]:
    """At the head of a group stands an enterprise that exists."""
    for index, group in enumerate(groups):
        yield from known.reference("enterprises", group.enterprise, ("groups", index, "enterprise"))


def group_name_faults(
    groups: Sequence[EnterpriseGroup], enterprises: Sequence[PlanEnterprise], projects: Sequence[PlanProject]
) -> Iterator[Fault]:
    """Where a file lists groups, a group is one of them: by code, name or alias. Else it is what its name says."""
    names = {name for group in groups for name in (group.code, group.name, *group.aliases)}
    named = [
        *((each.group, ("enterprises", index, "group")) for index, each in enumerate(enterprises)),
        *((each.enterprise_group, ("projects", index, "enterprise_group")) for index, each in enumerate(projects)),
    ]
    for name, path in named:
        if names and name is not None and name not in names:
            yield unknown("groups", name, names, path)


def project_faults(projects: Sequence[PlanProject], known: Known) -> Iterator[Fault]:
    """A project has one enterprise, listed or named, and years in their order."""
    for index, project in enumerate(projects):
        path = ("projects", index)
        yield from known.reference("industries", project.industry, (*path, "industry"))
        yield from known.reference("enterprises", project.enterprise, (*path, "enterprise"))
        yield from known.reference("carriers", project.carrier, (*path, "carrier"))
        if (project.enterprise is None) == (project.enterprise_name is None):
            yield Fault("enterprise_once", path)
        elif project.enterprise is not None and project.enterprise_group is not None:
            yield Fault("group_of_listed", (*path, "enterprise_group"))
        if project.last_year < project.first_year:
            values = {"given": project.last_year, "first": project.first_year}
            yield Fault("years_reversed", (*path, "last_year"), values)


def roster_faults(rosters: Sequence[Roster], known: Known) -> Iterator[Fault]:
    """A roster is kept by a unit."""
    for index, roster in enumerate(rosters):
        yield from known.reference("units", roster.unit, ("rosters", index, "unit"))


def task_faults(tasks: Sequence[PlanTask], known: Known) -> Iterator[Fault]:
    """A task concerns something that exists."""
    for index, task in enumerate(tasks):
        yield from known.subject(task.subject, ("tasks", index, "subject"))


def responsibility_faults(responsibilities: Sequence[Responsibility], known: Known) -> Iterator[Fault]:
    """A matter that exists is answered for by units that exist, each in one role."""
    for index, owners in enumerate(responsibilities):
        path = ("responsibilities", index)
        yield from known.reference("matters", owners.matter, (*path, "matter"))
        yield from known.reference("units", owners.lead, (*path, "lead"))
        yield from known.references("units", owners.support, (*path, "support"))
        seen = {owners.lead}
        for place, unit in enumerate(owners.support):
            if unit in seen:
                yield Fault("lead_in_support", (*path, "support", place), {"given": unit})
            seen.add(unit)
