"""The tree of units."""

from hypothesis import given
from hypothesis import strategies as st

from services.registry.units import rules
from services.registry.units.contacts import rules as contact_rules
from services.registry.versions.rules import HENCEFORTH, Reference

codes = st.sampled_from("abcdefgh")
trees = st.dictionaries(codes, st.none() | codes)


def climbed(code: str, parents: dict[str, str | None]) -> list[str] | None:
    """The codes from a unit up, or None where that goes round in a circle; a parent that is not there is the top."""
    way: list[str] = []
    at: str | None = code
    while at is not None and at in parents:
        if at in way:
            return None
        way.append(at)
        at = parents[at]
    return way


@given(trees)
def test_a_path_leads_from_the_top_down_to_the_unit(parents: dict[str, str | None]) -> None:
    paths, circular = rules.paths(parents)
    ways = {code: climbed(code, parents) for code in parents}
    assert paths == {code: ".".join(reversed(way)) for code, way in ways.items() if way is not None}
    assert circular == {code for code, way in ways.items() if way is None}


@given(trees)
def test_paths_come_parents_first(parents: dict[str, str | None]) -> None:
    order = list(rules.paths(parents)[0])
    assert all(parents[code] not in order or order.index(str(parents[code])) < order.index(code) for code in order)


def named(**names: str) -> dict[str, dict[str, object]]:
    """Units by code with these names, none of them dissolved."""
    return {code: {"name": name, "successors": []} for code, name in names.items()}


def test_a_name_that_another_unit_has_is_a_fault_of_the_unit_that_was_sent() -> None:
    faults = [*rules.doubled(named(new="区经信局", old="区经信局"), {"new": "/body/units/0"})]
    assert [(fault.pointer, fault.code) for fault in faults] == [("/body/units/0/name", "name-taken")]


def test_names_that_were_doubled_before_are_nobodys_fault_now() -> None:
    assert [*rules.doubled(named(a="x", b="x", c="y"), {"c": "/body"})] == []


def test_a_unit_that_ends_before_it_begins_is_a_fault() -> None:
    faults = [*rules.faults({"valid_from": "2018-01-02", "valid_to": "2018-01-01"})]
    assert [fault.code for fault in faults] == ["dates-reversed"]


def test_a_unit_of_one_day_is_none() -> None:
    assert [*rules.faults({"valid_from": "2018-01-01", "valid_to": "2018-01-01"})] == []


def test_a_unit_without_dates_is_none() -> None:
    assert [*rules.faults({"valid_from": "2018-01-01", "valid_to": None})] == []


def test_a_unit_names_its_parent_and_its_successor() -> None:
    assert [*rules.references({"parent": "a", "successor": "b"}, "/u")] == [
        Reference("/u/parent", "unit", "a"),
        Reference("/u/successor", "unit", "b"),
    ]


def test_a_unit_at_the_top_names_none() -> None:
    assert [*rules.references({"parent": None})] == []


def test_a_contact_names_its_unit() -> None:
    assert [*contact_rules.references({"unit": "a"})] == [Reference("/body/unit", "unit", "a", HENCEFORTH)]


def test_a_masked_address_shows_its_first_character_only() -> None:
    assert contact_rules.masked("liaison@example.com") == "l***@***"


def test_a_circle_is_the_fault_of_the_parent() -> None:
    assert rules.circle("a", "/body").pointer == "/body/parent"
