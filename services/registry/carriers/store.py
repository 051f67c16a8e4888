"""Where carriers are kept."""

from sqlalchemy import Text, bindparam, cast
from sqlalchemy.dialects.postgresql import array

from services.plan_file.things import Carrier as Content
from services.registry.carriers import rules
from services.registry.carriers.tables import Carrier
from services.registry.responsibilities.store import answered_by_unit
from services.registry.versions.store import Shelf, search_filters

_columns = Carrier.__table__.c  # type: ignore[attr-defined]  # SQLAlchemy adds it

CARRIERS = Shelf(
    kind="carrier",
    table=Carrier,
    fields=tuple(Content.model_fields),
    columns=rules.columns,
    filters={
        **search_filters(Carrier),
        **answered_by_unit(Carrier, "carrier"),
        "industry": _columns.industries.contains(array([cast(bindparam("industry"), Text)])),
    },
)
