"""A plan's states, what a plan file's part becomes in the registry, and from when it counts."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, Final, Literal

from services.kit.errors import Conflict, Faulty
from services.plan_file.codes import PLAN_STATES
from services.plan_file.difference import Change, FieldChange
from services.plan_file.things import PlanState
from services.registry.enterprises.rules import renamed
from services.registry.units.contacts import rules as contacts
from services.registry.units.contacts.rules import contact_code
from services.registry.versions.rules import Content, Reference, searched, subject_reference

TaskState = Literal["not_begun", "under_way", "done", "stopped"]

TASK_OF_ITS_OWN: Final[Content] = {
    "state": "not_begun",
    "state_since": None,
    "carried_from": None,
    "carried_to": None,
}
"""What the registry keeps of a task beside the commitment itself, at first; steps and successions change it, files do not."""

STATES: Final = PLAN_STATES.labels
"""What the states of plans are called in Chinese."""

FOLLOWS: Final[Mapping[str, str]] = {"set-up": "active", "active": "closed"}
"""The state that may come after each."""

SECTIONS: Final[Mapping[str, str]] = {
    "industries": "industry",
    "units": "unit",
    "contacts": "contact",
    "carriers": "carrier",
    "enterprises": "enterprise",
    "groups": "enterprise_group",
    "projects": "project",
    "rosters": "roster",
    "tasks": "task",
    "responsibilities": "responsibility",
}
"""The lists of a plan file's part and the kinds of what is in them, in an order in which each may refer to those before."""

OF_PLAN: Final = frozenset({"project", "task", "responsibility"})
"""Kinds whose objects belong to one plan."""


class WrongState(Conflict):
    """The plan is not in the state for this."""

    code = "wrong-state"


def columns(plan: Content) -> dict[str, object]:
    """The columns of a plan's row of today."""
    activated = plan["activated_at"]
    return {
        "name": plan["name"],
        "state": plan["state"],
        "known_from": datetime.fromisoformat(plan["known_from"]),
        "activated_at": activated and datetime.fromisoformat(activated),
        **searched(plan["name"], plan["name_en"], plan["code"]),
    }


def task_columns(task: Content) -> dict[str, object]:
    """The columns of a task's row of today."""
    own = {name: task[name] for name in ("plan", "subject", "state")}
    return {**own, **searched(task["name"], task["phrase"], task["code"])}


def with_own(task: Content, present: Content | None) -> Content:
    """A task as somebody writes it, with what the registry keeps of the present one."""
    kept = {name: (present or TASK_OF_ITS_OWN)[name] for name in TASK_OF_ITS_OWN}
    return {**task, **kept}


def task_references(task: Content, at: str = "/body") -> Iterator[Reference]:
    """The plan and the subject that a task names, which must be there."""
    yield Reference(f"{at}/plan", "plan", task["plan"])
    yield from subject_reference(task["subject"], f"{at}/subject")


def without_file(objects: Mapping[tuple[str, str], Content]) -> dict[tuple[str, str], Content]:
    """The objects by kind and code, their plan without its file's name: another file that says the same is no difference."""
    return {
        key: {name: value for name, value in content.items() if name != "version"} if key[0] == "plan" else content
        for key, content in objects.items()
    }


def reason_faults(to: PlanState, reason: str | None) -> Iterator[Faulty]:
    """A fault where a plan is to be closed, which is for good, and nobody says why."""
    if to == "closed" and reason is None:
        yield Faulty(
            "/body/reason", "missing", "say why it is closed: that is for good", "请填写关闭原因：关闭后不能恢复"
        )


def moved(plan: Content, to: PlanState, now: datetime) -> Content:
    """The plan in its next state, stamped; the same plan where it is in that state already."""
    if plan["state"] == to:
        return plan
    if FOLLOWS.get(plan["state"]) != to:
        raise WrongState(
            f"the plan is {plan['state']}; from there it cannot become {to}",
            zh=f"计划当前状态为“{STATES[plan['state']]}”，不能变为“{STATES[to]}”",
            pointer="/body/state",
        )
    stamped = "activated_at" if to == "active" else "closed_at"
    return {**plan, "state": to, stamped: now.isoformat()}


def code_of(kind: str, item: Content) -> str:
    """The code by which an item of a plan file is known."""
    match kind:
        case "contact":
            return contact_code(item["unit"], item["role"])
        case "responsibility":
            return str(item["matter"])
    return str(item["code"])


def kept(present: Content, item: Content) -> Content:
    """The fields of an item in which a file still says what acts of the registry have replaced: as they are now.

    Reorganisations rename units and hand responsibilities over, hand-overs change persons (`superseded`); to apply the
    same file again undoes none of that. A file that says something new counts.
    """
    superseded: Mapping[str, list[Any]] = present.get("superseded") or {}
    still = [name for name, values in superseded.items() if item[name] in values]
    if "email" in superseded and len(still) < len(superseded):
        return {}  # a person and an address belong together
    return {name: present[name] for name in still}


