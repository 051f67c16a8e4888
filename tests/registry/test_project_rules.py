"""National codes, annual plans, phases; what a request changes; milestones; contacts: as pure rules."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.registry.leaders import rules as leaders
from services.registry.milestones import rules as milestones
from services.registry.projects import rules
from services.registry.projects.requests import rules as requests


@pytest.mark.parametrize(
    "code",
    [
        "2017-330109-36-03-012345",
        "2014-000000-00-01-000001",
        "2020-110105-65-02-999999",
        "2103-330109-04-01-123456",
        "2012-330109-04-01-123456",  # December 2020, in the new form
        "5012-820000-04-05-123456",
    ],
)
def test_national_codes_of_both_forms_are_taken(code: str) -> None:
    assert [*rules.national_code_faults(code, "")] == []


@pytest.mark.parametrize(
    ("code", "wrong"),
    [
        ("2017330109360301234", ["national-code-form"]),
        ("2017-330109-36-03-12345", ["national-code-form"]),
        ("２０１７-330109-36-03-012345", ["national-code-form"]),
        ("2017-330109-36-03-01234X", ["national-code-form"]),
        ("", ["national-code-form"]),
        ("2013-330109-36-03-012345", ["national-code-time"]),
        ("2021-330109-36-03-012345", ["national-code-time"]),
        ("2100-330109-04-01-123456", ["national-code-time"]),
        ("1912-330109-04-01-123456", ["national-code-time"]),
        ("5101-990109-04-01-123456", ["national-code-time", "national-code-region"]),
    ],
)
def test_what_is_wrong_with_a_national_code_is_named_with_what_is_right(code: str, wrong: list[str]) -> None:
    found = [*rules.national_code_faults(code, "/code")]
    assert [fault.code for fault in found] == wrong
    assert all("330109" in fault.en or "month" in fault.en for fault in found)


@given(st.text(max_size=40))
def test_whatever_is_written_as_a_code_is_taken_or_named(code: str) -> None:
    for fault in rules.national_code_faults(code, "/code"):
        assert fault.en
        assert fault.zh


def test_phases_are_numbered_once_within_the_years_and_not_above_the_total() -> None:
    phase = {"number": 1, "name": "一期", "first_year": 2018, "last_year": 2017, "investment": "60"}
    project = {
        "first_year": 2017,
        "last_year": 2018,
        "investment": "100",
        "phases": [phase, {**phase, "last_year": 2019}],
    }
    assert [(fault.pointer, fault.code) for fault in rules.faults(project)] == [
        ("/body/phases/0/last_year", "years-reversed"),
        ("/body/phases/1/number", "twice"),
        ("/body/phases/1/last_year", "outside-project-years"),
        ("/body/phases", "above-total"),
    ]
    (total,) = [fault for fault in rules.faults(project) if fault.code == "above-total"]
    assert "60 + 60 = 120 万元" in total.en


def test_an_original_stays_the_original_through_many_changes() -> None:
    def approved(code: str, before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
        act = {"act": "approve", "at": "2018-07-16T09:00:00+08:00"}
        return {
            "code": code,
            "approval": code,
            "applied_version": 2,
            "before": before,
            "changes": after,
            "acts": [{"act": "propose", "at": "x"}, act],
        }

    first = approved("1", {"investment": "10"}, {"investment": "20"})
    second = approved("2", {"investment": "20", "name": "a"}, {"investment": "30", "name": "b"})
    record = requests.of_record({"code": "P01", "investment": "30", "name": "b"}, [first, second])
    assert record["fields"] == [
        {"field": "investment", "original": "10", "now": "30"},
        {"field": "name", "original": "a", "now": "b"},
    ]


states = st.permutations(["listed", "supported", "named"])
reports = st.lists(
    st.tuples(
        st.sampled_from(["listed", "supported", "named"]),
        st.none() | st.dates(date(2017, 1, 1), date(2018, 1, 1)).map(date.isoformat),
    )
)


@given(states, st.sampled_from(["listed", "supported", "named"]), reports)
def test_a_milestone_is_reached_by_the_state_that_counts_and_by_none_before_it(
    order: list[str], counts: str, said: list[tuple[str, str | None]]
) -> None:
    milestone: dict[str, Any] = milestones.defined(
        None, {"states": [{"code": code} for code in order], "counts": counts}
    )
    for state, day in said:
        milestone = milestones.reported(milestone, {"state": state, "on": day})
    standing = {state: day for state, day in said if (state, day) is not None}
    enough = [standing[code] for code in order[order.index(counts) :] if standing.get(code) is not None]
    assert milestone["done_on"] == min(enough, default=None)  # type: ignore[type-var]  # none of them is empty
    assert len(milestone["reports"]) == len(said)


def test_a_milestone_whose_counting_state_is_not_among_its_states_is_never_reached() -> None:
    wrong = {"states": [{"code": "a"}], "counts": "b", "reports": [{"state": "a", "on": "2018-01-01"}]}
    assert milestones.done_on(wrong) is None


def test_a_problem_concerns_each_unit_once() -> None:
    problem = {"raised_by": "a", "leader": "l", "unit": "a", "former_units": ["b", "a"]}
    assert leaders.concerned(problem) == ["a", "l", "b"]
    assert leaders.concerned({**problem, "leader": None, "unit": None}) == ["a", "b"]


def test_a_subject_of_no_known_kind_is_no_reference() -> None:
    assert [*leaders.references({"leader": None, "subject": "region:330109"})] == []


@given(
    st.tuples(st.integers(1, 20), st.none() | st.integers(0, 9)),
    st.tuples(st.integers(1, 20), st.none() | st.integers(0, 9)),
)
def test_contacts_overlap_exactly_when_they_share_a_day(
    one: tuple[int, int | None], other: tuple[int, int | None]
) -> None:
    def contact(first: int, more: int | None) -> dict[str, Any]:
        last = None if more is None else f"2018-01-{first + more:02}"
        return {"leader": "l", "subject": "s", "valid_from": f"2018-01-{first:02}", "valid_to": last}

    def covered(first: int, more: int | None) -> set[int]:
        return set(range(first, 99 if more is None else first + more + 1))

    found = [*leaders.contact_faults(contact(*one), [contact(*other)])]
    assert bool(found) == bool(covered(*one) & covered(*other))
