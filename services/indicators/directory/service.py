"""Copying the registry: page by page, each in a transaction of its own, in the order of the feed."""

import logging
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Protocol

from services.indicators.clients.parts import IndicatorsParts
from services.indicators.clients.registry import (
    CarrierContent,
    Change,
    Changes,
    PlanContent,
    RegistryClient,
    ResponsibilityContent,
    RosterItemContent,
    SuspensionContent,
    ThingContent,
    UnitContent,
)
from services.indicators.directory import store
from services.indicators.directory.rules import ANNULLED, APPROVED, EVER, SUBJECT_KINDS, stands, unit_path
from services.indicators.directory.tables import PlanState
from services.kit.db import Database, Session
from services.kit.http import CallFailed

log = logging.getLogger(__name__)
Row = dict[str, Any]


class Put(Protocol):
    """Stores rows: as versions, or in place of what there is."""

    async def __call__(self, session: Session, rows: Sequence[Row], *, keep: bool) -> None:
        """Store them."""


async def refresh(parts: IndicatorsParts, region: str) -> None:
    """Copy what the registry has, so that a caller finds here what it has just written there.

    With the registry away the copy is used as it is.
    """
    try:
        await pull(parts.db, parts.registry, region)
    except CallFailed as failure:
        log.warning("the registry's feed was not read: %s", failure)


async def lag(parts: IndicatorsParts, region: str) -> int:
    """How many changes of the registry are not copied yet, counted up to a page; -1 where the registry is away."""
    async with parts.db.edge() as session:
        position = await store.position(session, region)
    try:
        return len((await parts.registry.changes(position)).items)
    except CallFailed:
        return -1


async def pull(db: Database, registry: RegistryClient, region: str) -> int:
    """Copy what the registry's feed has; returns how many changes were taken. Raises CallFailed when it is away."""
    taken = 0
    while True:
        async with db.edge() as session:
            position = await store.position(session, region)
        page = await registry.changes(position)
        if page.next <= position:
            return taken
        async with db.edge() as session:
            taken += await take(session, region, page)


async def take(session: Session, region: str, page: Changes) -> int:
    """Copy one page. What another process took meanwhile is left out."""
    stamped = await store.stamp(session, region)
    position = await store.position(session, region)
    fresh = [change for change in page.items if change.position > position]
    if fresh:
        await _Copying(session, region, stamped).copy(fresh)
    if page.next > position:
        await store.set_position(session, region, page.next)
    return len(fresh)


