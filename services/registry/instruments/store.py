"""Where instruments and payments are kept, and how payments are summed."""

import uuid
from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, Integer, Numeric, Text, and_, any_, bindparam, cast, extract, func, select

from services.kit.db import Session, driver_of
from services.kit.paging import holds
from services.kit.reads import One, Page
from services.registry.enterprises.tables import Enterprise
from services.registry.instruments import rules
from services.registry.instruments.rules import Paid
from services.registry.instruments.schemas import Instrument as Content
from services.registry.instruments.tables import Instrument, Payment
from services.registry.projects.tables import Project
from services.registry.units.store import units_named
from services.registry.versions.metrics import standing
from services.registry.versions.rules import Content as Kept
from services.registry.versions.store import Shelf, search_filters

_instruments = Instrument.__table__.c  # type: ignore[attr-defined]  # SQLAlchemy adds it
_payments = Payment.__table__.c  # type: ignore[attr-defined]  # as above
_projects = Project.__table__.c  # type: ignore[attr-defined]  # as above
_enterprises = Enterprise.__table__.c  # type: ignore[attr-defined]  # as above

INSTRUMENTS = Shelf(
    kind="instrument",
    table=Instrument,
    fields=tuple(Content.model_fields),
    columns=rules.columns,
    filters={
        **search_filters(Instrument),
        **{name: _instruments[name] == bindparam(name) for name in ("plan", "kind", "task")},
        "unit": _instruments.unit == any_(units_named()),
    },
    plan_scoped=True,
    sorts={
        **{name: _instruments[name] for name in ("plan", "kind", "unit")},
        "committed": cast(_instruments.content["committed"].astext, Numeric),
    },
)

_year = cast(extract("year", _payments.day), Integer)
_merged = Enterprise.__table__.alias("merged")  # type: ignore[attr-defined]  # as above
_survivor = select(_merged.c.merged_into).where(
    _merged.c.region == _payments.region, _merged.c.code == _payments.enterprise
)
_enterprise = func.coalesce(_survivor.scalar_subquery(), _payments.enterprise, _projects.enterprise)
"""Who received it: the enterprise itself, or the one that it was merged into, or that of the project."""

_joined = Payment.__table__.outerjoin(  # type: ignore[attr-defined]  # as above
    Project, and_(_projects.region == _payments.region, _projects.code == _payments.project)
).outerjoin(Enterprise, and_(_enterprises.region == _payments.region, _enterprises.code == _enterprise))
_filters: Mapping[str, ColumnElement[bool]] = {
    **{name: _payments[name] == bindparam(name) for name in ("plan", "instrument", "project")},
    "year": _year == bindparam("year", type_=Integer),
    "enterprise": _enterprise == standing("enterprise"),
    "sought": holds(
        *(_payments.receiver, _payments.document, _payments.note, _payments.instrument),
        *(_enterprises.content["name"].astext, _projects.content["enterprise_name"].astext, _projects.name),
    ),
}
_shown = select(
    *(
        cast(func.trim_scale(column), Text).label("amount") if column.name == "amount" else column
        for column in _payments
        if column.name != "region"
    )
).select_from(_joined)

PAYMENTS = Page(
    _shown.where(_payments.region == bindparam("region")),
    sort=_payments.day,
    identity=_payments.id,
    sorts={name: _payments[name] for name in ("day", "amount", "plan", "instrument", "recorded_at")},
    filters=_filters,
)
"""What was paid, the first day first."""

PAYMENT = One(_shown.where(_payments.region == bindparam("region"), _payments.id == bindparam("id")), what="payment")


async def payment(session: Session, region: str, plan: str, identity: uuid.UUID) -> Payment | None:
    """A payment as a row."""
    found = select(Payment).where(_payments.region == region, _payments.plan == plan, _payments.id == identity)
    row: Payment | None = (await session.execute(found)).scalar_one_or_none()
    return row


async def reversed_(session: Session, region: str, identity: uuid.UUID) -> bool:
    """Whether a payment was taken back."""
    found = select(_payments.id).where(_payments.region == region, _payments.reverses == identity)
    return (await session.execute(found)).first() is not None


async def written(session: Session, region: str, identity: uuid.UUID) -> bytes:
    """A payment that was just recorded, as it is answered."""
    row = await PAYMENT.fetch(await driver_of(session), region=region, id=identity)
    if row is None:  # pragma: no cover - it was written in this transaction
        raise AssertionError(identity)
    return row[0].encode()


async def paid(session: Session, region: str, given: Mapping[str, Any]) -> list[Paid]:
    """What was paid by instrument, year and receiver, reversals taken off; `given` are the filters that take part."""
    name = func.coalesce(
        _enterprises.content["name"].astext, _projects.content["enterprise_name"].astext, _payments.receiver
    )
    receiver = func.coalesce(name, _projects.name)
    by = (_payments.plan, _payments.instrument, _year, _enterprise, receiver)
    asked = select(*by, func.sum(_payments.amount)).select_from(_joined).where(_payments.region == region)
    for filter_name in given:
        asked = asked.where(_filters[filter_name])
    found = (await session.execute(asked.group_by(*by).order_by(*by), {**given, "region": region})).all()
    return [Paid(*row) for row in found]


async def instruments(session: Session, region: str, *, plan: str | None, code: str | None) -> list[Kept]:
    """Instruments of today, of a plan, of a code."""
    asked = select(_instruments.content).where(_instruments.region == region, _instruments.ended_at.is_(None))
    if plan is not None:
        asked = asked.where(_instruments.plan == plan)
    if code is not None:
        asked = asked.where(_instruments.code == code)
    return list((await session.execute(asked.order_by(_instruments.plan, _instruments.code))).scalars())
