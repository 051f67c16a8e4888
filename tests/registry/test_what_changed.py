"""What the trail says of an act: the object, its version, and each changed field as it was and as it is."""

import hashlib
from typing import Any

from tests.registry.running import Registry
from tests.registry.sheets import ENTERPRISE, content, done, workbook

UNIT = {"code": "xinxi", "name": "信息局", "kind": "bureau"}


async def entries(registry: Registry, **asked: str) -> list[dict[str, Any]]:
    answer = await registry.http.get("/v1/audit", params={"order": "earliest", "limit": 200, **asked})
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


async def last(registry: Registry, **asked: str) -> dict[str, Any]:
    return (await entries(registry, **asked))[-1]


async def unit(registry: Registry, **more: object) -> None:
    answer = await registry.http.post("/v1/units", json={**UNIT, **more})
    assert answer.status_code == 201, answer.text


async def test_what_is_new_was_nothing_before(registry: Registry) -> None:
    await registry.http.post("/v1/industries", json={"code": "nev", "name": "新能源汽车"})
    entry = await last(registry, act="industry.create")
    assert (entry["subject"], entry["details"]["version"]) == ("industry:nev", 1)
    assert entry["details"]["changes"]["name"] == [None, "新能源汽车"]


async def test_of_a_replacement_only_what_changed_is_told(registry: Registry) -> None:
    await unit(registry)
    read = (await registry.http.get("/v1/units/xinxi")).json()
    body = {name: read[name] for name in ("code", "name", "kind", "parent", "valid_from", "valid_to") if name in read}
    answer = await registry.http.put("/v1/units/xinxi", json={**body, "name": "经信局"}, headers={"If-Match": "*"})
    assert answer.status_code == 200, answer.text
    entry = await last(registry, act="unit.replace")
    assert (entry["subject"], entry["details"]["version"]) == ("unit:xinxi", 2)
    assert entry["details"]["changes"] == {"name": ["信息局", "经信局"]}


async def test_a_replacement_that_changes_nothing_leaves_no_entry(registry: Registry) -> None:
    await unit(registry)
    before = len(await entries(registry))
    answer = await registry.http.put("/v1/units/xinxi", json=UNIT, headers={"If-Match": "*"})
    assert answer.status_code == 200, answer.text
    assert len(await entries(registry)) == before


async def test_a_unit_that_moves_names_those_that_move_with_it(registry: Registry) -> None:
    await unit(registry)
    await unit(registry, code="below", name="信息科", parent="xinxi")
    await unit(registry, code="top", name="区政府")
    await registry.http.put("/v1/units/xinxi", json={**UNIT, "parent": "top"}, headers={"If-Match": "*"})
    details = (await last(registry, act="unit.replace"))["details"]
    assert details["changes"] == {"parent": [None, "top"], "path": ["xinxi", "top.xinxi"]}
    moved = {"subject": "unit:below", "version": 2, "changes": {"path": ["xinxi.below", "top.xinxi.below"]}}
    assert details["wrote"] == [moved]


async def test_addresses_are_masked_where_they_changed(registry: Registry) -> None:
    await unit(registry)
    path = "/v1/units/xinxi/contacts/liaison"
    contact = {"person": "李四", "email": "lisi@example.com"}
    created = await registry.http.put(path, json={"unit": "xinxi", "role": "liaison", **contact})
    assert created.status_code == 200, created.text
    contact = {"unit": "xinxi", "role": "liaison", "person": "李四", "email": "wangwu@example.com"}
    await registry.http.put(path, json=contact, headers={"If-Match": "*"})
    entry = await last(registry, act="contact.replace")
    assert entry["subject"] == "contact:xinxi/liaison"
    assert entry["details"]["changes"] == {"email": ["l***@***", "w***@***"]}


async def test_passwords_say_only_what_happened(registry: Registry) -> None:
    await registry.http.post("/v1/people", json={"name": "zhang.san", "display_name": "张三"})
    await registry.http.post("/v1/people/zhang.san:reset-password")
    entry = await last(registry, act="person.reset_password")
    assert (entry["subject"], entry["details"]) == ("person:zhang.san", {})


async def test_an_imported_sheet_is_named_by_its_hash_and_what_it_wrote(registry: Registry) -> None:
    await registry.http.post("/v1/industries", json={"code": "nev", "name": "新能源汽车"})
    rows = [(f"x{number:03}", number + 1, f"企业{number:03}", None, "nev", "整车", None) for number in range(120)]
    file = content(workbook(ENTERPRISE, *rows))
    await done(registry, "enterprises", file)
    entry = await last(registry, act="enterprise.import")
    digest, details = hashlib.sha256(file).hexdigest(), entry["details"]
    assert (entry["subject"], details["sha256"]) == (f"file:{digest}", digest)
    assert (details["rows"], details["created"], len(details["imported"])) == (120, 120, 100)
    assert details["imported"][0] == {"subject": "enterprise:x000", "version": 1}
    before = len(await entries(registry))
    await done(registry, "enterprises", file)
    assert len(await entries(registry)) == before
