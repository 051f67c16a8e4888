"""Where steps of projects are kept."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Date, Text, bindparam, cast, select
from sqlalchemy.dialects.postgresql import array

from services.kit.db import Session
from services.registry.cases.store import CaseShelf
from services.registry.projects.steps import rules
from services.registry.projects.steps.tables import ProjectStep
from services.registry.versions.rules import Content

_columns = ProjectStep.__table__.c  # type: ignore[attr-defined]  # SQLAlchemy adds it

STEPS = CaseShelf(
    kind="project_step",
    table=ProjectStep,
    fields=(
        "project",
        "number",
        "step",
        "name",
        "from",
        "to",
        "on",
        "text",
        "evidence",
        "criteria",
        "reviewers",
        "opinions",
        "commitments",
        "actuals",
        "findings",
        "state",
        "acts",
    ),
    columns=rules.columns,
    filters={
        **{name: _columns[name] == bindparam(name) for name in ("project", "state", "step")},
        "on_or_after": _columns.happened_on >= bindparam("on_or_after", type_=Date),
        "reviewer": _columns.reviewers.contains(array([cast(bindparam("reviewer"), Text)])),
    },
    sorts={
        **{name: _columns[name] for name in ("project", "number", "step", "state")},
        "on": _columns.happened_on,
    },
)


async def open_proposal(session: Session, region: str, project: str) -> ProjectStep | None:
    """The proposal of a project that is not decided yet."""
    found = select(ProjectStep).where(
        _columns.region == region, _columns.project == project, _columns.state == "proposed"
    )
    row: ProjectStep | None = (await session.execute(found)).scalar_one_or_none()
    return row


async def taken(session: Session, region: str, project: str) -> list[Content]:
    """The approved steps of a project, in their order: number, step, name, day."""
    found = (
        select(_columns.number, _columns.step, _columns.content["name"].astext.label("name"), _columns.happened_on)
        .where(_columns.region == region, _columns.project == project, _columns.state == "approved")
        .order_by(_columns.number)
    )
    rows = (await session.execute(found)).all()
    return [
        {"number": row.number, "step": row.step, "name": row.name, "on": row.happened_on.isoformat()} for row in rows
    ]


async def approved(session: Session, region: str, project: str) -> Sequence[Any]:
    """The approved steps of a project, in their order, as (step, day)."""
    found = (
        select(_columns.step, _columns.happened_on)
        .where(_columns.region == region, _columns.project == project, _columns.state == "approved")
        .order_by(_columns.number)
    )
    return (await session.execute(found)).all()
