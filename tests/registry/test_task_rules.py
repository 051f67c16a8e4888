"""States never leave their graph, sums are exact, the funnel only narrows."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.plan_file.scalars import plain, total
from services.registry.instruments import rules as instruments
from services.registry.instruments.rules import Paid
from services.registry.prospects import rules as prospects
from services.registry.prospects.rules import Reached, WrongStage
from services.registry.successions import rules as successions
from services.registry.tasks import rules as tasks
from services.registry.tasks.rules import CarriedOver, WrongStep

DAY = date(2018, 6, 1)
TASK = {"state": "not_begun", "state_since": None, "carried_to": None}
amounts = st.decimals(min_value=-(10**17), max_value=10**17, places=12)


@given(st.lists(st.sampled_from(sorted(tasks.STEPS))))
def test_a_task_never_leaves_its_states(asked: Sequence[str]) -> None:
    task: dict[str, Any] = {**TASK}
    for to in asked:
        before = task["state"]
        try:
            task = tasks.stepped(task, to, DAY)
        except WrongStep:
            assert to not in tasks.STEPS[before]
            assert task["state"] == before
        else:
            assert to in tasks.STEPS[before]
            assert task["state"] == to


@given(st.lists(st.sampled_from(prospects.ORDER)))
def test_a_prospect_never_leaves_its_stages_and_ends_when_it_landed(asked: Sequence[str]) -> None:
    prospect: dict[str, Any] = {**prospects.OF_ITS_OWN}
    for to in asked:
        before = prospect["stage"]
        try:
            prospects.check_step(prospect, to)
        except WrongStage:
            assert to not in prospects.STEPS[before]
        else:
            assert before != "landed"
            prospect = prospects.stepped(prospect, to, DAY, "原因")
            assert (prospect["lost_because"] is not None) == (to == "lost")


def test_every_stage_can_be_reached_and_has_a_name() -> None:
    reached, edge = {"lead"}, {"lead"}
    while edge:
        edge = {to for stage in edge for to in prospects.STEPS[stage]} - reached
        reached |= edge
    assert reached == set(prospects.STAGES) == set(prospects.STEPS)


def test_a_task_that_another_plan_continues_takes_no_step() -> None:
    with pytest.raises(CarriedOver, match="C31 of the plan plan-b"):
        tasks.stepped({**TASK, "carried_to": "plan-b/C31"}, "under_way", DAY)


def test_a_caller_of_the_region_reports_for_all_and_one_of_a_unit_for_its_own() -> None:
    paths = {"a": "gov.a", "ab": "gov.ab"}
    assert tasks.reports_for([], {}, "")
    assert tasks.reports_for(["a", "gone"], paths, "gov")
    assert tasks.reports_for(["a"], paths, "gov.a")
    assert not tasks.reports_for(["ab", "gone"], paths, "gov.a")


def instrument(committed: str | None, **by_year: str) -> dict[str, Any]:
    years = [{"year": int(year[1:]), "committed": amount} for year, amount in by_year.items()]
    return {"plan": "p", "code": "fund", "name": "基金", "committed": committed, "by_year": years}


def paid(amount: Decimal, year: int = 2018, **more: Any) -> Paid:  # noqa: ANN401 - of any field
    return Paid(
        **{
            "plan": "p",
            "instrument": "fund",
            "year": year,
            "enterprise": None,
            "receiver": "某",
            "amount": amount,
            **more,
        }
    )


@given(st.lists(st.tuples(amounts, st.sampled_from([2017, 2018]), st.sampled_from([None, "e1", "e2"]))))
def test_sums_by_instrument_year_and_receiver_are_the_whole_exactly(
    rows: list[tuple[Decimal, int, str | None]],
) -> None:
    listed = [paid(amount, year, enterprise=enterprise) for amount, year, enterprise in rows]
    found = instruments.sums(listed, [instrument("0")])
    for name in ("by_instrument", "by_year", "by_receiver"):
        assert plain(total(Decimal(one["paid"]) for one in found[name])) == found["paid"]


@given(st.lists(amounts, max_size=5), st.one_of(st.none(), amounts.map(abs)))
def test_never_is_more_paid_than_committed_without_a_finding(rows: list[Decimal], committed: Decimal | None) -> None:
    whole = total(rows)
    found = list(instruments.findings(instrument(None if committed is None else plain(committed)), map(paid, rows)))
    assert bool(found) == (whole > (committed or 0))
    assert [Decimal(one["over"]) for one in found] == [total([whole], less=committed)][: len(found)]


def test_payments_of_another_plans_instrument_of_that_code_do_not_count() -> None:
    assert list(instruments.findings(instrument("1"), [paid(Decimal(5), plan="q")])) == []


def test_years_that_miss_the_whole_are_said_with_both_numbers() -> None:
    sent = {**instrument(None, y2018="60"), "task": None, "unit": None}
    [fault] = instruments.faults(sent)
    assert fault.en == "the years sum to 60 万元; committed is not said"


steps = st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from(prospects.ORDER), st.integers(0, 20)), max_size=20)


@given(steps, st.integers(-1, 21))
def test_the_funnel_counts_each_prospect_once_and_only_narrows(made: list[tuple[str, str, int]], days: int) -> None:
    ordered = [
        Reached(who, stage, DAY + timedelta(days=day), Decimal(1))
        for who, stage, day in sorted(made, key=lambda one: one[2])
    ]
    found = prospects.funnel(ordered, DAY + timedelta(days=days))
    known = {step.prospect for step in ordered if step.day <= DAY + timedelta(days=days)}
    assert sum(one["here"] for one in found) == len(known)
    assert plain(total(Decimal(one["investment"]) for one in found)) == str(len(known))
    reached = [one["reached"] for one in found if one["stage"] != "lost"]
    assert reached == sorted(reached, reverse=True)


def test_a_contact_person_shows_a_first_letter_and_no_more() -> None:
    assert prospects.masked({"person": "王某", "phone": "13800000000", "email": "w@example.com"}) == {
        "person": "王***",
        "phone": "1***",
        "email": "w***@***",
    }


def test_codes_given_twice_are_taken() -> None:
    renames = [{"code": "C01", "becomes": "C09"}, {"code": "C02", "becomes": "C09"}]
    found = list(successions.rename_faults(renames, ["C01", "C02"], []))
    assert [fault.code for fault in found] == ["taken", "taken"]


def test_a_task_about_something_else_than_the_plan_stays_about_it() -> None:
    task = {"code": "C01", "subject": "carrier:info-port"}
    assert successions.carried_task(task, "a", "b", "C01")["subject"] == "carrier:info-port"


def test_tasks_that_are_done_or_went_on_are_not_open() -> None:
    made = {
        "C01": {**TASK},
        "C02": {**TASK, "state": "done"},
        "C03": {**TASK, "carried_to": "b/C03"},
    }
    assert list(successions.open_tasks(made)) == ["C01"]
