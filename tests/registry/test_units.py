"""Units and their tree; contacts and who sees them."""

import base64
from typing import Any

import pytest
from cryptography.exceptions import InvalidTag

from tests.registry.running import Registry
from tests.registry.samples import applied, faults, industry, part, unit


async def units(registry: Registry, *sent: dict[str, Any]) -> None:
    """Create these units."""
    for one in sent:
        made = await registry.http.post("/v1/units", json=one)
        assert made.status_code == 201, made.text


@pytest.fixture
async def tree(registry: Registry) -> Registry:
    """A government with two bureaus, one with an office below it."""
    await units(
        registry,
        unit("government", "区政府", kind="office"),
        unit("jingxin", "区经信局", parent="government"),
        unit("keji", "区科技局", parent="government"),
        unit("xinxi", "信息科", parent="jingxin"),
    )
    return registry


async def test_a_units_path_leads_down_to_it(tree: Registry) -> None:
    assert (await tree.http.get("/v1/units/xinxi")).json()["path"] == "government.jingxin.xinxi"


async def test_a_unit_that_moves_takes_those_below_it_along(tree: Registry) -> None:
    moved = unit("jingxin", "区经信局", parent="keji")
    answer = await tree.http.put("/v1/units/jingxin", json=moved, headers={"If-Match": '"1"'})
    below = (await tree.http.get("/v1/units/xinxi")).json()
    assert answer.json()["path"] == "government.keji.jingxin"
    assert (below["path"], below["version"]) == ("government.keji.jingxin.xinxi", 2)


async def test_a_unit_cannot_come_to_be_above_itself(tree: Registry) -> None:
    moved = unit("government", "区政府", kind="office", parent="xinxi")
    answer = await tree.http.put("/v1/units/government", json=moved, headers={"If-Match": '"1"'})
    assert faults(answer.json()) == [("/body/parent", "circle")]


async def test_names_are_unique_among_current_units(tree: Registry) -> None:
    answer = await tree.http.post("/v1/units", json=unit("jingxin2", "区经信局"))
    assert faults(answer.json()) == [("/body/name", "name-taken")]


async def test_a_name_may_be_taken_when_its_unit_was_renamed(tree: Registry) -> None:
    renamed = unit("jingxin", "区经济和信息化局", parent="government")
    await tree.http.put("/v1/units/jingxin", json=renamed, headers={"If-Match": '"1"'})
    assert (await tree.http.post("/v1/units", json=unit("jingxin2", "区经信局"))).status_code == 201


async def test_two_units_can_change_their_names_in_one_file(registry: Registry) -> None:
    await applied(registry, part(units=[unit("a", "甲"), unit("b", "乙")]))
    await applied(registry, part(units=[unit("a", "乙"), unit("b", "甲")]))
    assert [one["name"] for one in (await registry.http.get("/v1/units")).json()["items"]] == ["乙", "甲"]


async def test_a_unit_cannot_be_created_twice(tree: Registry) -> None:
    assert (await tree.http.post("/v1/units", json=unit("keji", "另一科技局"))).status_code == 409


async def test_a_unit_that_is_not_there_cannot_be_replaced(tree: Registry) -> None:
    answer = await tree.http.put("/v1/units/none", json=unit("none", "无"), headers={"If-Match": '"1"'})
    assert answer.status_code == 404


async def test_every_fault_of_a_unit_is_named(tree: Registry) -> None:
    sent = unit("new", "区科技局", parent="nowhere", successor="nobody", valid_from="2018-02-01", valid_to="2018-01-01")
    answer = await tree.http.post("/v1/units", json=sent)
    assert faults(answer.json()) == [
        ("/body/valid_to", "dates-reversed"),
        ("/body/parent", "unknown-reference"),
        ("/body/successor", "unknown-reference"),
        ("/body/name", "name-taken"),
    ]


async def test_a_units_dates_and_successor_are_kept(tree: Registry) -> None:
    sent = unit("old", "原科技局", valid_to="2018-12-31", successor="keji")
    made = await tree.http.post("/v1/units", json=sent)
    assert (made.json()["valid_to"], made.json()["successor"]) == ("2018-12-31", "keji")


def contact(of: str, role: str = "liaison", **more: object) -> dict[str, Any]:
    """A contact."""
    return {"unit": of, "role": role, "person": "张三", "email": f"{of}.{role}@example.com", **more}


@pytest.fixture
async def contacts(tree: Registry) -> Registry:
    """A contact of each unit of the tree."""
    for code in ("government", "jingxin", "keji", "xinxi"):
        made = await tree.http.put(f"/v1/units/{code}/contacts/liaison", json=contact(code))
        assert made.status_code == 200, made.text
    return tree


async def test_an_address_is_masked_without_contacts_deliver(contacts: Registry) -> None:
    reader = await contacts.as_("registry:read")
    assert (await reader.get("/v1/units/keji/contacts/liaison")).json()["email"] == "k***@***"
    assert {one["email"] for one in (await reader.get("/v1/contacts")).json()["items"]} == {
        "g***@***",
        "j***@***",
        "k***@***",
        "x***@***",
    }


async def test_an_address_is_given_to_contacts_deliver(contacts: Registry) -> None:
    deliverer = await contacts.as_("registry:read", "contacts:deliver")
    assert (await deliverer.get("/v1/units/keji/contacts/liaison")).json()["email"] == "keji.liaison@example.com"


