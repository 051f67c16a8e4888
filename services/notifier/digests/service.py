"""Making the digests of one cycle: one per unit, of all that is open, and a record where nothing is."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from services.kit.db import Session
from services.notifier.deliveries import store as deliveries
from services.notifier.deliveries.tables import Delivery
from services.notifier.digests import store
from services.notifier.digests.tables import Digest, DigestLine
from services.notifier.directory import store as directory
from services.notifier.directory.rules import calendar
from services.notifier.ladders import store as ladders
from services.notifier.ladders.rules import DigestRule, Rulebook
from services.notifier.letters.rules import Heading, Letter, Line, civil_day, digest_letter
from services.notifier.notices import service as notices
from services.notifier.notices import store as open_notices
from services.notifier.notices.service import Desk
from services.notifier.notices.tables import Notice

NOTHING_OPEN = "nothing_open"


@dataclass(frozen=True)
class Cycle:
    """One fire of a plan's digest: its rule, its instant, and the instant at which it is handled."""

    book: Rulebook
    rule: DigestRule
    fire_at: datetime
    at: datetime


@dataclass(frozen=True)
class Made:
    """How many digests a cycle made, and for how many units nothing was open."""

    digests: int
    nothing_open: int


async def make(session: Session, desk: Desk, cycle: Cycle) -> Made:
    """Make a digest for each unit that has something open, and note each that has not."""
    plan = cycle.book.plan
    held: dict[str, list[Notice]] = defaultdict(list)
    for notice in await open_notices.in_digests(session, desk.region, plan):
        held[notice.unit].append(notice)
    idle = await directory.leads(session, desk.region, plan) - set(held)
    for unit in sorted(held):
        await _digest(session, desk, cycle, unit, held[unit])
    for unit in sorted(idle):
        session.add(_row(desk, cycle, unit, reason=NOTHING_OPEN))
    await session.flush()
    return Made(len(held), len(idle))


def _row(desk: Desk, cycle: Cycle, unit: str, *, reason: str | None = None) -> Digest:
    return Digest(
        region=desk.region,
        plan=cycle.book.plan,
        kind=cycle.rule.code,
        unit=unit,
        cycle_at=cycle.fire_at,
        at=cycle.at,
        reason=reason,
    )


async def _digest(session: Session, desk: Desk, cycle: Cycle, unit: str, held: list[Notice]) -> None:
    book = cycle.book
    due_at = book.window.earliest(cycle.at, calendar(await directory.years(session, desk.region)))
    ranked = []
    for notice in held:
        own = await ladders.numbered(session, desk.region, book.plan, notice.ladder_number)
        assert own is not None  # noqa: S101 - a foreign key holds it
        level = own.ladder.level(notice.level)
        await notices.issue(session, own, notice, level, due_at)
        ranked.append((-level.rank, notice.matter, notice))
    lines = [notice for *_, notice in sorted(ranked, key=lambda one: one[:2])]
    letter = await _letter(session, desk, cycle, unit=unit, lines=lines, due_at=due_at)
    digest = _row(desk, cycle, unit)
    digest.delivery = await deliveries.queue(
        session,
        Delivery(
            region=desk.region,
            dedupe_key=f"digest:{book.plan}:{cycle.rule.code}:{unit}:{cycle.fire_at.isoformat()}",
            plan=book.plan,
            unit=unit,
            kind="digest",
            channel="email",
            recipients=[{"as": "to", "unit": unit, "role": role} for role in book.digest_roles()],
            subject=letter.subject,
            body=letter.body,
            due_at=due_at,
            created_at=cycle.at,
        ),
    )
    session.add(digest)
    await session.flush()
    session.add_all(
        DigestLine(
            region=desk.region, digest=digest.id, notice=notice.id, level=notice.level, light=notice.light["to_light"]
        )
        for notice in lines
    )


async def _letter(
    session: Session, desk: Desk, cycle: Cycle, *, unit: str, lines: list[Notice], due_at: datetime
) -> Letter:
    book = cycle.book
    plan = await directory.plan(session, desk.region, book.plan)
    issuer = next((level.issued_by for level in book.ladder.levels if level.digest), unit)
    names = await directory.unit_names(session, desk.region, [unit, issuer])
    heading = Heading(
        plan_name=plan.name if plan is not None else book.plan,
        unit=names[unit],
        issued_by=names[issuer],
        on=civil_day(due_at, book.time_zone),
        synthetic=desk.synthetic,
    )
    return digest_letter(
        heading,
        cycle.rule.name,
        [
            Line(notices.facts(notice), notice.level_name, notice.asks, notice.limit_on, desk.link(notice.id))
            for notice in lines
        ],
    )


async def why_not(session: Session, delivery: Delivery) -> str | None:
    """Why a digest is not due any more: asked just before it leaves."""
    held = await store.of_message(session, delivery.region, delivery.id)
    return None if await open_notices.any_running(session, delivery.region, held) else NOTHING_OPEN
