"""What is unclear about a reorganisation is refused with every fault, and nothing of it is done."""

from typing import Any

import pytest

from tests.registry.reforms import before_the_reform, merged, person, reform, refused, renamed, share, split
from tests.registry.running import Registry
from tests.registry.samples import faults, unit

Json = dict[str, Any]
NEW = unit("new", "新局")
UNCLEAR: dict[str, tuple[Json, list[tuple[str, str]]]] = {
    "a unit in two acts": (
        reform(merged("health", into="economy"), renamed("health", "区卫健局")),
        [("/body/acts/1/unit", "unit-twice")],
    ),
    "a unit that is not there": (
        reform(merged("nobody", into="economy")),
        [("/body/acts/0/units/0", "unknown-reference")],
    ),
    "a split of a unit that is not there": (
        reform(split("nobody", share("economy", rest=True), share("new")), units=[NEW]),
        [("/body/acts/0/unit", "unknown-reference")],
    ),
    "a successor that is not there": (
        reform(merged("health", into="nobody")),
        [("/body/acts/0/into", "unknown-reference")],
    ),
    "a successor that ends too": (
        reform(merged("health", into="invest"), merged("invest", into="economy")),
        [("/body/acts/0/into", "successor-ends")],
    ),
    "a circle": (reform(merged("health", into="health")), [("/body/acts/0/into", "circle")]),
    "a day yet to come": (
        reform(renamed("health", "区卫健局"), effective_on="2019-02-02"),
        [("/body/effective_on", "in-future")],
    ),
    "matters that nobody takes over": (
        reform(split("health", share("economy", "T01"), share("new")), units=[NEW]),
        [
            ("/body/acts/0/into", "matter-not-distributed"),
            ("/body/acts/0/into", "matter-not-distributed"),
            ("/body/acts/0/into", "child-not-distributed"),
        ],
    ),
    "matters of others, or twice": (
        reform(
            split(
                "invest",
                share("economy", "T01", "T02", "T03", rest=True),
                share("new", "T03", rest=True, children=["ageing"], contacts=["principal"]),
            ),
            units=[NEW],
        ),
        [
            ("/body/acts/0/into/1/rest", "rest-twice"),
            ("/body/acts/0/into/0/matters/0", "not-its-matter"),
            ("/body/acts/0/into/1/matters/0", "matter-twice"),
            ("/body/acts/0/into/1/children/0", "not-its-child"),
            ("/body/acts/0/into/1/contacts/0", "no-such-contact"),
        ],
    ),
    "a part named twice": (
        reform(split("invest", share("economy", rest=True), share("economy"))),
        [("/body/acts/0/into/0/unit", "unit-twice"), ("/body/acts/0/into/1/unit", "unit-twice")],
    ),
    "a child with two places": (
        reform(
            split("health", share("economy", rest=True, children=["ageing"]), share("new", children=["ageing"])),
            units=[NEW],
        ),
        [("/body/acts/0/into/1/children/0", "unit-twice")],
    ),
    "two persons for one role": (
        reform(merged("health", "invest", into="new"), units=[NEW]),
        [("/body/contacts", "contact-unclear")],
    ),
    "a founded unit that is there, or founded twice": (
        reform(units=[unit("economy", "另一局"), NEW, NEW]),
        [("/body/units/0/code", "exists"), ("/body/units/2/code", "unit-twice")],
    ),
    "a founded unit below one that ends": (
        reform(merged("health", into="economy"), units=[unit("new", "新局", parent="health")]),
        [("/body/units/0/parent", "parent-ends")],
    ),
    "a name that is taken": (reform(renamed("health", "区招商局")), [("/body/acts/0/name", "name-taken")]),
    "no change": (reform(renamed("health", "区卫计局")), [("/body/acts/0/unit", "no-change")]),
    "a unit above itself": (
        reform({"act": "move", "unit": "government", "parent": "health"}),
        [("/body/acts/0/parent", "circle")],
    ),
    "contacts of nobody, or twice": (
        reform(merged("invest", into="economy"), contacts=[person("invest"), person("economy"), person("economy")]),
        [("/body/contacts/0/unit", "unknown-reference"), ("/body/contacts/2", "twice")],
    ),
    "nothing at all": (reform(), [("/body/acts", "nothing")]),
}


@pytest.fixture(scope="module")
async def kept(shared: Registry) -> Registry:
    """The district, of which nothing is changed."""
    await before_the_reform(shared)
    return shared


@pytest.mark.parametrize("name", UNCLEAR)
async def test_what_is_unclear_is_refused_with_every_fault(kept: Registry, name: str) -> None:
    sent, found = UNCLEAR[name]
    assert await refused(kept, sent) == found


@pytest.mark.parametrize(
    ("act", "pointer"),
    [
        ({"act": "rename", "unit": "health"}, "/body/acts/0/name"),
        ({"act": "rename", "unit": 3, "name": "x"}, "/body/acts/0/unit"),
        ({"act": "rename", "unit": "health", "name": "x", "more": 1}, "/body/acts/0/more"),
        ({"act": "explode", "unit": "health"}, "/body/acts/0/act"),
        ({"unit": "health"}, "/body/acts/0/act"),
        ({"act": "split", "unit": "health", "into": [{"unit": "new"}]}, "/body/acts/0/into"),
        ("rename", "/body/acts/0"),
    ],
)
async def test_what_is_no_act_is_named_by_its_place_in_the_body(kept: Registry, act: object, pointer: str) -> None:
    answer = await kept.http.post("/v1/reorganisations", json={**reform(), "acts": [act]})
    assert answer.status_code == 422
    assert [found for found, _ in faults(answer.json())] == [pointer]
