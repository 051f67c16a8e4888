"""The life of a project as pure rules: no path leaves the graph, no day is taken out twice, plans end at their goal."""

import copy
from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.kit.workdays import Calendar
from services.registry.cases.rules import (
    ACTS,
    PROBLEM_STATES,
    PROPOSAL,
    STATES,
    Actor,
    OwnProposal,
    Ways,
    WrongCaseState,
    begun,
    check_four_eyes,
    moved,
)
from services.registry.leaders import rules as leaders
from services.registry.projects.kinds import rules as kinds
from services.registry.projects.nodes import rules as schedules
from services.registry.projects.rules import UNRECORDED
from services.registry.projects.steps import rules as steps
from services.registry.projects.suspensions import rules as suspensions

START = date(2017, 1, 1)
days = st.integers(0, 400).map(lambda number: START + timedelta(days=number))
built_in = st.sampled_from(kinds.BUILT_IN)
codes = st.sampled_from([step["code"] for step in kinds.STEPS])


def proposal(**more: object) -> dict[str, Any]:
    """A proposal in which nothing stands yet."""
    return {**steps.NOTHING, "step": "declare", "on": "2017-06-01", "number": 1, **more}


@given(built_in, st.lists(st.tuples(codes, st.integers(0, 9))))
def test_no_path_leaves_the_graph(kind: dict[str, Any], path: list[tuple[str, int]]) -> None:
    life, walked = UNRECORDED, ["unrecorded"]
    for number, (code, choice) in enumerate(path, start=1):
        before = life
        rule = kinds.step_named(kind, code)
        assert rule is not None
        if before["stage"] not in rule["from"]:
            with pytest.raises(steps.StepNotAllowed):
                steps.allowed(kind, before, code)
            continue
        assert steps.allowed(kind, before, code) == rule
        to, _ = steps.target(rule, rule["to"][choice % len(rule["to"])])
        life = steps.lived(before, proposal(step=code, to=to, number=number), rule)
        walked.append(life["stage"])
    edges = {(start, end) for rule in kind["steps"] for start in rule["from"] for end in rule["to"]}
    assert set(pairwise(walked)) <= edges
    assert set(walked[:-1]) & kinds.FINAL == set()
    assert set(walked) <= set(kinds.STAGES)


@pytest.mark.parametrize("kind", kinds.BUILT_IN, ids=lambda kind: kind["code"])
def test_the_built_in_graphs_reach_every_stage_and_are_in_order(kind: dict[str, Any]) -> None:
    assert [*kinds.faults(kind)] == []
    assert {stage for step in kind["steps"] for stage in step["to"]} == set(kinds.STAGES) - {"unrecorded"}
    for stage in kinds.STAGES:
        assert bool(kinds.leaving(kind, stage)) == (stage not in kinds.FINAL)


@pytest.mark.parametrize(
    ("place", "changed", "code"),
    [
        (0, {"code": "declare"}, "twice"),
        (0, {"from": ["assessed"]}, "final-stage"),
        (0, {"to": ["unrecorded"]}, "back-to-nothing"),
        (2, {"to": ["reserve"]}, "stays"),
        (2, {"evidence": [{"code": "a"}, {"code": "a"}]}, "twice"),
    ],
)
def test_what_is_wrong_with_a_graph_is_named(place: int, changed: dict[str, Any], code: str) -> None:
    kind = copy.deepcopy(kinds.STANDARD)
    kind["steps"][place] |= changed
    assert code in {fault.code for fault in kinds.faults(kind)}


def test_a_step_that_the_kind_does_not_know_is_none() -> None:
    assert kinds.step_named(kinds.STANDARD, "fly") is None


pauses = st.lists(st.tuples(days, st.integers(0, 60)), max_size=6).map(
    lambda drawn: [
        {"number": number, "first_day": first.isoformat(), "last_day": (first + timedelta(days=more)).isoformat()}
        for number, (first, more) in enumerate(drawn)
    ]
)


def in_pauses(drawn: Sequence[dict[str, Any]], day: date) -> bool:
    return any(pause["first_day"] <= day.isoformat() <= pause["last_day"] for pause in drawn)


