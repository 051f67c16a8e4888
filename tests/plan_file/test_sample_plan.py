"""The Xiaoshan plan file says what the published text, the material's tables and the expected answers say."""

import csv
import json
import operator
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import jsonschema
import pytest

from services.plan_file.measuring import PlanTarget
from services.plan_file.model import json_schema
from services.plan_file.parts import split, target_start
from services.plan_file.reading import read
from services.plan_file.scalars import plain
from services.plan_file.tree import grow
from tests.plan_file.samples import PLANS, XIAOSHAN, XIAOSHAN_TEXT, plan_of

PLAN = plan_of(XIAOSHAN)
DATA = PLANS.parent / "tests" / "data"


def rows(path: str) -> list[dict[str, str]]:
    with (PLANS.parent / path).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


ANSWERS = {row["target"]: row for row in rows("tests/data/answers-2018-06-30.csv")}
NOTICES = rows("tests/data/notices-2018-07-16.csv")


def test_every_phrase_stands_in_the_published_text() -> None:
    assert read(XIAOSHAN, plan_text=XIAOSHAN_TEXT).faults == ()


@pytest.mark.parametrize(
    ("section", "count"),
    [
        ("industries", 5),
        ("carriers", 13),
        ("enterprises", 30),
        ("groups", 3),
        ("projects", 30),
        ("targets", 65),
        ("indicators", 16),
    ],
)
def test_the_plan_holds_as_many_objects_as_were_published(section: str, count: int) -> None:
    assert len(getattr(PLAN, section)) == count


@pytest.mark.parametrize(
    ("industry", "count", "investment"),
    [
        ("information", 8, 725_500),
        ("equipment", 7, 199_000),
        ("nev", 8, 7_118_000),
        ("bio", 2, 28_000),
        ("fiber", 5, 705_800),
    ],
)
def test_projects_and_investment_add_up_by_industry(industry: str, count: int, investment: int) -> None:
    amounts = [project.investment for project in PLAN.projects if project.industry == industry]
    assert (len(amounts), sum(amounts)) == (count, investment)


def test_investment_adds_up_in_total() -> None:
    assert sum(project.investment for project in PLAN.projects) == 8_776_300


def test_annex_enterprises_are_counted_by_industry() -> None:
    counts = Counter(enterprise.industry for enterprise in PLAN.enterprises)
    assert counts == {"equipment": 11, "bio": 1, "fiber": 4, "nev": 4, "information": 10}


def test_seventeen_projects_name_an_enterprise_outside_the_annex() -> None:
    outside = [project.code for project in PLAN.projects if project.enterprise is None]
    numbers = (1, 5, 6, 7, 8, 9, 13, 14, 19, 20, 21, 23, 24, 25, 26, 27, 28)
    assert outside == [f"P{number:02d}" for number in numbers]


def test_seven_of_them_belong_to_a_group_of_an_annex_enterprise() -> None:
    groups = {enterprise.group for enterprise in PLAN.enterprises} - {None}
    related = [project.code for project in PLAN.projects if project.enterprise_group in groups]
    assert related == ["P13", "P19", "P20", "P21", "P25", "P27", "P28"]


def test_every_enterprise_and_project_name_is_the_published_one() -> None:
    names = [enterprise.name for enterprise in PLAN.enterprises] + [project.name for project in PLAN.projects]
    names += [project.enterprise_name for project in PLAN.projects if project.enterprise_name]
    assert [name for name in names if name not in XIAOSHAN_TEXT] == []


def test_project_years_run_as_published() -> None:
    years = Counter((project.first_year, project.last_year) for project in PLAN.projects)
    assert years == {(2017, 2017): 6, (2017, 2018): 16, (2017, 2019): 8}


def test_the_targets_are_those_of_the_expected_answers_in_their_order() -> None:
    assert [target.code for target in PLAN.targets] == list(ANSWERS)


def test_the_goals_are_those_of_the_expected_answers() -> None:
    goals = {}
    for target in PLAN.targets:
        goal = target.checkpoints[-1]
        value = goal.date.isoformat() if goal.value is None else plain(goal.value)
        goals[target.code] = value if target.upper is None else f"{value}-{plain(target.upper)}"
    assert goals == {code: row["goal"] for code, row in ANSWERS.items()}


