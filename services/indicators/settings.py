"""What the indicators service is told by its environment."""

from pydantic import Field

from services.kit.settings import ServiceSettings


class Settings(ServiceSettings):
    """Nothing secret of its own: it verifies tokens with the registry's public keys."""

    import_bytes: int = Field(
        default=2 * 1024**3, ge=1024, description="largest CSV file of figures that is taken, in bytes"
    )
