"""Where milestones are kept."""

from sqlalchemy import Boolean, Date, bindparam, or_

from services.registry.milestones import rules
from services.registry.milestones.tables import Milestone
from services.registry.versions.metrics import subject_standing
from services.registry.versions.store import Shelf, search_filters

_columns = Milestone.__table__.c  # type: ignore[attr-defined]  # SQLAlchemy adds it
_overdue_on = bindparam("overdue_on", type_=Date)

MILESTONES = Shelf(
    kind="milestone",
    table=Milestone,
    fields=("code", "name", "subject", "states", "counts", "due", "reports", "done_on"),
    columns=rules.columns,
    filters={
        **search_filters(Milestone),
        "subject": _columns.subject == subject_standing("subject"),
        "done": _columns.done_on.is_not(None) == bindparam("done", type_=Boolean),
        "overdue_on": (_columns.due < _overdue_on) & or_(_columns.done_on.is_(None), _columns.done_on > _overdue_on),
    },
    sorts={name: _columns[name] for name in ("subject", "due", "done_on")},
)
