"""What a project's row is found by, what it names, its national code, its annual plans, and the life that is its own."""

import re
from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise
from typing import Final

from services.kit.errors import Faulty
from services.registry.projects.kinds.rules import STAGES
from services.registry.versions.rules import Content, Reference, searched

UNRECORDED: Final[Content] = {"stage": "unrecorded", "since": None, "step": None, "commitments": [], "suspensions": []}
"""A life that has not begun here."""

OWN: Final[Content] = {"national_code": None, "kind": "standard", "annual_plans": [], "phases": [], "life": UNRECORDED}
"""What the registry keeps of a project beside what a plan file says of it, at first."""

FORM: Final = re.compile(r"(?P<when>\d{4})-(?P<region>\d{6})-\d{2}-\d{2}-\d{6}", re.ASCII)
OLD_YEARS: Final = range(2014, 2021)
"""Years of codes in the old form (YYYY-…)."""
NEW_YEARS: Final = range(20, 51)
"""Years of codes in the new form (YYMM-…), which came at the turn to 2021."""
PROVINCES: Final = re.compile(r"00|1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-6]|71|8[12]")
"""The first two digits of a region (GB/T 2260); 00 is the State Council's own, 66 the Xinjiang corps'."""


def with_own(project: Content) -> Content:
    """A project with what the registry keeps of it, also where its version is older than that, or its life not begun."""
    whole = {**OWN, **project}
    return whole if whole["life"] is not None else {**whole, "life": UNRECORDED}


def columns(project: Content) -> dict[str, object]:
    """The columns of the row of today."""
    whole = with_own(project)
    names = (whole["name"], whole["enterprise_name"], whole["enterprise_group"], whole["code"], whole["national_code"])
    return {
        **{
            name: whole[name]
            for name in (
                "name",
                "plan",
                "industry",
                "enterprise",
                "carrier",
                "first_year",
                "last_year",
                "national_code",
                "kind",
            )
        },
        "stage": whole["life"]["stage"],
        **searched(*names),
    }


def references(project: Content, at: str = "/body") -> Iterator[Reference]:
    """The plan, industry, enterprise, carrier and kind that a project names, which must be there."""
    for kind in ("plan", "industry", "enterprise", "carrier"):
        if project[kind] is not None:
            yield Reference(f"{at}/{kind}", kind, project[kind])
    yield Reference(f"{at}/kind", "project_kind", with_own(project)["kind"])


def faults(project: Content, at: str = "/body") -> Iterator[Faulty]:
    """What is wrong with a project by itself."""
    if project["last_year"] < project["first_year"]:
        yield Faulty(
            f"{at}/last_year",
            "years-reversed",
            f"it ends in {project['last_year']}, before it begins in {project['first_year']}",
            f"结束年度 {project['last_year']} 早于开始年度 {project['first_year']}",
        )
    whole = with_own(project)
    if whole["national_code"] is not None:
        yield from national_code_faults(whole["national_code"], f"{at}/national_code")
    yield from _annual_faults(whole, f"{at}/annual_plans")
    yield from _phase_faults(whole, f"{at}/phases")


def national_code_faults(code: str, at: str) -> Iterator[Faulty]:
    """What is wrong with a project code of the national approval platform (全国投资项目在线审批监管平台项目代码).

    Old form YYYY-RRRRRR-II-TT-NNNNNN (2017-330109-36-03-012345): year, region, industry, kind of procedure, number.
    New form YYMM-RRRRRR-TT-TT-NNNNNN (2103-330109-04-01-123456): year and month first.
    """
    found = FORM.fullmatch(code)
    if found is None:
        yield Faulty(
            at,
            "national-code-form",
            f"{code} is not of the form YYYY-RRRRRR-II-TT-NNNNNN (2017-330109-36-03-012345, old) or "
            "YYMM-RRRRRR-TT-TT-NNNNNN (2103-330109-04-01-123456, new): digits in groups of 4, 6, 2, 2, 6",
            f"{code} 不符合项目代码格式：旧码如 2017-330109-36-03-012345，新码如 2103-330109-04-01-123456，"
            "数字分组应为 4-6-2-2-6 位",
        )
        return
    first, second = int(found["when"][:2]), int(found["when"][2:])
    old, new = int(found["when"]) in OLD_YEARS, first in NEW_YEARS and 1 <= second <= 12  # noqa: PLR2004 - months
    if not old and not new:
        yield Faulty(
            at,
            "national-code-time",
            f"it begins with {found['when']}: a year from {OLD_YEARS[0]} to {OLD_YEARS[-1]} (old form), or two digits "
            f"of the year from {NEW_YEARS[0]} and a month 01 to 12 (new form) was expected",
            f"代码以 {found['when']} 开头：旧码应为 {OLD_YEARS[0]} 至 {OLD_YEARS[-1]} 年，"
            f"新码应为两位年份（自 {NEW_YEARS[0]} 起）加两位月份 01 至 12",
        )
    if PROVINCES.match(found["region"]) is None:
        yield Faulty(
            at,
            "national-code-region",
            f"{found['region']} begins with {found['region'][:2]}, which is no province of GB/T 2260; "
            "Xiaoshan's is 330109",
            f"行政区划 {found['region']} 的前两位 {found['region'][:2]} 不是 GB/T 2260 省级代码；如萧山区为 330109",
        )


