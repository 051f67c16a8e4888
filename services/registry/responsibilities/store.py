"""Where responsibilities are kept, and how other objects are found by the unit that answers for them.

A unit answers for what names it, and for what names a collective name that stands for it today.
"""

from typing import Any

from sqlalchemy import ColumnElement, String, any_, bindparam, cast, select

from services.kit.paging import holds
from services.registry.responsibilities import rules
from services.registry.responsibilities.schemas import Responsibility as Content
from services.registry.responsibilities.tables import Responsibility
from services.registry.units.members.store import units_meant
from services.registry.units.store import named
from services.registry.versions.metrics import subject_standing
from services.registry.versions.store import Shelf
from services.registry.versions.tables import Current

_columns = Responsibility.__table__.c  # type: ignore[attr-defined]  # SQLAlchemy adds it


def answers() -> ColumnElement[bool]:
    """Whether the unit that `:unit` names leads or supports."""
    return _columns.units.overlap(units_meant())  # type: ignore[no-any-return]  # a column's methods are untyped here


RESPONSIBILITIES = Shelf(
    kind="responsibility",
    table=Responsibility,
    fields=tuple(Content.model_fields),
    columns=rules.columns,
    filters={
        "sought": holds(_columns.code, _columns.content["name"].astext, named(_columns.region, _columns.lead)),
        "plan": _columns.plan == bindparam("plan"),
        "unit": answers(),
        "role": (bindparam("role", type_=String) == "lead") == (_columns.lead == any_(units_meant())),
        "subject": _columns.subject == subject_standing("subject"),
    },
    plan_scoped=True,
    sorts={"matter": _columns.code, **{name: _columns[name] for name in ("plan", "subject", "lead")}},
)


def answered_by_unit(table: type[Current], kind: str) -> dict[str, ColumnElement[bool]]:
    """The filter `unit` of a list: objects that a unit, by code or name, answers for in some plan."""
    columns: Any = table.__table__.c  # type: ignore[attr-defined]  # SQLAlchemy adds it
    about = (
        select(_columns.id)
        .where(
            _columns.region == columns.region,
            _columns.subject == cast(f"{kind}:", String).concat(columns.code),
            _columns.ended_at.is_(None),
            answers(),
        )
        .exists()
    )
    return {"unit": about}
