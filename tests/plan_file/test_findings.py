"""Every rule of the plan check on a made-up plan, both ways: it finds what is out of order and says nothing else."""

import pytest

from services.plan_file.findings import KINDS
from tests.plan_file.ordered import (
    YEARS,
    ZERO,
    Change,
    Document,
    add,
    add_target,
    band,
    bands,
    counted,
    found,
    growth,
    indicator,
    mention,
    milestone,
    multiple,
    own,
    points,
    put,
    without,
    wording,
)

IN_ORDER = {"growth-reaches-multiple", "parts-reach-multiple"}
MEAN = {"measure": "mean_growth", "checkpoints": points(30, years=(2019,)), "phrase": "乙业年均增长30%以上"}
SINGLE = points(2, years=(2019,))
LATE = {**ZERO, "date": "2018-12-31"}
HEADING = {"targets": ["T5"], "clause": "一", "phrase": "到2019年末："}
IN_TOWN = mention("carrier:town", "enterprise", "头等机床")
GOOD = ("lag_pp", "<=", 0)
MIDYEAR = [{"date": "2018-06-30", "value": 30}, *points(30, years=(2019,))]
LATE_ON = ("lag_pp", ">=", 10)
YES, NO = ("whole", "=", True), ("whole", "=", False)
SEVERAL = {**mention("carrier:town", "place", "东风", "西风"), "phrase": "引进东风、西风等两家"}


def remove(section: str, code: str) -> Change:
    def change(document: Document) -> None:
        document[section] = [each for each in document[section] if each["code"] != code]
        document["responsibilities"] = [each for each in document["responsibilities"] if each["matter"] != code]

    return change


def keep_four_projects(document: Document) -> None:
    for code in ("P5", "P6"):
        remove("projects", code)(document)
        remove("targets", code)(document)


def start_together(document: Document) -> None:
    for each in document["projects"]:
        each["last_year"] = 2017 if each["last_year"] == each["first_year"] else each["last_year"]
        each["first_year"] = 2017


