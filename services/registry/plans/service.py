"""Plans: applying the registry's part of a plan file, and the states of a plan.

An apply is declarative: what the file names is there afterwards as it says, applied twice it changes nothing, what it
does not name stays unless it is pruned; all in one transaction.
"""

from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any, Final

from services.kit.auth import Caller
from services.kit.clock import CHINA, business_now, civil_date
from services.kit.db import Session
from services.kit.errors import Faulty
from services.plan_file.approvals import check_takes_back_nothing
from services.plan_file.difference import Applied, Change, difference, with_approvals
from services.plan_file.parts import RegistryPart
from services.registry.calendar.service import ensure_calendars
from services.registry.carriers import rules as carriers
from services.registry.carriers.store import CARRIERS
from services.registry.enterprises import rules as enterprises
from services.registry.enterprises.groups import rules as groups
from services.registry.enterprises.groups.store import GROUPS
from services.registry.enterprises.store import ENTERPRISES, merged
from services.registry.identity.store import ties
from services.registry.industries.store import INDUSTRIES
from services.registry.keyring import Lock
from services.registry.leaders import rules as leaders
from services.registry.leaders.store import CONTACTS as LEADER_CONTACTS
from services.registry.milestones import rules as milestones
from services.registry.milestones.store import MILESTONES
from services.registry.plans import rules, store
from services.registry.plans.rules import OF_PLAN, SECTIONS
from services.registry.plans.schemas import Applying
from services.registry.plans.store import PLANS, TASKS, Key
from services.registry.projects import rules as projects
from services.registry.projects.requests.store import approved_fields
from services.registry.projects.store import PROJECTS
from services.registry.responsibilities import rules as responsibilities
from services.registry.responsibilities.store import RESPONSIBILITIES
from services.registry.rosters import rules as rosters
from services.registry.rosters.store import ROSTERS
from services.registry.sharing import rules as sharing
from services.registry.sharing.store import SHARED_PROJECTS
from services.registry.units import rules as units
from services.registry.units import service as unit_service
from services.registry.units.contacts import rules as contacts
from services.registry.units.contacts import service as contact_service
from services.registry.units.contacts.store import CONTACTS
from services.registry.units.members.store import rebuild
from services.registry.units.store import UNITS
from services.registry.versions import service, written
from services.registry.versions import store as versions
from services.registry.versions.rules import (
    Content,
    Reference,
    Unacceptable,
    check_seen,
    dangling,
    dissolved,
)
from services.registry.versions.store import Shelf, Stamp
from services.registry.versions.tables import Current

SHELVES: Final[Mapping[str, Shelf]] = {
    shelf.kind: shelf
    for shelf in (
        PLANS,
        INDUSTRIES,
        UNITS,
        CONTACTS,
        CARRIERS,
        ENTERPRISES,
        GROUPS,
        PROJECTS,
        ROSTERS,
        TASKS,
        RESPONSIBILITIES,
        SHARED_PROJECTS,
    )
}
OF_ITS_OWN: Final[Mapping[str, Content]] = {
    "plan": {"state": "set-up", "activated_at": None, "closed_at": None},
    "enterprise": {**enterprises.OWN, enterprises.MERGED: []},
    "unit": units.OF_ITS_OWN,
    "contact": contacts.OF_ITS_OWN,
    "project": projects.OWN,
    "task": rules.TASK_OF_ITS_OWN,
    "responsibility": responsibilities.OF_ITS_OWN,
}
"""What the registry keeps of an object beside what a plan file says of it, at first; a file does not change it later."""

REFERENCES: Final[Mapping[str, Callable[[Content, str], Iterator[Reference]]]] = {
    "unit": units.references,
    "contact": contacts.references,
    "carrier": carriers.references,
    "enterprise": enterprises.references,
    "enterprise_group": groups.references,
    "project": projects.references,
    "roster": rosters.references,
    "task": rules.task_references,
    "responsibility": responsibilities.references,
    "shared_project": sharing.references,
}
BESIDE: Final = frozenset({"unit", "carrier"})
"""Kinds whose objects are judged beside all others of the region."""

NAMING: Final[Sequence[tuple[Shelf, Callable[[Content, str], Iterator[Reference]]]]] = (
    (MILESTONES, milestones.references),
    (LEADER_CONTACTS, leaders.references),
)
"""What no plan file brings and yet names what one does."""

