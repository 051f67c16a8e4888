"""Whatever carriers share, each is counted once, and areas and shares sum to what there is, exactly."""

from decimal import Decimal
from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from services.plan_file.scalars import plain, total
from services.registry.carriers import rules

INDUSTRIES = ("information", "equipment", "bio")


def carrier(code: str, **more: object) -> dict[str, Any]:
    usual: dict[str, Any] = {
        "industry": "information",
        "also": [],
        "parent": None,
        "area": None,
        "members": [],
        "shares": [],
    }
    return {"code": code, "name": code, **usual, **more}


def member(name: str, **more: object) -> dict[str, Any]:
    return {"kind": "institution", "name": name, "enterprise": None, "carrier": None, "counted": True, **more}


@st.composite
def carriers(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Carriers of several industries, each in shares that sum to 1."""
    made = []
    for number in range(draw(st.integers(1, 5))):
        named = draw(st.lists(st.sampled_from(INDUSTRIES), min_size=1, max_size=3, unique=True))
        cuts = sorted(draw(st.lists(st.decimals(0, 1, places=12), min_size=len(named) - 1, max_size=len(named) - 1)))
        edges = [Decimal(0), *cuts, Decimal(1)]
        shares = [
            {"industry": one, "share": plain(high - low)}
            for one, (low, high) in zip(named, pairwise(edges), strict=True)
        ]
        area = plain(draw(st.decimals("0.000000000001", 10**17, places=12)))
        made.append(carrier(f"c{number}", industry=named[0], also=named[1:], shares=shares, area=area))
    return made


@given(carriers())
def test_industries_sum_to_all_carriers_and_all_areas_exactly(made: list[dict[str, Any]]) -> None:
    assert [fault.code for one in made for fault in rules.faults(one)] == []
    found = rules.counts(made)
    assert found["all"]["carriers"] == len(made) == Decimal(found["all"]["share"])
    assert found["all"]["area"] == plain(total(Decimal(one["area"]) for one in made))
    for name in ("carriers", "members"):
        assert sum(row[name] for row in found["items"]) == found["all"][name]
    for name in ("share", "area"):
        assert plain(total(Decimal(row[name]) for row in found["items"])) == found["all"][name]


def test_without_shares_all_of_a_carrier_is_its_own_industrys() -> None:
    assert rules.shares(carrier("a", also=["equipment"])) == {"information": Decimal(1)}


def test_a_carrier_far_within_one_with_an_area_adds_none() -> None:
    zone, town, street = (
        carrier("zone", area="8"),
        carrier("town", parent="zone"),
        carrier("street", parent="town", area="1"),
    )
    assert rules.counts([zone, town, street])["all"]["area"] == "8"
    assert rules.counts([town | {"parent": None}, street])["all"]["area"] == "1"


def test_a_circle_that_is_there_is_counted_all_the_same() -> None:
    assert rules.counts([carrier("a", parent="b"), carrier("b", parent="a")])["all"]["carriers"] == 2


def test_what_is_there_already_counts_first() -> None:
    made = {"new": carrier("new", members=[member("研究院")]), "old": carrier("old", members=[member("研究院")])}
    [fault] = rules.among_faults(made, {"new": "/body"})
    assert (fault.pointer, fault.code) == ("/body/members/0/counted", "counted-twice")
    assert "counted by old" in fault.en


def test_names_are_the_same_however_they_are_written() -> None:
    assert rules.thing(member("ＡＢＢ研究院")) == rules.thing(member("abb研究院"))


def test_a_carrier_under_a_circle_is_none_itself() -> None:
    made = {"a": carrier("a", parent="b"), "b": carrier("b", parent="b")}
    assert [fault.code for fault in rules.among_faults(made, {"a": "/body"})] == []
