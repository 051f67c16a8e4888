"""Projects and their money: a few that are nearly everything, and all of it at once."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from fractions import Fraction
from statistics import median
from typing import Final

from services.plan_file.findings.finding import Both, Finding, Kind, Step, found
from services.plan_file.findings.numbers import percent, rounded, share, shown, total
from services.plan_file.findings.whole import Whole
from services.plan_file.things import PlanProject

CONCENTRATED: Final = Kind(
    code="investment-concentrated",
    fact="L14",
    severity="warning",
    looks_for="a project with half of all planned investment or more, or three with three quarters or more, of at least five",
    says=Both(
        "投资过于集中：{first} 占计划总投资 {first_share}，前三（{three}）占 {three_share}",
        "investment is concentrated: {first} is {first_share} of it, the three largest ({three}) are {three_share}",
    ),
    asks=Both(
        "按投资加权的进度只反映少数项目，请同时按项目个数看",
        "progress weighted by investment shows these few only: look at the count-weighted one too",
    ),
)
TOGETHER: Final = Kind(
    code="projects-start-together",
    fact="L15",
    severity="warning",
    looks_for="nine in ten projects or more, of at least five, that start in the first year of a plan of several years",
    says=Both(
        "{all} 个项目中 {count} 个都从 {year} 年开始{remark}",
        "{count} of {all} projects start in {year}{remark}",
    ),
    asks=Both("请核对开工年度，分批安排", "check the first years and stagger them"),
)
WITHIN_YEAR: Final = Kind(
    code="large-project-within-year",
    fact="L15",
    severity="warning",
    looks_for="a project of ten times the median investment or more, of at least five, that is to be carried out within one year",
    says=Both(
        "{code} 计划总投资 {amount} 万元（{hundred_million} 亿元），为中位数的 {times} 倍，却要在 {year} 年内完成",
        "{code}: {amount} 万元, {times} times the median, are to be invested within {year}",
    ),
    asks=Both(
        "请项目单位确认实施年度；未确认前不改动", "let its enterprise confirm the years; nothing is changed until then"
    ),
)
KINDS: Final = (CONCENTRATED, TOGETHER, WITHIN_YEAR)

HALF: Final = Fraction(1, 2)
THREE_QUARTERS: Final = Fraction(3, 4)
NINE_TENTHS: Final = Fraction(9, 10)
LARGE: Final = 10
"""Times the median."""

ENOUGH: Final = 5
"""Fewer projects than these are always concentrated."""


def investment_findings(whole: Whole) -> Iterator[Finding]:
    """All findings about projects and their money."""
    projects = whole.file.projects
    if len(projects) < ENOUGH:
        return
    yield from _concentration(whole, projects)
    first = (whole.plan.start + timedelta(days=1)).year
    if first < whole.plan.end.year:
        yield from _together(whole, projects, first)
    yield from _within_year(whole, projects)


def _concentration(whole: Whole, projects: Sequence[PlanProject]) -> Iterator[Finding]:
    amounts = [Fraction(project.investment) for project in projects]
    amount = sum(amounts, Fraction(0))
    largest = sorted(projects, key=lambda project: project.investment, reverse=True)[:3]
    first, three = Fraction(largest[0].investment), sum((Fraction(p.investment) for p in largest), Fraction(0))
    if first / amount < HALF and three / amount < THREE_QUARTERS:
        return
    added = " + ".join(shown(Fraction(project.investment)) for project in largest)
    steps = [
        total(Both(f"{len(projects)} 个项目合计（万元）", f"all {len(projects)} projects, in 万元"), amounts, amount),
        share(Both(f"{largest[0].code} 占比", f"share of {largest[0].code}"), first, amount),
        Step(Both("前三合计（万元）", "the three largest, in 万元"), added, shown(three)),
        share(Both("前三占比", "share of the three largest"), three, amount),
    ]
    yield found(
        CONCENTRATED,
        whole.places("project", largest),
        arithmetic=steps,
        values={
            "first": f"{largest[0].code} {largest[0].name}",
            "first_share": percent(first / amount, 2),
            "three": [project.code for project in largest],
            "three_share": percent(three / amount, 2),
        },
    )


def _together(whole: Whole, projects: Sequence[PlanProject], year: int) -> Iterator[Finding]:
    starting = [project for project in projects if project.first_year == year]
    if Fraction(len(starting), len(projects)) < NINE_TENTHS:
        return
    issued, remark = whole.plan.issued_on, Both("", "")
    steps = [share(Both("占比", "share"), Fraction(len(starting)), Fraction(len(projects)))]
    if issued.year == year:
        end = date(year, 12, 31)
        left = str((end - issued).days)
        remark = Both(
            f"，而方案 {issued} 才印发，当年只剩 {left} 天",
            f"; the plan was issued on {issued}, {left} days before its end",
        )
        steps.append(Step(Both("印发后当年剩余天数", "days left of the year"), f"{end} - {issued}", left))
    yield found(
        TOGETHER,
        whole.places("project", starting),
        arithmetic=steps,
        values={"all": str(len(projects)), "count": str(len(starting)), "year": str(year), "remark": remark},
    )


def _within_year(whole: Whole, projects: Sequence[PlanProject]) -> Iterator[Finding]:
    middle = median(Fraction(project.investment) for project in projects)
    for project in projects:
        amount = Fraction(project.investment)
        if project.first_year == project.last_year and middle > 0 and amount >= LARGE * middle:
            quotes = whole.quotes(whole.targets_on(f"project:{project.code}"))
            step = Step(
                Both("为中位数的倍数", "times the median"),
                f"{shown(amount)} ÷ {shown(middle)}",
                shown(amount / middle, 1),
            )
            yield found(
                WITHIN_YEAR,
                whole.places("project", [project]),
                quotes=quotes,
                arithmetic=[step],
                values={
                    "code": project.code,
                    "amount": shown(amount),
                    "hundred_million": shown(amount / 10_000),
                    "times": rounded(amount / middle, 1),
                    "year": str(project.first_year),
                },
            )
