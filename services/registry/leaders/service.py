"""Keeping leaders' contacts and visits, and moving problems to a decision and a result."""

from datetime import date

from services.kit.auth import Caller
from services.kit.clock import civil_date
from services.kit.db import Session
from services.kit.errors import Faulty, NotFound
from services.registry.cases import service as cases
from services.registry.cases.rules import begun, day_faults, file_pointers, moved
from services.registry.cases.store import next_number
from services.registry.files import service as files
from services.registry.leaders import rules, store
from services.registry.leaders.store import CONTACTS, PROBLEMS, VISITS
from services.registry.projects.store import ZONE
from services.registry.units.rules import below
from services.registry.units.store import UNITS
from services.registry.versions import store as versions
from services.registry.versions import written
from services.registry.versions.rules import HENCEFORTH, Content, Reference, check_match, check_seen
from services.registry.versions.service import check_sees_all
from services.registry.versions.store import Shelf, Stamp
from services.registry.versions.tables import Current


async def add_contact(session: Session, caller: Caller, sent: Content) -> str:
    """Let a leader be in contact with something; returns the contact's code."""
    check_sees_all(caller)
    stamp = await versions.stamp(session, caller.region, caller.client_id)
    await _check_contact(session, caller, sent, but=None)
    code = await _code(session, CONTACTS, caller.region, "C")
    await _keep(session, CONTACTS, caller, stamp, {**sent, "code": code})
    return code


async def replace_contact(session: Session, caller: Caller, code: str, sent: Content, *, if_match: str | None) -> None:
    """Change a contact, above all its last day."""
    check_sees_all(caller)
    stamp = await versions.stamp(session, caller.region, caller.client_id)
    row = await cases.standing(session, CONTACTS, caller.region, code)
    check_match(if_match, row.version)
    await _check_contact(session, caller, sent, but=code)
    await _keep(session, CONTACTS, caller, stamp, {**sent, "code": code}, row=row)


async def _check_contact(session: Session, caller: Caller, sent: Content, *, but: str | None) -> None:
    others = await store.contacts_of(session, caller.region, sent["leader"], sent["subject"], but=but)
    references = rules.references(sent, until=sent["valid_to"] or HENCEFORTH)
    faults = [
        *await _leader_faults(session, caller, sent["leader"]),
        *rules.subject_faults(sent["subject"]),
        *rules.contact_faults(sent, others),
    ]
    await cases.check(session, caller, references=references, faults=faults)


async def record_visit(session: Session, caller: Caller, sent: Content) -> str:
    """Record a visit; returns its code."""
    stamp = await versions.stamp(session, caller.region, caller.client_id)
    await _check_visit(session, caller, stamp, sent)
    code = await _code(session, VISITS, caller.region, "V")
    await _keep(session, VISITS, caller, stamp, {**sent, "code": code})
    await _refer(session, caller, stamp, sent["files"], f"visit:{code}", sent["subject"])
    return code


async def replace_visit(session: Session, caller: Caller, code: str, sent: Content, *, if_match: str | None) -> None:
    """Correct the record of a visit; what it said before stays in its versions."""
    stamp = await versions.stamp(session, caller.region, caller.client_id)
    row = await cases.standing(session, VISITS, caller.region, code)
    check_match(if_match, row.version)
    await cases.check_speaks_for(session, caller, row.content["leader"])
    await _check_visit(session, caller, stamp, sent)
    await _keep(session, VISITS, caller, stamp, {**sent, "code": code}, row=row)
    await _refer(session, caller, stamp, sent["files"], f"visit:{code}", sent["subject"])


async def _check_visit(session: Session, caller: Caller, stamp: Stamp, sent: Content) -> None:
    await cases.check_speaks_for(session, caller, sent["leader"])
    faults = [
        *await _leader_faults(session, caller, sent["leader"]),
        *rules.visit_faults(sent, civil_date(stamp.recorded_at, ZONE)),
    ]
    await cases.check(
        session,
        caller,
        references=rules.references(sent, until=sent["on"]),
        faults=faults,
        evidence=file_pointers(sent["files"]),
    )


