"""Reorganisations keep the tree a tree, and every open matter has exactly one lead afterwards."""

from datetime import date
from itertools import pairwise
from typing import Any

from hypothesis import event, given, settings
from hypothesis import strategies as st

from services.registry.reorganisations.clarity.rules import faults
from services.registry.reorganisations.outcome.rules import columns, effects, outcome
from services.registry.reorganisations.rules import State
from services.registry.responsibilities import rules as responsibilities
from services.registry.units import rules as units
from services.registry.units.members import rules as members
from services.registry.versions.rules import Content
from tests.registry.reforms import merged, reform, renamed, share, split
from tests.registry.samples import PLAN, owned, unit

TODAY = date(2019, 2, 1)
OLD = [f"u{nth}" for nth in range(7)]
NEW = ["n0", "n1"]


def kept(code: str, **more: object) -> Content:
    """A unit as it is kept."""
    return {**units.OF_ITS_OWN, **unit(code, f"名{code}"), "path": code, **more}


@st.composite
def districts(draw: st.DrawFn) -> State:
    """A tree of units, who answers for what, some contacts."""
    tree = {
        code: kept(code, parent=draw(st.none() | st.sampled_from(OLD[:nth])) if nth else None)
        for nth, code in enumerate(OLD)
    }
    owners = draw(
        st.lists(st.tuples(st.sampled_from(OLD), st.sets(st.sampled_from(OLD), max_size=3)), min_size=1, max_size=6)
    )
    matters = {
        (PLAN, f"T{nth}"): {
            **responsibilities.OF_ITS_OWN,
            **owned(f"T{nth}", lead, *sorted(support - {lead})),
            "plan": PLAN,
            "valid_to": draw(st.sampled_from([None, "2018-12-31", "2019-12-31"])),
        }
        for nth, (lead, support) in enumerate(owners)
    }
    people = draw(st.sets(st.tuples(st.sampled_from(OLD), st.sampled_from(["liaison", "principal"])), max_size=4))
    return State(tree, matters, {key: {"unit": key[0], "role": key[1]} for key in people})


@st.composite
def reforms(draw: st.DrawFn) -> Content:
    """A reform of some units, sound or not."""
    targets = st.sampled_from([*OLD, *NEW])
    olds = st.sampled_from(OLD)

    def one_split(of: str, first: str, second: str, matters: list[str], children: list[str]) -> Content:
        shares = [share(first, *matters, rest=draw(st.booleans()), children=children, contacts=[]), share(second)]
        return split(of, *({"rest": False, "children": [], "contacts": [], "duties": [], **one} for one in shares))

    act = st.one_of(
        st.builds(lambda of, into: merged(*of, into=into), st.lists(olds, min_size=1, max_size=2), targets),
        st.builds(renamed, olds, st.sampled_from(["甲局", "乙局"])),
        st.builds(lambda of, parent: {"act": "move", "unit": of, "parent": parent}, olds, st.none() | targets),
        st.builds(
            one_split,
            olds,
            targets,
            targets,
            st.lists(st.sampled_from([f"T{nth}" for nth in range(6)]), max_size=3),
            st.lists(olds, max_size=2),
        ),
    )
    founded = [unit(code, f"名{code}", parent=draw(st.none() | st.sampled_from(OLD))) for code in NEW]
    return reform(*draw(st.lists(act, min_size=1, max_size=3)), units=founded)


@settings(max_examples=300, deadline=None)
@given(districts(), reforms())
def test_what_has_no_fault_keeps_a_tree_and_one_lead_for_every_open_matter(state: State, document: Content) -> None:
    found = faults(state, document, today=TODAY)
    event("unclear" if found else "clear")
    if found:
        assert all(fault.pointer.startswith("/body/") for fault in found)
        return
    after = outcome(state, document)
    tree = {**state.units, **after.units}
    parents = {code: units.above(one) for code, one in tree.items()}
    paths, circular = units.paths(parents)
    if not circular:
        assert set(paths) == set(tree)
        assert all(parent is None or parent in tree for parent in parents.values())
    standing = {code for code, one in tree.items() if not one["successors"]}
    below_ended = [code for code in standing if tree[code]["parent"] not in {None, *standing}]
    assert below_ended == []
    for key, matter in {**state.matters, **after.matters}.items():
        if not responsibilities.in_force(matter, document["effective_on"]):
            assert matter == state.matters[key]
            continue
        named = [matter["lead"], *matter["support"]]
        assert set(named) <= standing
        assert len(named) == len(set(named))
    said = effects(state, after, document)
    assert {one["unit"] for one in said["units"]} == {
        code for code, one in after.units.items() if one != state.units.get(code)
    }
    assert columns({**document, "effects": said})["units"] == sorted({one["unit"] for one in said["units"]})


