"""Rules for what a plan speaks of."""

from collections.abc import Iterator, Sequence
from zoneinfo import ZoneInfo

from services.plan_file.faults import Fault
from services.plan_file.rules.known import Known, unknown
from services.plan_file.things import (
    Carrier,
    Contact,
    Enterprise,
    EnterpriseGroup,
    Plan,
    Project,
    Responsibility,
    Task,
    Unit,
)


def plan_faults(plan: Plan) -> Iterator[Fault]:
    """A plan lasts a day at least, in a time zone that exists."""
    if plan.end <= plan.start:
        yield Fault("plan_reversed", ("plan", "end"), {"given": plan.end, "first": plan.start})
    try:
        ZoneInfo(plan.time_zone)
    except (OSError, KeyError, ValueError):  # a folder of zones, an unknown zone, a path
        yield Fault("time_zone", ("plan", "time_zone"), {"given": plan.time_zone})


def unit_faults(units: Sequence[Unit], known: Known) -> Iterator[Fault]:
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


def contact_faults(contacts: Sequence[Contact], known: Known) -> Iterator[Fault]:
    """A contact belongs to a unit."""
    for index, contact in enumerate(contacts):
        yield from known.reference("units", contact.unit, ("contacts", index, "unit"))


def carrier_faults(carriers: Sequence[Carrier], known: Known) -> Iterator[Fault]:
    """A carrier belongs to industries."""
    for index, carrier in enumerate(carriers):
        yield from known.reference("industries", carrier.industry, ("carriers", index, "industry"))
        yield from known.references("industries", carrier.also, ("carriers", index, "also"))


def enterprise_faults(enterprises: Sequence[Enterprise], known: Known) -> Iterator[Fault]:
    """An enterprise belongs to an industry."""
    for index, enterprise in enumerate(enterprises):
        yield from known.reference("industries", enterprise.industry, ("enterprises", index, "industry"))


def group_faults(groups: Sequence[EnterpriseGroup], known: Known) -> Iterator[Fault]:
    """At the head of a group stands an enterprise that exists."""
    for index, group in enumerate(groups):
        yield from known.reference("enterprises", group.enterprise, ("groups", index, "enterprise"))


def group_name_faults(
    groups: Sequence[EnterpriseGroup], enterprises: Sequence[Enterprise], projects: Sequence[Project]
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


def project_faults(projects: Sequence[Project], known: Known) -> Iterator[Fault]:
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


def task_faults(tasks: Sequence[Task], known: Known) -> Iterator[Fault]:
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