async def raise_problem(session: Session, caller: Caller, sent: Content) -> str:
    """Raise a problem upward; returns its code."""
    stamp = await versions.stamp(session, caller.region, caller.client_id)
    await cases.check_speaks_for(session, caller, sent["raised_by"])
    visit = None if sent["visit"] is None else await VISITS.row(session, caller.region, sent["visit"])
    faults = [
        *rules.subject_faults(sent["subject"]),
        *rules.visit_of_problem_faults(sent, None if visit is None else visit.content),
    ]
    if sent["leader"] is not None:
        faults += await _leader_faults(session, caller, sent["leader"])
    references = [*rules.references(sent), Reference("/body/raised_by", "unit", sent["raised_by"], HENCEFORTH)]
    await cases.check(session, caller, references=references, faults=faults, evidence=file_pointers(sent["files"]))
    code = await _code(session, PROBLEMS, caller.region, "W")
    said = {"text": sent["text"], "files": sent["files"]}
    fields = ("subject", "title", "text", "leader", "raised_by", "visit")
    content = {
        **{name: sent[name] for name in fields},
        "code": code,
        "unit": None,
        "former_units": [],
        "due": None,
        "decision": None,
        "result": None,
        "settled_on": None,
    }
    content = begun("raise", rules.WAYS, cases.actor(caller, stamp), said, content)
    await cases.keep(
        session, PROBLEMS, caller, stamp, code=code, content=content, act="raise", units=rules.concerned(content)
    )
    return code


async def assign(session: Session, caller: Caller, code: str, sent: Content, *, if_match: str | None) -> None:
    """Give a problem to a unit that deals with it until a day."""
    check_sees_all(caller)
    stamp, row = await _begin(session, caller, code, if_match)
    today = civil_date(stamp.recorded_at, ZONE)
    await cases.check(
        session,
        caller,
        references=rules.assignment_references(sent),
        faults=rules.due_faults(sent["due"], today),
        evidence=file_pointers(sent["files"]),
    )
    before = row.content["unit"]
    former = [*row.content["former_units"], *([before] if before not in {None, sent["unit"]} else [])]
    text = f"→ {sent['unit']}, {sent['due']}: {sent['text']}"
    more = {"unit": sent["unit"], "due": sent["due"], "former_units": list(dict.fromkeys(former))}
    await _move(session, caller, stamp, row, act="assign", sent={**sent, "text": text}, **more)


async def send_back(session: Session, caller: Caller, code: str, sent: Content, *, if_match: str | None) -> None:
    """The unit to which a problem was given gives it back: another one is to deal with it."""
    stamp, row = await _begin(session, caller, code, if_match)
    await _check_deals(session, caller, row)
    await cases.check(session, caller, evidence=file_pointers(sent["files"]))
    former = list(dict.fromkeys([*row.content["former_units"], *filter(None, [row.content["unit"]])]))
    await _move(session, caller, stamp, row, act="send_back", sent=sent, unit=None, due=None, former_units=former)


async def decide(session: Session, caller: Caller, code: str, sent: Content, *, if_match: str | None) -> None:
    """Record what was decided on a problem, by whom and on which day."""
    check_sees_all(caller)
    stamp, row = await _begin(session, caller, code, if_match)
    check_match(if_match, row.version)
    await _check_day(session, caller, stamp, sent)
    decision = {name: sent[name] for name in ("text", "decided_by", "on")}
    await _move(session, caller, stamp, row, act="decide", sent=sent, decision=decision)


async def settle(session: Session, caller: Caller, code: str, sent: Content, *, if_match: str | None) -> None:
    """Say what came of a problem: by the unit that deals with it, or the leading-group office."""
    stamp, row = await _begin(session, caller, code, if_match)
    await _check_deals(session, caller, row)
    await _check_day(session, caller, stamp, sent)
    await _move(session, caller, stamp, row, act="settle", sent=sent, result=sent["text"], settled_on=sent["on"])


