"""Where enterprises are kept."""

from sqlalchemy import bindparam

from services.plan_file.things import Enterprise as Content
from services.registry.enterprises import rules
from services.registry.enterprises.tables import Enterprise
from services.registry.responsibilities.store import answered_by_unit
from services.registry.versions.store import Shelf, search_filters

_columns = Enterprise.__table__.c  # type: ignore[attr-defined]  # SQLAlchemy adds it

ENTERPRISES = Shelf(
    kind="enterprise",
    table=Enterprise,
    fields=tuple(Content.model_fields),
    columns=rules.columns,
    filters={
        **search_filters(Enterprise),
        **answered_by_unit(Enterprise, "enterprise"),
        "industry": _columns.industry == bindparam("industry"),
    },
)
