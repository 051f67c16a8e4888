"""A formula is read as arithmetic is."""

from decimal import Decimal

import pytest

from services.plan_file.formula import FormulaError, Operation, names, parse


def test_multiplication_comes_before_addition() -> None:
    assert parse("a + b * 2") == Operation("+", "a", Operation("*", "b", Decimal(2)))


def test_what_stands_left_is_done_first() -> None:
    assert parse("a - b - c") == Operation("-", Operation("-", "a", "b"), "c")


def test_brackets_come_first() -> None:
    assert parse("(a + b)/0.5 ") == Operation("/", Operation("+", "a", "b"), Decimal("0.5"))


def test_a_formula_speaks_of_its_indicators() -> None:
    assert names(parse("emerging_output / industrial_output * 100")) == {"emerging_output", "industrial_output"}


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("", ""),
        ("a b", "b"),
        ("a +", ""),
        ("* a", "* a"),
        ("(a", ""),
        ("a)", ")"),
        ("a + 5e3", "5e3"),
        ("a ^ 2", "^ 2"),
        ("A", "A"),
    ],
)
def test_what_is_no_formula_says_from_where(text: str, rest: str) -> None:
    with pytest.raises(FormulaError) as refusal:
        parse(text)
    assert refusal.value.rest == rest
