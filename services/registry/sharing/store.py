"""Where it is kept what plans have in common, and how objects are found by a plan."""

from typing import Any

from sqlalchemy import ColumnElement, bindparam, literal, or_, select

from services.registry.sharing import rules
from services.registry.sharing.schemas import SharedProject as Content
from services.registry.sharing.tables import PlanItem, SharedProject
from services.registry.versions.store import Shelf
from services.registry.versions.tables import Current

_items = PlanItem.__table__.c  # type: ignore[attr-defined]  # SQLAlchemy adds it
_shared = SharedProject.__table__.c  # type: ignore[attr-defined]  # as above

SHARED_PROJECTS = Shelf(
    kind="shared_project",
    table=SharedProject,
    fields=tuple(Content.model_fields),
    columns=rules.columns,
    filters={"plan": _shared.plan == bindparam("plan"), "project": _shared.code == bindparam("project")},
    plan_scoped=True,
    sorts={"project": _shared.code, "plan": _shared.plan},
)


def named_by_plan(table: type[Current], kind: str) -> dict[str, ColumnElement[bool]]:
    """The filter `plan` of a list: objects of the whole region that files of the plan name."""
    columns: Any = table.__table__.c  # type: ignore[attr-defined]  # SQLAlchemy adds it
    named = (
        select(literal(1))
        .where(
            _items.region == columns.region,
            _items.plan == bindparam("plan"),
            _items.kind == literal(kind),
            _items.code == columns.code,
        )
        .exists()
    )
    return {"plan": named}


def of_plan(table: type[Current]) -> dict[str, ColumnElement[bool]]:
    """The filter `plan` of a list of projects: those that the plan lists, and those that it shares."""
    columns: Any = table.__table__.c  # type: ignore[attr-defined]  # SQLAlchemy adds it
    sharing = _shared.code.table.alias()  # sums ask for shared projects beside this filter
    shared = (
        select(literal(1))
        .where(
            sharing.c.region == columns.region,
            sharing.c.plan == bindparam("plan"),
            sharing.c.code == columns.code,
            sharing.c.ended_at.is_(None),
        )
        .exists()
    )
    return {"plan": or_(columns.plan == bindparam("plan"), shared)}
