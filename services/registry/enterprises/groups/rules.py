"""What a group of enterprises is found by, and what it names."""

from collections.abc import Iterator

from services.registry.versions.rules import Content, Reference, folded, searched


def columns(group: Content) -> dict[str, object]:
    """The columns of the row of today; `names` are all that a text may call it, folded."""
    names = [group["name"], *([group["name_en"]] if group["name_en"] else []), *group["aliases"]]
    return {
        "name": group["name"],
        "enterprise": group["enterprise"],
        "names": list(dict.fromkeys(folded(name) for name in names)),
        **searched(*names, group["code"]),
    }


def references(group: Content, at: str = "/body") -> Iterator[Reference]:
    """The enterprise that heads a group, which must be there."""
    if group["enterprise"] is not None:
        yield Reference(f"{at}/enterprise", "enterprise", group["enterprise"])
