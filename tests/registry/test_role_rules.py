"""Terms of roles."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from services.registry.roles import rules
from services.registry.roles.rules import Held, Term

DAY = date(2018, 7, 16)
days = st.integers(0, 12).map(lambda number: DAY + timedelta(days=number))
terms = st.builds(Term, days, st.none() | days).filter(lambda term: term.last is None or term.first <= term.last)


@given(terms, terms)
def test_terms_overlap_where_a_day_lies_in_both(one: Term, other: Term) -> None:
    def holds(term: Term, day: date) -> bool:
        return term.first <= day and (term.last is None or day <= term.last)

    every = [DAY + timedelta(days=number) for number in range(14)]
    assert one.overlaps(other) == any(holds(one, day) and holds(other, day) for day in every)
    assert one.overlaps(other) == other.overlaps(one)


def test_the_name_in_a_token_is_a_holder() -> None:
    assert rules.holder_of("person:zhang.san") == "person:zhang.san"
    assert rules.holder_of("desk") == "client:desk"


def test_a_grant_may_be_repeated_for_another_unit_or_time() -> None:
    held = Held("unit_liaison", "a", Term(DAY, DAY))
    rules.check_new(Held("unit_liaison", "b", Term(DAY, None)), [held])
    rules.check_new(Held("unit_liaison", "a", Term(DAY + timedelta(days=1), None)), [held])
    assert list(rules.faults(Held("unit_liaison", "a", Term(DAY, DAY)), [held], [])) == []
