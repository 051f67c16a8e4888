"""Where projects are kept."""

from datetime import date
from typing import Any

import orjson
from sqlalchemy import ColumnElement, Integer, Numeric, String, bindparam, cast, func, literal_column, select
from sqlalchemy.dialects.postgresql import JSONB

from services.kit.clock import business_now, civil_date
from services.kit.db import Session
from services.registry.enterprises.groups.store import carried_out_by_member
from services.registry.projects import rules
from services.registry.projects.schemas import Project as Content
from services.registry.projects.tables import Project
from services.registry.responsibilities.store import answered_by_unit
from services.registry.responsibilities.tables import Responsibility
from services.registry.schema import Table
from services.registry.sharing.store import of_plan
from services.registry.versions.metrics import of_kind, standing
from services.registry.versions.store import Shelf, search_filters

_columns = Project.__table__.c  # type: ignore[attr-defined]  # SQLAlchemy adds it
_owners = Responsibility.__table__.c  # type: ignore[attr-defined]  # as above
ZONE = "Asia/Shanghai"
"""Of a project whose plan does not say its own."""


class ProjectShelf(Shelf):
    """Versions from before there were lives show the life that has not begun."""

    def content_columns(self, content: Any) -> list[ColumnElement[Any]]:  # noqa: ANN401 - a JSONB column
        """The fields of a content, each as a column."""
        return [
            func.coalesce(column, _first(column.name)).label(column.name)
            if rules.OWN.get(column.name) is not None
            else column
            for column in super().content_columns(content)
        ]


def _first(name: str) -> ColumnElement[Any]:
    value = orjson.dumps(rules.OWN[name]).decode()
    return cast(literal_column(f"'{value}'", String), JSONB)


PROJECTS = ProjectShelf(
    kind="project",
    table=Project,
    fields=tuple(Content.model_fields),
    columns=rules.columns,
    filters={
        **search_filters(Project),
        **answered_by_unit(Project, "project"),
        **of_plan(Project),
        **{name: _columns[name] == bindparam(name) for name in ("industry", "carrier", "national_code")},
        "enterprise": _columns.enterprise == standing("enterprise"),
        "group": carried_out_by_member(_columns.enterprise, _columns.content["enterprise_group"].astext),
        "kind": func.coalesce(_columns.kind, "standard") == bindparam("kind"),
        "stage": func.coalesce(_columns.stage, "unrecorded") == bindparam("stage"),
        "year": bindparam("year", type_=Integer).between(_columns.first_year, _columns.last_year),
    },
    names={"kind": of_kind("project_kind")},
    sorts={
        **{name: _columns[name] for name in ("plan", "industry", "first_year", "last_year")},
        "kind": func.coalesce(_columns.kind, "standard"),
        "investment": cast(_columns.content["investment"].astext, Numeric),
    },
)


async def with_national_code(session: Session, region: str, code: str) -> str | None:
    """The code of the project that has this national code today."""
    found = select(_columns.code).where(
        _columns.region == region, _columns.national_code == code, _columns.ended_at.is_(None)
    )
    other: str | None = (await session.execute(found)).scalar_one_or_none()
    return other


async def today(session: Session, region: str, plan: str | None) -> date:
    """The business clock's date where the plan is run."""
    plans = Table.metadata.tables["registry.plan"].c
    named = select(plans.content["time_zone"].astext).where(plans.region == region, plans.code == plan)
    zone = (await session.execute(named)).scalar_one_or_none()
    return civil_date(await business_now(session), zone or ZONE)


async def answering(session: Session, region: str, project: str) -> tuple[list[str], list[str]]:
    """The units that lead (牵头) something about a project today, and those that lead or support (配合) it."""
    found = select(_owners.lead, _owners.units).where(
        _owners.region == region, _owners.subject == f"project:{project}", _owners.ended_at.is_(None)
    )
    rows = (await session.execute(found)).all()
    leads = sorted({lead for lead, _ in rows})
    return leads, sorted({unit for _, units in rows for unit in units})