FAULTS: Final[Mapping[str, Callable[[Content, str], Iterator[Faulty]]]] = {
    "carrier": carriers.faults,
    "enterprise": enterprises.file_faults,
    "project": projects.faults,
    "responsibility": responsibilities.faults,
}


@dataclass
class Draft:
    """What an apply has found out, and what it will do."""

    plan: str
    stamp: Stamp
    at: Mapping[Key, str]
    rows: dict[Key, Current] = field(default_factory=dict)
    wanted: dict[Key, Content] = field(default_factory=dict)
    ending: set[Key] = field(default_factory=set)

    def of(self, kind: str, among: Mapping[Key, Any]) -> dict[str, Any]:
        """Those of one kind, by code."""
        return {code: found for (of, code), found in among.items() if of == kind}

    def current(self, key: Key) -> Current | None:
        """The row of something that is there now."""
        row = self.rows.get(key)
        return None if row is None or row.ended_at is not None else row


async def apply(
    session: Session,
    addresses: Lock,
    caller: Caller,
    code: str,
    part: RegistryPart,
    *,
    how: Applying,
    if_match: str | None = None,
) -> Applied:
    """Apply a part, or with `dry_run` only say what that would change. Every fault is named."""
    service.check_sees_all(caller)
    if how.dry_run:
        stamp = Stamp(caller.region, caller.client_id, await business_now(session))
    else:
        stamp = await versions.stamp(session, caller.region, caller.client_id)
    document = part.model_dump(mode="json")
    at, twice = rules.pointers(document)
    draft = Draft(code, stamp, {**at, ("plan", code): "/body/plan"})
    plan = await PLANS.row(session, caller.region, code)
    check_seen(if_match, 0 if plan is None else plan.version)
    faults = [*twice, *rules.header_faults(document, code=code, region=caller.region, now=stamp.recorded_at)]
    faults += rules.present_faults(None if plan is None else plan.content, document["plan"])
    if faults:
        raise Unacceptable(faults)
    if plan is not None and plan.content["state"] == "closed":
        raise rules.WrongState("the plan is closed: nothing of it changes", zh="计划已关闭，不能再更改")
    await _load(session, addresses, draft, document, plan, prune=how.prune)
    faults = await _complete(session, draft, prune=how.prune)
    if faults:
        raise Unacceptable(faults)
    before = {
        key: {**OF_ITS_OWN.get(key[0], {}), **plain(addresses, key[0], row.content)}
        for key in draft.rows
        if (row := draft.current(key)) is not None
    }
    kept = {key: content for key, content in before.items() if key in draft.wanted or key in draft.ending}
    changes = difference(rules.without_file(kept), rules.without_file(draft.wanted), prune=how.prune)
    changed = [change.code for change in changes if (change.kind, change.change) == ("project", "update")]
    changes = with_approvals(changes, await approved_fields(session, caller.region, changed))
    if not how.dry_run:
        if not how.take_back:
            check_takes_back_nothing(changes, lambda kind, code: draft.at[kind, code])
        await _write(session, addresses, caller, draft, changes)
    shown = changes if "contacts:deliver" in caller.scopes else [rules.masked(change) for change in changes]
    return Applied(plan=code, version=document["header"]["version"], dry_run=how.dry_run, changes=shown)


async def _load(
    session: Session,
    addresses: Lock,
    draft: Draft,
    document: Mapping[str, Any],
    plan: Current | None,
    *,
    prune: bool,
) -> None:
    """What is there, and what shall be: the file's fields over what the registry keeps beside them.

    What a reorganisation or a hand-over replaced stays replaced, although the file still says it.
    """
    region = draft.stamp.region
    items = {("plan", draft.plan): {**document["plan"], "version": document["header"]["version"]}}
    for section, kind in SECTIONS.items():
        items |= {(kind, rules.code_of(kind, item)): item for item in document[section]}
    gone = await merged(session, region)
    items = {
        (kind, code): rules.redirected(item, gone)
        for (kind, code), item in items.items()
        if kind != "enterprise" or code not in gone
    }
    if plan is not None:
        draft.rows["plan", draft.plan] = plan
    for kind in SECTIONS.values():
        of_plan = draft.plan if SHELVES[kind].plan_scoped else None
        codes = None if of_plan or prune or kind in BESIDE else draft.of(kind, items).keys()
        found = await SHELVES[kind].rows(session, region, plan=of_plan, codes=codes)
        draft.rows |= {(kind, code): row for code, row in found.items()}
    for (kind, code), item in items.items():
        row = draft.current((kind, code))
        present = {} if row is None else row.content
        if kind == "contact":
            unit = draft.current(("unit", item["unit"]))
            if unit is not None and unit.content["successors"]:
                continue  # its people are with the successors now
            present = {} if row is None else contact_service.plain(addresses, row.content)
        of_plan_too = {"plan": draft.plan} if kind in OF_PLAN else {}
        said = enterprises.with_decisions(present, item) if kind == "enterprise" else item
        said = {**said, **rules.kept(present, item)}
        draft.wanted[kind, code] = {**OF_ITS_OWN.get(kind, {}), **present, **said, **of_plan_too}


