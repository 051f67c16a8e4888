"""Ending objects: one version more, by whoever may replace them, of what nothing in force names."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Final

from services.kit.auth import Caller
from services.kit.db import Session
from services.kit.errors import NotFound
from services.registry.carriers.store import CARRIERS
from services.registry.cases import service as cases
from services.registry.endings import rules, store
from services.registry.endings.rules import Namer
from services.registry.endings.store import Referrer
from services.registry.enterprises.groups.store import GROUPS
from services.registry.enterprises.rules import Merged
from services.registry.enterprises.store import ENTERPRISES, merged
from services.registry.industries.store import INDUSTRIES
from services.registry.instruments.store import INSTRUMENTS
from services.registry.leaders.store import CONTACTS, PROBLEMS, VISITS
from services.registry.milestones.store import MILESTONES
from services.registry.plans.service import NAMING, REFERENCES, SHELVES
from services.registry.projects.kinds.rules import BUILT_IN
from services.registry.projects.kinds.store import PROJECT_KINDS
from services.registry.projects.nodes.service import check_plans
from services.registry.projects.nodes.store import SCHEDULES
from services.registry.projects.requests.store import REQUESTS
from services.registry.projects.steps.store import STEPS
from services.registry.projects.store import PROJECTS
from services.registry.projects.suspensions.store import SUSPENSIONS
from services.registry.prospects.rules import activity_references
from services.registry.prospects.service import check_own
from services.registry.prospects.store import ACTIVITIES, PROSPECTS
from services.registry.rosters.rules import item_references
from services.registry.rosters.store import ITEMS, ROSTERS
from services.registry.versions import store as versions
from services.registry.versions import written
from services.registry.versions.rules import check_match
from services.registry.versions.service import check_sees_all
from services.registry.versions.store import Shelf
from services.registry.versions.tables import Current

Check = Callable[[Session, Caller, Current], Awaitable[None]]


async def _of_the_region(_session: Session, caller: Caller, _row: Current) -> None:
    check_sees_all(caller)


async def _by_the_leader(session: Session, caller: Caller, row: Current) -> None:
    await cases.check_speaks_for(session, caller, row.content["leader"])


async def _by_who_leads(session: Session, caller: Caller, row: Current) -> None:
    await check_plans(session, caller, row.code)


async def _by_its_unit(session: Session, caller: Caller, row: Current) -> None:
    await check_own(session, caller, [row.content["unit"]], NotFound("prospect", row.code))


async def _by_its_units(session: Session, caller: Caller, row: Current) -> None:
    await check_own(session, caller, row.content["units"], NotFound("activity", row.code))


ENDABLE: Final[Mapping[str, tuple[Shelf, Check]]] = {
    shelf.kind: (shelf, check)
    for shelf, check in (
        (INDUSTRIES, _of_the_region),
        (CARRIERS, _of_the_region),
        (ENTERPRISES, _of_the_region),
        (GROUPS, _of_the_region),
        (PROJECTS, _of_the_region),
        (PROJECT_KINDS, _of_the_region),
        (SCHEDULES, _by_who_leads),
        (ROSTERS, _of_the_region),
        (MILESTONES, _of_the_region),
        (CONTACTS, _of_the_region),
        (VISITS, _by_the_leader),
        (INSTRUMENTS, _of_the_region),
        (PROSPECTS, _by_its_unit),
        (ACTIVITIES, _by_its_units),
    )
}
"""What can be ended, and who may: whoever may replace it."""

SUBJECTS: Final = frozenset({"industry", "carrier", "enterprise", "project"})
"""Of these kinds are the subjects of tasks, milestones and others."""

IN_CONTACT: Final = frozenset({"carrier", "enterprise", "project"})
"""Leaders are in contact with things of these kinds."""

GIVEN_UP: Final = frozenset({"withdrawn", "refused", "annulled"})
"""States of cases and items that never held, or hold no more."""

KINDS: Final[Mapping[str, frozenset[str]]] = {
    "carrier": frozenset({"industry", "enterprise", "carrier"}),
    "enterprise": frozenset({"industry", "enterprise_group"}),
    "enterprise_group": frozenset({"enterprise"}),
    "project": frozenset({"industry", "enterprise", "carrier", "project_kind"}),
    "task": SUBJECTS,
    "responsibility": SUBJECTS,
    "shared_project": frozenset({"project"}),
    "milestone": SUBJECTS,
    "leader_contact": IN_CONTACT,
}
"""Which kinds of what can be ended the declarations of references name: only these are searched. A test holds it true."""

REFERRERS: Final = (
    *(Referrer(SHELVES[kind], found, KINDS[kind]) for kind, found in REFERENCES.items() if kind in KINDS),
    *(Referrer(shelf, found, KINDS[shelf.kind]) for shelf, found in NAMING),
    Referrer(ITEMS, rules.in_roster(item_references), SUBJECTS | {"roster"}, GIVEN_UP),
    Referrer(STEPS, rules.of_project, frozenset({"project"}), GIVEN_UP),
    Referrer(SUSPENSIONS, rules.of_project, frozenset({"project"}), GIVEN_UP),
    Referrer(SCHEDULES, rules.of_project, frozenset({"project"})),
    Referrer(REQUESTS, rules.of_project, frozenset({"project"}), GIVEN_UP),
    Referrer(VISITS, rules.of_subject, IN_CONTACT),
    Referrer(PROBLEMS, rules.of_problem, IN_CONTACT | {"visit"}, frozenset({"done", "returned"})),
    Referrer(PROSPECTS, rules.of_prospect, frozenset({"industry", "enterprise", "project"})),
    Referrer(ACTIVITIES, activity_references, frozenset({"prospect"})),
)
"""Everything that names what can be ended, beside payments. A test holds this against the tables of the registry."""

VEILED: Final = frozenset({"prospect", "activity", "problem"})
"""Kinds that not everybody sees who reads the registry."""


async def end(
    session: Session,
    caller: Caller,
    kind: str,
    code: str,
    *,
    if_match: str | None,
    reason: str | None,
    plan: str | None = None,
) -> None:
    """Add the version that ends an object, or say what still names it. Its versions, and what they answered, stay."""
    shelf, check = ENDABLE[kind]
    if check is _of_the_region:
        check_sees_all(caller)  # before it is said whether it is there, as of a replacement
    stamp = await versions.stamp(session, caller.region, caller.client_id)
    row = await shelf.row(session, caller.region, code, plan=plan)
    if row is None or row.ended_at is not None:
        raise await _missing(session, caller, kind, code)
    await check(session, caller, row)
    check_match(if_match, row.version)
    if shelf is PROJECT_KINDS and code in {one["code"] for one in BUILT_IN}:
        raise rules.BuiltIn(code)
    namers = await _namers(session, caller, kind, code, plan)
    listing = await store.plans_listing(session, caller.region, kind, code)
    if namers or listing:
        raise rules.StillReferredTo(shelf.subject(code, plan), namers, listing)
    shelf.end(session, stamp, row)
    store.release(shelf, row)
    await store.forget(session, caller.region, kind, code)
    why: dict[str, Any] = {} if reason is None else {"reason": reason}
    await written.record(session, caller, f"{kind}.end", subject=shelf.subject(code, plan), at=stamp.recorded_at, **why)


async def _missing(session: Session, caller: Caller, kind: str, code: str) -> Exception:
    into = None if kind != "enterprise" else (await merged(session, caller.region, [code])).get(code)
    return NotFound(kind, code) if into is None else Merged(code, into)


async def _namers(session: Session, caller: Caller, kind: str, code: str, plan: str | None) -> Sequence[Namer]:
    """Everything in force that names an object; of what the caller does not see, only that it is there."""
    sees = not caller.unit_path and "prospects:read" in caller.scopes
    found = [
        Namer(referrer.shelf.kind, subject, known=sees or referrer.shelf.kind not in VEILED)
        for referrer in REFERRERS
        for subject in await referrer.naming(session, caller.region, kind, code)
    ]
    paid = await store.payments(session, caller.region, kind, code, plan)
    return [*found, *(Namer("payment", subject) for subject in paid)]
