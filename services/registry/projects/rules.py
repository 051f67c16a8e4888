"""What a project's row is found by, and what it names."""

from collections.abc import Iterator

from services.kit.errors import Faulty
from services.registry.versions.rules import Content, Reference, searched


def columns(project: Content) -> dict[str, object]:
    """The columns of the row of today."""
    names = (project["name"], project["enterprise_name"], project["enterprise_group"], project["code"])
    return {
        **{
            name: project[name]
            for name in ("name", "plan", "industry", "enterprise", "carrier", "first_year", "last_year")
        },
        **searched(*names),
    }


def references(project: Content, at: str = "/body") -> Iterator[Reference]:
    """The plan, industry, enterprise and carrier that a project names, which must be there."""
    for kind in ("plan", "industry", "enterprise", "carrier"):
        if project[kind] is not None:
            yield Reference(f"{at}/{kind}", kind, project[kind])


def faults(project: Content, at: str = "/body") -> Iterator[Faulty]:
    """What is wrong with a project by itself."""
    if project["last_year"] < project["first_year"]:
        yield Faulty(
            f"{at}/last_year",
            "years-reversed",
            f"it ends in {project['last_year']}, before it begins in {project['first_year']}",
            f"结束年度 {project['last_year']} 早于开始年度 {project['first_year']}",
        )
