"""Change requests: what may be changed, what was planned before, and what an approval makes of a project."""

from collections.abc import Iterator, Sequence
from typing import Any

from services.kit.errors import Conflict, Faulty
from services.registry.versions.rules import Content


class MovedOn(Conflict):
    """What a request wants to change was changed by others since it was made."""

    code = "moved-on"


def columns(request: Content) -> dict[str, object]:
    """The columns of the row of today."""
    return {name: request[name] for name in ("subject", "project", "plan", "target", "unit", "state")}


def code_of(year: int, number: int) -> str:
    """A request's code: `2018-0001`, numbered by year."""
    return f"{year}-{number:04}"


def project_faults(project: Content, changes: Content, at: str = "/body/changes") -> Iterator[Faulty]:
    """A fault for each field that a request would leave as it is."""
    for field, value in changes.items():
        if project[field] == value:
            yield _no_change(field, at)


def target_faults(before: Content, changes: Content, at: str = "/body") -> Iterator[Faulty]:
    """What is wrong with a request about a target, which the registry does not hold: it must say what is, field by field."""
    for field, value in changes.items():
        if field not in before:
            yield Faulty(
                f"{at}/before/{field}",
                "before-missing",
                f"say what {field} is now: the original is kept beside",
                f"请填写 {field} 的现值，以便保留原值",
            )
        elif before[field] == value:
            yield _no_change(field, f"{at}/changes")
    for field in before:
        if field not in changes:
            yield Faulty(
                f"{at}/before/{field}",
                "not-changed",
                f"{field} is not among the changes; leave it out",
                f"changes 中没有 {field}，请去掉",
            )


def _no_change(field: str, at: str) -> Faulty:
    return Faulty(f"{at}/{field}", "no-change", f"{field} is that already", f"{field} 与现值相同，无需变更")


def changed(project: Content, request: Content) -> Content:
    """The project after an approved request, or `MovedOn` where it is no longer what the request was made for."""
    moved = [name for name, value in request["before"].items() if project[name] != value]
    if moved:
        said, zh = ", ".join(moved), "、".join(moved)
        raise MovedOn(
            f"changed since the request was made: {said}; withdraw it and make another one",
            zh=f"申请提出后以下内容已变化：{zh}；请撤回后重新申请",
        )
    return {**project, **request["changes"]}


def of_record(project: Content, approved: Sequence[Content]) -> dict[str, Any]:
    """What was planned at first, what is planned now, and every approved change in order (原计划与历次变更)."""
    original: dict[str, Any] = {}
    for request in approved:
        for field, value in request["before"].items():
            original.setdefault(field, value)
    return {
        "project": project["code"],
        "fields": [
            {"field": name, "original": value, "now": project[name]} for name, value in sorted(original.items())
        ],
        "changes": [
            {
                "request": request["code"],
                "approval": request["approval"],
                "approved_at": next(act["at"] for act in request["acts"] if act["act"] == "approve"),
                "version": request["applied_version"],
                "before": request["before"],
                "after": request["changes"],
            }
            for request in approved
        ],
    }
