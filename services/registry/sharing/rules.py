"""What a shared project's row is found by, and what it names."""

from collections.abc import Iterator

from services.kit.errors import Faulty
from services.registry.versions.rules import Content, Reference


def columns(shared: Content) -> dict[str, object]:
    """The columns of the row of today."""
    return {"plan": shared["plan"]}


def references(shared: Content, at: str = "/path") -> Iterator[Reference]:
    """The plan and the project, which must be there."""
    yield Reference(f"{at}/plan", "plan", shared["plan"])
    yield Reference(f"{at}/code", "project", shared["project"])


def faults(shared: Content, own_plan: str | None, at: str = "/path") -> Iterator[Faulty]:
    """What is wrong with a sharing by itself: a plan has its own projects without sharing them."""
    if shared["plan"] == own_plan:
        yield Faulty(
            f"{at}/plan",
            "own-project",
            f"{shared['project']} is a project of {own_plan} itself; name another plan",
            f"项目 {shared['project']} 本就属于计划 {own_plan}，请填写另一个计划",
        )