class _Copying:
    """One page on its way into the tables."""

    def __init__(self, session: Session, region: str, stamped: datetime) -> None:
        self.session, self.region, self.stamped = session, region, stamped
        self.states: dict[str, str] = {}
        self.paths: dict[str, str] = {}
        self.subjects: dict[tuple[str, str], Change] = {}
        self.owners: dict[str, Change] = {}
        self.items: dict[str, Change] = {}
        self.stops: dict[str, SuspensionContent] = {}

    async def copy(self, changes: Sequence[Change]) -> None:
        self.states = {plan.code: plan.state for plan in await store.plan_states(self.session, self.region)}
        self.paths = await store.unit_paths(self.session, self.region)
        for change in changes:
            if change.kind == "plan":
                await self._flush()  # what came before a change of state belongs to the state before
                await self._plan(change)
            elif change.kind in SUBJECT_KINDS:
                self.subjects.pop((change.kind, change.code), None)
                self.subjects[change.kind, change.code] = change
            elif change.kind == "responsibility":
                self.owners[change.id] = change
            elif change.kind == "roster_item":
                self.items[change.code] = change
            elif change.kind == "suspension":
                self._pause(change)
        await self._flush()

    async def _plan(self, change: Change) -> None:
        content = PlanContent.model_validate(change.content or {"name": change.code, "state": "closed"})
        self.states[change.code] = content.state
        await store.put_plan(
            self.session,
            PlanState(
                region=self.region,
                code=change.code,
                name=content.name,
                state=content.state,
                activated_at=content.activated_at,
            ),
        )
        self.stamped = await store.stamp(self.session, self.region)  # what follows is another version

    async def _flush(self) -> None:
        await self._flush_subjects()
        await self._flush_owners()
        await self._flush_items()
        await self._flush_stops()

    async def _put(self, put: Put, rows: Sequence[Row], *, keep: bool) -> None:
        at = self.stamped if keep else EVER
        await put(self.session, [row | {"recorded_at": at} for row in rows], keep=keep)

    async def _flush_subjects(self) -> None:
        ended = [key for key, change in self.subjects.items() if change.content is None]
        heirs = self._heirs()
        keys = {*ended, *heirs}
        there = await store.subject_rows(self.session, self.region, keys) if keys else []
        rows = [self._subject(change) for change in self.subjects.values() if change.content is not None]
        for row in there:
            heir = heirs.get((row["kind"], row["code"]))
            successors = row["successors"] if heir is None else [heir]
            if (row["ended"], row["successors"]) != (True, successors):
                rows.append(row | {"ended": True, "successors": successors})
        await self._put(store.put_subjects, rows, keep=self._any_stands())
        self.subjects.clear()

    def _heirs(self) -> dict[tuple[str, str], str]:
        """The enterprises that others say they took in, and which one did."""
        return {
            ("enterprise", one.code): change.code
            for change in self.subjects.values()
            if change.kind == "enterprise" and change.content is not None
            for one in ThingContent.model_validate(change.content).merged
        }

    def _any_stands(self) -> bool:
        """Whether an answer on some plan may rest on what all plans share."""
        return any(stands(state) for state in self.states.values())

    async def _flush_items(self) -> None:
        ended = [code for code, change in self.items.items() if change.content is None]
        there = await store.roster_item_rows(self.session, self.region, ended) if ended else []
        rows = [self._item(change) for change in self.items.values() if change.content is not None]
        rows += [row | {"since": None, "until": None} for row in there]
        await self._put(store.put_roster_items, rows, keep=self._any_stands())
        self.items.clear()

    def _pause(self, change: Change) -> None:
        """Note a pause that was approved; one that was not stops no clock. A case is never ended, only decided."""
        content = SuspensionContent.model_validate(change.content)
        if content.state in {APPROVED, ANNULLED}:
            self.stops[change.code] = content

    async def _flush_stops(self) -> None:
        rows = [
            {
                "region": self.region,
                "code": code,
                "subject": f"project:{content.project}",
                "first_day": content.first_day,
                "last_day": content.last_day,
                "cause": content.cause,
                "reason": content.text,
                "approved_by": content.approved_by or "",
                "withdrawn": content.state == ANNULLED,
            }
            for code, content in self.stops.items()
        ]
        await self._put(store.put_stops, rows, keep=self._any_stands())
        self.stops.clear()

    def _item(self, change: Change) -> Row:
        content = RosterItemContent.model_validate(change.content)
        return {
            "region": self.region,
            "code": change.code,
            "roster": content.roster,
            "subject": content.subject,
            "since": content.recognised_on,
            "until": content.withdrawn_on,
        }

    def _subject(self, change: Change) -> Row:
        row: Row = {
            "region": self.region,
            "kind": change.kind,
            "code": change.code,
            "path": "",
            "industries": [],
            "carrier": None,
            "successors": [],
            "ended": False,
        }
        match change.kind:
            case "unit":
                unit = UnitContent.model_validate(change.content)
                self.paths[change.code] = unit.path or unit_path(change.code, unit.parent, self.paths)
                return row | {"name": unit.name, "path": self.paths[change.code], "successors": unit.successors}
            case "carrier":
                carrier = CarrierContent.model_validate(change.content)
                industries = [carrier.industry, *carrier.also]
                return row | {"name": carrier.name, "industries": industries, "carrier": change.code}
        thing = ThingContent.model_validate(change.content)
        industry = change.code if change.kind == "industry" else thing.industry
        return row | {"name": thing.name, "industries": [industry] if industry else [], "carrier": thing.carrier}

    async def _flush_owners(self) -> None:
        ended = [change_id for change_id, change in self.owners.items() if change.content is None]
        there = await store.owner_rows(self.session, self.region, ended) if ended else []
        rows = [self._owner(change) for change in self.owners.values() if change.content is not None]
        rows += [row | {"lead": None, "support": []} for row in there]
        for keep in (True, False):
            chosen = [row for row in rows if stands(self.states.get(row["plan"], "set-up")) is keep]
            await self._put(store.put_owners, chosen, keep=keep)
        self.owners.clear()

    def _owner(self, change: Change) -> Row:
        content = ResponsibilityContent.model_validate(change.content)
        return {
            "region": self.region,
            "plan": content.plan,
            "matter": content.matter or change.code,
            "change_id": change.id,
            "lead": content.lead,
            "support": content.support,
        }
