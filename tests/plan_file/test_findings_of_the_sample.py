"""What the plan check finds in the Xiaoshan plan: the whole answer, and the facts that it must hold."""

import json
from collections import defaultdict
from functools import cache

import pytest

from services.plan_file.findings import findings
from services.plan_file.findings.finding import Finding
from services.plan_file.model import PlanFile
from tests.plan_file import golden
from tests.plan_file.samples import XIAOSHAN, changed, plan_of

EVERY_FACT = {f"L{number}" for number in range(1, 22)}


@cache
def by_fact(name: str) -> dict[str, list[Finding]]:
    found = defaultdict(list)
    for finding in findings(golden.PLANS[name]()):
        found[finding.kind.fact or ""].append(finding)
    return dict(found)


def facts(name: str, fact: str) -> str:
    return "\n".join(finding.says("zh") for finding in by_fact(name)[fact])


def results(fact: str, name: str = "as-published") -> list[str]:
    return [step.result for finding in by_fact(name)[fact] for step in finding.arithmetic]


def codes(fact: str, name: str = "as-published") -> list[str]:
    return [place.code for finding in by_fact(name)[fact] for place in finding.places]


@pytest.mark.parametrize("name", golden.PLANS)
def test_the_findings_are_those_that_were_kept(name: str) -> None:
    assert golden.answer(name) == json.loads(golden.path(name).read_text(encoding="utf-8"))


def test_every_fact_is_found() -> None:
    assert set(by_fact("as-published")) - {""} == EVERY_FACT


def test_growth_of_25_percent_falls_short_of_a_doubling() -> None:
    assert codes("L1") == ["T23", "T24"]
    assert results("L1")[:2] == ["1.953125", "0.046875"]


def test_the_growth_of_information_reaches_its_doubling() -> None:
    (finding,) = by_fact("as-published")["L2"]
    assert (finding.severity, finding.state, results("L2")[0]) == ("ok", "in_order", "2.028")


def test_the_floors_reach_the_total_with_nearly_all_information_only() -> None:
    assert results("L3") == [
        "2.028", "1.520875", "1.953125", "1.520875", "1.331", "≈ 62.6 %", "≈ 17.1", "≈ 1.7", "≈ 17.1", "≈ 23.9", "1.670775",
    ]  # fmt: skip


def test_bases_are_an_error_until_they_are_assumed() -> None:
    published = [(each.severity, each.state, each.code) for each in by_fact("as-published")["L4"]]
    assert published[0] == ("error", "open", "baseline-not-stated")
    assert [(each.severity, each.state) for each in by_fact("as-shipped")["L4"]] == [("warning", "assumed")]


def test_quantities_and_services_differ() -> None:
    assert "T01 为增加值、T02 为规上总产值" in facts("as-published", "L5")
    assert "信息含服务业" in facts("as-published", "L5")


def test_counts_are_compared_with_lists() -> None:
    assert facts("as-published", "L6") == "T06 要求 50 个，项目名单只列出 30 个，差 20 个"
    assert "T30 最多 2 家，企业名单只列出 1 家" in facts("as-published", "L7")
    assert "合计要求 15-16 家，企业名单列出 30 家" in facts("as-published", "L7")


def test_what_is_named_is_compared_with_what_is_counted() -> None:
    assert facts("as-published", "L8").splitlines() == [
        "T12：4 个中只点名 2 个",
        "T13：8 个中只点名 3 个",
        "T14：5 个中只点名 3 个",
        "二：5 个中只点名 1 个",
    ]


def test_owners_are_an_error_until_they_are_assigned() -> None:
    (published,), (shipped,) = by_fact("as-published")["L9"], by_fact("as-shipped")["L9"]
    assert (published.severity, published.state) == ("error", "open")
    assert published.says("zh") == "目标 35/35、项目 30/30、载体 13/13 没有责任单位"
    assert (shipped.severity, shipped.state) == ("info", "assigned")


def test_end_values_without_years_and_dates_that_are_not_stated() -> None:
    assert codes("L10") == [f"T{n:02d}" for n in (3, 4, 5, 6, 11, 16, 18, 19, 22, 25, 30, 33)]
    assert codes("L11") == [f"T{n:02d}" for n in (11, 12, 13, 14, 16, 25, 30, 33)]


