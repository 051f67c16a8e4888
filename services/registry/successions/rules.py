"""What a plan hands over to its successor (接续计划): open tasks, projects, and targets that were not met."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from services.kit.errors import Faulty
from services.registry.responsibilities import rules as responsibilities
from services.registry.tasks.rules import OPEN
from services.registry.versions.rules import Content, Reference


def columns(succession: Content) -> dict[str, object]:
    """The columns of the row of today."""
    return {"successor": succession["successor"]}


def plan_faults(plan: str, successor: str, successors: Mapping[str, str], at: str = "/body") -> Iterator[Faulty]:
    """What is wrong with a plan as a successor: it is the plan itself, or one before it."""
    seen = {plan}
    following: str | None = successor
    while following is not None and following not in seen:
        seen.add(following)
        following = successors.get(following)
    if following is not None:
        yield Faulty(
            f"{at}/successor",
            "circle",
            f"{successor} would come after itself: name a plan that {plan} does not follow",
            f"{successor} 将成为自身的后续计划，请填写另一个计划",
        )


def open_tasks(tasks: Mapping[str, Content]) -> dict[str, Content]:
    """The tasks in which something is left to do and that no other plan continues, by code."""
    return {
        code: task
        for code, task in sorted(tasks.items())
        if task.get("state", "not_begun") in OPEN and task.get("carried_to") is None
    }


def rename_faults(
    renames: Sequence[Mapping[str, str]], going: Collection[str], taken: Collection[str], at: str = "/body"
) -> Iterator[Faulty]:
    """What is wrong with the codes under which tasks go on: unknown, taken in the successor, given twice."""
    new = codes(renames, going)
    for place, rename in enumerate(renames):
        if rename["code"] not in going:
            yield Faulty(
                f"{at}/renames/{place}/code",
                "not-open",
                f"{rename['code']} is no open task of the plan",
                f"{rename['code']} 不是该计划的未完任务",
            )
    for code, becomes in sorted(new.items()):
        others = [other for other in going if other != code and new[other] == becomes]
        if becomes in taken or others:
            yield Faulty(
                f"{at}/renames",
                "taken",
                f"{code} cannot go on as {becomes}: that code is taken; give it another one in renames",
                f"{code} 不能以 {becomes} 承接：该代码已被占用，请在 renames 中另给代码",
            )


def codes(renames: Sequence[Mapping[str, str]], going: Collection[str]) -> dict[str, str]:
    """Under which code each task goes on."""
    given = {rename["code"]: rename["becomes"] for rename in renames}
    return {code: given.get(code, code) for code in going}


def carried_task(task: Content, plan: str, successor: str, code: str) -> Content:
    """The task of the successor that continues one of the plan, in the same state."""
    subject = f"plan:{successor}" if task["subject"] == f"plan:{plan}" else task["subject"]
    return {
        **task,
        "plan": successor,
        "code": code,
        "subject": subject,
        "carried_from": f"{plan}/{task['code']}",
        "carried_to": None,
    }


def carried_owner(owner: Content, task: Content) -> Content:
    """Who answers for a carried task: the same units as before."""
    return {**owner, "plan": task["plan"], "matter": task["code"], "subject": task["subject"]}


def owner_references(owners: Iterable[Content]) -> Iterator[Reference]:
    """The units that would go on answering; of a plan that was closed they may have been dissolved since."""
    for owner in owners:
        yield from responsibilities.references(owner, f"/path/plan/responsibilities/{owner['matter']}")


def missing_faults(asked: Sequence[str], there: Collection[str], what: tuple[str, str], at: str) -> Iterator[Faulty]:
    """A fault for each project or target that the plan does not have."""
    en, zh = what
    for place, code in enumerate(asked):
        if code not in there:
            yield Faulty(
                at.format(place), "unknown-reference", f"the plan has no {en} {code}", f"该计划没有{zh} {code}"
            )


def project_sums(rows: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    """How sums by plan are laid out: what each lists, and what it shares beside that."""
    plans: dict[str, dict[str, Any]] = {}
    nothing = {"projects": 0, "investment": "0"}
    for row in rows:
        place = plans.setdefault(row["plan"], {"plan": row["plan"], "lists": nothing, "shares": nothing})
        place["shares" if row["shared"] else "lists"] = {"projects": row["projects"], "investment": row["investment"]}
    return {"by_plan": [plans[plan] for plan in sorted(plans)]}