@settings(max_examples=300, deadline=None)
@given(districts(), reforms())
def test_nothing_that_is_not_named_changes(state: State, document: Content) -> None:
    if faults(state, document, today=TODAY):
        return
    after = outcome(state, document)
    concerned = {effect["unit"] for effect in effects(state, after, document)["units"]}
    assert set(after.units) == concerned
    for key, matter in after.matters.items():
        before = state.matters[key]
        assert {name: matter[name] for name in ("matter", "plan", "basis", "valid_to")} == {
            name: before[name] for name in ("matter", "plan", "basis", "valid_to")
        }
        assert before["lead"] in matter["superseded"].get("lead", [before["lead"]])


days = st.dates(date(2018, 1, 1), date(2018, 1, 20))


@st.composite
def collectives(draw: st.DrawFn) -> dict[str, Content]:
    """Units with days, successors, and two collective names, which may stand for one another."""
    found: dict[str, Content] = {}
    for nth, code in enumerate(OLD):
        first, last = draw(st.none() | days), draw(st.none() | days)
        if first is not None and last is not None and last < first:
            first, last = last, first
        heirs = draw(st.sets(st.sampled_from(OLD[:nth]), max_size=2)) if nth and last is not None else set()
        found[code] = kept(
            code,
            kind=draw(st.sampled_from(["town", "platform", "bureau"])),
            valid_from=first and first.isoformat(),
            valid_to=last and last.isoformat(),
            successors=sorted(heirs),
        )
    for code in ("c0", "c1"):
        listed = draw(st.lists(st.sampled_from([*OLD, "c0", "c1"]), max_size=4, unique=True))
        rule = draw(st.lists(st.sampled_from(["town", "platform"]), max_size=2, unique=True))
        found[code] = kept(
            code,
            kind="collective",
            members={
                "units": [{"unit": one, "valid_from": None, "valid_to": None} for one in listed],
                "kinds": rule,
                "below": draw(st.none() | st.sampled_from(OLD)) if rule else None,
            },
        )
    return found


def exists(one: Content, day: str) -> bool:
    """Whether a unit exists on a day."""
    return (one["valid_from"] or "") <= day <= (one["valid_to"] or "9999")


def meant(tree: dict[str, Content], code: str, day: str, seen: frozenset[str] = frozenset()) -> set[str]:
    """The members on one day, found one by one."""
    if code in seen:
        return set()
    rule: Any = tree[code]["members"]
    found: set[str] = set()
    for listed in rule["units"]:
        waiting = [(listed["unit"], "")]
        while waiting:
            one, after = waiting.pop()
            if tree[one]["kind"] == "collective":
                found |= meant(tree, one, day, seen | {code})
                continue
            if exists(tree[one], day) and day > after:
                found.add(one)
            waiting += [(heir, max(after, tree[one]["valid_to"])) for heir in tree[one]["successors"]]
    for other, one in tree.items():
        if one["kind"] in rule["kinds"] and exists(one, day):
            top = rule["below"]
            while top is not None and len(tree[top]["successors"]) == 1:
                top = tree[top]["successors"][0]
            if top is None or units.below(one["path"], tree[top]["path"]):
                found.add(other)
    return found


@settings(max_examples=200, deadline=None)
@given(collectives(), days)
def test_a_collective_name_stands_for_its_members_of_any_day(tree: dict[str, Content], day: date) -> None:
    expanded = members.expanded(tree)
    for code in ("c0", "c1"):
        there = {one.unit for one in expanded[code] if one.first <= day <= one.last}
        assert there == meant(tree, code, day.isoformat())
        spans = sorted(expanded[code])
        assert all(a.last < b.first for a, b in pairwise(spans) if a.unit == b.unit)


def test_a_collective_name_without_members_stands_for_none() -> None:
    assert members.expanded({"c": kept("c", kind="collective")}) == {"c": []}


def test_a_member_that_comes_back_to_itself_through_its_successors_counts_while_each_exists() -> None:
    listed = {"unit": "a", "valid_from": None, "valid_to": None}
    tree = {
        "c": kept("c", kind="collective", members={"units": [listed], "kinds": [], "below": None}),
        "a": kept("a", valid_to="2018-12-31", successors=["b"]),
        "b": kept("b", valid_to="2019-12-31", successors=["a"]),
    }
    assert [(one.unit, one.last.isoformat()) for one in members.expanded(tree)["c"]] == [
        ("a", "2018-12-31"),
        ("b", "2019-12-31"),
    ]