def test_ways_of_growth_and_words_of_striving() -> None:
    assert codes("L13") == ["T07", "T08", "T09", "T15", "T29", "T32", "T23"]
    assert codes("L12") == ["T08", "T09", "T30"]
    assert codes("L21") == [f"T{n:02d}" for n in (*range(1, 11), 15, 17, 23, 24, 29, 31, 32, 34, 35)]


def test_money_is_concentrated_and_all_at_once() -> None:
    assert codes("L14") == ["P15", "P20", "P30"]
    assert "68.37 %" in facts("as-published", "L14")
    assert "85.46 %" in facts("as-published", "L14")
    assert "30 个项目中 30 个都从 2017 年开始" in facts("as-published", "L15")
    assert "P20 计划总投资 900000 万元（90 亿元）" in facts("as-published", "L15")


def test_things_in_two_places_and_by_two_names() -> None:
    assert facts("as-published", "L16") == "“禾声科技”在正文属高端装备制造，在名单或项目中属信息"
    said = facts("as-published", "L17")
    assert all(name in said for name in ("浙大机器人研究院", "微医智慧健康谷", "空港小镇"))
    assert "增材智造小镇" in facts("as-published", "L18")
    assert "荣盛石化差别化功能性纤维产业化项目" in facts("as-published", "L19")
    assert codes("L20") == ["T17", "T20", "T31"]


def test_what_a_published_light_policy_leaves_open_is_said() -> None:
    (finding,) = (each for each in findings(golden.as_shipped()) if each.code == "policy-gap-read")
    assert (
        finding.says("en")
        == "Yinchuan 2025, projects: the published rule leaves lag_pp above 0 and below 10 open; read as green"
    )


def confirmed(by: dict[str, str]) -> PlanFile:
    plan_file = golden.as_shipped()
    targets = [
        each.model_copy(update={"baseline": each.baseline.model_copy(update={"confirmed_by": by[each.code]})})
        if each.baseline is not None and each.code in by
        else each
        for each in plan_file.targets
    ]
    return plan_file.model_copy(update={"targets": targets})


def of_bases(plan_file: PlanFile) -> Finding:
    (finding,) = (each for each in findings(plan_file) if each.code == "count-start-not-stated")
    return finding


def test_whoever_confirmed_an_assumption_is_named() -> None:
    some = of_bases(confirmed({"T03": "区统计局"}))
    assert (some.severity, some.answered_by) == ("warning", ("区统计局",))
    assert some.says("zh").endswith("尚未确认")
    every = of_bases(confirmed({each.code: "区统计局" for each in golden.as_shipped().targets}))
    assert (every.severity, every.state, every.answered_by) == ("info", "assumed", ("区统计局",))
    assert every.says("en").endswith("confirmed by 区统计局")


def test_the_check_of_a_file_without_wording_still_finds_what_needs_none() -> None:
    plan_file = golden.as_published()
    bare = plan_file.model_copy(update={"plan": plan_file.plan.model_copy(update={"wording": None})})
    kept = {finding.kind.fact for finding in findings(bare)}
    assert kept - {None} == EVERY_FACT - {"L6", "L7", "L16", "L19"}


def test_a_sample_without_owners_and_baselines_has_no_faults() -> None:
    """A missing base or owner is a finding and blocks no apply."""
    assert plan_of(golden.as_published().model_dump_json()) == golden.as_published()


def test_findings_come_gravest_first() -> None:
    order = ["error", "warning", "info", "ok"]
    severities = [order.index(finding.severity) for finding in findings(golden.as_published())]
    assert severities == sorted(severities)


def test_a_corrected_plan_is_silent() -> None:
    text = changed(
        "value: 25}\n      - {date: 2018-12-31, value: 25}",
        "value: 30}\n      - {date: 2018-12-31, value: 30}",
        XIAOSHAN,
    )
    facts_left = {finding.kind.fact for finding in findings(plan_of(text))}
    assert "L1" not in facts_left