async def _complete(session: Session, draft: Draft, *, prune: bool) -> list[Faulty]:
    """Choose what is ended, put the units into their tree, and say everything that is wrong."""
    if prune:
        draft.ending = await _prunable(session, draft)
    staying = {code: row for code, row in draft.of("unit", draft.rows).items() if ("unit", code) not in draft.ending}
    at = draft.of("unit", draft.at)
    today = unit_service.day_of(draft.stamp)
    placed, faults = unit_service.placed(staying, draft.of("unit", draft.wanted), at, today=today)
    draft.wanted |= {("unit", code): unit for code, unit in placed.items()}
    faults += carriers.among_faults(_staying(draft, "carrier"), draft.of("carrier", draft.at))
    named: list[Reference] = []
    for (kind, code), content in draft.wanted.items():
        if kind in FAULTS:
            faults += FAULTS[kind](content, draft.at[kind, code])
        if kind in REFERENCES and kind != "unit":
            named += REFERENCES[kind](content, draft.at[kind, code])
    faults += dissolved(named, placed, today)
    there = await versions.present(session, draft.stamp.region, named)
    faults += dangling(named, {*there, *draft.wanted} - draft.ending)
    present = {code: row.content for code, row in draft.of("project", draft.rows).items() if row.ended_at is None}
    faults += rules.taken_faults(present, draft.at, draft.plan)
    if draft.ending:
        faults += [fault async for fault in _still_named(session, draft)]
    return faults


def _staying(draft: Draft, kind: str) -> dict[str, Content]:
    """All objects of a kind by code as they shall be afterwards."""
    kept = {
        code: row.content
        for code, row in draft.of(kind, draft.rows).items()
        if row.ended_at is None and (kind, code) not in draft.ending
    }
    return kept | draft.of(kind, draft.wanted)


async def _prunable(session: Session, draft: Draft) -> set[Key]:
    """What files of this plan named, this one does not, and no other plan names; of its own kinds, what is left."""
    region = draft.stamp.region
    shared = await store.items(session, region, draft.plan)
    shared -= await store.named_by_others(session, region, draft.plan, in_set_up=True)
    own = {key for key, row in draft.rows.items() if key[0] in OF_PLAN and row.content["plan"] == draft.plan}
    kept = _carried_over(draft)
    return {
        key for key in shared | own if key not in draft.wanted and key not in kept and draft.current(key) is not None
    }


def _carried_over(draft: Draft) -> set[Key]:
    """Tasks of an earlier plan that this one continues, and their owners: no file brought them, and none ends them."""
    tasks = draft.of("task", draft.rows)
    carried = {code for code, row in tasks.items() if row.content.get("carried_from") is not None}
    return {(kind, code) for kind in ("task", "responsibility") for code in carried}


async def _still_named(session: Session, draft: Draft) -> AsyncIterator[Faulty]:
    """A fault for each object outside the file that stays and names one that would be ended."""
    for kind, references in REFERENCES.items():
        for row in await SHELVES[kind].current(session, draft.stamp.region):
            key, plan = (kind, row.code), row.content.get("plan", draft.plan)
            ours = plan == draft.plan and (key in draft.wanted or key in draft.ending)
            if not ours or (kind == "unit" and key not in draft.at and key not in draft.ending):
                who = f"{kind} {row.code}"
                for fault in rules.still_named(((who, one) for one in references(row.content, "")), draft.ending):
                    yield fault
    for shelf, references in NAMING:
        for row in await shelf.current(session, draft.stamp.region):
            who = f"{shelf.kind} {row.code}"
            for fault in rules.still_named(((who, one) for one in references(row.content, "")), draft.ending):
                yield fault
    ending = [code for kind, code in draft.ending if kind == "unit"]
    acting = await ties(session, draft.stamp.region, ending, civil_date(draft.stamp.recorded_at, CHINA))
    for fault in rules.still_acted_for(sorted({tie.unit for tie in acting})):
        yield fault


