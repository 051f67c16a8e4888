"""Creating, reading, replacing: nothing is overwritten, no update is lost."""

import asyncio
from datetime import timedelta

import asyncpg
import httpx
import pytest

from services.kit.db import Database, knowledge_key
from services.registry.enterprises.store import merged
from services.registry.versions.rules import Reference
from services.registry.versions.store import present
from tests.registry.running import REGION, START, Registry
from tests.registry.samples import applied, enterprise, faults, industry, project, small_part


async def test_what_was_created_is_read_back_with_its_etag(registry: Registry) -> None:
    made = await registry.http.post("/v1/industries", json=industry(aliases=["信息经济"]))
    read = await registry.http.get(made.headers["location"].removeprefix("/registry"))
    assert made.status_code == 201
    assert read.json() == made.json()
    assert read.headers["etag"] == made.headers["etag"] == '"1"'
    assert {**industry(aliases=["信息经济"]), "version": 1}.items() <= read.json().items()


async def test_a_code_that_is_in_use_cannot_be_created_again(registry: Registry) -> None:
    await registry.http.post("/v1/industries", json=industry())
    again = await registry.http.post("/v1/industries", json=industry())
    assert (again.status_code, again.json()["code"]) == (409, "exists")
    assert again.json()["detail"].endswith(" 已存在；修改请用 PUT")


async def test_what_the_caller_has_already_is_not_sent_again(registry: Registry) -> None:
    made = await registry.http.post("/v1/industries", json=industry())
    read = await registry.http.get("/v1/industries/information", headers={"If-None-Match": made.headers["etag"]})
    assert (read.status_code, read.content) == (304, b"")


async def test_a_replacement_needs_if_match(registry: Registry) -> None:
    await registry.http.post("/v1/industries", json=industry())
    answer = await registry.http.put("/v1/industries/information", json=industry(name="新名"))
    assert (answer.status_code, answer.json()["code"]) == (428, "if-match-missing")


async def test_a_replacement_of_an_old_version_is_stale(registry: Registry) -> None:
    await registry.http.post("/v1/industries", json=industry())
    await registry.http.put("/v1/industries/information", json=industry(name="新名"), headers={"If-Match": '"1"'})
    late = await registry.http.put("/v1/industries/information", json=industry(name="晚"), headers={"If-Match": '"1"'})
    assert (late.status_code, late.json()["code"]) == (412, "stale")
    assert (await registry.http.get("/v1/industries/information")).json()["name"] == "新名"


async def test_a_weak_tag_replaces_nothing_and_saves_a_reading(registry: Registry) -> None:
    await registry.http.post("/v1/industries", json=industry())
    path, weak = "/v1/industries/information", 'W/"1"'
    answer = await registry.http.put(path, json=industry(name="新名"), headers={"If-Match": weak})
    assert (answer.status_code, answer.json()["code"]) == (412, "weak-etag")
    assert "不带 W/" in answer.json()["detail"]
    assert (await registry.http.delete(path, headers={"If-Match": weak})).status_code == 412
    assert (await registry.http.get(path, headers={"If-None-Match": weak})).status_code == 304


async def test_a_replacement_that_changes_nothing_adds_no_version(registry: Registry) -> None:
    await registry.http.post("/v1/industries", json=industry())
    same = await registry.http.put("/v1/industries/information", json=industry(), headers={"If-Match": '"1"'})
    assert (same.status_code, same.headers["etag"]) == (200, '"1"')


async def test_what_is_not_there_cannot_be_replaced(shared: Registry) -> None:
    answer = await shared.http.put("/v1/industries/information", json=industry(), headers={"If-Match": "*"})
    assert answer.status_code == 404


async def test_a_code_does_not_change(registry: Registry) -> None:
    await registry.http.post("/v1/industries", json=industry())
    answer = await registry.http.put("/v1/industries/information", json=industry("bio"), headers={"If-Match": '"1"'})
    assert faults(answer.json()) == [("/body/code", "other-code")]


KEPT = {"id", "version", "recorded_at", "path", "state", "state_since", "carried_from", "carried_to"}
"""What the registry adds to what was written."""