def test_the_answers_have_the_decimals_of_their_indicator_or_of_a_multiple() -> None:
    decimals = {indicator.code: indicator.decimals for indicator in PLAN.indicators}
    wrong = []
    for target in PLAN.targets:
        actual = ANSWERS[target.code]["actual"]
        if target.indicator is not None and actual:
            expected = 3 if target.measure == "multiple" else decimals[target.indicator]
            if -int(Decimal(actual).as_tuple().exponent) != expected:
                wrong.append(target.code)
    assert wrong == []


def test_a_project_target_asks_for_the_planned_total_by_the_end_of_its_last_year() -> None:
    targets = {target.subject: target.checkpoints[-1] for target in PLAN.targets if target.code.startswith("P")}
    assert {subject: (goal.date.isoformat(), goal.value) for subject, goal in targets.items()} == {
        f"project:{project.code}": (f"{project.last_year}-12-31", project.investment) for project in PLAN.projects
    }


def test_only_the_later_yearly_targets_begin_after_the_plan() -> None:
    starts = {target.code: target_start(target, PLAN.plan).isoformat() for target in PLAN.targets}
    later = {code: start for code, start in starts.items() if start != "2016-12-31"}
    assert later == {"T08": "2017-12-31", "T09": "2018-12-31"}


def test_every_baseline_is_assumed_because_the_text_states_none() -> None:
    assert {target.baseline.basis for target in PLAN.targets if target.baseline} == {"assumed"}


def test_what_the_text_only_strives_for_is_indicative() -> None:
    indicative = [target.code for target in PLAN.targets if target.nature == "indicative"]
    numbers = (*range(1, 11), 15, 17, 23, 24, 29, 31, 32, 34, 35)
    assert indicative == [f"T{number:02d}" for number in numbers]


def test_the_commitments_are_tasks() -> None:
    codes = [task.code for task in PLAN.tasks]
    assert codes[:21] == [f"C{number:02d}" for number in range(1, 22)]


def test_every_carrier_has_a_target_or_a_task() -> None:
    subjects = {target.subject for target in PLAN.targets} | {task.subject for task in PLAN.tasks}
    assert [carrier.code for carrier in PLAN.carriers if f"carrier:{carrier.code}" not in subjects] == []


def test_the_areas_are_those_that_the_text_gives() -> None:
    areas = {carrier.code: plain(carrier.area) for carrier in PLAN.carriers if carrier.area is not None}
    assert areas == {"yiqiao-intelligent": "6", "wanxiang-city": "8.42"}
    assert [area for area in areas.values() if f"{area}平方公里" not in XIAOSHAN_TEXT] == []


def test_every_member_of_a_carrier_is_named_in_the_text() -> None:
    names = [member.name for carrier in PLAN.carriers for member in carrier.members]
    assert [name for name in names if name not in XIAOSHAN_TEXT] == []
    assert len(names) == 10


def test_what_stands_in_two_carriers_is_counted_in_one() -> None:
    """L17: 浙大机器人研究院 stands in two carriers; 中国智慧健康谷 is a carrier of its own under another name."""
    places = [(member.name, carrier.code, member.counted) for carrier in PLAN.carriers for member in carrier.members]
    twice = [place for place in places if place[0] == "浙大机器人研究院"]
    assert twice == [("浙大机器人研究院", "info-port", True), ("浙大机器人研究院", "robot-town", False)]
    assert ("中国智慧健康谷", "info-port", False) in places


def test_every_target_and_task_has_a_lead_unit() -> None:
    owned = {owners.matter for owners in PLAN.responsibilities}
    matters = [*(target.code for target in PLAN.targets), *(task.code for task in PLAN.tasks)]
    assert set(matters) - owned == set()


def test_the_owners_are_those_to_whom_the_expected_notices_go() -> None:
    names = {unit.code: unit.name for unit in PLAN.units}
    owners = {each.matter: (names[each.lead], [names[unit] for unit in each.support]) for each in PLAN.responsibilities}
    expected = {row["matter"]: row for row in NOTICES}
    assert {matter: owners[matter][0] for matter in expected} == {
        matter: row["unit"] for matter, row in expected.items()
    }
    copies = {matter: "、".join(owners[matter][1]) for matter, row in expected.items() if row["level"] == "orange"}
    assert copies == {matter: expected[matter]["copy"] for matter in copies}


