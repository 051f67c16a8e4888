"""The names an enterprise goes by (名称、别名、简称), how they are compared, and whom a name may mean.

A plan writes 先临三维 where the register says 杭州先临三维科技股份有限公司. Names are compared in four steps, each
weaker than the one before: the registered name, another name that was recorded, both without what registers add
(legal form, group, place in brackets, province), and as a part of a name.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from services.kit.errors import Faulty
from services.registry.enterprises.roles.rules import in_force, period_faults
from services.registry.versions.rules import Content, folded

Kind = Literal["alias", "short", "former", "brand"]
KnownBy = Literal["registered", Kind]
"""`registered`: the name in the register of enterprises."""
How = Literal["exact", "alias", "folded", "contained"]
RANKS: Final[tuple[How, ...]] = ("exact", "alias", "folded", "contained")
SHORTEST: Final = 2
"""A name of which fewer characters are left says nothing."""

_BRACKETS: Final = re.compile(r"\([^()]*\)|〔[^〔〕]*〕|\[[^\[\]]*\]")
_MARKS: Final = re.compile(r"[\s·•・,，、.\"'“”‘’\-—_]+")
_FORM: Final = re.compile(r"(?:(?:集团|控股|股份|有限责任|有限|总|分)*公司|集团|股份)$")
_PLACE: Final = re.compile(
    "^(?:中国|北京|天津|河北|山西|内蒙古|辽宁|吉林|黑龙江|上海|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|广西|海南|重庆|四川"
    "|贵州|云南|西藏|陕西|甘肃|青海|宁夏|新疆|香港|澳门|台湾)(?:壮族自治区|回族自治区|维吾尔自治区|特别行政区|自治区|省|市)?"
)


@dataclass(frozen=True)
class Match:
    """How an enterprise was found by a name: by which of its names, and how near that is."""

    how: How
    name: str
    kind: str
    valid_from: str | None
    valid_to: str | None
    in_force: bool

    @property
    def rank(self) -> tuple[int, bool, int]:
        """Nearer ones first; names in force before others; of parts, the shorter whole."""
        return RANKS.index(self.how), not self.in_force, len(self.name) if self.how == "contained" else 0


def core(name: str) -> str:
    """A name without legal form (股份有限公司), group, brackets (（浙江）), province and marks; whole where little is left."""
    whole = _MARKS.sub("", folded(name))
    bare = _FORM.sub("", _BRACKETS.sub("", whole))
    placeless = _PLACE.sub("", bare)
    return next((text for text in (placeless, bare) if len(text) >= SHORTEST), whole)


def names(enterprise: Content) -> Iterator[Content]:
    """Every name of an enterprise: the registered one, those of the plan file, those recorded with their time."""
    ever = {"valid_from": None, "valid_to": None}
    yield {"name": enterprise["name"], "kind": "registered", **ever}
    for alias in enterprise["aliases"]:
        yield {"name": alias, "kind": "alias", **ever}
    yield from enterprise["names"]


def marks(enterprise: Content) -> Iterator[str]:
    """What an enterprise is found by: `is:` a folded name, `like:` its core."""
    for one in names(enterprise):
        yield f"is:{folded(one['name'])}"
        yield f"like:{core(one['name'])}"


def match(enterprise: Content, asked: str, day: str) -> Match | None:
    """The nearest way in which a name means an enterprise on a day, or None."""
    found = [found for one in names(enterprise) if (found := _compared(one, asked, day)) is not None]
    return min(found, key=lambda one: one.rank, default=None)


def _compared(one: Content, asked: str, day: str) -> Match | None:
    whole, wanted = folded(one["name"]), folded(asked)
    how: How
    if whole == wanted:
        how = "exact" if one["kind"] == "registered" else "alias"
    elif core(one["name"]) == core(asked):
        how = "folded"
    elif wanted in whole or core(asked) in whole:
        how = "contained"
    else:
        return None
    return Match(how, one["name"], one["kind"], one["valid_from"], one["valid_to"], in_force(one, day))


def faults(names_: list[Content], at: str) -> Iterator[Faulty]:
    """What is wrong with the further names of an enterprise: dates, the same name twice."""
    seen: dict[tuple[str, str], int] = {}
    for place, one in enumerate(names_):
        here = f"{at}/{place}"
        yield from period_faults(one, here)
        first = seen.setdefault((folded(one["name"]), one["kind"]), place)
        if first != place:
            yield Faulty(
                f"{here}/name",
                "name-twice",
                f"it stands at {at}/{first} already",
                f"与 {at}/{first} 重复",
            )