async def test_a_caller_of_a_unit_sees_its_contacts_and_those_below(contacts: Registry) -> None:
    liaison = await contacts.as_("registry:read", "contacts:deliver", unit="区经信局")
    seen = [one["unit"] for one in (await liaison.get("/v1/contacts")).json()["items"]]
    assert seen == ["jingxin", "xinxi"]


async def test_a_contact_of_another_unit_is_not_found(contacts: Registry) -> None:
    liaison = await contacts.as_("registry:read", unit="jingxin")
    hidden = await liaison.get("/v1/units/keji/contacts/liaison")
    missing = await liaison.get("/v1/units/keji/contacts/principal")
    assert (hidden.status_code, missing.status_code) == (404, 404)


async def test_a_caller_of_a_unit_cannot_name_another_units_contact(contacts: Registry) -> None:
    liaison = await contacts.as_("registry:read", "registry:write", unit="jingxin")
    named = await liaison.put("/v1/units/keji/contacts/principal", json=contact("keji", "principal"))
    there = await liaison.put("/v1/units/keji/contacts/liaison", json=contact("keji"))
    assert (named.status_code, there.status_code) == (404, 404)
    assert (await contacts.http.get("/v1/units/keji/contacts/principal")).status_code == 404


async def test_a_caller_of_a_unit_names_the_contacts_of_those_below_it(contacts: Registry) -> None:
    liaison = await contacts.as_("registry:read", "registry:write", unit="jingxin")
    answer = await liaison.put("/v1/units/xinxi/contacts/principal", json=contact("xinxi", "principal"))
    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("method", "path", "sent"),
    [
        ("PUT", "/v1/units/keji", unit("keji", "区科技局", parent="jingxin")),
        ("PUT", "/v1/units/jingxin", unit("jingxin", "区经信局")),
        ("POST", "/v1/units", unit("other", "另一局")),
        ("PUT", "/v1/calendars/2030", {"year": 2030, "published": True, "exceptions": {}}),
        ("POST", "/v1/industries", industry(code="steel")),
    ],
)
async def test_a_caller_of_a_unit_changes_nothing_of_the_whole_region(
    contacts: Registry, method: str, path: str, sent: dict[str, Any]
) -> None:
    """Who may move another unit below their own sees its contacts and notices."""
    writer = await contacts.as_("registry:read", "registry:write", unit="jingxin")
    before = [one["code"] for one in await contacts.feed()]
    answer = await writer.request(method, path, json=sent, headers={"If-Match": '"1"'})
    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")
    assert [one["code"] for one in await contacts.feed()] == before


async def test_the_feed_shows_a_caller_of_a_unit_only_its_contacts(contacts: Registry) -> None:
    liaison = await contacts.as_("registry:read", unit="jingxin")
    seen = [one["content"] for one in await contacts.feed(liaison) if one["kind"] == "contact"]
    assert [(one["unit"], one["email"]) for one in seen] == [("jingxin", "j***@***"), ("xinxi", "x***@***")]


async def test_the_feed_gives_addresses_to_contacts_deliver(contacts: Registry) -> None:
    addresses = [one["content"]["email"] for one in await contacts.feed() if one["kind"] == "contact"]
    assert addresses[0] == "government.liaison@example.com"


async def test_an_address_is_nowhere_in_the_database(contacts: Registry) -> None:
    async with contacts.database.owner() as connection:
        kept = await connection.fetch(
            "SELECT content::text AS said FROM registry.contact UNION ALL SELECT content::text FROM registry.version "
            "UNION ALL SELECT details::text FROM registry.audit"
        )
    assert kept
    assert not [row for row in kept if "@" in row["said"].replace("***@***", "")]


async def test_an_address_moved_to_another_contact_cannot_be_read(contacts: Registry) -> None:
    addresses = contacts.settings.keyring().addresses
    locked = addresses.lock("a@example.com", "keji/liaison")
    assert addresses.unlock(locked, "keji/liaison") == "a@example.com"
    with pytest.raises(InvalidTag):
        addresses.unlock(locked, "jingxin/liaison")
    assert b"example" not in base64.b64decode(locked)


async def test_the_same_contact_again_adds_no_version(contacts: Registry) -> None:
    same = await contacts.http.put("/v1/units/keji/contacts/liaison", json=contact("keji"), headers={"If-Match": '"1"'})
    assert (same.status_code, same.headers["etag"]) == (200, '"1"')


async def test_a_contact_is_replaced_with_if_match_only(contacts: Registry) -> None:
    sent = contact("keji", person="李四")
    without = await contacts.http.put("/v1/units/keji/contacts/liaison", json=sent)
    replaced = await contacts.http.put("/v1/units/keji/contacts/liaison", json=sent, headers={"If-Match": '"1"'})
    assert without.status_code == 428
    assert (replaced.json()["person"], replaced.json()["version"]) == ("李四", 2)


async def test_a_contact_of_no_unit_is_refused(tree: Registry) -> None:
    answer = await tree.http.put("/v1/units/none/contacts/liaison", json=contact("none"))
    assert faults(answer.json()) == [("/body/unit", "unknown-reference")]


async def test_contacts_are_filtered_by_unit_and_role(contacts: Registry) -> None:
    await contacts.http.put("/v1/units/keji/contacts/principal", json=contact("keji", "principal"))
    found = await contacts.http.get("/v1/contacts", params={"unit": "区科技局", "role": "principal"})
    assert [(one["unit"], one["role"]) for one in found.json()["items"]] == [("keji", "principal")]
