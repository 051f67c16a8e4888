"""Who names an object that shall be ended, and what of it does not stay in the tables of today."""

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Text, and_, cast, delete, func, literal, literal_column, or_, select

from services.kit.db import Session
from services.registry.endings import rules
from services.registry.endings.rules import References
from services.registry.enterprises.tables import Enterprise
from services.registry.instruments.tables import Payment
from services.registry.plans.tables import Plan
from services.registry.prospects.store import PROSPECTS
from services.registry.sharing.tables import PlanItem
from services.registry.versions.store import Shelf
from services.registry.versions.tables import Current

_payments = Payment.__table__.c  # type: ignore[attr-defined]  # SQLAlchemy adds it
_enterprises = Enterprise.__table__.c  # type: ignore[attr-defined]  # as above
_plans = Plan.__table__.c  # type: ignore[attr-defined]  # as above
_items = PlanItem.__table__.c  # type: ignore[attr-defined]  # as above

ANYWHERE: Final = "'$.** ? (@ == $code || @ == $subject)'::jsonpath"


@dataclass(frozen=True)
class Referrer:
    """A kind of objects that name others: of which kinds, by which of its fields; and in which states it is over."""

    shelf: Shelf
    references: References
    kinds: frozenset[str]
    over: frozenset[str] = frozenset()

    async def naming(self, session: Session, region: str, kind: str, code: str) -> list[str]:
        """What of it is in force and names an object, as the trail speaks of it.

        One statement finds whatever holds the code somewhere; its references tell whether that is the object.
        """
        if kind not in self.kinds:
            return []
        columns = [
            self.shelf.column(name) for name in ("code", "content", *(["plan"] if self.shelf.plan_scoped else []))
        ]
        content = self.shelf.column("content")
        asked = func.jsonb_build_object(
            literal("code", Text), literal(code, Text), literal("subject", Text), literal(f"{kind}:{code}", Text)
        )
        found = select(*columns).where(
            self.shelf.column("region") == region,
            self.shelf.column("ended_at").is_(None),
            func.jsonb_path_exists(content, literal_column(ANYWHERE), asked),
        )
        rows = (await session.execute(found.order_by(self.shelf.column("code")))).all()
        return [
            self.shelf.subject(row.code, getattr(row, "plan", None))
            for row in rows
            if row.content.get("state") not in self.over
            and rules.names(self.references({**self.shelf.absent, **row.content}, ""), kind, code)
        ]


async def payments(session: Session, region: str, kind: str, code: str, plan: str | None) -> list[str]:
    """What was paid of an instrument, or to an enterprise or a project, and not taken back.

    What was paid to an enterprise that was merged is read as paid to the one that stands for it.
    """
    if kind not in {"instrument", "enterprise", "project"}:
        return []
    reversed_ = Payment.__table__.alias("reversed")  # type: ignore[attr-defined]  # as above
    named = _payments[kind] == code
    if kind == "instrument":
        named = and_(named, _payments.plan == plan)
    if kind == "enterprise":
        gone = select(_enterprises.code).where(_enterprises.region == region, _enterprises.merged_into == code)
        named = or_(named, _payments.enterprise.in_(gone))
    taken_back = (
        select(literal(1)).where(reversed_.c.region == _payments.region, reversed_.c.reverses == _payments.id).exists()
    )
    found = select(_payments.id, _payments.plan).where(
        _payments.region == region, _payments.reverses.is_(None), named, ~taken_back
    )
    rows = (await session.execute(found.order_by(_payments.id))).all()
    return [f"payment:{row.plan}/{row.id}" for row in rows]


async def plans_listing(session: Session, region: str, kind: str, code: str) -> list[str]:
    """The plans whose file, as it was applied last, lists an object; of files applied before that was noted, those
    that ever named it.
    """
    noted = _plans.listed[kind].contains([code])
    named = (
        select(literal(1))
        .where(_items.region == region, _items.plan == _plans.code, _items.kind == kind, _items.code == code)
        .exists()
    )
    found = select(_plans.code).where(
        _plans.region == region,
        _plans.ended_at.is_(None),
        or_(noted, and_(cast(_plans.listed, Text) == "{}", named)),
    )
    return list((await session.execute(found.order_by(_plans.code))).scalars())


async def forget(session: Session, region: str, kind: str, code: str) -> None:
    """No plan counts it among its own any more: whoever takes up the code makes an object of no file."""
    await session.execute(delete(PlanItem).where(_items.region == region, _items.kind == kind, _items.code == code))


def release(shelf: Shelf, row: Current) -> None:
    """Let others have what an ended object had alone: a project comes of one prospect only."""
    if shelf is PROSPECTS:
        told: Any = row
        told.project = None
