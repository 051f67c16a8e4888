"""Units keep a tree: whoever moves one moves those below it."""

from collections.abc import Iterator, Mapping

from services.kit.auth import Caller
from services.kit.clock import CHINA, civil_date
from services.kit.db import Session
from services.kit.errors import Faulty, NotFound
from services.registry.units import rules
from services.registry.units.rules import OF_ITS_OWN
from services.registry.units.store import UNITS
from services.registry.versions import rules as versions
from services.registry.versions import service, store, written
from services.registry.versions.rules import HENCEFORTH, Content, Reference
from services.registry.versions.service import Exists
from services.registry.versions.store import Stamp
from services.registry.versions.tables import Current


async def create(session: Session, caller: Caller, unit: Content) -> None:
    """Add a unit under its parent."""
    service.check_sees_all(caller)
    code = unit["code"]
    stamp = await store.stamp(session, caller.region, caller.client_id)
    rows = await UNITS.rows(session, caller.region)
    if code in rows and rows[code].ended_at is None:
        raise Exists("unit", code)
    place(session, stamp, rows, unit)
    await _record(session, caller, stamp, "unit.create", code)


async def replace(session: Session, caller: Caller, unit: Content, *, if_match: str | None) -> None:
    """Add the next version of a unit, and of those below it where its place changes.

    What reorganisations made of it stays: when it ended, who took over, what it was called. Nor is a unit ended so.
    """
    service.check_sees_all(caller)
    code = unit["code"]
    stamp = await store.stamp(session, caller.region, caller.client_id)
    rows = await UNITS.rows(session, caller.region)
    if code not in rows or rows[code].ended_at is not None:
        raise NotFound("unit", code)
    versions.check_match(if_match, rows[code].version)
    place(session, stamp, rows, unit)
    await _record(session, caller, stamp, "unit.replace", code)


def place(session: Session, stamp: Stamp, rows: Mapping[str, Current], unit: Content) -> None:
    """Write a unit into the tree of `rows`, and those whose path changes with it.

    Refuses circles, a name that is taken, a parent that is not there or ended, and what only a reorganisation does.
    """
    at = {unit["code"]: "/body"}
    held, faults = as_kept(rows, {unit["code"]: unit}, at)
    contents, more = placed(rows, held, at, today=day_of(stamp))
    if faults or more:
        raise versions.Unacceptable([*more, *faults])
    write(session, stamp, rows, contents)


def day_of(stamp: Stamp) -> str:
    """The day on which something is written."""
    return civil_date(stamp.recorded_at, CHINA).isoformat()


def as_kept(
    rows: Mapping[str, Current], units: Mapping[str, Content], at: Mapping[str, str]
) -> tuple[dict[str, Content], list[Faulty]]:
    """Units that are sent, with what only reorganisations change as it is, and a fault for each that says otherwise."""
    held, faults = dict[str, Content](), list[Faulty]()
    for code, unit in units.items():
        present = _current(rows, code)
        kept = rules.kept(present)
        held[code] = {**OF_ITS_OWN, **unit, **kept}
        faults += rules.of_reorganisations(unit, kept, at[code])
        faults += rules.ended_by_hand(unit, present, at[code]) if present is not None else ()
    return held, faults


def _current(rows: Mapping[str, Current], code: str) -> Content | None:
    row = rows.get(code)
    return None if row is None or row.ended_at is not None else row.content


def write(session: Session, stamp: Stamp, rows: Mapping[str, Current], contents: Mapping[str, Content]) -> None:
    """Add a version of each unit that is not as it shall be."""
    for code, content in contents.items():
        row = rows.get(code)
        if row is None or row.ended_at is not None or row.content != content:
            UNITS.write(session, stamp, row, code, content)


def placed(
    rows: Mapping[str, Current], units: Mapping[str, Content], at: Mapping[str, str], *, today: str
) -> tuple[dict[str, Content], list[Faulty]]:
    """All current units of the region with their paths as they shall be, and what is wrong with those sent.

    Nothing comes below a unit that ended; what was below it may stay.
    """
    merged = {code: row.content for code, row in rows.items() if row.ended_at is None} | dict(units)
    paths, circular = rules.paths({code: rules.above(unit) for code, unit in merged.items()})
    known = {("unit", code) for code in merged}
    faults = [fault for code, unit in units.items() for fault in rules.faults(unit, at[code])]
    for code, unit in units.items():
        faults += versions.dangling(rules.references(unit, at[code]), known)
    faults += [rules.circle(code, at[code]) for code in units if code in circular]
    faults += rules.doubled(merged, at)
    faults += versions.dissolved(_new_parents(rows, units, at), merged, today)
    return {code: {**merged[code], "path": path} for code, path in paths.items()}, faults


def _new_parents(
    rows: Mapping[str, Current], units: Mapping[str, Content], at: Mapping[str, str]
) -> Iterator[Reference]:
    """The units below which those sent come that were not there before."""
    for code, unit in units.items():
        parent, before = unit["parent"], (_current(rows, code) or {}).get("parent")
        if parent is not None and parent != before:
            yield Reference(f"{at[code]}/parent", "unit", parent, unit.get("valid_to") or HENCEFORTH)


async def _record(session: Session, caller: Caller, stamp: Stamp, act: str, code: str) -> None:
    if written.pending(session):  # else the unit is as it was, and nothing was done
        await written.record(session, caller, act, subject=f"unit:{code}", at=stamp.recorded_at)
