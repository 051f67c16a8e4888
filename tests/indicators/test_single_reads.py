"""Each thing of indicators by its key: as the list has it, with an ETag."""

from datetime import datetime
from typing import Any

import pytest

from tests.platform import Platform


def address(path: str, item: dict[str, Any]) -> str:
    """Where an item of a list is read by itself."""
    return {
        "indicators": f"/v1/indicators/{item.get('code')}",
        "series": f"/v1/series/{item.get('id')}",
        "targets": f"/v1/plans/{item.get('plan')}/targets/{item.get('code')}",
        "observations": f"/v1/observations/{item.get('id')}",
    }[path]


@pytest.mark.parametrize("path", ["indicators", "series", "targets", "observations"])
async def test_one_thing_is_read_as_its_list_has_it(loaded: Platform, path: str) -> None:
    listed = (await loaded.indicators.get(f"/v1/{path}", params={"limit": 3})).json()["items"]
    assert listed
    for item in listed:
        answer = await loaded.indicators.get(address(path, item))
        assert answer.status_code == 200, answer.text
        assert answer.json() == item


@pytest.mark.parametrize("path", ["indicators", "series", "targets", "observations"])
async def test_what_the_caller_has_is_not_sent_again(loaded: Platform, path: str) -> None:
    item = (await loaded.indicators.get(f"/v1/{path}", params={"limit": 1})).json()["items"][0]
    answer = await loaded.indicators.get(address(path, item))
    again = await loaded.indicators.get(address(path, item), headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(
    "path",
    [
        "indicators/nothing",
        "series/00000000-0000-7000-8000-000000000000",
        "plans/xiaoshan-2017-2019/targets/T99",
        "plans/no-plan/targets/T08",
        "observations/nothing",
        "observations/00000000-0000-7000-8000-000000000000~2018-06-30~0",
    ],
)
async def test_what_is_not_there_is_404(loaded: Platform, path: str) -> None:
    assert (await loaded.indicators.get(f"/v1/{path}")).status_code == 404


async def test_the_list_of_plans_says_of_each_what_reading_it_says(loaded: Platform) -> None:
    (item,) = (await loaded.indicators.get("/v1/plans")).json()["items"]
    read = (await loaded.indicators.get(f"/v1/plans/{item['plan']}")).json()
    instants = {"known_from", "activated_at"}
    assert {name: value for name, value in item.items() if name not in instants} == {
        name: value for name, value in read.items() if name not in instants
    }
    assert datetime.fromisoformat(item["known_from"]) == datetime.fromisoformat(read["known_from"])


async def test_the_plans_are_found_by_name_and_state(loaded: Platform) -> None:
    for params, there in (({"q": "xiaoshan"}, 1), ({"q": "没有"}, 0), ({"state": "closed"}, 0)):
        answer = await loaded.indicators.get("/v1/plans", params=params)
        assert len(answer.json()["items"]) == there, (params, answer.text)
