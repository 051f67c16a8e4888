"""Which object a cell means: pure."""

from typing import Any

import pytest

from services.registry.sheets.naming.rules import (
    Asked,
    Directory,
    Unclear,
    asked,
    enterprises_meant,
    names_objects,
    places,
)
from services.registry.sheets.rules import Column

UNIT = Column("lead", "牵头单位", "code", optional=False, refers=("unit",))
UNITS = Column("support", "配合单位", "texts", optional=True, of_codes=True, refers=("unit",))
SUBJECT = Column("subject", "对象", "code", optional=False, refers=("industry", "unit"), typed=True)
TEXT = Column("name", "名称", "text", optional=False)
THINGS = Column("members", "成员", "things", optional=True, parts=(TEXT, UNIT))


def directory() -> Directory:
    made = Directory()
    made.learn("unit", "keji", {"name": "区科技局", "name_en": "Science Bureau"})
    former = [{"name": "区卫计局"}]
    made.learn("unit", "weijian", {"name": "区卫生健康局", "former_names": former})
    made.learn("unit", "old", {"name": "区卫生健康局", "successors": ["weijian"], "former_names": former})
    made.learn("unit", "a", {"name": "甲办", "former_names": [{"name": "协调办"}]})
    made.learn("unit", "b", {"name": "乙办", "former_names": [{"name": "协调办"}]})
    made.learn("industry", "information", {"name": "信息产业", "aliases": ["信息经济", 7]})
    made.learn("industry", "bio", {"name": "信息经济"})
    return made


@pytest.mark.parametrize(
    ("column", "text", "found"),
    [
        (UNIT, "keji", "keji"),
        (UNIT, "ｋｅｊｉ ", "keji"),
        (UNIT, "区 科技局", "keji"),
        (UNIT, "science bureau", "keji"),
        (UNIT, "nowhere", "nowhere"),
        (UNIT, "区卫生健康局", "weijian"),  # the one that is there counts before the one that was
        (UNIT, "区卫计局", "weijian"),
        (UNIT, "甲\x00", "甲\x00"),
        (SUBJECT, "产业:信息经济", "industry:bio"),  # a name counts before an alias
        (SUBJECT, "单位：区科技局", "unit:keji"),
        (SUBJECT, "unit:nowhere", "unit:nowhere"),
        (SUBJECT, "nowhere", "nowhere"),
        (SUBJECT, "信息产业", "industry:information"),
        (SUBJECT, "地区: 330109", "region:330109"),
        (SUBJECT, "企业：甲", "企业:甲"),
    ],
)
def test_a_cell_means_the_one_of_that_code_or_name(column: Column, text: str, found: str) -> None:
    question = asked(column, text)
    assert (directory().found(question) if isinstance(question, Asked) else question) == found


@pytest.mark.parametrize(
    ("column", "text", "among", "near"),
    [
        (UNIT, "协调办", ["a", "b"], ["a", "b"]),
        (UNIT, "科技局", [], ["keji"]),
        (UNIT, "区科技局（牵头）", [], ["keji"]),
        (UNIT, "区科学局", [], ["keji"]),
        (UNIT, "公司", [], []),
        (SUBJECT, "产业", [], ["information", "bio"]),
        (SUBJECT, "没有", [], []),
    ],
)
def test_what_means_nobody_or_several_names_who_is_near(
    column: Column, text: str, among: list[str], near: list[str]
) -> None:
    question = asked(column, text)
    assert isinstance(question, Asked)
    unclear = directory().found(question)
    assert isinstance(unclear, Unclear)
    assert [one.code for one in unclear.among] == among
    assert [one.code for one in directory().near(question)] == near


def test_who_is_near_is_named_with_the_code() -> None:
    (one,) = directory().near(Asked(("unit",), typed=False, text="科技局"))
    assert one.shown == "区科技局（keji）"


def test_an_enterprise_is_meant_by_the_whole_of_its_name_only() -> None:
    enterprise = {"code": "e1", "name": "杭州甲乙科技有限公司", "aliases": ["甲乙"], "names": []}
    found = {
        text: [one.code for one in enterprises_meant(text, [enterprise], "2018-07-16")]
        for text in ("杭州甲乙科技有限公司", "杭州甲乙科技", "甲乙", "杭州", "丙")
    }
    assert found == {"杭州甲乙科技有限公司": ["e1"], "杭州甲乙科技": ["e1"], "甲乙": ["e1"], "杭州": [], "丙": []}


def test_objects_are_named_in_cells_in_lists_and_in_things() -> None:
    values: dict[str, Any] = {
        "lead": "a",
        "support": ["b", 7],
        "members": [{"name": "甲", "lead": "c"}, {"name": "乙"}, "no thing"],
        "empty": None,
    }
    columns = (UNIT, UNITS, THINGS, Column("empty", "空", "code", optional=True, refers=("unit",)))
    found = [text for column in columns for _, _, _, text in places(column, values, column.name)]
    assert found == ["a", "b", "c"]
    one = Column("members", "成员", "thing", optional=True, parts=(UNIT,))
    assert [text for _, _, _, text in places(one, {"members": {"lead": "d"}}, "members")] == ["d"]
    assert [names_objects(column) for column in (UNIT, THINGS, TEXT)] == [True, True, False]
