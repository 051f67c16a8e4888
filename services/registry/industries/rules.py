"""What an industry's row is found by."""

from services.registry.versions.rules import Content, searched


def columns(industry: Content) -> dict[str, object]:
    """The columns of the row of today."""
    return {
        "name": industry["name"],
        **searched(industry["name"], industry["name_en"], *industry["aliases"], industry["code"]),
    }
