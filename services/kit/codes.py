"""Code lists (代码表): the fixed values that fields may have, and what officials call each of them. Pure.

A list says of which types it names the values, so a value that nobody named, or a name that no value has, stops the
process at its start. Within a service two fields with the same values are of one list: nothing has two Chinese names.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, Literal, NamedTuple, get_args, get_origin


class Code(NamedTuple):
    """What a value is called."""

    zh: str
    en: str
    description: str | None = None
    """When it applies, where the name alone does not say it."""


@dataclass(frozen=True)
class CodeList:
    """A list of codes, in their natural order."""

    name: str
    zh: str
    en: str
    codes: Mapping[str, Code]
    types: tuple[frozenset[str], ...]
    """The values of each type that the list is for; a type may have some of them only."""
    fields: tuple[str, ...] = ()
    """Fields that have their values from it although their type is any text: `FindingOfPlan.code`."""

    @property
    def labels(self) -> dict[str, str]:
        """What each code is called in Chinese."""
        return {code: each.zh for code, each in self.codes.items()}


class CodeLists:
    """The code lists of a service; which one is meant follows from the values that a field may have."""

    def __init__(self, *lists: CodeList) -> None:
        self.by_name = {each.name: each for each in lists}
        self._by_values: dict[frozenset[str], CodeList] = {}
        if len(self.by_name) != len(lists):
            raise ValueError("two code lists have one name")
        for each in lists:
            for values in each.types:
                other = self._by_values.setdefault(values, each)
                if other is not each:
                    raise ValueError(f"{sorted(values)} are both of {other.name} and of {each.name}")

    def __iter__(self) -> Iterator[CodeList]:
        """All of them, in the order in which they were given."""
        return iter(self.by_name.values())

    def of(self, values: Iterable[str]) -> CodeList | None:
        """The list of exactly these values; None where they have no names."""
        return self._by_values.get(frozenset(values))


def code_list(
    name: str,
    zh: str,
    en: str,
    codes: Mapping[str, tuple[Any, ...]],
    *types: Any,  # noqa: ANN401 - Literals and enums
    fields: tuple[str, ...] = (),
) -> CodeList:
    """A list of what the values of `types` (Literals, enums) are called: (zh, en) or (zh, en, description) by code.

    `fields` are those of any text of which it names what values they have.
    """
    named = {code: Code(*called) for code, called in codes.items()}
    values = tuple(values_of(each) for each in types)
    found = frozenset[str]().union(*values)
    if types and found != named.keys():
        raise ValueError(f"{name}: {sorted(found ^ named.keys())} have a value or a name, not both")
    if len({each.zh for each in named.values()}) != len(named):
        raise ValueError(f"{name}: two codes have one Chinese name")
    return CodeList(name, zh, en, named, values, fields)


def values_of(annotation: Any) -> frozenset[str]:  # noqa: ANN401 - whatever a field is annotated with
    """The fixed values that a field with this annotation may have, alone or in a list; none where any text may be."""
    if get_origin(annotation) is Literal:
        return frozenset(str(value) for value in get_args(annotation))
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return frozenset(str(member.value) for member in annotation)
    return frozenset[str]().union(*(values_of(inner) for inner in get_args(annotation)))
