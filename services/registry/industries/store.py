"""Where industries are kept."""

from services.plan_file.things import Industry as Content
from services.registry.industries import rules
from services.registry.industries.tables import Industry
from services.registry.versions.store import Shelf, search_filters

INDUSTRIES = Shelf(
    kind="industry",
    table=Industry,
    fields=tuple(Content.model_fields),
    columns=rules.columns,
    filters=search_filters(Industry),
)
