"""Who answers: targets, projects, carriers and tasks without a unit, and units that are named and not registered."""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from services.plan_file.findings.finding import Both, Finding, Kind, ObjectKind, Place, Quote, State, found
from services.plan_file.findings.numbers import runs
from services.plan_file.findings.whole import Whole, kind_of
from services.plan_file.things import Responsibility

NOT_STATED: Final = Kind(
    code="owner-not-stated",
    fact="L9",
    severity="error",
    looks_for=(
        "targets, projects and carriers for which the plan names no unit: a project by its target, a carrier by what is "
        "promised for it or for a project in it. `assigned` where the file gives one afterwards"
    ),
    says=Both("{counts} 没有责任单位", "nobody answers for {counts}"),
    asks=Both("请在 responsibilities 中指定牵头单位", "name a lead unit in responsibilities"),
    answered=Both(
        "{counts} 的责任单位方案未写明，为事后指定",
        "the plan names no unit for {counts}; they were assigned afterwards",
    ),
    left=Both("请以文件或责任书确认", "let a document of the government or a signed commitment confirm it"),
)
TASKS: Final = Kind(
    code="task-owner-not-stated",
    severity="warning",
    looks_for="tasks for which the plan names no unit; `assigned` where the file gives one afterwards",
    says=Both("{counts} 没有责任单位：{codes}", "nobody answers for {counts}: {codes}"),
    asks=Both("请在 responsibilities 中指定牵头单位", "name a lead unit in responsibilities"),
    answered=Both(
        "{counts} 的责任单位方案未写明，为事后指定",
        "the plan names no unit for {counts}; they were assigned afterwards",
    ),
    left=Both("请以文件或责任书确认", "let a document of the government or a signed commitment confirm it"),
)
UNREGISTERED: Final = Kind(
    code="owner-unregistered",
    severity="warning",
    looks_for="a unit that the quoted words name as responsible (责任单位：…) and that is no unit of the file",
    says=Both("原文的责任单位“{names}”不在 units 中", "{names}: named as responsible and not among the units"),
    asks=Both("请登记该单位，或核对名称", "register the unit, or compare the names"),
)
LEFT_OUT: Final = Kind(
    code="owner-left-out",
    severity="warning",
    looks_for="a unit that the quoted words name as responsible and that neither leads nor supports",
    says=Both(
        "{matter}：原文的责任单位“{names}”既未牵头也未配合",
        "{matter}: {names} is named as responsible and neither leads nor supports",
    ),
    asks=Both("请列入 lead 或 support", "let it lead or support"),
)
KINDS: Final = (NOT_STATED, TASKS, UNREGISTERED, LEFT_OUT)

_OWNERS: Final = re.compile(r"责任单位[：:](?P<names>[^。；）)]+)")
_COUNTED: Final[Mapping[ObjectKind, Both]] = {
    "target": Both("目标", "targets"),
    "project": Both("项目", "projects"),
    "carrier": Both("载体", "carriers"),
    "task": Both("任务", "tasks"),
}


def owner_findings(whole: Whole) -> Iterator[Finding]:
    """All findings about owners."""
    basis = _bases(whole)
    owned: dict[ObjectKind, dict[str, str | None]] = {
        "target": {t.code: basis.get(t.code) for t in whole.file.targets if kind_of(t.subject) != "project"},
        "project": {p.code: _of_subject(whole, basis, f"project:{p.code}") for p in whole.file.projects},
        "carrier": {c.code: _of_carrier(whole, basis, c.code) for c in whole.file.carriers},
    }
    yield from _found(whole, NOT_STATED, owned)
    yield from _found(whole, TASKS, {"task": {task.code: basis.get(task.code) for task in whole.file.tasks}})
    yield from _named(whole)


def _bases(whole: Whole) -> dict[str, str]:
    return {matter: owners.basis for matter, owners in whole.owners.items()}


def _of_subject(whole: Whole, basis: dict[str, str], *subjects: str) -> str | None:
    """`stated` where the plan names a unit for anything on these subjects, `assigned` where only the file does."""
    found_ = {basis.get(code) for subject in subjects for code in whole.matters_on(subject)}
    return "stated" if "stated" in found_ else "assigned" if "assigned" in found_ else None


def _of_carrier(whole: Whole, basis: dict[str, str], code: str) -> str | None:
    projects = (f"project:{project.code}" for project in whole.projects_in(code))
    return _of_subject(whole, basis, f"carrier:{code}", *projects)


def _found(whole: Whole, kind: Kind, owned: Mapping[ObjectKind, Mapping[str, str | None]]) -> Iterator[Finding]:
    states: tuple[tuple[str | None, State], ...] = ((None, "open"), ("assigned", "assigned"))
    for wanted, state in states:
        places: list[Place] = []
        counts: list[Both] = []
        for of, each in owned.items():
            codes = [code for code, basis in each.items() if basis == wanted]
            places += [whole.place(of, code) for code in codes]
            if codes:
                zh, en = _COUNTED[of]
                counts.append(Both(f"{zh} {len(codes)}/{len(each)}", f"{len(codes)} of {len(each)} {en}"))
        if places:
            yield found(
                kind,
                places,
                state=state,
                severity=kind.severity if state == "open" else "info",
                values={"counts": counts, "codes": runs(place.code for place in places)},
            )


def _named(whole: Whole) -> Iterator[Finding]:
    units = {unit.name: unit.code for unit in whole.file.units}
    strange: dict[str, list[Responsibility]] = {}
    for owners in whole.file.responsibilities:
        match = _OWNERS.search(owners.phrase or "")
        if match is None:
            continue
        names = [name.strip() for name in match["names"].split("、")]
        for name in names:
            if name not in units:
                strange.setdefault(name, []).append(owners)
        acting = {owners.lead, *owners.support}
        idle = [name for name in names if name in units and units[name] not in acting]
        if idle:
            yield found(
                LEFT_OUT,
                [whole.matter(owners.matter)],
                quotes=_quotes(owners),
                values={"matter": owners.matter, "names": idle},
            )
    for name, several in strange.items():
        places = [whole.matter(owners.matter) for owners in several]
        yield found(
            UNREGISTERED, places, quotes=[quote for o in several for quote in _quotes(o)], values={"names": name}
        )


def _quotes(owners: Responsibility) -> list[Quote]:
    return [Quote(owners.clause or "", owners.phrase or "")]