@pytest.mark.parametrize(
    ("path", "changed"),
    [
        ("/v1/industries/information", {"name": "数字产业"}),
        ("/v1/carriers/info-port", {"aliases": ["信息港"]}),
        ("/v1/enterprises/e22", {"group": "钱塘"}),
        ("/v1/projects/P01", {"investment": "31000"}),
        ("/v1/units/keji", {"name_en": "Science Bureau"}),
        ("/v1/plans/plan-a/tasks/C01", {"name": "示范区建设"}),
        ("/v1/plans/plan-a/responsibilities/T01", {"support": []}),
    ],
)
async def test_each_kind_is_replaced_and_keeps_its_history(
    registry: Registry, path: str, changed: dict[str, object]
) -> None:
    await applied(registry, small_part())
    seen = await registry.http.get(path)
    sent = {name: value for name, value in seen.json().items() if name not in KEPT}
    answer = await registry.http.put(path, json={**sent, **changed}, headers={"If-Match": seen.headers["etag"]})
    history = (await registry.http.get(f"{path}/history")).json()["items"]
    assert answer.status_code == 200, answer.text
    assert {name: answer.json()[name] for name in changed} == changed
    assert [one["version"] for one in history] == [1, 2]


@pytest.mark.parametrize(
    ("path", "sent"),
    [
        ("/v1/carriers", {"code": "new", "name": "新镇", "industry": "information", "also": ["information"]}),
        ("/v1/enterprises", enterprise("new", "新企业")),
        ("/v1/projects", {**project("P09"), "plan": "plan-a"}),
    ],
)
async def test_each_kind_is_created(registry: Registry, path: str, sent: dict[str, object]) -> None:
    await applied(registry, small_part())
    made = await registry.http.post(path, json=sent)
    read = await registry.http.get(f"{path}/{sent['code']}")
    assert made.status_code == 201, made.text
    assert read.content == made.content


async def test_every_version_stays_in_the_history(registry: Registry) -> None:
    await registry.http.post("/v1/industries", json=industry())
    await registry.http.put("/v1/industries/information", json=industry(name="新名"), headers={"If-Match": '"1"'})
    history = (await registry.http.get("/v1/industries/information/history")).json()["items"]
    assert [(one["version"], one["content"]["name"], one["by"]) for one in history] == [
        (1, "信息产业", "administrator"),
        (2, "新名", "administrator"),
    ]


async def test_the_history_of_what_never_was_is_not_found(shared: Registry) -> None:
    assert (await shared.http.get("/v1/industries/nothing/history")).status_code == 404


async def test_an_earlier_instant_is_answered_from_what_was_known_then(registry: Registry) -> None:
    await registry.http.post("/v1/industries", json=industry())
    await registry.show(START + timedelta(days=2))
    await registry.http.put("/v1/industries/information", json=industry(name="新名"), headers={"If-Match": '"1"'})
    await registry.show(START + timedelta(days=3))
    day_after = {"known_at": (START + timedelta(days=1)).isoformat()}
    earlier = (await registry.http.get("/v1/industries/information", params=day_after)).json()
    assert (earlier["name"], earlier["version"], earlier["provisional"]) == ("信息产业", 1, False)
    assert (await registry.http.get("/v1/industries/information")).json()["name"] == "新名"


async def test_before_anything_was_known_there_is_nothing(registry: Registry) -> None:
    await registry.http.post("/v1/industries", json=industry())
    earlier = {"known_at": (START - timedelta(days=1)).isoformat()}
    assert (await registry.http.get("/v1/industries/information", params=earlier)).status_code == 404


async def test_what_may_still_change_is_marked_provisional(registry: Registry) -> None:
    await registry.http.post("/v1/industries", json=industry())
    now = await registry.http.get("/v1/industries/information", params={"known_at": START.isoformat()})
    assert now.json()["provisional"] is True


async def test_an_answer_is_provisional_while_someone_writes(registry: Registry) -> None:
    await registry.http.post("/v1/industries", json=industry())
    await registry.show(START + timedelta(days=1))
    async with registry.database.owner() as writer, writer.transaction():
        await writer.execute("SELECT pg_advisory_xact_lock($1)", knowledge_key("330109"))
        answer = await registry.http.get("/v1/industries/information", params={"known_at": START.isoformat()})
    assert answer.json()["provisional"] is True


async def test_an_instant_without_its_zone_is_refused(registry: Registry) -> None:
    answer = await registry.http.get("/v1/industries/information", params={"known_at": "2018-07-16T09:00:00"})
    assert answer.status_code == 422