def test_owners_of_targets_are_assigned_and_those_of_the_safeguards_stated() -> None:
    stated = [owners.matter for owners in PLAN.responsibilities if owners.basis == "stated"]
    assert stated == [*(f"C{number}" for number in range(15, 22)), "C36"]


def test_every_contact_is_marked_as_a_sample_with_an_address_that_reaches_nobody() -> None:
    assert {("（样例）" in contact.person, contact.email.partition("@")[2]) for contact in PLAN.contacts} == {
        (True, "example.com")
    }


def test_every_unit_that_leads_has_a_contact_for_each_role() -> None:
    roles = Counter(contact.unit for contact in PLAN.contacts)
    assert {roles[owners.lead] for owners in PLAN.responsibilities} == {3}


def test_every_report_is_of_a_known_indicator_and_subject_by_the_unit_that_reports_it() -> None:
    indicators = {indicator.code: indicator for indicator in PLAN.indicators}
    names = {unit.code: unit.name for unit in PLAN.units}
    wrong = []
    for row in rows("plans/xiaoshan-2017-2019.reports.csv"):
        indicator = indicators[row["indicator"]]
        exceptions = {each.subject: each.bureau for each in indicator.bureau_by_subject}
        bureau = exceptions.get(row["subject"], indicator.bureau)
        if bureau is None or names[bureau] != row["reporter"]:
            wrong.append(row)
    assert wrong == []


COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    "=": operator.eq,
    ">=": operator.ge,
    ">": operator.gt,
}


def metrics_of(target: PlanTarget, answer: dict[str, str]) -> dict[str, Any]:
    """Return what the expected answer says of a running target, in the terms of the light policies."""
    start, goal = target_start(target, PLAN.plan), target.checkpoints[-1].date
    actual, scheduled = Decimal(answer["actual"]), Decimal(answer["scheduled"])
    return {
        "whole": next(each.whole for each in PLAN.indicators if each.code == target.indicator),
        "has_baseline": target.baseline is not None,
        "at_baseline": target.baseline is not None and target.baseline.value == actual,
        "gap": Decimal(answer["gap"]),
        "lag_pp": Decimal(answer["lag_pp"]),
        "lag_ratio": (scheduled - actual) / scheduled if scheduled else None,
        "time_progress": (date.fromisoformat(answer["coverage_date"]) - start) / (goal - start),
    }


def test_the_policies_show_the_expected_light_of_every_running_target() -> None:
    policies = {policy.code: policy.bands for policy in PLAN.policies}
    shown = {}
    for target in PLAN.targets:
        answer = ANSWERS[target.code]
        if answer["scheduled"] and answer["coverage_date"] < target.checkpoints[-1].date.isoformat():
            metrics = metrics_of(target, answer)
            shown[target.code] = next(
                band.light
                for band in policies[str(target.policy)]
                if all(COMPARISONS[each.op](metrics[each.metric], each.value) for each in band.when)
            )
    assert len(shown) == 48
    assert shown == {code: ANSWERS[code]["light"] for code in shown}


def test_the_published_schema_is_that_of_the_model() -> None:
    written = subprocess.run(
        [sys.executable, "-m", "services.plan_file.model"], cwd=PLANS.parent, capture_output=True, check=True
    )
    assert (PLANS / "plan-file.schema.json").read_bytes() == written.stdout


def test_the_sample_is_valid_by_the_published_schema() -> None:
    document = json.loads(json.dumps(grow(XIAOSHAN).value, default=float))
    jsonschema.Draft202012Validator(json_schema()).validate(document)


def test_the_parts_of_the_sample_are_small_enough_for_one_request() -> None:
    parts = split(PLAN)
    sizes = [len(part.model_dump_json().encode()) for part in (parts.registry, parts.indicators, parts.notifier)]
    assert max(sizes) < 1024 * 1024
