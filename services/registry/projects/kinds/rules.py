"""The life of a project as data (项目全生命周期): stages, the steps between them, and what is wrong with such a graph.

Source: the Xiaoshan plan's 准入和事后监督机制. The stages are fixed; which step leads from where, what it needs and who
makes it is a district's own, kept in versions.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, Literal

from services.kit.errors import Faulty
from services.registry.versions.rules import Content, searched

Stage = Literal[
    "unrecorded",
    "reserve",
    "declared",
    "admitted",
    "started",
    "under_construction",
    "completed",
    "in_production",
    "assessed",
    "terminated",
]
Need = Literal["criteria", "review", "commitments", "assessment"]
Proposer = Literal["lead", "unit", "office"]
Counted = Literal["calendar", "working"]

STAGES: Final[Mapping[str, tuple[str, str]]] = {
    "unrecorded": ("未登记", "not recorded yet: the plan names it, its life has not begun here"),
    "reserve": ("储备", "in reserve"),
    "declared": ("申报", "declared for admission"),
    "admitted": ("准入", "admitted"),
    "started": ("开工", "construction started"),
    "under_construction": ("在建", "under construction, in the statistics"),
    "completed": ("竣工", "completed"),
    "in_production": ("投产", "in production"),
    "assessed": ("达产评估", "full capacity assessed"),
    "terminated": ("终止", "terminated"),
}
FINAL: Final = frozenset({"assessed", "terminated"})
"""From these no step leads on."""

NEEDS: Final[Mapping[str, tuple[str, str]]] = {
    "criteria": ("准入条件逐项认定", "a finding on each criterion for admission"),
    "review": ("联合评审意见", "the opinions of the units of the joint review"),
    "commitments": ("投资强度、亩均税收、达产时间等约定", "the agreed commitments"),
    "assessment": ("约定与实际逐项对照", "the actual of each agreed commitment"),
}


def _kept(code: str, name: str, name_en: str) -> Content:
    return {"code": code, "name": name, "name_en": name_en}


def _step(
    names: tuple[str, str, str],
    froms: Sequence[str],
    to: Sequence[str],
    *,
    proposes: Proposer,
    evidence: Sequence[Content] = (),
    needs: Sequence[Need] = (),
) -> Content:
    return {
        **_kept(*names),
        "from": list(froms),
        "to": list(to),
        "proposes": proposes,
        "evidence": list(evidence),
        "needs": list(needs),
    }


ALIVE: Final = ("reserve", "declared", "admitted", "started", "under_construction", "completed", "in_production")
"""Stages that a project may be in, and may be terminated from."""

STEPS: Final[Sequence[Content]] = (
    _step(("enlist", "储备入库", "put in reserve"), ["unrecorded"], ["reserve"], proposes="unit"),
    _step(
        ("take_over", "现状登记", "take over as it stands"),
        ["unrecorded"],
        ALIVE,
        proposes="office",
        evidence=[_kept("status_proof", "现状证明材料", "proof of the stage it is in")],
    ),
    _step(
        ("declare", "项目申报", "declare"),
        ["reserve"],
        ["declared"],
        proposes="lead",
        evidence=[_kept("declaration", "项目申报书", "declaration")],
    ),
    _step(("send_back", "申报退回", "send back to the reserve"), ["declared"], ["reserve"], proposes="office"),
    _step(
        ("admit", "项目准入", "admit"),
        ["declared"],
        ["admitted"],
        proposes="lead",
        evidence=[
            _kept("review_minutes", "联合评审会议纪要", "minutes of the joint review"),
            _kept("agreement", "投资及监管协议", "investment and supervision agreement"),
        ],
        needs=["criteria", "review", "commitments"],
    ),
    _step(
        ("start", "项目开工", "start construction"),
        ["admitted"],
        ["started"],
        proposes="lead",
        evidence=[
            _kept("construction_permit", "施工许可证", "construction permit"),
            _kept("site_photo", "开工现场照片", "photo of the site"),
        ],
    ),
    _step(
        ("build", "纳统在建", "enter the statistics"),
        ["started"],
        ["under_construction"],
        proposes="lead",
        evidence=[_kept("statistics_entry", "投资入库纳统证明", "proof of entry into investment statistics")],
    ),
    _step(
        ("complete", "竣工验收", "complete"),
        ["under_construction"],
        ["completed"],
        proposes="lead",
        evidence=[_kept("acceptance", "竣工验收备案表", "record of acceptance")],
    ),
    _step(
        ("produce", "项目投产", "begin production"),
        ["completed"],
        ["in_production"],
        proposes="lead",
        evidence=[_kept("production_proof", "投产证明", "proof of production")],
    ),
    _step(
        ("assess", "达产评估", "assess full capacity"),
        ["in_production"],
        ["assessed"],
        proposes="lead",
        evidence=[_kept("assessment_report", "达产评估报告", "assessment report")],
        needs=["assessment"],
    ),
    _step(
        ("terminate", "项目终止", "terminate"),
        ALIVE,
        ["terminated"],
        proposes="unit",
        evidence=[_kept("termination_decision", "终止决定", "decision to terminate")],
    ),
)


def _agreed(names: tuple[str, str, str], unit: str | None = None) -> Content:
    return {**_kept(*names), "unit": unit}


FULL_CAPACITY: Final = _agreed(("full_capacity_on", "达产时间", "day of full capacity"))


def _node(names: tuple[str, str, str], days: int, counted: str, *, step: str | None) -> Content:
    return {**_kept(*names), "days": days, "counted": counted, "step": step}


STANDARD: Final[Content] = {
    **_kept("standard", "新建产业项目", "new industrial project"),
    "criteria": [
        _kept("industry_fit", "符合产业导向", "fits the plan's industries"),
        _kept("land_and_energy", "用地、能耗、环保指标落实", "land, energy and environmental quotas are there"),
        _kept("funds_in_place", "建设资金落实", "funds are in place"),
    ],
    "commitments": [
        _agreed(("investment_intensity", "投资强度", "investment intensity"), "万元/亩"),
        _agreed(("tax_per_mu", "亩均税收", "tax per mu"), "万元/亩"),
        FULL_CAPACITY,
    ],
    "steps": list(STEPS),
    "nodes": [
        _node(("declaration", "申报", "declaration"), 10, "working", step="declare"),
        _node(("admission", "准入评审", "admission"), 20, "working", step="admit"),
        _node(("land", "土地出让", "land is granted"), 45, "working", step=None),
        _node(("start", "开工", "construction starts"), 100, "calendar", step="start"),
        _node(("completion", "竣工", "completion"), 540, "calendar", step="complete"),
        _node(("production", "投产", "production"), 90, "calendar", step="produce"),
        _node(("full_capacity", "达产评估", "full capacity"), 365, "calendar", step="assess"),
    ],
}
RENEWAL: Final[Content] = {
    **STANDARD,
    **_kept("renewal", "技术改造项目", "technical renewal"),
    "commitments": [FULL_CAPACITY],
    "nodes": [
        _node(("declaration", "申报", "declaration"), 5, "working", step="declare"),
        _node(("admission", "准入评审", "admission"), 15, "working", step="admit"),
        _node(("start", "开工", "construction starts"), 60, "calendar", step="start"),
        _node(("completion", "竣工", "completion"), 240, "calendar", step="complete"),
        _node(("production", "投产", "production"), 30, "calendar", step="produce"),
        _node(("full_capacity", "达产评估", "full capacity"), 180, "calendar", step="assess"),
    ],
}
BUILT_IN: Final[Sequence[Content]] = (STANDARD, RENEWAL)
"""What every region begins with; a start for a district's own, taken from no norm."""


