"""What columns are called: a clerk understands them without the code in brackets."""

import re
from typing import Final

import pytest

from services.kit.amounts import MONEY
from services.registry.sheets.columns import offer
from tests.registry.test_openapi import ALL

OFFERS: Final = {
    route.path: found for route in ALL if "GET" in (route.methods or ()) if (found := offer(route.response_model))
}
HEAD: Final = re.compile(r"([一-鿿][^（）]*)（([a-z0-9_]+)(，[^（）]+)?）")


@pytest.mark.parametrize("path", OFFERS)
def test_every_column_has_a_chinese_title_of_its_own_before_its_code(path: str) -> None:
    heads = {name: HEAD.fullmatch(head) for name, head in OFFERS[path].head.items()}
    assert [name for name, head in heads.items() if head is None or head[2] != name] == []
    titles = [head[1] for head in heads.values() if head]
    assert len({*titles}) == len(titles)
    assert not {*titles} & {*MONEY}
    assert re.fullmatch("[一-鿿]+", OFFERS[path].title)


@pytest.mark.parametrize(
    ("path", "field", "head"),
    [
        ("/v1/prospects", "stage", "阶段（stage）"),
        ("/v1/prospects", "source", "线索来源（source）"),
        ("/v1/prospects", "investment", "意向投资额（investment，万元）"),
        ("/v1/projects", "investment", "计划总投资（investment，万元）"),
        ("/v1/instruments", "committed", "承诺金额（committed，万元）"),
        ("/v1/payments", "amount", "兑现金额（amount，万元）"),
        ("/v1/rosters/{roster}/items", "proposed_on", "申报日期（proposed_on）"),
        ("/v1/rosters/{roster}/items", "evidence", "认定依据（evidence）"),
        ("/v1/project-steps", "evidence", "佐证材料（evidence）"),
        ("/v1/plans/{plan}/tasks/{code}/entries", "evidence", "佐证材料（evidence）"),
    ],
)
def test_a_title_says_what_the_field_is_of_this_object(path: str, field: str, head: str) -> None:
    assert OFFERS[path].head[field] == head
