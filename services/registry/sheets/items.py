"""Items of rosters by sheet: proposed, recognised from one document a thousand at a time, withdrawn."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from services.kit.auth import Caller
from services.kit.clock import CHINA, business_now, civil_date
from services.kit.db import Session
from services.kit.errors import Faulty
from services.registry.rosters import rules
from services.registry.rosters.store import ROSTERS, standing_in
from services.registry.sheets.intake import Kind, Laid
from services.registry.units.rules import below
from services.registry.units.store import UNITS
from services.registry.versions.rules import Content, Reference

TOLD_APART: Final = ("roster", "code", "name", "subject", "thing", "state")
"""Fields by which an item is another one's double or not."""


def references(item: Content, at: str) -> Iterator[Reference]:
    """What an item names, its roster too."""
    yield Reference(f"{at}/roster", "roster", item["roster"])
    yield from rules.item_references(item, at)


def coded(row: Content) -> str:
    """The code of an item in the region."""
    return rules.item_code(str(row["roster"]), str(row["code"]))


def shortened(item: Content) -> Content:
    """As much of an item as is needed to tell it from others: a file has many."""
    return {name: item[name] for name in TOLD_APART}


async def begun(session: Session, caller: Caller, kind: Kind) -> Kind:
    """The kind with today's rosters, and the day up to which things may have happened."""
    rosters = {row.code: row.content for row in await ROSTERS.current(session, caller.region)}
    paths = {row.code: row.content["path"] for row in await UNITS.current(session, caller.region)}
    kept = {code for code, one in rosters.items() if below(paths.get(one["unit"], "-"), caller.unit_path)}
    today = civil_date(await business_now(session), CHINA)
    return replace(kind, laid=_laid(rosters, kept, today))


def _laid(rosters: Mapping[str, Content], kept: set[str], today: date) -> Laid:
    def laid(there: Content | None, row: Content, at: str) -> tuple[Content, Sequence[Faulty]]:
        item, faults = rules.said(there, row, today, at)
        roster = rosters.get(item["roster"])
        if roster is None:
            return item, faults  # its reference is told
        if item["roster"] not in kept:
            return item, [_not_kept(roster, at)]
        return item, [*rules.item_faults(item, roster["lists"], at), *faults]

    return laid


def _not_kept(roster: Content, at: str) -> Faulty:
    return Faulty(
        f"{at}/roster",
        "other-unit",
        f"{roster['code']} is kept by {roster['unit']}: only that unit, those above it and the whole region change it",
        f"名册 {roster['code']} 由 {roster['unit']} 管理，只有该单位、其上级单位或全区账号可以修改",
    )


async def beside(
    session: Session, region: str, contents: Mapping[str, Content], lines: Mapping[str, int]
) -> Sequence[Faulty]:
    """Nothing stands in a roster twice for one subject, neither with what is there nor within the file."""
    others = await standing_in(session, region, {item["roster"] for item in contents.values()})
    return [*rules.among_faults({**others, **contents}, {code: f"#{lines[code]}" for code in contents})]
