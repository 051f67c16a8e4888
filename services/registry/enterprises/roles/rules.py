"""What an enterprise was recognised as, from when to when (企业认定)."""

from collections.abc import Iterator
from typing import Final, Literal, NamedTuple, get_args

from services.kit.errors import Faulty
from services.registry.versions.rules import Content

Role = Literal[
    "leading",
    "single_champion",
    "hidden_champion",
    "little_giant",
    "specialised",
    "msme",
    "high_tech",
    "tech_sme",
    "above_scale",
    "listed",
    "other",
]
Level = Literal["national", "provincial", "city", "district"]


class Named(NamedTuple):
    """What a code of a list is called."""

    zh: str
    en: str


ROLES: Final = {
    "leading": Named("龙头企业", "leading enterprise"),
    "single_champion": Named("单项冠军企业", "single-product champion"),
    "hidden_champion": Named("隐形冠军企业", "hidden champion"),
    "little_giant": Named("专精特新“小巨人”企业", "specialised and innovative “little giant”"),
    "specialised": Named("专精特新中小企业", "specialised and innovative small or medium-sized enterprise"),
    "msme": Named("中小微企业", "micro, small or medium-sized enterprise"),
    "high_tech": Named("高新技术企业", "high-tech enterprise"),
    "tech_sme": Named("科技型中小企业", "technology-based small or medium-sized enterprise"),
    "above_scale": Named("规模以上企业", "enterprise above designated size"),
    "listed": Named("上市公司", "listed company"),
    "other": Named("其他", "other, named by its title"),
}
LEVELS: Final = {
    "national": Named("国家级", "national"),
    "provincial": Named("省级", "provincial"),
    "city": Named("市级", "city"),
    "district": Named("区县级", "district or county"),
}
ALL: Final[tuple[Role, ...]] = get_args(Role)
ALL_LEVELS: Final[tuple[Level, ...]] = get_args(Level)


def period_faults(item: Content, at: str) -> Iterator[Faulty]:
    """A fault where something ends before it begins; either day may be open."""
    first, last = item["valid_from"], item["valid_to"]
    if first is not None and last is not None and last < first:
        yield Faulty(
            f"{at}/valid_to",
            "dates-reversed",
            f"it ends on {last}, before it begins on {first}",
            f"终止日期 {last} 早于起始日期 {first}",
        )


def in_force(item: Content, day: str) -> bool:
    """Whether something with `valid_from` and `valid_to`, both included, holds on a day (ISO)."""
    return (item["valid_from"] is None or item["valid_from"] <= day) and (
        item["valid_to"] is None or day <= item["valid_to"]
    )


def faults(roles: list[Content], at: str) -> Iterator[Faulty]:
    """What is wrong with the roles of an enterprise: dates, an unnamed other one, the same twice at one time."""
    for place, role in enumerate(roles):
        here = f"{at}/{place}"
        yield from period_faults(role, here)
        if (role["role"] == "other") != (role["title"] is not None):
            yield Faulty(
                f"{here}/title",
                "title-of-other",
                "a title goes with the role `other`, which needs one",
                "角色为 other（其他）时须填写 title，其余角色不填",
            )
        for earlier, other in enumerate(roles[:place]):
            if repeats(role, other):
                yield Faulty(
                    here,
                    "role-twice",
                    f"it overlaps with {at}/{earlier}, the same role at the same level",
                    f"与 {at}/{earlier} 重复：同一级别的同一角色，时间重叠",
                )
                break


def repeats(role: Content, other: Content) -> bool:
    """Whether two are the same role at the same level in times that overlap."""

    def before(one: Content, two: Content) -> bool:
        return one["valid_to"] is not None and two["valid_from"] is not None and one["valid_to"] < two["valid_from"]

    same = all(role[name] == other[name] for name in ("role", "level", "title"))
    return same and not before(role, other) and not before(other, role)
