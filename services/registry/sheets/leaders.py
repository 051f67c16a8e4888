"""Leaders' contacts and visits by sheet: judged as one by one, visits by who speaks for the leader."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from services.kit.auth import Caller
from services.kit.clock import business_now, civil_date
from services.kit.db import Session
from services.kit.errors import Faulty
from services.registry.cases.rules import others_speak
from services.registry.leaders import rules
from services.registry.leaders.store import CONTACTS
from services.registry.projects.store import ZONE
from services.registry.sheets.intake import Kind, Laid
from services.registry.sheets.numbering import Numbered
from services.registry.units.rules import below
from services.registry.units.store import UNITS
from services.registry.versions.rules import HENCEFORTH, Content, Reference

OF_CONTACTS = Numbered("C", ("leader", "subject", "valid_from"))
OF_VISITS = Numbered("V", ("leader", "subject", "on"))


def contact_references(contact: Content, at: str) -> Iterator[Reference]:
    """What a contact names, units as long as it lasts."""
    return rules.references(contact, at, until=contact["valid_to"] or HENCEFORTH)


def visit_references(visit: Content, at: str) -> Iterator[Reference]:
    """What a visit names, units as of its day."""
    return rules.references(visit, at, until=visit["on"])


def visit_files(visit: Content, at: str) -> Iterator[tuple[str, str]]:
    """The files of a visit."""
    return ((f"{at}/files/{place}", sha256) for place, sha256 in enumerate(visit["files"]))


def visited(visit: Content) -> Iterator[str]:
    """What the files of a visit are about beside it."""
    yield visit["subject"]


async def contacts_begun(session: Session, caller: Caller, kind: Kind) -> Kind:
    """The kind with today's leaders."""
    kinds = {row.code: row.content["kind"] for row in await UNITS.current(session, caller.region)}

    def faults(contact: Content, at: str) -> Iterator[Faulty]:
        yield from rules.leader_faults(kinds.get(contact["leader"]), contact["leader"], f"{at}/leader")
        yield from rules.subject_faults(contact["subject"], f"{at}/subject")
        yield from rules.day_order_faults(contact, at)

    return replace(kind, faults=faults)


async def contacts_beside(
    session: Session, region: str, contents: Mapping[str, Content], lines: Mapping[str, int]
) -> Sequence[Faulty]:
    """No leader is in contact with one thing twice at a time, neither with what is there nor within the file."""
    there = {row.code: row.content for row in await CONTACTS.current(session, region)}
    of: dict[tuple[str, str], list[Content]] = {}
    for contact in {**there, **contents}.values():
        of.setdefault((contact["leader"], contact["subject"]), []).append(contact)
    return [
        fault
        for code, contact in contents.items()
        for fault in rules.overlap_faults(
            contact,
            [one for one in of[contact["leader"], contact["subject"]] if one["code"] != code],
            f"#{lines[code]}",
        )
    ]


async def visits_begun(session: Session, caller: Caller, kind: Kind) -> Kind:
    """The kind with today's leaders, those for whom the caller speaks, and the day up to which a visit may have been."""
    units = await UNITS.current(session, caller.region)
    spoken_for = {row.code for row in units if below(row.content["path"], caller.unit_path)}
    kinds = {row.code: row.content["kind"] for row in units}
    today = civil_date(await business_now(session), ZONE)
    return replace(kind, laid=_visit_laid(kinds, spoken_for, today))


def _visit_laid(kinds: Mapping[str, str], spoken_for: set[str], today: date) -> Laid:
    def laid(there: Content | None, visit: Content, at: str) -> tuple[Content, Sequence[Faulty]]:
        if there == visit:
            return visit, []
        faults = [*rules.visit_faults(visit, today, at)]
        named = {"leader": visit["leader"]} if there is None else {"leader": visit["leader"], "code": there["leader"]}
        faults += [
            Faulty(f"{at}/{place}", "other-unit", *others_speak(leader))
            for place, leader in named.items()
            if leader in kinds and leader not in spoken_for
        ]
        return visit, [*rules.leader_faults(kinds.get(visit["leader"]), visit["leader"], f"{at}/leader"), *faults]

    return laid
