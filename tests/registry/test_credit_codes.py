"""The unified social credit code by GB 32100-2015: what is in order, what is caught, what is not."""

import re
from itertools import combinations, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.registry.enterprises.credit_codes import rules
from services.registry.enterprises.credit_codes.rules import ALPHABET, DIVISION, LENGTH, ORGANISATION

PUBLISHED = ("91350100M000100Y43", "91110000600037341L", "91110108551385082Q")
"""Codes that stand in published descriptions of the standard."""

letter = st.sampled_from(ALPHABET)


@st.composite
def codes(draw: st.DrawFn) -> str:
    """Any code that is in order, letters in the first two places among them."""
    first = draw(st.tuples(letter, letter))
    division = draw(st.text("0123456789", min_size=6, max_size=6))
    organisation = draw(st.text(ALPHABET, min_size=8, max_size=8))
    begun = "".join(first) + division + organisation + rules.organisation_check(organisation)
    return begun + rules.check_character(begun)


def found(code: str) -> list[str]:
    return [fault.code for fault in rules.faults(code, "/credit_code")]


@pytest.mark.parametrize("code", PUBLISHED)
def test_published_codes_are_in_order(code: str) -> None:
    assert found(code) == []


@given(codes())
def test_every_code_made_by_the_standard_is_in_order(code: str) -> None:
    assert found(code) == []


def test_letters_in_the_first_two_places_are_in_order() -> None:
    begun = "N23301091" + "0000001"  # a rural collective
    organisation = begun[ORGANISATION]
    begun += rules.organisation_check(organisation)
    assert found(begun + rules.check_character(begun)) == []


@given(codes(), st.integers(0, LENGTH - 1), letter)
def test_every_wrong_character_is_caught(code: str, place: int, wrong: str) -> None:
    changed = code[:place] + wrong + code[place + 1 :]
    assert (found(changed) == []) == (changed == code)


@given(codes(), st.integers(0, LENGTH - 2))
def test_every_exchange_of_neighbours_is_caught(code: str, place: int) -> None:
    changed = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    assert (found(changed) == []) == (changed == code)


def weight(place: int) -> int:
    """The weight of a place, that of the check character included."""
    return (*rules.WEIGHTS, 1)[place]


def test_over_all_places_and_characters_one_wrong_one_never_passes() -> None:
    """The sum is linear: what an error adds depends on the place and on the two characters alone."""
    differences = range(1, len(ALPHABET))
    assert all(weight(place) * difference % 31 for place in range(LENGTH) for difference in differences)


def test_over_all_pairs_of_places_only_the_first_and_last_can_change_places() -> None:
    passing = [
        pair
        for pair in combinations(range(LENGTH), 2)
        if any((weight(pair[0]) - weight(pair[1])) * difference % 31 == 0 for difference in range(1, 31))
    ]
    assert passing == [(0, LENGTH - 1)]


def test_over_all_pairs_of_neighbours_no_pair_of_equals_becomes_another() -> None:
    twins = [
        place
        for place in range(LENGTH - 1)
        if any((weight(place) + weight(place + 1)) * difference % 31 == 0 for difference in range(1, 31))
    ]
    assert twins == []


def test_the_organisation_codes_own_check_misses_just_the_multiples_of_eleven() -> None:
    missed = {
        abs(int(one, 36) - int(other, 36))
        for place_weight in rules.ORGANISATION_WEIGHTS
        for one, other in product(ALPHABET, repeat=2)
        if one != other and (int(one, 36) - int(other, 36)) * place_weight % 11 == 0
    }
    assert missed == {11, 22, 33}


@pytest.mark.parametrize(
    ("code", "kind", "said"),
    [
        ("91110000600037341", "credit-code-length", "has 17 characters; a unified social credit code has 18"),
        ("9111000060003734IL", "credit-code-character", "place 17 .* is I: .*: 1\\?"),
        ("9111000060003734*L", "credit-code-character", "place 17 .* is \\*: .* are used$"),
        ("91A10000600037341L", "credit-code-division", "place 3 .* is A"),
        ("91110000600037342L", "credit-code-organisation", "60003734 has the check character 1"),
        ("91110000600037341M", "credit-code-check", "the check character is L"),
    ],
)
def test_what_is_wrong_is_said_with_what_would_be_right(code: str, kind: str, said: str) -> None:
    first = next(rules.faults(code, "/body/credit_code"))
    assert (first.pointer, first.code) == ("/body/credit_code", kind)
    assert re.search(said, first.en)
    assert first.zh != first.en


@pytest.mark.parametrize(
    "written", ["９１１１００００６０００３７３４１Ｌ", "91110000600037341l", " 9111 0000 6000 37341L　"]
)
def test_full_width_small_letters_and_blanks_are_put_right(written: str) -> None:
    assert rules.normalised(written) == "91110000600037341L"


def test_the_division_is_of_places_three_to_eight() -> None:
    assert [place + 1 for place in DIVISION] == [3, 4, 5, 6, 7, 8]
