"""Where kinds of projects are kept."""

from services.registry.projects.kinds import rules
from services.registry.projects.kinds.tables import ProjectKind
from services.registry.versions.store import Shelf, search_filters

PROJECT_KINDS = Shelf(
    kind="project_kind",
    table=ProjectKind,
    fields=("code", "name", "name_en", "criteria", "commitments", "steps", "nodes"),
    columns=rules.columns,
    filters={**search_filters(ProjectKind)},
)
