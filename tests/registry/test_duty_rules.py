"""After any reorganisation no open thing names a unit that ended; what is closed, and what was said, is as it was."""

from datetime import date

from hypothesis import event, given, settings
from hypothesis import strategies as st

from services.registry.reorganisations.clarity.rules import faults
from services.registry.reorganisations.duties.rules import DUTIES, Key, moves, named, title, units_in
from services.registry.reorganisations.outcome.rules import effects, outcome
from services.registry.reorganisations.rules import State, duties_afterwards
from services.registry.reorganisations.store import SHELVES
from services.registry.responsibilities import rules as responsibilities
from services.registry.schema import Table
from services.registry.units import rules as units
from services.registry.versions.rules import Content, Reference, dissolved, line_end
from services.registry.versions.tables import Current
from tests.registry.reforms import merged, reform, share, split
from tests.registry.samples import PLAN, owned, unit

TODAY = date(2019, 2, 1)
OLD = ["u0", "u1", "u2", "l0", "l1"]
NEW = ["n0", "l2"]
NAME_NO_UNIT_THAT_ANSWERS = {
    "calendar_year",
    "carrier",
    "enterprise",
    "enterprise_group",
    "industry",
    "milestone",  # reported by who answers for its project
    "plan",
    "project",  # who answers for it is a responsibility
    "project_kind",
    "reorganisation",
    "roster_item",  # recognised by who keeps its roster
    "schedule",
    "shared_project",
    "succession",
    "suspension",  # proposed by who answers for its project
    "task",  # as of projects
    "visit",  # has happened
}
THE_ACTS_OWN = {"unit", "contact", "responsibility"}


def kept(code: str) -> Content:
    """A unit as it is kept."""
    kind = "leader" if code.startswith("l") else "bureau"
    return {**units.OF_ITS_OWN, **unit(code, f"名{code}", kind=kind), "path": code}


bureaus = st.sampled_from([code for code in OLD if code.startswith("u")])
leaders = st.sampled_from([code for code in OLD if code.startswith("l")])
some = st.lists(bureaus, min_size=1, max_size=3, unique=True)
last_days = st.sampled_from([None, "2018-12-31", "2019-12-31"])
subjects = st.sampled_from(["project:P01", "project:P02"])
opinions = st.lists(
    st.fixed_dictionaries({"unit": bureaus, "view": st.sampled_from(["agree", "object"])}),
    max_size=3,
    unique_by=lambda one: one["unit"],
)
proposals = st.sampled_from(["proposed", "approved", "withdrawn"])
MADE: dict[str, st.SearchStrategy[Content]] = {
    "roster": st.fixed_dictionaries({"name": st.just("名册"), "unit": bureaus}),
    "instrument": st.fixed_dictionaries(
        {
            "name": st.just("基金"),
            "plan": st.just(PLAN),
            "task": st.sampled_from([None, "T0", "T1"]),
            "unit": st.none() | bureaus,
            "valid_to": last_days,
        }
    ),
    "prospect": st.fixed_dictionaries(
        {"name": st.just("对象"), "unit": bureaus, "stage": st.sampled_from(["lead", "signed", "landed", "lost"])}
    ),
    "activity": st.fixed_dictionaries(
        {
            "name": st.just("会"),
            "units": some,
            "day": st.sampled_from(["2018-05-18", "2019-05-18"]),
            "until": st.none() | st.just("2019-06-01"),
        }
    ),
    "leader_contact": st.fixed_dictionaries(
        {
            "leader": leaders,
            "liaison": st.none() | bureaus,
            "subject": subjects,
            "valid_from": st.just("2017-01-01"),
            "valid_to": last_days,
        }
    ),
    "problem": st.fixed_dictionaries(
        {
            "title": st.just("难题"),
            "subject": subjects,
            "leader": st.none() | leaders,
            "raised_by": bureaus,
            "unit": st.none() | bureaus,
            "former_units": st.lists(bureaus, max_size=2, unique=True),
            "settled_on": st.none() | st.just("2018-12-31"),
        }
    ),
    "change_request": st.fixed_dictionaries(
        {
            "subject": subjects,
            "plan": st.just(PLAN),
            "target": st.sampled_from([None, "T0"]),
            "unit": bureaus,
            "state": proposals,
        }
    ),
    "project_step": st.fixed_dictionaries(
        {
            "name": st.just("准入"),
            "project": st.sampled_from(["P01", "P02"]),
            "reviewers": some,
            "opinions": opinions,
            "state": proposals,
        }
    ),
}


@st.composite
def districts(draw: st.DrawFn) -> State:
    """Units, who leads what, and one or two things of each kind."""
    matters = {
        (PLAN, f"T{nth}"): {
            **responsibilities.OF_ITS_OWN,
            **owned(f"T{nth}", draw(bureaus), subject=draw(subjects)),
            "plan": PLAN,
        }
        for nth in range(2)
    }
    duties: dict[Key, Content] = {}
    for kind, made in MADE.items():
        for nth, duty in enumerate(draw(st.lists(made, min_size=1, max_size=2))):
            duties[kind, f"{kind}{nth}"] = duty
    return State({code: kept(code) for code in OLD}, matters, {}, duties)