CASES: list[tuple[set[str], list[Change]]] = [
    ({"growth-below-multiple"}, [put("targets", "T4", checkpoints=points(3, years=(2019,)))]),
    ({"parts-below-multiple"}, [put("targets", "T2", checkpoints=points(25, 25, 25))]),
    ({"parts-below-multiple"}, [put("targets", "T3", checkpoints=points(3, years=(2019,)))]),
    ({"parts-without-growth"}, [remove("targets", "T2")]),
    ({"growth-kinds-mixed"}, [put("targets", "T2", start="2016-12-31", **MEAN)]),
    ({"growth-kinds-mixed", "baseline-not-stated"}, [put("targets", "T2", **MEAN)]),
    ({"baseline-not-stated"}, [without("targets", "T3", "baseline")]),
    ({"baseline-not-stated"}, [put("targets", "T3", baseline={**ZERO, "value": 1, "basis": "assumed"})]),
    ({"count-start-not-stated"}, [without("targets", "T5", "baseline")]),
    ({"count-start-not-stated"}, [put("targets", "T5", baseline={**ZERO, "basis": "assumed"})]),
    (
        {"quantities-differ"},
        [
            add("indicators", indicator("output", "规上总产值", "亿元", "ytd")),
            add_target({**counted("T8", "plan", "output", "到2019年产值90亿元", 70, 80, 90), "measure": "annual"}),
        ],
    ),
    ({"owner-not-stated"}, [own("T6")]),
    ({"owner-not-stated"}, [own("P1", basis="assigned")]),
    ({"task-owner-not-stated"}, [own("C1")]),
    ({"owner-unregistered"}, [own("T6", phrase="（责任单位：经信局、水利局）")]),
    ({"owner-left-out"}, [own("T6", phrase="责任单位：经信局、区政府办")]),
    ({"annual-split-missing"}, [put("targets", "T5", checkpoints=SINGLE)]),
    ({"project-annual-split-missing"}, [put("targets", "P2", checkpoints=points(120, years=(2019,)))]),
    ({"date-not-stated"}, [put("targets", "T5", phrase="三年实现翻番；培育龙头企业2家")]),
    ({"date-not-as-phrased"}, [put("targets", "T6", phrase="2017年建成投产")]),
    ({"goal-inside-period"}, [put("targets", "T7", checkpoints=[*points(2, 5, years=YEARS[:2]), {"date": "2019-06-15", "value": 10}])]),
    (
        {"goal-in-unpublished-period"},
        [
            put("indicators", "firms", unpublished_months=[1]),
            put("targets", "T7", checkpoints=[*points(2, 5, years=YEARS[:2]), {"date": "2019-01-31", "value": 10}]),
        ],
    ),
    ({"project-outside-plan"}, [put("projects", "P1", last_year=2020)]),
    ({"count-above-list"}, [put("targets", "T5", checkpoints=points(1, 3, years=YEARS[1:]))]),
    ({"range-above-list", "range-target"}, [put("targets", "T5", operator="between", upper=3)]),
    (
        {"list-above-count"},
        [add("enterprises", {"code": "e3", "number": 3, "name": "三厂", "industry": "a", "direction": "机床"})],
    ),
    ({"named-below-count"}, [put("targets", "T7", phrase="到2019年引进东风、西风等十家企业，合计10家")]),
    ({"named-above-count"}, [put("targets", "T7", phrase="到2019年引进东风（一期、二期）、西风和南风等两家企业，合计10家")]),
    (
        {"parts-below-total"},
        [
            add_target(
                counted("T8", "plan", "firms", "到2019年引进企业20家", 5, 10, 20),
                counted("T9", "industry:a", "firms", "到2019年引进企业12家", 3, 6, 12),
                counted("T10", "industry:b", "firms", "到2019年引进企业7家", 1, 3, 7),
            )
        ],
    ),
    (
        {"parts-reach-total"},
        [
            add_target(
                counted("T8", "plan", "firms", "到2019年引进企业20家", 5, 10, 20),
                counted("T9", "industry:a", "firms", "到2019年引进企业12家", 3, 6, 12),
                counted("T10", "industry:b", "firms", "到2019年引进企业8家", 1, 3, 8),
            )
        ],
    ),
    ({"investment-concentrated"}, [put("projects", "P1", investment=600)]),
    ({"investment-concentrated"}, [put("projects", c, investment=400) for c in ("P1", "P3", "P5")]),
    ({"investment-concentrated", "large-project-within-year"}, [put("projects", "P4", investment=1200)]),
    ({"projects-start-together"}, [start_together]),
    ({"enterprise-in-two-industries"}, [wording(mentions=[mention("carrier:town", "enterprise", "头等机床")])]),
    (
        {"one-thing-twice"},
        [wording(mentions=[mention("carrier:park", "place", "研究院"), mention("carrier:town", "place", "研究院")])],
    ),
    ({"one-thing-twice"}, [wording(mentions=[mention("carrier:town", "place", "甲园")])]),
    ({"carrier-in-two-industries"}, [put("carriers", "park", also=["b"])]),
    ({"carrier-in-two-industries"}, [wording(mentions=[mention("industry:b", "place", "甲园")])]),
    ({"several-names"}, [put("carriers", "park", aliases=["甲字园"])]),
    ({"several-names"}, [put("enterprises", "e1", aliases=["头机"])]),
    ({"name-ambiguous"}, [put("carriers", "town", name="甲园")]),
    ({"project-not-listed"}, [wording(mentions=[mention("carrier:park", "project", "第9车间")])]),
    ({"duplicate-target"}, [add_target(multiple("T8", "industry:a", "到2019年甲业增加值翻番", 2))]),
    ({"duplicate-project"}, [put("projects", "P2", name="第1车间")]),
    ({"operator-not-stated"}, [put("targets", "T1", phrase="甲业增加值每年增长30%")]),
    ({"range-target"}, [put("targets", "T7", operator="between", upper=12)]),
    ({"tolerance-missing"}, [put("targets", "T7", operator="=")]),
    ({"tolerance-missing"}, [put("targets", "T7", phrase="到2019年引进企业10家左右")]),
    (
        {"milestone-states-differ"},
        [
            add_target(
                milestone("T8", "carrier:park", "通过省级示范园区评审", "2018年通过省级示范园区评审"),
                milestone("T9", "carrier:town", "创建为省级示范园区", "2018年创建为省级示范园区"),
            )
        ],
    ),
    ({"milestone-state-vague"}, [put("targets", "T6", state="基本建成投产")]),
    ({"target-striven-for"}, [put("targets", "T6", nature="indicative")]),
    ({"soft-but-binding"}, [put("targets", "T6", phrase="力争2018年建成投产")]),
    ({"carrier-without-target", "owner-not-stated"}, [remove("targets", "T7")]),
    (
        {"task-without-target"},
        [put("tasks", "C1", subject="enterprise:e1")],
    ),
    ({"policy-gap-read"}, [bands(band("green", ("lag_pp", "<=", 0)), band("green", ("lag_pp", "<", 10), basis="assumed"), band("red"))]),
    (
        {"policy-hole"},
        [bands(band("green", ("lag_pp", "<=", 0)), band("yellow", ("lag_pp", ">=", 10), ("lag_pp", "<=", 30)), band("red"))],
    ),
    (
        {"policy-overlap"},
        [bands(band("green", ("lag_pp", "<=", 12)), band("yellow", ("lag_pp", ">=", 10), ("lag_pp", "<=", 30)), band("red"))],
    ),
    (
        {"policy-band-unreachable"},
        [bands(band("green", ("lag_pp", "<=", 10)), band("yellow", ("lag_pp", "<", 10)), band("red"))],
    ),
    ({"policy-units-mixed"}, [bands(band("green", ("lag_pp", "<=", 0)), band("yellow", ("lag_pp", "<=", "0.1")), band("red"))]),
]  # fmt: skip

