"""What the indicators service is told by its environment."""

from services.kit.settings import ServiceSettings


class Settings(ServiceSettings):
    """Nothing of its own: it verifies tokens with the registry's public keys."""
