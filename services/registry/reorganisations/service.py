"""Carrying out a reorganisation: one audited act in one transaction, or a dry run that says exactly what it would be."""

from dataclasses import dataclass
from typing import Any, Final

from services.kit.auth import Caller
from services.kit.clock import business_now
from services.kit.db import Session
from services.registry.cases import service as cases
from services.registry.cases.rules import noted
from services.registry.files import service as files
from services.registry.identity.store import ties
from services.registry.keyring import Lock
from services.registry.leaders.rules import concerned
from services.registry.reorganisations.clarity.rules import faults
from services.registry.reorganisations.duties.rules import DUTIES, moves
from services.registry.reorganisations.outcome.rules import Outcome, access, access_warnings, effects, outcome
from services.registry.reorganisations.rules import heirs
from services.registry.reorganisations.schemas import AccessLeft, Effects, Reorganised
from services.registry.reorganisations.store import REORGANISATIONS, SHELVES, Rows, rows
from services.registry.responsibilities.store import RESPONSIBILITIES
from services.registry.units import service as units
from services.registry.units.contacts import service as contacts
from services.registry.units.contacts.rules import OF_ITS_OWN, contact_code
from services.registry.units.contacts.store import CONTACTS
from services.registry.units.members.store import rebuild
from services.registry.versions import service, store, written
from services.registry.versions.rules import Content, Unacceptable
from services.registry.versions.service import Exists
from services.registry.versions.store import Stamp

NAMES_HOLDERS: Final = frozenset({"admin", "roles:grant"})
"""Scopes of those who may read whose accounts, roles and keys there are."""

Document = dict[str, Any]
"""A reorganisation as it was sent."""


async def reorganise(
    session: Session, addresses: Lock, caller: Caller, document: Document, *, dry_run: bool
) -> Reorganised:
    """Carry it out, or with `dry_run` only say what it would change. Every fault is named, and then nothing happens."""
    service.check_sees_all(caller)
    region = caller.region
    if dry_run:
        stamp = Stamp(region, caller.client_id, await business_now(session))
    else:
        stamp = await store.stamp(session, region, caller.client_id)
    past = await REORGANISATIONS.row(session, region, document["code"])
    if past is not None:
        raise Exists(REORGANISATIONS.kind, document["code"])
    there = await rows(session, region)
    before = there.state()
    unclear = faults(before, document, today=contacts.today(stamp.recorded_at))
    if unclear:
        raise Unacceptable(unclear)
    after = outcome(before, document)
    today = units.day_of(stamp)
    placed, unclear = units.placed(there.units, after.units, _pointers(after, document), today=today)
    if unclear:
        raise Unacceptable(unclear)
    said = effects(before, after, document)
    left = access(await ties(session, region, heirs(document), contacts.today(stamp.recorded_at)))
    said["warnings"] += access_warnings(left, before.units)
    if not dry_run:
        work = _Writing(session, addresses, stamp, document, there, after)
        work.reorganisation(said)
        await session.flush()
        units.write(session, stamp, there.units, placed)
        await session.flush()
        work.contacts()
        work.responsibilities()
        await work.duties(caller)
        await rebuild(session, region)
        subject = f"reorganisation:{document['code']}"
        told = {"document": document["document"], "effective_on": document["effective_on"]}
        act = "reorganisation.carry_out"
        await written.record(session, caller, act, subject=subject, at=stamp.recorded_at, addresses=addresses, **told)
    return Reorganised(
        code=document["code"],
        dry_run=dry_run,
        effective_on=document["effective_on"],
        recorded_at=stamp.recorded_at,
        effects=Effects.model_validate(said),
        access=[AccessLeft.model_validate(one) for one in left if not NAMES_HOLDERS.isdisjoint(caller.scopes)],
    )


def _pointers(after: Outcome, document: Document) -> dict[str, str]:
    """Where in what was sent the act stands that changes each unit."""
    found = dict.fromkeys(after.units, "/body/acts")
    for place, act in enumerate(document["acts"]):
        if act["act"] in {"rename", "move"}:
            found[act["unit"]] = f"/body/acts/{place}"
    return found | {unit["code"]: f"/body/units/{place}" for place, unit in enumerate(document["units"])}


@dataclass
class _Writing:
    """One reorganisation on its way into the tables.

    The reorganisation itself goes first, then units, contacts, responsibilities, duties: who follows the feed learns
    why before what.
    """

    session: Session
    addresses: Lock
    stamp: Stamp
    document: Document
    there: Rows
    after: Outcome

    def reorganisation(self, said: Content) -> None:
        kept = {name: value for name, value in self.document.items() if name != "contacts"}
        REORGANISATIONS.write(self.session, self.stamp, None, kept["code"], {**kept, "effects": said})

    def contacts(self) -> None:
        anew = {contact_code(contact["unit"], contact["role"]): contact for contact in self.document["contacts"]}
        before = {code: row.content for code, row in self.there.contacts.items()}
        for change in self.after.contacts:
            code = contact_code(change.unit, change.role)
            row = self.there.contacts.get(code)
            if change.change == "ended" and row is not None:
                CONTACTS.end(self.session, self.stamp, row)
            elif change.change == "handed_over" and change.before is not None:
                person = before[contact_code(change.before, change.role)]
                content = contacts.taken_over(self.addresses, person, change.unit)
                CONTACTS.write(self.session, self.stamp, row, code, content)
            else:
                current = None if row is None or row.ended_at is not None else row
                kept = {} if current is None else current.content
                content = contacts.locked(self.addresses, {**OF_ITS_OWN, **kept, **anew[code]}, current)
                CONTACTS.write(self.session, self.stamp, row, code, content)

    def responsibilities(self) -> None:
        for (plan, code), content in self.after.matters.items():
            RESPONSIBILITIES.write(self.session, self.stamp, self.there.matters[plan, code], code, content)

    async def duties(self, caller: Caller) -> None:
        """Hand over what else is open. A case says so among its acts, and its files are its new units' to see."""
        actor = cases.actor(caller, self.stamp)
        for (kind, code), duty in self.after.duties.items():
            row, content = self.there.duties[kind, code], duty
            before = row.content
            if DUTIES[kind].case:
                content = noted("hand_over", actor, {"text": self._why(before, duty, kind)}, duty)
            SHELVES[kind].write(self.session, self.stamp, row, row.code, content)
            if kind == "problem":
                await self._let_see(caller, before, content)

    def _why(self, before: Content, after: Content, kind: str) -> str:
        """The document that decides it, and from whom to whom."""
        told = [f"{'、'.join(old)} → {'、'.join(new)}" for old, new in moves(kind, before, after).values()]
        return f"{self.document['title']}（{self.document['document']}）：{'；'.join(dict.fromkeys(told))}"

    async def _let_see(self, caller: Caller, before: Content, after: Content) -> None:
        """Let the units that a problem concerns from now on see the files of its earlier acts."""
        subject, at = f"problem:{after['code']}", self.stamp.recorded_at
        for unit in sorted({*concerned(after)} - {*concerned(before)}):
            for act in after["acts"]:
                await files.refer(self.session, caller, subject, act["files"], at=at, unit=unit)