SILENT: list[tuple[str, list[Change]]] = [
    ("growth-below-multiple", [put("targets", "T4", checkpoints=points("2.197", years=(2019,)))]),
    ("growth-below-multiple", [put("targets", "T4", operator="<=", checkpoints=points(3, years=(2019,)))]),
    ("growth-below-multiple", [put("targets", "T1", start="2017-12-31", checkpoints=points(1, 1, years=YEARS[1:]))]),
    ("parts-below-multiple", [put("targets", "T3", subject="carrier:park")]),
    ("baseline-not-stated", [put("targets", "T2", start="2016-12-31", **MEAN)]),
    ("annual-split-missing", [put("targets", "T5", start="2018-12-31", checkpoints=SINGLE, baseline=LATE)]),
    ("annual-split-missing", [put("targets", "T5", trajectory="schedule", schedule=SINGLE, checkpoints=SINGLE)]),
    ("annual-split-missing", [put("targets", "T5", checkpoints=SINGLE, phrase="到2019年建成东风等两家龙头企业")]),
    ("project-annual-split-missing", [put("targets", "P6", checkpoints=points(100, years=(2018,)))]),
    ("date-not-stated", [put("targets", "T5", phrase="培育龙头企业2家"), wording(headings=[HEADING])]),
    ("date-not-stated", [put("targets", "T5", phrase="培育龙头企业1家；三年内培育龙头企业2家")]),
    ("date-not-as-phrased", [put("targets", "T6", phrase="2017、2018年建成投产")]),
    ("goal-inside-period", [put("indicators", "leading", frequency="year")]),
    ("goal-in-unpublished-period", [put("indicators", "leading", unpublished_months=[1])]),
    ("list-above-count", [wording(counted=[{"indicator": "firms", "list": "enterprises"}])]),
    ("count-above-list", [wording(counted=[])]),
    ("named-below-count", [put("targets", "T7", phrase="到2019年引进东风、西风等企业，合计10家")]),
    ("parts-below-total", [add_target(counted("T8", "industry:a", "leading", "到2019年培育龙头企业1家", 0, 1))]),
    ("investment-concentrated", [keep_four_projects, put("projects", "P1", investment=900)]),
    ("large-project-within-year", [put("projects", "P1", investment=1200)]),
    ("projects-start-together", [put("projects", "P3", first_year=2017)]),
    ("enterprise-in-two-industries", [put("carriers", "town", also=["a"]), wording(mentions=[IN_TOWN])]),
    ("enterprise-in-two-industries", [wording(mentions=[mention("carrier:town", "enterprise", "机床")])]),
    ("enterprise-in-two-industries", [wording(mentions=[mention("plan", "enterprise", "头等机床")])]),
    ("one-thing-twice", [wording(mentions=[mention("carrier:park", "place", "甲园"), IN_TOWN])]),
    ("one-thing-twice", [wording(mentions=[IN_TOWN, mention("industry:a", "enterprise", "头等机床")])]),
    ("project-not-listed", [wording(mentions=[mention("carrier:park", "project", "第1车间项目")])]),
    ("operator-not-stated", [put("targets", "T1", operator=">", phrase="甲业增加值每年增长超过30%")]),
    ("operator-not-stated", [put("targets", "T1", phrase="甲业增加值每年增长不低于30%，力求更多")]),
    ("tolerance-missing", [put("targets", "T7", operator="=", tolerance=1)]),
    (
        "milestone-states-differ",
        [
            add_target(
                milestone("T8", "carrier:park", "创建为省级示范园区", "2018年创建为省级示范园区"),
                milestone("T9", "carrier:town", "创建为省级示范园区", "2018年创建为省级示范园区"),
                milestone("T10", "carrier:town", "获评市级绿色工厂", "2018年获评市级绿色工厂"),
            )
        ],
    ),
    ("soft-but-binding", [put("targets", "T6", phrase="力争2017年开工，2018年建成投产")]),
    ("carrier-without-target", [remove("targets", "T7"), put("projects", "P4", carrier="town")]),
    ("task-without-target", [put("tasks", "C1", subject="industry:a")]),
    ("policy-overlap", [bands(band("green", GOOD), band("green", ("lag_pp", ">", -1), ("lag_pp", "<", 9)), band("red"))]),
    ("policy-overlap", [bands(band("green", GOOD), band("yellow", ("gap", ">=", 0)), band("red"))]),
    ("policy-overlap", [bands(band("green", ("whole", "=", True), GOOD), band("red", ("whole", "=", False), LATE_ON), band("red"))]),
    ("policy-hole", [bands(band("green", GOOD), band("yellow", ("lag_pp", ">", 0), ("lag_pp", "<=", 30)), band("red"))]),
    ("policy-hole", [bands(band("green", ("whole", "=", True), GOOD), band("red", ("whole", "=", True), LATE_ON), band("red", ("whole", "=", True)), band("red"))]),
    ("policy-band-unreachable", [bands(band("green", ("lag_pp", "<", 10)), band("yellow", ("lag_pp", "<=", 10)), band("red"))]),
    ("policy-units-mixed", [bands(band("green", ("lag_ratio", "<=", "0.1")), band("red"))]),
    ("growth-below-multiple", [put("targets", "T4", checkpoints=[{"date": "2019-06-30", "value": 3}])]),
    ("named-below-count", [put("targets", "T7", phrase="到2019年引进东风、西风等21家企业，合计10家")]),
    ("tolerance-missing", [put("targets", "T7", phrase="到2019年节约用地，引进企业10家")]),
    ("soft-but-binding", [put("targets", "T6", phrase="2018年经过努力，建成投产")]),
    ("soft-but-binding", [put("targets", "T6", phrase="2018年经过一年努力")]),
    ("growth-below-multiple", [put("targets", "T4", checkpoints=points(3, years=(2019,))), put("targets", "T1", checkpoints=MIDYEAR)]),
    ("growth-below-multiple", [add_target(growth("T8", "a", "甲业每年增长1%以上", 1, 1, 1))]),
    ("parts-without-growth", [remove("targets", "T1"), remove("targets", "T2"), remove("targets", "T4")]),
    ("named-below-count", [put("targets", "T7", phrase="到2019年引进东风、西风等两家企业，合计10家")]),
    ("named-below-count", [put("targets", "T7", phrase="到2019年引进10家"), wording(mentions=[SEVERAL])]),
    ("projects-start-together", [put("projects", "P3", first_year=2017), put("projects", "P5", first_year=2017)]),
    ("carrier-in-two-industries", [wording(mentions=[mention("industry:b", "place", "丙园")])]),
    ("policy-gap-read", [bands(band("green", GOOD), band("red", ("lag_pp", "<", 0), basis="assumed"), band("red"))]),
    ("policy-overlap", [bands(band("green", YES, NO), band("red", YES), band("red"))]),
]  # fmt: skip

