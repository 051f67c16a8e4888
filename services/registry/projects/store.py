"""Where projects are kept."""

from sqlalchemy import Integer, bindparam

from services.registry.enterprises.groups.store import carried_out_by_member
from services.registry.projects import rules
from services.registry.projects.schemas import Project as Content
from services.registry.projects.tables import Project
from services.registry.responsibilities.store import answered_by_unit
from services.registry.sharing.store import of_plan
from services.registry.versions.store import Shelf, search_filters

_columns = Project.__table__.c  # type: ignore[attr-defined]  # SQLAlchemy adds it

PROJECTS = Shelf(
    kind="project",
    table=Project,
    fields=tuple(Content.model_fields),
    columns=rules.columns,
    filters={
        **search_filters(Project),
        **answered_by_unit(Project, "project"),
        **of_plan(Project),
        **{name: _columns[name] == bindparam(name) for name in ("industry", "carrier", "enterprise")},
        **{name: _columns[name] == bindparam(name) for name in ("plan", "industry", "carrier", "enterprise")},
        "group": carried_out_by_member(_columns.enterprise, _columns.content["enterprise_group"].astext),
        "year": bindparam("year", type_=Integer).between(_columns.first_year, _columns.last_year),
    },
)