async def return_(session: Session, caller: Caller, code: str, sent: Content, *, if_match: str | None) -> None:
    """Return a problem to who raised it: it is not one for this way."""
    check_sees_all(caller)
    stamp, row = await _begin(session, caller, code, if_match)
    await cases.check(session, caller, evidence=file_pointers(sent["files"]))
    today = civil_date(stamp.recorded_at, ZONE).isoformat()
    await _move(session, caller, stamp, row, act="return", sent=sent, settled_on=today)


async def reopen(session: Session, caller: Caller, code: str, sent: Content, *, if_match: str | None) -> None:
    """Raise a settled or returned problem again; by who raised it, or the leading-group office."""
    stamp, row = await _begin(session, caller, code, if_match)
    await cases.check_speaks_for(session, caller, row.content["raised_by"])
    references = rules.reopening_references(row.content)
    await cases.check(session, caller, references=references, evidence=file_pointers(sent["files"]))
    await _move(session, caller, stamp, row, act="reopen", sent=sent, settled_on=None, result=None)


async def _begin(session: Session, caller: Caller, code: str, if_match: str | None) -> tuple[Stamp, Current]:
    """The instant, and the row of a problem that the caller sees, unless it is not as the caller saw it."""
    stamp = await versions.stamp(session, caller.region, caller.client_id)
    row = await cases.standing(session, PROBLEMS, caller.region, code)
    if caller.unit_path:
        units = await UNITS.rows(session, caller.region, codes=rules.concerned(row.content))
        if not any(below(unit.content["path"], caller.unit_path) for unit in units.values()):
            raise NotFound("problem", code)
    check_seen(if_match, row.version)
    return stamp, row


async def _move(
    session: Session, caller: Caller, stamp: Stamp, row: Current, *, act: str, sent: Content, **more: object
) -> None:
    said = {"text": sent["text"], "files": sent["files"]}
    content = {**moved(act, rules.WAYS, cases.actor(caller, stamp), said, row.content), **more}
    units = rules.concerned(content)
    await cases.keep(session, PROBLEMS, caller, stamp, code=row.code, content=content, act=act, row=row, units=units)


async def _check_deals(session: Session, caller: Caller, row: Current) -> None:
    unit = row.content["unit"]
    if unit is None:
        check_sees_all(caller)
    else:
        await cases.check_speaks_for(session, caller, unit)


async def _check_day(session: Session, caller: Caller, stamp: Stamp, sent: Content) -> None:
    today: date = civil_date(stamp.recorded_at, ZONE)
    faults = day_faults(sent["on"], today, "/body/on")
    await cases.check(session, caller, faults=faults, evidence=file_pointers(sent["files"]))


async def _leader_faults(session: Session, caller: Caller, leader: str) -> list[Faulty]:
    row = await UNITS.row(session, caller.region, leader)
    kind = None if row is None or row.ended_at is not None else row.content["kind"]
    return [*rules.leader_faults(kind, leader)]


async def _code(session: Session, shelf: Shelf, region: str, letter: str) -> str:
    return f"{letter}{await next_number(session, shelf, region, letter):04}"


async def _keep(
    session: Session, shelf: Shelf, caller: Caller, stamp: Stamp, content: Content, *, row: Current | None = None
) -> None:
    """Write a version of a contact or a visit where it differs, and audit it."""
    if row is not None and row.content == content:
        return
    shelf.write(session, stamp, row, content["code"], content)
    act = f"{shelf.kind}.{'create' if row is None else 'replace'}"
    subject = f"{shelf.kind}:{content['code']}"
    await written.record(session, caller, act, subject=subject, at=stamp.recorded_at)


async def _refer(session: Session, caller: Caller, stamp: Stamp, hashes: list[str], *subjects: str) -> None:
    for subject in subjects:
        await files.refer(session, caller, subject, hashes, at=stamp.recorded_at)
