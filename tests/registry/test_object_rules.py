"""What industries, carriers, enterprises, projects and responsibilities are found by, and what they name."""

from services.registry.carriers import rules as carriers
from services.registry.enterprises import rules as enterprises
from services.registry.projects import rules as projects
from services.registry.responsibilities import rules as responsibilities
from services.registry.versions.rules import Reference


def test_a_carrier_names_all_its_industries() -> None:
    carrier = {"industry": "a", "also": ["b"], "parent": None, "members": []}
    assert [*carriers.references(carrier)] == [
        Reference("/body/industry", "industry", "a"),
        Reference("/body/also/0", "industry", "b"),
    ]


def test_an_enterprise_names_its_industry() -> None:
    assert [*enterprises.references({"industry": "a"})] == [Reference("/body/industry", "industry", "a")]


def test_a_project_names_what_it_has() -> None:
    project = {"plan": "p", "industry": "i", "enterprise": None, "carrier": "c"}
    assert [(reference.kind, reference.code) for reference in projects.references(project)] == [
        ("plan", "p"),
        ("industry", "i"),
        ("carrier", "c"),
        ("project_kind", "standard"),
    ]


def test_a_project_that_ends_before_it_begins_is_a_fault() -> None:
    assert [fault.code for fault in projects.faults({"first_year": 2018, "last_year": 2017})] == ["years-reversed"]


def test_a_project_of_one_year_is_none() -> None:
    assert [*projects.faults({"first_year": 2018, "last_year": 2018})] == []


def test_a_responsibility_names_its_units_its_subject_and_its_plan() -> None:
    owned = {"lead": "a", "support": ["b"], "subject": "project:P01", "plan": "p"}
    assert [(reference.kind, reference.code) for reference in responsibilities.references(owned)] == [
        ("unit", "a"),
        ("unit", "b"),
        ("project", "P01"),
        ("plan", "p"),
    ]


def test_a_unit_leads_or_supports_once() -> None:
    faults = [*responsibilities.faults({"lead": "a", "support": ["b", "a", "b"]})]
    assert [fault.pointer for fault in faults] == ["/body/support/1", "/body/support/2"]


def test_a_responsibility_is_found_by_each_unit_once() -> None:
    columns = responsibilities.columns({"lead": "a", "support": ["b", "a"], "plan": "p", "subject": "plan:p"})
    assert columns["units"] == ["a", "b"]
