"""Filters that name an object: one that is not there, or not the caller's to see, is refused and finds not just nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from services.kit.db import Driver
from services.kit.errors import Faulty, Refused
from services.kit.reads import Compiled
from services.kit.terms import term

ASKED: Final = "asked"
"""What a statement calls the value of the filter."""
BY: Final[Mapping[str, tuple[str, str]]] = {
    "code": ("code", "代码"),
    "name": ("code or name", "代码或名称"),
    "typed": ("kind:code", "类别:代码"),
    "id": ("id", "编号"),
}


@dataclass(frozen=True)
class Named:
    """What a filter names, and how it is looked for."""

    what: str
    """The kind of object."""
    where: str
    """The list that has them, or the lists."""
    there: Compiled
    """Gives a row where the object is there, ended ones too, and the caller may see it; takes `asked` and what the list does."""
    by: str = "code"


class UnknownNames(Refused):
    """A filter names an object that is not there, or is not the caller's to see: both look the same from outside."""

    code = "unknown-object"

    def __init__(self, faults: list[Faulty]) -> None:
        super().__init__(
            "; ".join(fault.en for fault in faults), zh="；".join(fault.zh for fault in faults), faults=faults
        )


def unknown(name: str, value: object, *, what: str, where: str, by: str = "code") -> Faulty:
    """The fault of a filter that names nothing."""
    en, zh = BY[by]
    return Faulty(
        f"/query/{name}",
        UnknownNames.code,
        f"no {what.replace('_', ' ')} {value} that you may see: give the {en} of one that GET {where} lists",
        f"没有可见的{term(what)}：{value}；请填写 GET {where} 所列的{zh}",
    )


async def check_names(
    driver: Driver, names: Mapping[str, Named], given: Mapping[str, Any], values: Mapping[str, Any]
) -> None:
    """Refuse filters that name nothing. It takes a look-up each: lists ask where nothing was found."""
    faults = []
    for name in given.keys() & names.keys():
        named, asked = names[name], given[name]
        for one in asked if isinstance(asked, list) else [asked]:
            taken = named.there.values({**values, **given, ASKED: one})
            if one is not None and await driver.fetchval(f"SELECT EXISTS ({named.there.sql})", *taken) is False:
                faults.append(unknown(name, one, what=named.what, where=named.where, by=named.by))
    if faults:
        raise UnknownNames(sorted(faults, key=lambda fault: fault.pointer))
