"""Where schedules of projects are kept."""

from services.registry.projects.nodes import rules
from services.registry.projects.nodes.tables import Schedule
from services.registry.versions.store import Shelf

SCHEDULES = Shelf(
    kind="schedule", table=Schedule, fields=("project", "goal", "begin_by", "nodes"), columns=rules.columns
)
