"""Where prospects, their steps and activities are kept. Every reading is of the caller's unit and those below."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import orjson
from sqlalchemy import ColumnElement, Numeric, Text, any_, bindparam, cast, select, tuple_
from sqlalchemy.dialects.postgresql import array

from services.kit.db import Session
from services.kit.reads import Page
from services.registry.prospects import rules
from services.registry.prospects.rules import Reached
from services.registry.prospects.schemas import ActivityFields, ProspectFields
from services.registry.prospects.tables import Activity, Prospect, ProspectStep
from services.registry.units.store import UNITS, units_named, visible_to
from services.registry.versions.rules import Content
from services.registry.versions.store import Shelf, search_filters
from services.registry.versions.tables import Version
from services.registry.versions.written import Unlock

_prospects = Prospect.__table__.c  # type: ignore[attr-defined]  # SQLAlchemy adds it
_steps = ProspectStep.__table__.c  # type: ignore[attr-defined]  # as above
_activities = Activity.__table__.c  # type: ignore[attr-defined]  # as above
_versions = Version.__table__.c  # type: ignore[attr-defined]  # as above


def _met_at() -> ColumnElement[bool]:
    return (
        select(_activities.id)
        .where(
            _activities.region == _prospects.region,
            _activities.code == bindparam("activity"),
            _activities.ended_at.is_(None),
            _activities.met.contains(array([cast(_prospects.code, Text)])),
        )
        .exists()
    )


class ProspectShelf(Shelf):
    """Prospects are seen by the unit that works on them and those above: every reading takes the caller's `unit_path`."""

    def seen(self) -> list[ColumnElement[bool]]:
        """Those within `:unit_path`."""
        return [visible_to(_prospects.region, _prospects.unit)]


class ActivityShelf(Shelf):
    """Activities are seen by the units that held them and those above."""

    def seen(self) -> list[ColumnElement[bool]]:
        """Those that a unit within `:unit_path` held."""
        return [visible_to(_activities.region, among=_activities.units)]


def _veiled(prospect: Content, addresses: Unlock | None) -> Content:
    """A prospect as the trail tells it: of its contact person no more than that there is one."""
    locked = prospect["contact"]
    if locked is None:
        return prospect
    if addresses is None:
        return {**prospect, "contact": rules.MASK}
    return {
        **prospect,
        "contact": rules.masked(orjson.loads(addresses.unlock(locked, rules.locked_as(prospect["code"])))),
    }


PROSPECTS = ProspectShelf(
    kind="prospect",
    table=Prospect,
    fields=(*ProspectFields.model_fields, "contact", *rules.OF_ITS_OWN),
    columns=rules.columns,
    veil=_veiled,
    filters={
        **search_filters(Prospect),
        **{name: _prospects[name] == bindparam(name) for name in ("stage", "industry")},
        "unit": _prospects.unit == any_(units_named()),
        "activity": _met_at(),
    },
    sorts={
        **{name: _prospects[name] for name in ("stage", "industry", "unit")},
        "investment": cast(_prospects.content["investment"].astext, Numeric),
    },
)

ACTIVITIES = ActivityShelf(
    kind="activity",
    table=Activity,
    fields=tuple(ActivityFields.model_fields),
    columns=rules.activity_columns,
    filters={
        **search_filters(Activity),
        "kind": _activities.kind == bindparam("kind"),
        "unit": _activities.units.overlap(units_named()),
        "prospect": _activities.met.contains(array([cast(bindparam("prospect"), Text)])),
    },
    sorts={name: _activities[name] for name in ("kind", "day")},
)

STEPS = Page(
    select(
        *(
            _steps[name].label("on") if name == "day" else _steps[name]
            for name in ("id", "from_stage", "to_stage", "day", "text", "evidence", "recorded_at", "by")
        )
    ).where(_steps.region == bindparam("region"), _steps.prospect == bindparam("code")),
    sort=_steps.id,
    identity=_steps.id,
    sorts={"on": _steps.day, "recorded_at": _steps.recorded_at},
)
"""The steps of one prospect, in the order in which they were made."""


async def path_of(session: Session, region: str, unit: str) -> str | None:
    """A unit's place in the tree, where the unit is there."""
    row = await UNITS.row(session, region, unit)
    return None if row is None or row.ended_at is not None else row.content["path"]


async def became(session: Session, region: str, project: str) -> str | None:
    """The prospect that became a project; one that was ended let go of it."""
    found = select(_prospects.code).where(_prospects.region == region, _prospects.project == project)
    code: str | None = (await session.execute(found)).scalar_one_or_none()
    return code


def _before_an_ending() -> ColumnElement[bool]:
    """Whether a step is of a prospect that was ended since, and whose code another one took up."""
    return (
        select(_versions.id)
        .where(
            _versions.region == _prospects.region,
            _versions.object_id == _prospects.id,
            _versions.content.is_(None),
            tuple_(_versions.recorded_at, _versions.id) > tuple_(_steps.recorded_at, _steps.id),
        )
        .exists()
    )


async def reached(
    session: Session, region: str, unit_path: str, as_of: date, given: Mapping[str, Any]
) -> list[Reached]:
    """Every step up to a day of the prospects that the caller sees and asks for, in the order in which they were made."""
    asked = (
        select(_steps.prospect, _steps.to_stage, _steps.day, cast(_prospects.content["investment"].astext, Numeric))
        .join_from(ProspectStep, Prospect, (_prospects.region == _steps.region) & (_prospects.code == _steps.prospect))
        .where(
            _prospects.region == bindparam("region"),
            _prospects.ended_at.is_(None),
            _steps.day <= as_of,
            ~_before_an_ending(),
            visible_to(_prospects.region, _prospects.unit),
        )
        .order_by(_steps.day, _steps.id)
    )
    for name in given:
        asked = asked.where(PROSPECTS.filters[name])
    values = {"region": region, "unit_path": unit_path, **given}
    return [Reached(*row) for row in (await session.execute(asked, values)).all()]
