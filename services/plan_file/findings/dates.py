"""By when: end values without years in between, dates that no words state, dates that no report ever reaches."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from services.plan_file.findings.finding import Both, Finding, Kind, Quote, found
from services.plan_file.findings.numbers import runs
from services.plan_file.findings.phrases import dated, named, sentence_of, years
from services.plan_file.findings.whole import Whole, goal, kind_of
from services.plan_file.measuring import Frequency, PlanTarget

NO_SPLIT: Final = Kind(
    code="annual-split-missing",
    fact="L10",
    severity="warning",
    looks_for=(
        "counts, sums and volumes over more than one year with an end value only; projects apart, and so are counts "
        "whose phrase names some of what it counts"
    ),
    says=Both("{codes} 跨年度而只有终期数，没有分年目标", "{codes} run over several years and have an end value only"),
    asks=Both("请补充分年节点（checkpoints）", "add checkpoints for the years"),
)
NO_PROJECT_SPLIT: Final = Kind(
    code="project-annual-split-missing",
    severity="warning",
    looks_for="investment targets of projects over more than one year with an end value only",
    says=Both(
        "{count} 个跨年度项目没有年度计划投资：{codes}",
        "{count} projects over several years have no annual plan: {codes}",
    ),
    asks=Both(
        "计划总投资不等于计划期内应完成的投资，请补充年度计划",
        "total investment is not what is due within the plan: add the annual plan",
    ),
)
NOT_STATED: Final = Kind(
    code="date-not-stated",
    fact="L11",
    severity="info",
    looks_for="targets whose words, headings included, say no date, so that the plan's last day is taken; growth and projects apart",
    says=Both(
        "{codes} 原文没有期限，按计划末日 {end} 计",
        "{codes}: the text states no date; the plan's last day {end} is taken",
    ),
    asks=Both(
        "请确认期限，或在 wording.headings 中写明出处", "confirm it, or quote in wording.headings what states it"
    ),
)
NOT_AS_PHRASED: Final = Kind(
    code="date-not-as-phrased",
    severity="warning",
    looks_for="a target whose words name years, its own not among them",
    says=Both("{code} 的期限是 {date}，而原文写的是 {said} 年", "{code} is due on {date}; its words say {said}"),
    asks=Both("请核对期限或引文", "compare the day with the phrase"),
)
INSIDE_PERIOD: Final = Kind(
    code="goal-inside-period",
    severity="error",
    looks_for="a goal's day on which no period of the indicator ends, so that the target never becomes final",
    says=Both(
        "{code} 的期限 {date} 不是{frequency}末：没有一期数据止于该日，永远得不出最终结论",
        "{code} is due on {date}, on which no {frequency} ends: no report ever decides it",
    ),
    asks=Both("请改为 {end}，或改指标的频度", "let it be due on {end}, or change the indicator's frequency"),
)
UNPUBLISHED: Final = Kind(
    code="goal-in-unpublished-period",
    severity="error",
    looks_for="a goal's day that ends a period which is never published, so that the target never becomes final",
    says=Both(
        "{code} 的期限 {date} 所在月份的数据不单独公布，永远得不出最终结论",
        "{code} is due on {date}, and that month's figure is never published: no report ever decides it",
    ),
    asks=Both("请改用公布数据的月份", "let it be due at the end of a month that is published"),
)
OUTSIDE: Final = Kind(
    code="project-outside-plan",
    severity="warning",
    looks_for="a project that begins before the plan or ends after it",
    says=Both(
        "{codes} 的实施年度超出计划期 {start} 至 {end}", "the years of {codes} reach beyond the plan, {start} to {end}"
    ),
    asks=Both("请核对实施年度；超出部分须另订年度计划", "check the years; what lies beyond needs a plan of its own"),
)
KINDS: Final = (NO_SPLIT, NO_PROJECT_SPLIT, NOT_STATED, NOT_AS_PHRASED, INSIDE_PERIOD, UNPUBLISHED, OUTSIDE)

A_YEAR: Final = timedelta(days=366)
MONTHS: Final[dict[Frequency, int]] = {"month": 1, "quarter": 3, "half": 6, "year": 12}
_PERIODS: Final[dict[Frequency, Both]] = {
    "month": Both("月", "month"),
    "quarter": Both("季", "quarter"),
    "half": Both("半年", "half-year"),
    "year": Both("年", "year"),
}


def date_findings(whole: Whole) -> Iterator[Finding]:
    """All findings about dates."""
    numbers = [target for target in whole.file.targets if target.measure in {"cumulative", "annual"}]
    bare = [target for target in numbers if _end_value_only(whole, target)]
    split = [t for t in bare if kind_of(t.subject) != "project" and not any(named(t.phrase))]
    if split:
        codes = runs(target.code for target in split)
        yield found(NO_SPLIT, whole.places("target", split), quotes=whole.quotes(split), values={"codes": codes})
    projects = [target for target in bare if kind_of(target.subject) == "project"]
    if projects:
        codes, count = runs(target.code for target in projects), str(len(projects))
        yield found(NO_PROJECT_SPLIT, whole.places("target", projects), values={"codes": codes, "count": count})
    undated = [target for target in whole.file.targets if _undated(whole, target)]
    if undated:
        codes, end = runs(target.code for target in undated), whole.plan.end.isoformat()
        yield found(
            NOT_STATED,
            whole.places("target", undated),
            quotes=whole.quotes(undated),
            values={"codes": codes, "end": end},
        )
    for target in whole.file.targets:
        yield from _years(whole, target)
        yield from _never_final(whole, target)
    yield from _projects(whole)


def _end_value_only(whole: Whole, target: PlanTarget) -> bool:
    """Whether it runs over more than one year, a project over its own years, without a value for any in between."""
    if len(target.checkpoints) > 1 or target.trajectory in {"schedule", "seasonal"}:
        return False
    kind, _, code = target.subject.partition(":")
    project = whole.projects.get(code) if kind == "project" else None
    if project is not None:
        return project.last_year > project.first_year
    return target.checkpoints[-1].date - whole.start(target) > A_YEAR


def _undated(whole: Whole, target: PlanTarget) -> bool:
    if target.measure in {"growth", "mean_growth"} or kind_of(target.subject) == "project":
        return False
    if target.checkpoints[-1].date != whole.plan.end or any(dated(each.phrase) for each in whole.headings(target)):
        return False
    return not dated(sentence_of(target.phrase, goal(target)))


def _years(whole: Whole, target: PlanTarget) -> Iterator[Finding]:
    if kind_of(target.subject) == "project":
        return
    said, due = years(whole.words(target)), target.checkpoints[-1].date
    if said and due.year not in said:
        listed = [str(year) for year in sorted(said)]
        quotes = [*(Quote(each.clause, each.phrase) for each in whole.headings(target)), *whole.quotes([target])]
        places = whole.places("target", [target])
        yield found(
            NOT_AS_PHRASED, places, quotes=quotes, values={"code": target.code, "date": due.isoformat(), "said": listed}
        )


def period_end(day: date, frequency: Frequency) -> date:
    """The last day of the period in which a day lies."""
    months = MONTHS[frequency]
    last = -(-day.month // months) * months
    return date(day.year, 12, 31) if last == 12 else date(day.year, last + 1, 1) - timedelta(days=1)  # noqa: PLR2004


def _never_final(whole: Whole, target: PlanTarget) -> Iterator[Finding]:
    indicator = whole.indicators.get(target.indicator or "")
    if indicator is None:
        return
    due, places = target.checkpoints[-1].date, whole.places("target", [target])
    values = {"code": target.code, "date": due.isoformat()}
    end = period_end(due, indicator.frequency)
    if due != end:
        frequency = _PERIODS[indicator.frequency]
        quotes = whole.quotes([target])
        yield found(
            INSIDE_PERIOD, places, quotes=quotes, values={"frequency": frequency, "end": end.isoformat(), **values}
        )
    elif due.month in indicator.unpublished_months:
        yield found(UNPUBLISHED, places, quotes=whole.quotes([target]), values=values)


def _projects(whole: Whole) -> Iterator[Finding]:
    first, last = (whole.plan.start + timedelta(days=1)).year, whole.plan.end.year
    beyond = [each for each in whole.file.projects if each.first_year < first or each.last_year > last]
    if beyond:
        codes = runs(project.code for project in beyond)
        yield found(
            OUTSIDE, whole.places("project", beyond), values={"codes": codes, "start": str(first), "end": str(last)}
        )
