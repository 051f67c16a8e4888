"""What an enterprise's row is found by, and what it names."""

from collections.abc import Iterator

from services.registry.versions.rules import Content, Reference, searched


def columns(enterprise: Content) -> dict[str, object]:
    """The columns of the row of today."""
    return {
        "name": enterprise["name"],
        "industry": enterprise["industry"],
        **searched(enterprise["name"], *enterprise["aliases"], enterprise["group"], enterprise["code"]),
    }


def references(enterprise: Content, at: str = "/body") -> Iterator[Reference]:
    """The industry that an enterprise names, which must be there."""
    yield Reference(f"{at}/industry", "industry", enterprise["industry"])