@st.composite
def reforms(draw: st.DrawFn) -> Content:
    """One or two units end, in a merge or a split; sound or not."""
    heirs = st.sampled_from([*OLD, *NEW])
    asked = st.lists(
        st.sampled_from([{"kind": kind, "code": f"{kind}{nth}"} for kind in MADE for nth in range(2)]), max_size=3
    )

    def parted(of: str, into: list[str]) -> Content:
        said: Content = {"children": [], "contacts": []}
        matters = draw(st.lists(st.sampled_from(["T0", "T1"]), max_size=1))
        first = share(into[0], *matters, **said, duties=draw(asked), rest=draw(st.booleans()))
        return split(of, first, share(into[1], **said, duties=draw(asked), rest=not first["rest"]))

    olds = st.sampled_from(OLD)
    act = st.one_of(
        st.builds(lambda of, into: merged(*of, into=into), st.lists(olds, min_size=1, max_size=2), heirs),
        st.builds(parted, olds, st.lists(heirs, min_size=2, max_size=2, unique=True)),
    )
    founded = [unit(code, f"名{code}", kind=kept(code)["kind"]) for code in NEW]
    return reform(*draw(st.lists(act, min_size=1, max_size=2)), units=founded)


@settings(max_examples=600, deadline=None)
@given(districts(), reforms())
def test_no_open_thing_names_a_unit_that_ended(state: State, document: Content) -> None:
    found = faults(state, document, today=TODAY)
    event("unclear" if found else "clear")
    if found:
        assert all(fault.pointer.startswith("/body/") for fault in found)
        return
    after = outcome(state, document)
    ended = {code for code, one in after.units.items() if one["successors"]}
    for (kind, code), before in state.duties.items():
        now = after.duties.get((kind, code), before)
        if not DUTIES[kind].is_open(before, document["effective_on"]):
            assert now == before
            continue
        assert DUTIES[kind].is_open(now, document["effective_on"])
        assert not named(kind, now) & ended
        fields = {*DUTIES[kind].names, *DUTIES[kind].before.values(), "superseded"}
        assert all(now[name] == before[name] for name in before if name not in fields)
        assert all(len(units_in(now[name])) == len(set(units_in(now[name]))) for name in DUTIES[kind].names)
    said = effects(state, after, document)["duties"]
    assert {(one["kind"], one["code"]) for one in said} == set(after.duties)
    assert all(one["before"] != one["after"] and one["name"] for one in said)


@settings(max_examples=300, deadline=None)
@given(districts(), reforms())
def test_who_has_agreed_stays_named_and_who_dealt_with_a_problem_is_kept(state: State, document: Content) -> None:
    if faults(state, document, today=TODAY):
        return
    for (kind, code), now in duties_afterwards(state, document).items():
        before = state.duties[kind, code]
        if kind == "project_step":
            agreed = {one["unit"] for one in before["opinions"] if one["view"] == "agree"}
            assert agreed & {*before["reviewers"]} <= {*now["reviewers"]}
            assert now["opinions"] == before["opinions"]
        if kind == "problem" and before["unit"] not in {None, now["unit"]}:
            assert now["former_units"][-1] == before["unit"] or before["unit"] in before["former_units"]
        if kind == "roster":
            assert now["superseded"]["unit"] == [before["unit"]]
        assert moves(kind, before, now)
        assert title(now) == title(before)


def test_every_kind_of_the_registry_is_considered() -> None:
    kinds = {table.name for table in Table.metadata.sorted_tables if {"ended_at", "content"} <= {*table.c.keys()}}
    assert kinds == DUTIES.keys() | NAME_NO_UNIT_THAT_ANSWERS | THE_ACTS_OWN
    assert SHELVES.keys() == DUTIES.keys() == MADE.keys()
    assert all(issubclass(shelf.table, Current) for shelf in SHELVES.values())


def test_only_a_unit_that_shall_answer_after_its_end_is_refused() -> None:
    tree: dict[str, Content] = {
        "a": {"name": "甲", "valid_to": "2019-01-28", "successors": ["b", "c"]},
        "b": {"name": "乙", "valid_to": "2019-06-30", "successors": ["c"]},
        "c": {"name": "丙", "valid_to": None, "successors": []},
        "history": {"name": "丁", "valid_to": "2018-12-31", "successors": []},
        "until-2020": {"name": "戊", "valid_to": "2020-12-31", "successors": []},
    }
    asked = [
        Reference("/spoken-of", "unit", "a"),
        Reference("/until-its-end", "unit", "a", "2019-01-28"),
        Reference("/after-it", "unit", "a", "2019-01-29"),
        Reference("/stands", "unit", "c", "2019-01-29"),
        Reference("/other-kind", "project", "a", "2019-01-29"),
        Reference("/not-there", "unit", "d", "2019-01-29"),
        Reference("/without-successor", "unit", "history", "2019-01-01"),
        Reference("/not-yet", "unit", "until-2020", "9999-12-31"),
    ]
    told = [(fault.pointer, fault.code, fault.en) for fault in dissolved(asked, tree, "2019-03-01")]
    assert told == [
        ("/after-it", "unit-dissolved", "甲 (a) ended on 2019-01-28; its duties are with 丙 (c)"),
        ("/without-successor", "unit-dissolved", "丁 (history) ended on 2018-12-31; name a unit that stands"),
    ]


def test_the_end_of_a_line_is_found_also_where_it_goes_round() -> None:
    tree: dict[str, Content] = {"a": {"successors": ["b"]}, "b": {"successors": ["a"]}}
    assert line_end("a", tree) == []
    assert line_end("elsewhere", tree) == ["elsewhere"]