def pointers(document: Mapping[str, Any]) -> tuple[dict[tuple[str, str], str], list[Faulty]]:
    """Where each object stands in the part, by kind and code; and a fault for each that is there twice."""
    found: dict[tuple[str, str], str] = {}
    twice = []
    for section, kind in SECTIONS.items():
        for place, item in enumerate(document[section]):
            code, pointer = code_of(kind, item), f"/body/{section}/{place}"
            if (kind, code) in found:
                first = found[kind, code]
                twice.append(Faulty(pointer, "twice", f"{code} stands at {first} already", f"{code} 已见于 {first}"))
            found.setdefault((kind, code), pointer)
    return found, twice


def redirected(item: Content, merged: Mapping[str, str]) -> Content:
    """An item of a plan file that names the enterprises which stand for those that were merged (old code to new)."""
    for before, after in merged.items():
        item = renamed(item, before, after)
    return item


def header_faults(document: Mapping[str, Any], *, code: str, region: str, now: datetime) -> Iterator[Faulty]:
    """What is wrong with a part's header: another plan, another region, knowledge from the future."""
    header, plan = document["header"], document["plan"]
    for pointer, said in (("/body/header/plan", header["plan"]), ("/body/plan/code", plan["code"])):
        if said != code:
            yield Faulty(pointer, "other-plan", f"the path says {code}", f"路径中的计划为 {code}")
    for pointer, said in (("/body/header/region", header["region"]), ("/body/plan/region", plan["region"])):
        if said != region:
            yield Faulty(pointer, "other-region", f"your region is {region}", f"调用方所属地区为 {region}")
    if header["known_from"] != plan["known_from"]:
        yield Faulty("/body/header/known_from", "differs", "the plan says otherwise", "与计划中的不一致")
    if datetime.fromisoformat(plan["known_from"]) > now:
        yield Faulty(
            "/body/plan/known_from",
            "in-future",
            f"it is {now.isoformat()} now",
            f"现在是 {now.isoformat()}，不能晚于现在",
        )


def present_faults(present: Content | None, plan: Content) -> Iterator[Faulty]:
    """What of a plan that is there already may not change: from when its file counts."""
    if present is not None and datetime.fromisoformat(present["known_from"]) != datetime.fromisoformat(
        plan["known_from"]
    ):
        yield Faulty(
            "/body/plan/known_from",
            "fixed",
            f"this plan counts from {present['known_from']}; that does not change",
            f"本计划自 {present['known_from']} 起算，不可更改",
        )


def taken_faults(projects: Mapping[str, Content], at: Mapping[tuple[str, str], str], plan: str) -> Iterator[Faulty]:
    """A fault for each project code that another plan uses in this region."""
    for code, project in projects.items():
        if project["plan"] != plan and ("project", code) in at:
            yield Faulty(
                f"{at['project', code]}/code",
                "taken",
                f"the plan {project['plan']} has a project {code}; codes of projects are unique in a region. Give it "
                f"another code, or leave it out and share it: PUT /v1/plans/{plan}/shared-projects/{code}",
                f"计划 {project['plan']} 已有项目 {code}；项目代码在同一地区内唯一。请另取代码；如为同一项目，"
                f"请从文件中删去并共享：PUT /v1/plans/{plan}/shared-projects/{code}",
            )


def still_named(references: Iterable[tuple[str, Reference]], ended: Collection[tuple[str, str]]) -> Iterator[Faulty]:
    """A fault for each object that stays and names one that would be ended."""
    for who, reference in references:
        if (reference.kind, reference.code) in ended:
            yield Faulty(
                "/query/prune",
                "still-named",
                f"{reference.kind} {reference.code} cannot be ended: {who} names it",
                f"{reference.kind} {reference.code} 不能终止：{who} 仍引用它",
            )


def still_acted_for(units: Iterable[str]) -> Iterator[Faulty]:
    """A fault for each unit that would be ended and that somebody acts for; who that is, is for administrators to read."""
    for unit in units:
        yield Faulty(
            "/query/prune",
            "still-named",
            f"unit {unit} cannot be ended: accounts, roles or keys are of it; revoke or move them, or merge the unit",
            f"unit {unit} 不能终止：仍有账号、角色或密钥属于该单位；请先调整或撤销，或通过机构改革并入其他单位",
        )


def masked(change: Change) -> Change:
    """A change without a contact's address."""
    if change.kind != "contact":
        return change
    return change.model_copy(
        update={"fields": [_hidden(one) if one.field == "email" else one for one in change.fields]}
    )


def _hidden(one: FieldChange) -> FieldChange:
    before, after = (None if said is None else contacts.masked(str(said)) for said in (one.before, one.after))
    return FieldChange(field=one.field, before=before, after=after)


def counts_from(
    known_from: datetime, now: datetime, *, in_set_up: bool, shared: bool, before: datetime | None
) -> datetime:
    """From when a version counts that a plan file brings.

    While the plan is in set-up that is the file's `known_from`, else now. It is now also for what a plan that has
    left set-up names too, and for what was recorded after `known_from`: nobody's past changes by another's file.
    """
    if not in_set_up or shared or (before is not None and before > known_from):
        return now
    return known_from