def national_code_taken(other: str, code: str, at: str) -> Faulty:
    """The fault of a national code that another project of the region has."""
    return Faulty(
        f"{at}/national_code",
        "national-code-taken",
        f"{code} is the national code of the project {other}; each project has its own",
        f"项目代码 {code} 已由项目 {other} 使用；每个项目的代码唯一",
    )


def _annual_faults(project: Content, at: str) -> Iterator[Faulty]:
    """Annual plans (年度计划投资): one a year, within the project's years, cumulative, together not above the total."""
    seen: set[int] = set()
    for place, plan in enumerate(project["annual_plans"]):
        year, here = plan["year"], f"{at}/{place}"
        if year in seen:
            yield Faulty(f"{here}/year", "twice", f"{year} has a plan already", f"{year} 年已有年度计划")
        seen.add(year)
        yield from _year_faults(project, year, f"{here}/year")
        for month, (before, after) in enumerate(pairwise(Decimal(value) for value in plan["months"]), start=2):
            if after < before:
                yield Faulty(
                    f"{here}/months/{month - 1}",
                    "not-cumulative",
                    f"up to month {month} {after}, less than {before} up to the month before: values are cumulative",
                    f"{month} 月累计 {after} 小于上月累计 {before}：应填自年初累计数",
                )
    yield from _total_faults(project, [plan["months"][-1] for plan in project["annual_plans"]], at)


def _phase_faults(project: Content, at: str) -> Iterator[Faulty]:
    """Phases (分期): numbered once, within the project's years, together not above the total."""
    seen: set[int] = set()
    for place, phase in enumerate(project["phases"]):
        here = f"{at}/{place}"
        if phase["number"] in seen:
            yield Faulty(
                f"{here}/number", "twice", f"there is a phase {phase['number']} already", f"第 {phase['number']} 期重复"
            )
        seen.add(phase["number"])
        for name in ("first_year", "last_year"):
            yield from _year_faults(project, phase[name], f"{here}/{name}")
        if phase["last_year"] < phase["first_year"]:
            yield Faulty(
                f"{here}/last_year",
                "years-reversed",
                f"it ends in {phase['last_year']}, before it begins in {phase['first_year']}",
                f"结束年度 {phase['last_year']} 早于开始年度 {phase['first_year']}",
            )
    yield from _total_faults(project, [phase["investment"] for phase in project["phases"]], at)


def _year_faults(project: Content, year: int, at: str) -> Iterator[Faulty]:
    first, last = project["first_year"], project["last_year"]
    if not first <= year <= last:
        yield Faulty(
            at,
            "outside-project-years",
            f"{year} is not one of the project's years {first} to {last}",
            f"{year} 年不在项目实施年度 {first} 至 {last} 之内",
        )


def _total_faults(project: Content, parts: list[str], at: str) -> Iterator[Faulty]:
    total = sum((Decimal(part) for part in parts), Decimal())
    if parts and total > Decimal(project["investment"]):
        said = f"{' + '.join(parts)} = {total} 万元"
        yield Faulty(
            at,
            "above-total",
            f"{said}, more than the total investment of {project['investment']} 万元",
            f"{said}，超过计划总投资 {project['investment']} 万元",
        )


def life_faults(sent: Content | None, present: Content, at: str = "/body/life") -> Iterator[Faulty]:
    """A fault where a body says another life than the project has: steps move it, not a replacement."""
    if sent is not None and sent != present:
        yield Faulty(
            at,
            "life-is-moved-by-steps",
            f"it is {present['stage']}; leave `life` out: POST /v1/projects/{{code}}/steps moves it",
            f"项目处于“{STAGES[present['stage']][0]}”；请不要提交 life，阶段由 POST /v1/projects/{{code}}/steps 流转",
        )


def replaced(present: Content, sent: Content, named: frozenset[str]) -> Content:
    """The next content of a project: what was sent, and of the registry's own what was not named stays."""
    before = with_own(present)
    stays = {name: before[name] for name in OWN if name not in named}
    return {**sent, **stays, "life": before["life"]}
