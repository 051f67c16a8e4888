"""Industries on the wire."""

from services.plan_file import things
from services.registry.versions.schemas import Kept


class IndustryView(Kept, things.Industry):
    """An industry, as it is today or was."""