# A light policy with a band that reads what the published rule leaves open, and the cases that are then told.
READ: list[tuple[list[Document], str]] = [
    ([band("green", GOOD), band("green", ("lag_pp", "<", 10), basis="assumed")], "lag_pp above 0 and below 10"),
    ([band("red", LATE_ON), band("green", ("lag_pp", ">", 0), basis="assumed")], "lag_pp above 0 and below 10"),
    (
        [band("red", ("lag_pp", ">", 9)), band("green", ("lag_pp", ">=", 0), basis="assumed")],
        "lag_pp from 0 on and up to 9",
    ),
    ([band("green", ("lag_pp", "=", 5), basis="assumed")], "lag_pp of 5"),
    ([band("green", ("lag_pp", "=", 5)), band("red", ("lag_pp", "<", 9), basis="assumed")], "lag_pp below 9"),
    ([band("green", YES, GOOD), band("red", NO, ("lag_pp", "<", 9), basis="assumed")], "whole false, lag_pp below 9"),
    ([band("green", GOOD), band("red", ("gap", "<", 0), basis="assumed")], "gap below 0"),
    ([band("green", YES, NO), band("red", YES, GOOD, basis="assumed")], "whole true, lag_pp up to 0"),
    ([band("green", ("lag_pp", "<", 0)), band("red", LATE_ON, basis="assumed")], "lag_pp from 10 on"),
]


