"""What holds for every operation of the three documents: forms of answers, HEAD, names given twice."""

import json
import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.indicators import samples
from tests.platform import Platform
from tests.registry.samples import industry
from tests.structure.house import SERVICES, document

IN_PATHS = re.compile(r"\{([^}]*)\}")
PLACED = {"number": "1", "version": "1", "year": "2018", "job": "0197f3a0-5b1c-7c3e-8f5a-0d9b4a1c2e3f"}


def reads(service: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each read of a service, with something in the places of its path."""
    for path, item in document(service)["paths"].items():
        if "get" in item:
            yield IN_PATHS.sub(lambda found: PLACED.get(found[1], "contacts"), path), item["get"]


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("accept", ["application/xml", "text/csv", "*/*"])
async def test_whatever_a_read_answers_to_an_accept_is_in_its_document(
    platform: Platform, service: str, accept: str
) -> None:
    client: httpx.AsyncClient = getattr(platform, service)
    found = {
        (path, answer.status_code)
        for path, operation in reads(service)
        if str((answer := await client.get(path, headers={"Accept": accept})).status_code) not in operation["responses"]
    }
    assert found == set()


@pytest.mark.parametrize("service", SERVICES)
async def test_head_is_answered_as_get_without_a_body(platform: Platform, service: str) -> None:
    await samples.set_up(platform)
    client: httpx.AsyncClient = getattr(platform, service)
    telling = ("content-type", "content-length", "etag", "vary")
    for path in ("/v1/plans", "/openapi.json", "/livez", "/v1/nothing"):
        read, head = await client.get(path), await client.head(path)
        assert (head.status_code, head.content) == (read.status_code, b"")
        if read.status_code == httpx.codes.OK:
            assert [head.headers.get(name) for name in telling] == [read.headers.get(name) for name in telling]


async def test_head_says_that_what_the_caller_has_is_still_right(platform: Platform) -> None:
    await samples.set_up(platform)
    tag = (await platform.registry.get("/v1/industries/information")).headers["etag"]
    head = await platform.registry.head("/v1/industries/information", headers={"If-None-Match": tag})
    assert (head.status_code, head.headers["etag"]) == (304, tag)


@pytest.mark.parametrize(
    ("place", "name"),
    [("/v1/units?kind=bureau&kind=town", "kind"), ("/v1/enterprises:resolve?name=甲&name=乙", "name")],
)
async def test_a_name_given_twice_in_a_query_is_refused(platform: Platform, place: str, name: str) -> None:
    answer = await platform.registry.get(place)
    assert answer.status_code == httpx.codes.UNPROCESSABLE_ENTITY, answer.text
    [fault] = answer.json()["errors"]
    assert (fault["pointer"], fault["code"]) == (f"/query/{name}", "given-twice")
    assert fault["detail"] == "出现 2 次：只能给一个值"


async def test_a_list_in_a_query_takes_its_name_as_often_as_it_has_values(platform: Platform) -> None:
    await samples.set_up(platform)
    answer = await platform.indicators.get("/v1/gaps?light=red&light=yellow")
    assert answer.status_code == httpx.codes.OK, answer.text


@pytest.mark.parametrize(
    ("body", "places"),
    [
        ('{"code": "a", "code": "b"}', ["/body/code"]),
        ('{"people": [{"name": "甲"}, {"name": "甲", "name": "乙", "name": "丙"}]}', ["/body/people/1/name"] * 2),
        (
            '{"a": {"b": [[{"c": 1, "c": {"d": 1, "d": 2}}]], "b": 1}}',
            ["/body/a/b", "/body/a/b/0/0/c", "/body/a/b/0/0/c/d"],
        ),
        ("{" + ", ".join(f'"{name}": 1' for name in [*range(50_000), 7]) + "}", ["/body/7"]),
    ],
)
async def test_a_member_that_stands_twice_in_a_body_is_refused_where_it_does(
    platform: Platform, body: str, places: list[str]
) -> None:
    answer = await platform.registry.post(
        "/v1/industries", content=body, headers={"Content-Type": "application/json", "Accept-Language": "en"}
    )
    assert [(fault["pointer"], fault["code"]) for fault in answer.json()["errors"]] == [
        (place, "given-twice") for place in places
    ]


@pytest.mark.parametrize("depth", [900, 960, 990, 2_000])
async def test_a_body_of_any_depth_is_refused_as_what_it_is(platform: Platform, depth: int) -> None:
    body = '{"a":' * depth + "1" + "}" * depth
    answer = await platform.registry.post("/v1/industries", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code in {httpx.codes.UNPROCESSABLE_ENTITY, httpx.codes.BAD_REQUEST}, answer.text


async def test_of_a_member_that_stands_twice_nothing_is_written(platform: Platform) -> None:
    written = json.dumps({**industry(), "name": "甲产业"}, ensure_ascii=False)
    body = written[:-1] + ', "name": "乙产业"}'
    answer = await platform.registry.post("/v1/industries", content=body, headers={"Content-Type": "application/json"})
    assert [(fault["pointer"], fault["code"]) for fault in answer.json()["errors"]] == [("/body/name", "given-twice")]
    assert (await platform.registry.get(f"/v1/industries/{industry()['code']}")).status_code == httpx.codes.NOT_FOUND
