"""Prospects and activities by sheet: those of the caller's unit; stages are left to steps, contact persons locked."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from services.kit.auth import Caller
from services.kit.clock import business_now, civil_date
from services.kit.db import Session
from services.kit.errors import Faulty
from services.registry.keyring import Lock
from services.registry.prospects import rules
from services.registry.prospects import service as prospects
from services.registry.sheets.intake import Kind, Laid
from services.registry.units.rules import below
from services.registry.units.store import UNITS
from services.registry.versions.rules import Content

Paths = Mapping[str, str]
"""Places of units in the tree."""


def stored(addresses: Lock, prospect: Content, present: Content | None) -> Content:
    """A prospect as its version holds it."""
    return prospects.locked(addresses, prospect, present)


def unmasked(there: Content, said: Content) -> Content:
    """A contact person as an export shows it to those who may not see it is the one that is there."""
    person, given = there["contact"], said.get("contact")
    if person is None or not isinstance(given, dict):
        return {}
    shown = {name: value for name, value in rules.masked(person).items() if value is not None}
    return {"contact": person} if shown == {name: value for name, value in given.items() if value is not None} else {}


def shortened(prospect: Content) -> Content:
    """As much of a prospect as its first step is made of."""
    return {name: prospect[name] for name in ("code", "since")}


async def prospects_begun(session: Session, caller: Caller, kind: Kind) -> Kind:
    """The kind with the units of the caller, and the day up to which a lead may have come."""
    paths = await _paths(session, caller)
    return replace(kind, laid=_prospect_laid(caller, paths, civil_date(await business_now(session), rules.ZONE)))


async def activities_begun(session: Session, caller: Caller, kind: Kind) -> Kind:
    """The kind with the units of the caller."""
    return replace(kind, laid=_activity_laid(caller, await _paths(session, caller)))


async def _paths(session: Session, caller: Caller) -> Paths:
    if not caller.unit_path:
        return {}
    return {row.code: row.content["path"] for row in await UNITS.current(session, caller.region)}


def _prospect_laid(caller: Caller, paths: Paths, today: date) -> Laid:
    def laid(there: Content | None, row: Content, at: str) -> tuple[Content, Sequence[Faulty]]:
        begun = {**rules.OF_ITS_OWN, "stage_since": row["since"]}
        own = begun if there is None else {name: there[name] for name in rules.OF_ITS_OWN}
        held = None if there is None else there["contact"]
        prospect = {**row, **own, "contact": row["contact"] or held}
        if there is not None and not _are_own(caller, paths, [there["unit"]]):
            return prospect, [_others(row["code"], f"{at}/code")]
        faults = [
            *rules.contact_faults(row["contact"], f"{at}/contact"),
            *rules.since_faults(there, row, today, at),
        ]
        return prospect, faults

    return laid


def _activity_laid(caller: Caller, paths: Paths) -> Laid:
    def laid(there: Content | None, row: Content, at: str) -> tuple[Content, Sequence[Faulty]]:
        if there is not None and not _are_own(caller, paths, there["units"]):
            return row, [_others(row["code"], f"{at}/code")]
        foreign = [] if _are_own(caller, paths, row["units"]) else [_foreign(f"{at}/units")]
        return row, [*foreign, *rules.activity_faults(row, at)]

    return laid


def _are_own(caller: Caller, paths: Paths, units: Sequence[str]) -> bool:
    return not caller.unit_path or any(below(paths.get(unit, "-"), caller.unit_path) for unit in units)


def _others(code: str, at: str) -> Faulty:
    return Faulty(
        at,
        "other-unit",
        f"the code {code} is not one of your unit or those below: give another",
        f"代码 {code} 不属于本单位及下级单位，请更换代码",
    )


def _foreign(at: str) -> Faulty:
    return Faulty(
        at,
        "other-unit",
        "a caller of a unit keeps what its unit or one below it took part in: name it",
        "单位账号只能维护本单位及下级单位主办的活动，请填写本单位",
    )