@pytest.mark.parametrize(("written", "cases"), READ)
def test_what_a_band_reads_is_what_earlier_bands_leave(written: list[Document], cases: str) -> None:
    (finding,) = found(bands(*written, band("red")), code="policy-gap-read")
    assert f"leaves {cases} open" in finding.says("en")


def test_a_one_year_plan_may_start_all_its_projects_together() -> None:
    def one_year(document: Document) -> None:
        document["plan"]["end"] = "2017-12-31"
        document["targets"] = [each for each in document["targets"] if each["code"] == "T1"]
        document["targets"][0]["checkpoints"] = points(30, years=(2017,))
        document["responsibilities"] = document["responsibilities"][1:2]

    assert "project-outside-plan" in {finding.code for finding in found(one_year)}
    assert found(one_year, start_together, code="projects-start-together") == []


@pytest.mark.parametrize(
    ("issued", "remark"),
    [("2017-05-02", "，而方案 2017-05-02 才印发，当年只剩 243 天"), ("2016-11-01", ""), ("2018-01-01", "")],
)
def test_the_days_left_after_the_plan_was_issued_are_told(issued: str, remark: str) -> None:
    (finding,) = found(
        start_together, lambda document: document["plan"].update(issued_on=issued), code="projects-start-together"
    )
    assert finding.says("zh") == f"6 个项目中 6 个都从 2017 年开始{remark}"


def test_projects_of_a_carrier_can_be_what_is_counted() -> None:
    counting = wording(counted=[{"indicator": "firms", "list": "projects"}])
    (finding,) = found(counting, put("projects", "P1", carrier="town"), code="count-above-list")
    assert finding.says("zh") == "T7 要求 10 家，项目名单只列出 1 家，差 9 家"


def test_services_are_told_of_industries_only_and_where_a_scope_leaves_them_out() -> None:
    said = {}
    for name in ("规上总产值", "总产值"):
        value_added = {**counted("T9", "plan", "output", "到2019年产值90亿元", 70, 80, 90), "measure": "annual"}
        (finding,) = found(
            add("indicators", indicator("output", name, "亿元", "ytd")),
            add_target(value_added),
            wording(
                mentions=[
                    mention("industry:a", "service", "软件服务业"),
                    mention("region:330109", "service", "服务业"),
                    mention("plan", "service", "服务业"),
                ]
            ),
            code="quantities-differ",
        )
        said[name] = finding.says("zh")
    assert said["规上总产值"].endswith("；甲业、有序方案含服务业，不在规上工业之内")
    assert said["总产值"].endswith("不能互相推算")


def test_the_plan_itself_is_called_the_whole() -> None:
    slow = {**growth("T8", "a", "全部每年增长1%以上", 1, 1, 1), "subject": "plan"}
    (finding,) = found(add_target(slow), code="growth-below-multiple")
    assert finding.says("zh").startswith("全部：T8 的增速逐年连乘为 1.030301 倍")


def test_the_subject_of_a_region_goes_by_its_code() -> None:
    (finding,) = found(
        add_target(
            {**growth("T8", "a", "每年增长1%以上", 1, 1, 1), "subject": "region:330109"},
            multiple("T9", "region:330109", "到2019年翻番", 2),
        ),
        code="growth-below-multiple",
    )
    assert finding.says("en").startswith("region:330109: ")


def test_a_plan_in_order_is_said_to_be_in_order_and_nothing_else() -> None:
    assert {finding.code for finding in found()} == IN_ORDER


@pytest.mark.parametrize(("codes", "changes"), CASES)
def test_a_rule_finds_what_is_out_of_order_and_nothing_else_is_found(codes: set[str], changes: list[Change]) -> None:
    assert {finding.code for finding in found(*changes)} - IN_ORDER == codes


@pytest.mark.parametrize(("code", "changes"), SILENT)
def test_a_rule_stays_silent_where_it_is_in_order(code: str, changes: list[Change]) -> None:
    assert found(*changes, code=code) == []


def test_every_kind_of_finding_is_shown_by_a_case() -> None:
    shown = {code for codes, _ in CASES for code in codes}
    assert {kind.code for kind in KINDS} - shown == IN_ORDER
