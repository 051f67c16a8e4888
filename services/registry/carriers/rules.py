"""What a carrier's row is found by, and what it names."""

from collections.abc import Iterator

from services.registry.versions.rules import Content, Reference, searched


def columns(carrier: Content) -> dict[str, object]:
    """The columns of the row of today."""
    return {
        "name": carrier["name"],
        "industry": carrier["industry"],
        "industries": [carrier["industry"], *carrier["also"]],
        **searched(carrier["name"], carrier["name_en"], *carrier["aliases"], carrier["code"]),
    }


def references(carrier: Content, at: str = "/body") -> Iterator[Reference]:
    """The industries that a carrier names, which must be there."""
    yield Reference(f"{at}/industry", "industry", carrier["industry"])
    for place, industry in enumerate(carrier["also"]):
        yield Reference(f"{at}/also/{place}", "industry", industry)
