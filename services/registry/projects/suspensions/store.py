"""Where pauses of projects are kept."""

from sqlalchemy import Date, bindparam

from services.registry.cases.store import CaseShelf
from services.registry.projects.suspensions import rules
from services.registry.projects.suspensions.tables import Suspension

_columns = Suspension.__table__.c  # type: ignore[attr-defined]  # SQLAlchemy adds it

SUSPENSIONS = CaseShelf(
    kind="suspension",
    table=Suspension,
    fields=("project", "number", "first_day", "last_day", "cause", "text", "approved_by", "state", "acts"),
    columns=rules.columns,
    filters={
        **{name: _columns[name] == bindparam(name) for name in ("project", "state", "cause")},
        "on": bindparam("on", type_=Date).between(_columns.first_day, _columns.last_day),
    },
    sorts={name: _columns[name] for name in ("project", "number", "first_day", "last_day", "cause", "state")},
)