@given(pauses, days, days)
def test_suspended_days_never_count_twice(drawn: list[dict[str, Any]], after: date, until: date) -> None:
    each_once = {
        day for number in range((until - after).days) if in_pauses(drawn, day := after + timedelta(days=number + 1))
    }
    assert suspensions.stopped_days(drawn, after, until) == len(each_once)


@given(pauses, days, days)
def test_a_planned_day_moves_by_the_suspended_days_up_to_where_it_lands(
    drawn: list[dict[str, Any]], day: date, after: date
) -> None:
    due = suspensions.moved_by(day, drawn, after)
    assert (due - day).days == suspensions.stopped_days(drawn, after, due)
    for earlier in (day + timedelta(days=number) for number in range((due - day).days)):
        assert (earlier - day).days < suspensions.stopped_days(drawn, after, earlier)


@given(pauses)
def test_pauses_that_are_approved_one_by_one_have_no_day_in_common(drawn: list[dict[str, Any]]) -> None:
    standing: list[dict[str, Any]] = []
    for pause in drawn:
        if not [*suspensions.overlap_faults(standing, pause)]:
            standing = suspensions.approved(standing, pause)
    total = sum(
        (date.fromisoformat(pause["last_day"]) - date.fromisoformat(pause["first_day"])).days + 1 for pause in standing
    )
    assert suspensions.stopped_days(standing, START - timedelta(days=1), START + timedelta(days=900)) == total
    assert standing == sorted(standing, key=lambda pause: pause["first_day"])
    assert all(suspensions.approved(standing, pause) == standing for pause in standing)
    assert all(pause not in suspensions.without(standing, pause["number"]) for pause in standing)
    for pause in standing:
        assert suspensions.pause_on(standing, date.fromisoformat(pause["last_day"])) == pause
    assert suspensions.pause_on(standing, START - timedelta(days=1)) is None


exceptions = st.dictionaries(days, st.booleans(), max_size=60)
nodes = st.lists(st.tuples(st.integers(0, 90), st.sampled_from(["calendar", "working"])), min_size=1, max_size=8).map(
    lambda drawn: [
        {"code": f"n{place}", "days": each, "counted": counted, "step": None}
        for place, (each, counted) in enumerate(drawn)
    ]
)


@given(nodes, days, exceptions)
def test_a_backward_plan_is_monotone_and_ends_at_its_goal(
    drawn: list[dict[str, Any]], goal: date, differing: dict[date, bool]
) -> None:
    works = Calendar(differing)
    plan = schedules.backwards(drawn, goal, works)
    latest = [date.fromisoformat(day) for day in (plan["begin_by"], *(node["latest"] for node in plan["nodes"]))]
    assert latest == sorted(latest)
    assert plan["nodes"][-1]["latest"] == plan["goal"] == goal.isoformat()
    assert [*schedules.faults({**plan, "nodes": plan["nodes"]}, {}, goal)] == []
    for node, (before, after) in zip(drawn, pairwise(latest), strict=True):
        if node["counted"] == "calendar":
            assert (after - before).days == node["days"]
        else:
            assert works.after(before, node["days"]) <= after
            if node["days"]:
                assert works.after(before + timedelta(days=1), node["days"]) > after


def test_a_day_is_late_only_by_the_days_that_count() -> None:
    plan = {
        "goal": "2017-03-01",
        "begin_by": "2017-01-01",
        "nodes": [
            {"code": "a", "latest": "2017-02-01", "step": "declare", "done_on": None},
            {"code": "b", "latest": "2017-03-01", "step": None, "done_on": "2017-02-20"},
        ],
    }
    pause = [{"number": 1, "first_day": "2017-02-03", "last_day": "2017-02-07"}]

    def shown(reached: dict[str, date], as_of: date) -> list[tuple[str, int]]:
        found = schedules.compared(plan, reached, pause, as_of)
        return [(node["state"], node["days_late"]) for node in found]

    assert shown({"declare": date(2017, 2, 8)}, date(2017, 3, 1)) == [("done_late", 2), ("done", -14)]
    assert shown({}, date(2017, 2, 2)) == [("late", 1), ("open", 0)]
    assert shown({}, date(2017, 2, 7)) == [("late", 1), ("open", 0)]