async def _write(session: Session, addresses: Lock, caller: Caller, draft: Draft, changes: list[Change]) -> None:
    """Add the versions, kind by kind, so that each kind finds what it refers to."""
    region, plan, whole = draft.stamp.region, draft.plan, draft.wanted["plan", draft.plan]
    await ensure_calendars(session, region)
    shared = await store.named_by_others(session, region, plan, in_set_up=False)
    known_from = datetime.fromisoformat(whole["known_from"])
    for kind, of_kind in groupby(changes, key=lambda change: change.kind):
        for change in of_kind:
            key, row = (kind, change.code), draft.rows.get((kind, change.code))
            from_ = rules.counts_from(
                known_from,
                draft.stamp.recorded_at,
                in_set_up=whole["state"] == "set-up",
                shared=key in shared,
                before=None if row is None else row.recorded_at,
            )
            stamp = Stamp(region, draft.stamp.by, from_)
            if change.change == "delete" and row is not None:
                SHELVES[kind].end(session, stamp, row)
            else:
                content = draft.wanted[key]
                if kind == "contact":
                    content = contact_service.locked(addresses, content, draft.current(key))
                SHELVES[kind].write(session, stamp, row, change.code, content)
        await session.flush()
    await rebuild(session, region)
    await store.add_items(session, region, plan, {key for key in draft.at if key[0] not in {*OF_PLAN, "plan"}})
    await store.remove_items(session, region, plan, draft.ending)
    counts = {what: sum(change.change == what for change in changes) for what in ("create", "update", "delete")}
    listed = {kind: [*draft.of(kind, draft.at)] for kind in SECTIONS.values()}
    applied, before = await store.file_noted(session, region, plan)
    if (applied, before) != (whole["version"], listed):
        await store.note_file(session, region, plan, whole["version"], listed)
    if changes or applied != whole["version"]:
        await written.record(
            session,
            caller,
            "plan.apply",
            subject=f"plan:{plan}",
            at=draft.stamp.recorded_at,
            addresses=addresses,
            file=whole["version"],
            **counts,
        )


def plain(addresses: Lock, kind: str, content: Content) -> Content:
    """A stored object as a file would say it: a contact with its address."""
    return contact_service.plain(addresses, content) if kind == "contact" else content


async def put_task(session: Session, caller: Caller, task: Content, *, if_match: str | None) -> None:
    """A task of a plan, for the first time or anew. Its state stays what it is: steps change that."""
    service.check_sees_all(caller)
    await versions.stamp(session, caller.region, caller.client_id)  # before the row is read: no step comes between
    row = await TASKS.row(session, caller.region, task["code"], plan=task["plan"])
    present = None if row is None or row.ended_at is not None else row.content
    await service.put(
        session,
        TASKS,
        caller,
        task["code"],
        rules.with_own(task, present),
        if_match=if_match,
        references=rules.task_references(task),
        plan=task["plan"],
    )
    stamp = await versions.stamp(session, caller.region, caller.client_id)
    await follow(session, stamp, [task])
    if written.pending(session):
        subject = TASKS.subject(task["code"], task["plan"])
        await written.record(session, caller, "task.follow", subject=subject, at=stamp.recorded_at)


async def follow(session: Session, stamp: Stamp, tasks: Iterable[Content]) -> None:
    """Whoever answers for a task answers for it under its name: where that changes, the responsibility says so too."""
    for task in tasks:
        row = await RESPONSIBILITIES.row(session, stamp.region, task["code"], plan=task["plan"])
        if row is None or row.ended_at is not None or row.content["kind"] != "task":
            continue
        content = {**row.content, "name": task["name"], "subject": task["subject"]}
        if content != row.content:
            RESPONSIBILITIES.write(session, stamp, row, task["code"], content)
    await session.flush()
