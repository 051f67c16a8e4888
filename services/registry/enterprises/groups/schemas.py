"""Groups of enterprises on the wire."""

from services.plan_file import things
from services.registry.versions.schemas import Kept


class EnterpriseGroupView(Kept, things.EnterpriseGroup):
    """A group of enterprises, as it is today or was."""
