"""Where successions are kept, and how projects are summed over plans."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Numeric, Text, cast, func, literal, select, union_all

from services.kit.db import Session
from services.registry.projects.store import PROJECTS
from services.registry.projects.tables import Project
from services.registry.sharing.tables import SharedProject
from services.registry.successions import rules
from services.registry.successions.schemas import Succession as Content
from services.registry.successions.tables import Succession
from services.registry.versions.store import Shelf

_successions = Succession.__table__.c  # type: ignore[attr-defined]  # SQLAlchemy adds it
_projects = Project.__table__.c  # type: ignore[attr-defined]  # as above
_shared = SharedProject.__table__.c  # type: ignore[attr-defined]  # as above

SUCCESSIONS = Shelf(kind="succession", table=Succession, fields=tuple(Content.model_fields), columns=rules.columns)

_investment = cast(func.sum(cast(_projects.content["investment"].astext, Numeric)), Numeric)
_summed = (
    func.count().label("projects"),
    cast(func.coalesce(func.trim_scale(_investment), 0), Text).label("investment"),
)


async def successors(session: Session, region: str) -> dict[str, str]:
    """Which plan follows which."""
    found = select(_successions.code, _successions.successor).where(
        _successions.region == region, _successions.ended_at.is_(None)
    )
    return {row.code: row.successor for row in await session.execute(found)}


async def project_sums(session: Session, region: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """All projects asked for, each once; by industry; and by plan, where a shared one stands in several rows."""
    asked = [_projects.region == region, _projects.ended_at.is_(None)]
    asked += [PROJECTS.filters[name] for name in given]
    values = dict(given)
    whole = (await session.execute(select(*_summed).where(*asked), values)).mappings().one()
    by_industry = select(_projects.industry, *_summed).where(*asked).group_by(_projects.industry)
    rows = (await session.execute(by_industry.order_by(_projects.industry), values)).mappings()
    listed = (
        select(_projects.plan, literal(value=False).label("shared"), *_summed).where(*asked).group_by(_projects.plan)
    )
    shared = (
        select(_shared.plan, literal(value=True).label("shared"), *_summed)
        .join_from(Project, SharedProject, (_shared.region == _projects.region) & (_shared.code == _projects.code))
        .where(*asked, _shared.ended_at.is_(None))
        .group_by(_shared.plan)
    )
    plans = [dict(row) for row in (await session.execute(union_all(listed, shared), values)).mappings()]
    return {**whole, "by_industry": [dict(row) for row in rows], **rules.project_sums(plans)}