async def test_every_reference_to_what_is_not_there_is_named(shared: Registry) -> None:
    sent = {**project("P09", enterprise="nobody", carrier="nowhere"), "plan": "none"}
    answer = await shared.http.post("/v1/projects", json=sent)
    assert answer.status_code == 422
    assert faults(answer.json()) == [
        ("/body/plan", "unknown-reference"),
        ("/body/industry", "unknown-reference"),
        ("/body/enterprise", "unknown-reference"),
        ("/body/carrier", "unknown-reference"),
    ]


@pytest.mark.parametrize(("language", "said"), [("en", "1 thing(s) cannot be taken"), ("zh-CN", "1 处不符合要求")])
async def test_a_problem_speaks_the_callers_language(shared: Registry, language: str, said: str) -> None:
    answer = await shared.http.post(
        "/v1/enterprises", json=enterprise("e1", "某公司"), headers={"Accept-Language": language}
    )
    assert answer.json()["detail"] == said


@pytest.mark.parametrize(
    "sent",
    [
        {**industry(), "colour": "red"},
        {**industry(), "name": "信息\u0000产业"},
        {**industry(), "name": ""},
        {**industry(), "code": "Information!"},
        {**industry(), "aliases": "信息经济"},
    ],
    ids=["unknown field", "NUL", "empty", "code", "type"],
)
async def test_what_cannot_be_taken_is_refused_at_the_edge(shared: Registry, sent: dict[str, object]) -> None:
    answer = await shared.http.post("/v1/industries", json=sent)
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")


async def test_an_exact_number_stays_exact(registry: Registry) -> None:
    await applied(registry, small_part())
    sent = {**project("P03", investment="30000.123456789012"), "plan": "plan-a"}
    made = await registry.http.post("/v1/projects", json=sent)
    assert made.json()["investment"] == "30000.123456789012"


async def test_a_binary_fraction_is_refused(registry: Registry) -> None:
    await applied(registry, small_part())
    answer = await registry.http.post("/v1/projects", json={**project("P03", investment=0.1), "plan": "plan-a"})
    assert answer.status_code == 422


async def test_of_twenty_writers_at_one_object_no_update_is_lost(registry: Registry) -> None:
    await registry.http.post("/v1/industries", json=industry(aliases=[]))

    async def add(alias: str) -> None:
        while True:
            seen = await registry.http.get("/v1/industries/information")
            if seen.status_code == httpx.codes.SERVICE_UNAVAILABLE:
                continue  # all connections are taken: asking again is right
            kept = {name: seen.json()[name] for name in ("code", "name", "name_en", "aliases")}
            sent = {**kept, "aliases": [*kept["aliases"], alias]}
            answer = await registry.http.put(
                "/v1/industries/information", json=sent, headers={"If-Match": seen.headers["etag"]}
            )
            if answer.status_code == httpx.codes.OK:
                return
            assert answer.status_code in {412, 503}, answer.text

    await asyncio.gather(*(add(f"别名{number}") for number in range(20)))
    read = (await registry.http.get("/v1/industries/information")).json()
    assert sorted(read["aliases"]) == sorted(f"别名{number}" for number in range(20))
    assert read["version"] == 21


async def test_a_version_cannot_be_changed_or_deleted_even_in_the_database(registry: Registry) -> None:
    await registry.http.post("/v1/industries", json=industry())
    async with registry.database.owner() as connection:
        for statement in ("UPDATE registry.version SET code = 'x'", "DELETE FROM registry.version"):
            with pytest.raises(asyncpg.RaiseError, match="never changed"):
                await connection.execute(statement)


async def test_a_write_is_in_the_audit(registry: Registry) -> None:
    await registry.http.post("/v1/industries", json=industry())
    async with registry.database.owner() as connection:
        row = await connection.fetchrow(
            "SELECT client_id, act, subject FROM registry.audit WHERE act LIKE 'industry.%'"
        )
    assert row is not None
    assert tuple(row) == ("administrator", "industry.create", "industry:information")


async def test_a_file_may_name_more_things_than_a_statement_takes_parameters(registry: Registry) -> None:
    codes = [f"e{number}" for number in range(40_000)]
    db = Database(registry.database.url("registry"))
    async with db.edge() as session:
        assert await present(session, REGION, [Reference("", "enterprise", code) for code in codes]) == set()
        assert await merged(session, REGION, codes) == {}
    await db.close()
