"""Units keep a tree: whoever moves one moves those below it."""

from collections.abc import Mapping

from services.kit.auth import Caller
from services.kit.db import Session
from services.kit.errors import Faulty, NotFound
from services.registry.units import rules
from services.registry.units.rules import BY_REORGANISATIONS, OF_ITS_OWN
from services.registry.units.store import UNITS
from services.registry.versions import rules as versions
from services.registry.versions import service, store, written
from services.registry.versions.rules import Content
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
    place(session, stamp, rows, unit, {name: OF_ITS_OWN[name] for name in BY_REORGANISATIONS})
    await _record(session, caller, stamp, "unit.create", code)


async def replace(session: Session, caller: Caller, unit: Content, *, if_match: str | None) -> None:
    """Add the next version of a unit, and of those below it where its place changes.

    What reorganisations made of it stays: who replaced it, what it was called.
    """
    service.check_sees_all(caller)
    code = unit["code"]
    stamp = await store.stamp(session, caller.region, caller.client_id)
    rows = await UNITS.rows(session, caller.region)
    if code not in rows or rows[code].ended_at is not None:
        raise NotFound("unit", code)
    versions.check_match(if_match, rows[code].version)
    kept = {name: rows[code].content[name] for name in BY_REORGANISATIONS}
    place(session, stamp, rows, unit, kept)
    await _record(session, caller, stamp, "unit.replace", code)


def place(session: Session, stamp: Stamp, rows: Mapping[str, Current], unit: Content, kept: Content) -> None:
    """Write a unit into the tree of `rows`, and those whose path changes with it; `kept` is what reorganisations wrote.

    Refuses circles, a name that is taken and a parent that is not there.
    """
    contents, faults = placed(rows, {unit["code"]: {**OF_ITS_OWN, **unit, **kept}}, {unit["code"]: "/body"})
    faults += rules.of_reorganisations(unit, kept)
    if faults:
        raise versions.Unacceptable(faults)
    write(session, stamp, rows, contents)


def write(session: Session, stamp: Stamp, rows: Mapping[str, Current], contents: Mapping[str, Content]) -> None:
    """Add a version of each unit that is not as it shall be."""
    for code, content in contents.items():
        row = rows.get(code)
        if row is None or row.ended_at is not None or row.content != content:
            UNITS.write(session, stamp, row, code, content)


def placed(
    rows: Mapping[str, Current], units: Mapping[str, Content], at: Mapping[str, str]
) -> tuple[dict[str, Content], list[Faulty]]:
    """All current units of the region with their paths as they shall be, and what is wrong with those sent."""
    merged = {code: row.content for code, row in rows.items() if row.ended_at is None} | dict(units)
    paths, circular = rules.paths({code: rules.above(unit) for code, unit in merged.items()})
    known = {("unit", code) for code in merged}
    faults = [fault for code, unit in units.items() for fault in rules.faults(unit, at[code])]
    for code, unit in units.items():
        faults += versions.dangling(rules.references(unit, at[code]), known)
    faults += [rules.circle(code, at[code]) for code in units if code in circular]
    faults += rules.doubled(merged, at)
    return {code: {**merged[code], "path": path} for code, path in paths.items()}, faults


async def _record(session: Session, caller: Caller, stamp: Stamp, act: str, code: str) -> None:
    if written.pending(session):  # else the unit is as it was, and nothing was done
        await written.record(session, caller, act, subject=f"unit:{code}", at=stamp.recorded_at)