def columns(kind: Content) -> dict[str, object]:
    """The columns of the row of today."""
    return {"name": kind["name"], **searched(kind["name"], kind["name_en"], kind["code"])}


def step_named(kind: Content, code: str) -> Content | None:
    """A step of this kind of project."""
    return next((step for step in kind["steps"] if step["code"] == code), None)


def leaving(kind: Content, stage: str) -> list[Content]:
    """The steps that lead on from a stage."""
    return [step for step in kind["steps"] if stage in step["from"]]


def faults(kind: Content, at: str = "/body") -> Iterator[Faulty]:
    """What is wrong with a kind of project: names twice, steps that lead nowhere, stages that no step reaches."""
    for part in ("steps", "nodes", "criteria", "commitments"):
        yield from _twice([each["code"] for each in kind[part]], f"{at}/{part}", field="/code")
    for place, step in enumerate(kind["steps"]):
        yield from _step_faults(step, f"{at}/steps/{place}")
    reached = _reached(kind["steps"])
    for place, step in enumerate(kind["steps"]):
        for which, stage in enumerate(step["from"]):
            if stage not in reached:
                zh = STAGES[stage][0]
                yield Faulty(
                    f"{at}/steps/{place}/from/{which}",
                    "stage-out-of-reach",
                    f"no step leads from the beginning to {stage}; add one or leave {stage} out",
                    f"从“未登记”出发没有步骤可到达“{zh}”；请增加步骤或去掉该阶段",
                )
    known = {step["code"] for step in kind["steps"]}
    for place, node in enumerate(kind["nodes"]):
        if node["step"] is not None and node["step"] not in known:
            yield Faulty(
                f"{at}/nodes/{place}/step",
                "unknown-step",
                f"there is no step {node['step']}; there are {', '.join(sorted(known))}",
                f"没有步骤 {node['step']}；可用的有 {'、'.join(sorted(known))}",
            )


def _twice(codes: Sequence[str], at: str, *, field: str = "") -> Iterator[Faulty]:
    for place, code in enumerate(codes):
        first = codes.index(code)
        if first != place:
            yield Faulty(f"{at}/{place}{field}", "twice", f"{code} stands at {at}/{first} already", f"{code} 重复")


def _step_faults(step: Content, at: str) -> Iterator[Faulty]:
    yield from _twice([each["code"] for each in step["evidence"]], f"{at}/evidence", field="/code")
    for which, stage in enumerate(step["from"]):
        zh = STAGES[stage][0]
        if stage in FINAL:
            yield Faulty(
                f"{at}/from/{which}", "final-stage", f"{stage} is final: no step leads on", f"“{zh}”为终态，不能再流转"
            )
        if stage in step["to"]:
            yield Faulty(
                f"{at}/from/{which}", "stays", f"it leads from {stage} to {stage}", f"步骤的起止阶段均为“{zh}”"
            )
    if "unrecorded" in step["to"]:
        yield Faulty(f"{at}/to", "back-to-nothing", "nothing that was recorded becomes unrecorded", "不能回到“未登记”")


def _reached(steps: Sequence[Mapping[str, Any]]) -> set[str]:
    found: set[str] = {"unrecorded"}
    while True:
        more = {stage for step in steps if found & set(step["from"]) for stage in step["to"]} - found
        if not more:
            return found
        found |= more