def test_calendars_of_unpublished_years_count_weekends_only() -> None:
    years = [
        {"year": 2018, "published": True, "exceptions": {"2018-02-16": False}},
        {"year": 2019, "published": False, "exceptions": {"2019-02-05": False}},
    ]
    works = schedules.calendar(years)
    assert (works.works(date(2018, 2, 16)), works.works(date(2019, 2, 5))) == (False, True)
    assert schedules.calendar([]).published_through is None


def agreed(**more: object) -> dict[str, Any]:
    """A commitment."""
    return {"code": "c", "name": "约定", "unit": "万元/亩", "at_least": None, "at_most": None, "by": None, **more}


def actual(**more: object) -> dict[str, Any]:
    """What became of it."""
    return {"code": "c", "value": None, "numerator": None, "denominator": None, "day": None, **more}


@pytest.mark.parametrize(
    ("commitment", "became", "met", "arithmetic"),
    [
        (agreed(at_least="280"), actual(numerator="36000", denominator="120"), True, "36000 / 120 = 300 ≥ 280"),
        (agreed(at_least="300.1"), actual(value="300"), False, "300 < 300.1"),
        (agreed(at_most="0.5"), actual(numerator="1", denominator="3"), True, "1 / 3 ≈ 0.3333 ≤ 0.5"),
        (agreed(at_most="0.3333"), actual(numerator="1", denominator="3"), False, "1 / 3 ≈ 0.3333 > 0.3333"),
        (agreed(at_least="1", at_most="2"), actual(value="3"), False, "3 ≥ 1; 3 > 2"),
        (agreed(by="2018-06-30"), actual(day="2018-07-01"), False, "2018-07-01 > 2018-06-30"),
        (
            agreed(at_least="5", by="2018-06-30"),
            actual(value="5", day="2018-06-30"),
            True,
            "5 ≥ 5; 2018-06-30 ≤ 2018-06-30",
        ),
    ],
)
def test_a_commitment_is_compared_exactly_and_the_arithmetic_is_shown(
    commitment: dict[str, Any], became: dict[str, Any], met: bool, arithmetic: str
) -> None:
    (finding,) = steps.findings([commitment], [became])
    assert (finding["met"], finding["arithmetic"]) == (met, arithmetic)


@pytest.mark.parametrize(
    ("commitment", "became", "wrong"),
    [
        (agreed(at_least="1"), actual(value="1", numerator="1", denominator="1"), ["value-twice"]),
        (agreed(at_least="1"), actual(numerator="1"), ["half-a-quotient"]),
        (agreed(at_least="1", by="2018-06-30"), actual(), ["day-missing", "value-missing"]),
        (agreed(by="2018-06-30"), actual(day="2018-06-30"), []),
        (agreed(by="2018-06-30"), actual(day="2018-07-01"), []),
        (agreed(by="2018-06-30"), actual(day="2018-07-02"), ["day-after-step"]),
        (agreed(code="other", by="2018-06-30"), actual(), ["not-asked-for"]),
    ],
)
def test_an_actual_says_what_was_agreed_on(
    commitment: dict[str, Any], became: dict[str, Any], wrong: list[str]
) -> None:
    life = {**UNRECORDED, "stage": "in_production", "commitments": [commitment]}
    rule = kinds.step_named(kinds.STANDARD, "assess")
    assert rule is not None
    sent = proposal(step="assess", on="2018-07-01", actuals=[became])
    found = [fault.code for fault in steps.faults(sent, rule, kinds.STANDARD, life, date(2018, 7, 1))]
    assert found == wrong


def test_what_is_named_twice_in_a_proposal_is_a_fault() -> None:
    rule = kinds.step_named(kinds.STANDARD, "admit")
    assert rule is not None
    twice = [{"code": "industry_fit", "met": False}, {"code": "industry_fit", "met": True}]
    sent = proposal(step="admit", criteria=twice, commitments=[agreed(at_least="1"), agreed(at_most="2")])
    found = [fault.pointer for fault in steps.faults(sent, rule, kinds.STANDARD, UNRECORDED, date(2018, 7, 1))]
    assert found == ["/body/criteria/1/code", "/body/commitments/1/code"]


