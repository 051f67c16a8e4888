"""The formula of an indicator: + - * / and brackets over numbers and codes of other indicators."""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Literal

from services.plan_file.scalars import EXACT

MAX_DEPTH: Final = 20

_TOKEN: Final = re.compile(
    rf"\s*(?:(?P<number>{EXACT.pattern[2:]})(?![a-z0-9_.])|(?P<name>[a-z][a-z0-9_]*)|(?P<sign>[-+*/()]))"
)

Sign = Literal["+", "-", "*", "/"]

_SUMS: Final[dict[str, Sign]] = {"+": "+", "-": "-"}
_PRODUCTS: Final[dict[str, Sign]] = {"*": "*", "/": "/"}


@dataclass(frozen=True)
class Operation:
    """Two operands and what is done with them."""

    sign: Sign
    left: "Expression"
    right: "Expression"


Expression = Decimal | str | Operation
"""A number, the code of an indicator, or an operation."""


class FormulaError(ValueError):
    """The text is no formula; `rest` is what could not be read."""

    def __init__(self, rest: str) -> None:
        super().__init__(rest)
        self.rest = rest


def parse(text: str) -> Expression:
    """Read a formula; multiplication and division come before addition and subtraction, left before right.

    Raises:
        FormulaError: the text is no formula.
    """
    reader = _Reader(text)
    expression = reader.total(0)
    if reader.word:
        raise FormulaError(reader.rest)
    return expression


def names(expression: Expression) -> frozenset[str]:
    """Return the codes of the indicators that a formula speaks of."""
    match expression:
        case str():
            return frozenset({expression})
        case Operation():
            return names(expression.left) | names(expression.right)
    return frozenset()


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text.rstrip()
        self.position = self.end = 0
        self.advance()

    @property
    def rest(self) -> str:
        return self.text[self.position :].strip()

    def advance(self) -> None:
        self.position = self.end
        found = _TOKEN.match(self.text, self.position)
        if found is None and self.position < len(self.text):
            raise FormulaError(self.rest)
        self.kind, self.word = (found.lastgroup, found[found.lastgroup or 0]) if found else (None, "")
        self.end = found.end() if found else self.position

    def total(self, depth: int) -> Expression:
        if depth > MAX_DEPTH:
            raise FormulaError(self.rest)
        left = self.product(depth)
        while (sign := _SUMS.get(self.word)) is not None:
            self.advance()
            left = Operation(sign, left, self.product(depth))
        return left

    def product(self, depth: int) -> Expression:
        left = self.operand(depth)
        while (sign := _PRODUCTS.get(self.word)) is not None:
            self.advance()
            left = Operation(sign, left, self.operand(depth))
        return left

    def operand(self, depth: int) -> Expression:
        kind, word = self.kind, self.word
        if kind == "number":
            self.advance()
            return Decimal(word)
        if kind == "name":
            self.advance()
            return word
        if word != "(":
            raise FormulaError(self.rest)
        self.advance()
        inner = self.total(depth + 1)
        if self.word != ")":
            raise FormulaError(self.rest)
        self.advance()
        return inner
