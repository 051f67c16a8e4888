"""The digests' SQL."""

import uuid

from sqlalchemy import and_, bindparam, exists, func, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlmodel import col

from services.kit.db import Session
from services.kit.reads import Page
from services.notifier.deliveries.tables import Delivery
from services.notifier.digests.tables import Digest, DigestLine
from services.notifier.directory.store import name_at, of_unit, visible
from services.notifier.directory.tables import Unit
from services.notifier.notices.tables import Notice
from services.notifier.schema import columns

_digest, _line, _unit, _delivery, _notice = (columns(table) for table in (Digest, DigestLine, Unit, Delivery, Notice))
_of_digest = and_(_line.region == _digest.region, _line.digest == _digest.id)
_lines = (
    select(
        func.coalesce(
            func.json_agg(
                aggregate_order_by(
                    func.json_build_object(
                        *("notice", _line.notice),
                        *("matter", _notice.matter),
                        *("level", _line.level),
                        *("light", _line.light),
                    ),
                    _notice.matter,
                )
            ),
            func.json_build_array(),
        )
    )
    .join_from(DigestLine, Notice, and_(_notice.region == _line.region, _notice.id == _line.notice))
    .where(_of_digest)
    .correlate(Digest)
    .scalar_subquery()
)
digests = Page(
    select(
        *(_digest[name] for name in ("id", "plan", "kind", "unit")),
        func.coalesce(name_at(_digest.region, _digest.unit, _digest.at), _digest.unit).label("unit_name"),
        *(_digest[name] for name in ("cycle_at", "at", "reason", "delivery")),
        _delivery.state,
        _lines.label("lines"),
    )
    .join_from(Digest, Unit, and_(_unit.region == _digest.region, _unit.code == _digest.unit), isouter=True)
    .join(Delivery, and_(_delivery.region == _digest.region, _delivery.id == _digest.delivery), isouter=True)
    .where(_digest.region == bindparam("region"), visible(func.coalesce(_unit.path, _digest.unit))),
    sort=_digest.cycle_at,
    identity=_digest.id,
    sorts={name: _digest[name] for name in ("cycle_at", "at", "plan", "unit", "kind")},
    filters={
        "plan": _digest.plan == bindparam("plan"),
        "unit": of_unit(_digest.unit),
        "sent": _digest.delivery.is_not(None) == bindparam("sent"),
        "notice": exists().where(_of_digest, _line.notice == bindparam("notice")).correlate(Digest),
    },
)


async def of_message(session: Session, region: str, delivery: uuid.UUID) -> list[uuid.UUID]:
    """The notices in the digest that a delivery carries."""
    found = await session.execute(
        select(col(DigestLine.notice))
        .join(Digest, (col(Digest.region) == col(DigestLine.region)) & (col(Digest.id) == col(DigestLine.digest)))
        .where(col(Digest.region) == region, col(Digest.delivery) == delivery)
    )
    return list(found.scalars())