@pytest.mark.parametrize(
    ("commitment", "wrong"),
    [
        (agreed(at_least="1"), []),
        (agreed(at_least="1", at_most="1", by="2019-01-01"), []),
        (agreed(unit=None, by="2019-01-01"), []),
        (agreed(), [("", "amount-not-agreed")]),
        (agreed(by="2019-01-01"), [("", "amount-not-agreed")]),
        (agreed(at_least="40", at_most="30"), [("/at_most", "bounds-reversed")]),
        (agreed(unit=None), [("/by", "day-not-agreed")]),
        (agreed(unit=None, at_least="5", by="2019-01-01"), [("/at_least", "amount-without-unit")]),
        (agreed(code="full_capacity_on", unit="万元", at_least="5"), [("/unit", "unit-of-commitment")]),
        (agreed(code="tax_per_mu", unit=None, by="2019-01-01"), [("/unit", "unit-of-commitment")]),
        (agreed(code="tax_per_mu", at_least="5"), []),
    ],
)
def test_amounts_are_agreed_for_an_amount_and_a_day_for_a_day(
    commitment: dict[str, Any], wrong: list[tuple[str, str]]
) -> None:
    rule = kinds.step_named(kinds.STANDARD, "admit")
    assert rule is not None
    sent = proposal(step="admit", commitments=[commitment])
    found = steps.faults(sent, rule, kinds.STANDARD, UNRECORDED, date(2018, 7, 1))
    assert [(fault.pointer.removeprefix("/body/commitments/0"), fault.code) for fault in found] == wrong


def test_what_an_assessment_and_an_admission_lack_is_named() -> None:
    life = {**UNRECORDED, "commitments": [agreed(at_least="1")]}
    assess, admit = (kinds.step_named(kinds.STANDARD, code) for code in ("assess", "admit"))
    assert assess is not None
    assert admit is not None
    missing = steps.missing(proposal(), assess, kinds.STANDARD, life, {})
    assert [fault.code for fault in missing] == ["evidence-missing", "actual-missing"]
    complete = proposal(evidence=[{"kind": "assessment_report", "files": ["f"]}], actuals=[actual(value="1")])
    assert steps.missing(complete, assess, kinds.STANDARD, life, {}) == []
    unmet = proposal(criteria=[{"code": "industry_fit", "met": False}])
    assert "criterion-unmet" in {fault.code for fault in steps.missing(unmet, admit, kinds.STANDARD, life, {})}


def test_a_case_keeps_every_act_and_takes_none_from_a_wrong_state() -> None:
    first, second = Actor("a", "keji", "2018-07-16T09:00:00+08:00"), Actor("b", None, "2018-07-17T09:00:00+08:00")
    case = begun("propose", PROPOSAL, first, {"text": "提请"}, {"subject": "x"})
    after = moved("approve", PROPOSAL, second, {}, case)
    assert [(act["act"], act["client_id"], act["text"], act["files"]) for act in after["acts"]] == [
        ("propose", "a", "提请", []),
        ("approve", "b", None, []),
    ]
    assert (case["state"], after["state"], len(case["acts"])) == ("proposed", "approved", 1)
    with pytest.raises(WrongCaseState, match="it is approved"):
        moved("refuse", PROPOSAL, second, {}, after)
    with pytest.raises(WrongCaseState) as wrong:
        moved("withdraw", PROPOSAL, second, {}, after)
    assert wrong.value.zh == "当前状态为“已批准”（approved）；撤回（withdraw）须处于“待审定”（proposed）"
    check_four_eyes(case, "b")
    with pytest.raises(OwnProposal):
        check_four_eyes(case, "a")


@pytest.mark.parametrize("ways", [PROPOSAL, suspensions.WAYS, leaders.WAYS])
def test_every_act_and_state_of_a_case_has_a_name_in_chinese(ways: Ways) -> None:
    named = {*STATES, *PROBLEM_STATES}
    assert {state for froms, to in ways.values() for state in (*froms, to)} <= named
    assert {act for act, (froms, _) in ways.items() if froms} <= {*ACTS}
