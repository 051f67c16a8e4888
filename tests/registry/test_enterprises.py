"""Enterprises over HTTP: credit codes, names, roles, classes, and whom a name means."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from services.embedded.postgres import PostgresServer
from services.plan_file.parts import split
from tests.databases import fresh_database
from tests.plan_file.samples import XIAOSHAN, plan_of
from tests.registry.running import START, Registry, running, settings_for
from tests.registry.samples import applied, enterprise, faults, industry, part, small_part

CODE = "91110000600037341L"
OTHER_CODE = "91110108551385082Q"


async def created(registry: Registry, code: str, name: str = "杭州某某有限公司", **more: object) -> dict[str, Any]:
    answer = await registry.http.post("/v1/enterprises", json=enterprise(code, name, **more))
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def codes(registry: Registry, **params: str) -> list[str]:
    answer = await registry.http.get("/v1/enterprises", params=params)
    assert answer.status_code == 200, answer.text
    return [item["code"] for item in answer.json()["items"]]


@pytest_asyncio.fixture(loop_scope="session")
async def one_industry(registry: Registry) -> Registry:
    assert (await registry.http.post("/v1/industries", json=industry())).status_code == 201
    return registry


async def test_an_enterprise_is_found_by_its_credit_code_however_it_is_written(one_industry: Registry) -> None:
    made = await created(one_industry, "e1", credit_code="９１１１００００６０００３７３４１ｌ")
    await created(one_industry, "e2")
    assert made["credit_code"] == CODE
    assert await codes(one_industry, credit_code="9111 0000 6000 37341l") == ["e1"]
    assert await codes(one_industry, credit_code=OTHER_CODE) == []


async def test_who_lacks_a_credit_code_is_listed(one_industry: Registry) -> None:
    await created(one_industry, "e1", credit_code=CODE)
    await created(one_industry, "e2")
    assert await codes(one_industry, missing="credit_code") == ["e2"]


@pytest.mark.parametrize(("language", "said"), [("en", "check character is L"), ("zh", "校验码应为 L")])
async def test_a_wrong_credit_code_is_refused_with_the_character_that_would_be_right(
    one_industry: Registry, language: str, said: str
) -> None:
    sent = enterprise("e1", "某公司", credit_code=CODE[:-1] + "M")
    answer = await one_industry.http.post("/v1/enterprises", json=sent, headers={"Accept-Language": language})
    assert (answer.status_code, faults(answer.json())) == (422, [("/body/credit_code", "credit-code-check")])
    assert said in answer.json()["errors"][0]["detail"]


async def test_a_wrong_credit_code_is_not_looked_for(one_industry: Registry) -> None:
    answer = await one_industry.http.get("/v1/enterprises", params={"credit_code": CODE[:-1]})
    assert (answer.status_code, faults(answer.json())) == (422, [("/query/credit_code", "credit-code-length")])


async def test_two_enterprises_cannot_have_one_credit_code(one_industry: Registry) -> None:
    await created(one_industry, "e1", credit_code=CODE)
    sent = enterprise("e2", "某公司", credit_code=CODE)
    answer = await one_industry.http.post("/v1/enterprises", json=sent)
    assert (answer.status_code, faults(answer.json())) == (422, [("/body/credit_code", "credit-code-taken")])
    assert "e1" in answer.json()["errors"][0]["detail"]


async def test_of_ten_that_write_one_credit_code_at_once_one_has_it(one_industry: Registry) -> None:
    answers = await asyncio.gather(
        *(
            one_industry.http.post("/v1/enterprises", json=enterprise(f"e{number}", "某公司", credit_code=CODE))
            for number in range(10)
        )
    )
    assert sorted(answer.status_code for answer in answers).count(201) == 1
    assert {answer.status_code for answer in answers} <= {201, 422, 503}
    assert len(await codes(one_industry, credit_code=CODE)) == 1


async def test_every_fault_of_an_enterprise_is_named_at_once(one_industry: Registry) -> None:
    period = {"valid_from": "2018-02-01", "valid_to": "2018-01-31"}
    sent = enterprise(
        "e1",
        "某公司",
        industry="nothing",
        credit_code="12",
        names=[{"name": "某", "kind": "short", **period}],
        roles=[{"role": "other"}],
        classes=[{"edition": "gbt4754-2017", "code": "I39"}],
        memberships=[{"group": "nobody", **period}],
    )
    answer = await one_industry.http.post("/v1/enterprises", json=sent)
    assert answer.status_code == 422
    assert faults(answer.json()) == [
        ("/body/credit_code", "credit-code-length"),
        ("/body/names/0/valid_to", "dates-reversed"),
        ("/body/roles/0/title", "title-of-other"),
        ("/body/classes/0/code", "class-section"),
        ("/body/memberships/0/valid_to", "dates-reversed"),
        ("/body/industry", "unknown-reference"),
        ("/body/memberships/0/group", "unknown-reference"),
    ]


@pytest.mark.parametrize(
    "more",
    [
        {"credit_code": 1},
        {"credit_code": ""},
        {"credit_code": "9" * 101},
        {"credit_code": "9\u00001"},
        {"names": [{"name": "某", "kind": "nick"}]},
        {"names": [{"name": "某", "kind": "alias", "valid_from": "2018-02-30"}]},
        {"names": {}},
        {"roles": [{"role": "leading", "level": "galaxy"}]},
        {"roles": [None]},
        {"classes": [{"edition": "gbt4754-2011", "code": "C39"}]},
        {"classes": [{"edition": "sei-2018", "code": "\u0000"}]},
        {"classes": [{"edition": "gbt4754-2017", "code": "²"}]},
        {"memberships": [{"group": "某"}]},
        {"merged": []},
        {"code": "duplicates"},
    ],
    ids=str,
)
async def test_what_cannot_be_taken_of_an_enterprise_is_refused(one_industry: Registry, more: dict[str, Any]) -> None:
    answer = await one_industry.http.post("/v1/enterprises", json={**enterprise("e1", "某公司"), **more})
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")


@pytest.mark.parametrize(
    ("params", "pointer"),
    [
        ({"edition": "gbt4754-2017", "class_prefix": "Z"}, "/query/class_prefix"),
        ({"edition": "sei-2018", "class_prefix": "C"}, "/query/class_prefix"),
        ({"class_prefix": "C"}, "/query/edition"),
        ({"level": "city"}, "/query/role"),
        ({"as_of": "2018-02-30"}, "/query/as_of"),
        ({"role": "boss"}, "/query/role"),
        ({"missing": "name"}, "/query/missing"),
    ],
)
async def test_a_filter_that_means_nothing_is_refused(shared: Registry, params: dict[str, str], pointer: str) -> None:
    answer = await shared.http.get("/v1/enterprises", params=params)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, pointer)


async def test_a_replacement_keeps_what_its_sender_does_not_know_of(one_industry: Registry) -> None:
    roles = [{"role": "leading", "valid_from": "2018-01-01", "level": "district", "approval": "萧政发〔2018〕1号"}]
    await created(one_industry, "e1", credit_code=CODE, roles=roles)
    older = enterprise("e1", "杭州某某有限公司", direction="新方向")
    answer = await one_industry.http.put("/v1/enterprises/e1", json=older, headers={"If-Match": '"1"'})
    assert (answer.json()["direction"], answer.json()["credit_code"]) == ("新方向", CODE)
    assert answer.json()["roles"][0]["approval"] == "萧政发〔2018〕1号"
    emptied = await one_industry.http.put(
        "/v1/enterprises/e1", json={**older, "credit_code": None, "roles": []}, headers={"If-Match": '"2"'}
    )
    assert (emptied.json()["credit_code"], emptied.json()["roles"]) == (None, [])


async def test_a_plan_file_does_not_touch_what_is_the_registrys(registry: Registry) -> None:
    await applied(registry, small_part())
    seen = await registry.http.get("/v1/enterprises/e22")
    sent = {name: value for name, value in seen.json().items() if name not in {"id", "version", "recorded_at"}}
    own = {
        "credit_code": CODE,
        "names": [{"name": "钱塘", "kind": "short"}],
        "classes": [{"edition": "sei-2018", "code": "1"}],
    }
    put = await registry.http.put("/v1/enterprises/e22", json={**sent, **own}, headers={"If-Match": '"1"'})
    assert put.status_code == 200, put.text
    again = await applied(registry, small_part())
    assert again["changes"] == []
    changed = small_part(enterprises=[enterprise("e22", "杭州钱塘大数据交易中心有限公司", direction="新方向")])
    await applied(registry, changed)
    after = (await registry.http.get("/v1/enterprises/e22")).json()
    assert (after["direction"], after["credit_code"], after["names"][0]["name"]) == ("新方向", CODE, "钱塘")


@pytest.mark.parametrize(
    ("params", "found"),
    [
        ({"role": "leading", "as_of": "2018-06-30"}, ["e1", "e2"]),
        ({"role": "leading", "as_of": "2016-12-31"}, ["e2"]),
        ({"role": "leading", "as_of": "2018-07-01"}, ["e1"]),
        ({"role": "leading"}, ["e1"]),
        ({"role": "leading", "as_of": "2018-06-30", "level": "city"}, ["e1"]),
        ({"role": "single_champion", "as_of": "2018-06-30"}, ["e2"]),
        ({"role": "msme", "as_of": "2018-06-30"}, []),
        ({"role": "leading", "as_of": "2018-06-30", "q": "乙"}, ["e2"]),
    ],
)
async def test_roles_are_asked_for_as_of_a_day(
    one_industry: Registry, params: dict[str, str], found: list[str]
) -> None:
    leading = {"role": "leading", "valid_from": "2017-01-01", "level": "city"}
    await created(one_industry, "e1", "杭州甲有限公司", roles=[leading])
    until = {"role": "leading", "valid_to": "2018-06-30", "level": "district"}
    await created(one_industry, "e2", "杭州乙有限公司", roles=[until, {"role": "single_champion"}])
    assert await codes(one_industry, **params) == found


@pytest.mark.parametrize(
    ("edition", "prefix", "found"),
    [
        ("gbt4754-2017", None, ["e1", "e2"]),
        ("gbt4754-2017", "C", ["e1", "e2"]),
        ("gbt4754-2017", "C39", ["e1"]),
        ("gbt4754-2017", "391", ["e1"]),
        ("gbt4754-2017", "C3913", ["e1"]),
        ("gbt4754-2017", "I", []),
        ("sei-2018", "1", ["e1"]),
        ("sei-2018", "1.2", ["e1"]),
        ("sei-2018", "1.20", []),
    ],
)
async def test_classes_are_asked_for_by_edition_and_prefix(
    one_industry: Registry, edition: str, prefix: str | None, found: list[str]
) -> None:
    classes = [{"edition": "gbt4754-2017", "code": "3913", "main": True}, {"edition": "sei-2018", "code": "1.2.3"}]
    await created(one_industry, "e1", classes=classes)
    await created(one_industry, "e2", classes=[{"edition": "gbt4754-2017", "code": "C28", "main": True}])
    params = {"edition": edition} if prefix is None else {"edition": edition, "class_prefix": prefix}
    assert await codes(one_industry, **params) == found


@pytest.mark.parametrize(("edition", "count", "first"), [("gbt4754-2017", 117, "A"), ("sei-2018", 9, "1")])
async def test_industry_classes_are_listed_by_edition(shared: Registry, edition: str, count: int, first: str) -> None:
    items = (await shared.http.get("/v1/industry-classes", params={"edition": edition})).json()["items"]
    assert (len(items), items[0]["code"]) == (count, first)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def sample(postgres_server: PostgresServer, template_database: str) -> AsyncIterator[Registry]:
    """The sample plan, which nothing here changes."""
    async with (
        fresh_database(postgres_server, template_database) as database,
        running(settings_for(database), database) as made,
    ):
        await made.show(START)
        whole = split(plan_of(XIAOSHAN)).registry.model_dump(mode="json")
        await applied(made, whole)
        yield made


async def resolved(registry: Registry, name: str, **params: str) -> dict[str, Any]:
    answer = await registry.http.get("/v1/enterprises:resolve", params={"name": name, **params})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


@pytest.mark.parametrize(
    ("name", "code", "how"),
    [
        ("先临三维", "e01", "alias"),
        ("杭州先临三维科技股份有限公司", "e01", "exact"),
        ("杭州先临三维科技有限公司", "e01", "folded"),
        ("微医", "e12", "folded"),
        ("微医集团", "e12", "alias"),
        ("恒逸石化", "e14", "folded"),
        ("万向集团", "e17", "alias"),
        ("盛元化纤股份有限公司", "e13", "folded"),
    ],
)
async def test_a_short_name_of_the_sample_means_its_enterprise(
    sample: Registry, name: str, code: str, how: str
) -> None:
    found = await resolved(sample, name)
    assert (found["resolved"], found["ambiguous"]) == (code, False)
    assert (found["candidates"][0]["code"], found["candidates"][0]["how"]) == (code, how)


async def test_a_part_of_a_name_names_candidates_and_resolves_to_none(sample: Registry) -> None:
    found = await resolved(sample, "机器人")
    assert found["resolved"] is None
    assert {one["code"] for one in found["candidates"]} == {"e03", "e04"}
    assert {one["how"] for one in found["candidates"]} == {"contained"}


async def test_a_name_that_nobody_bears_has_no_candidates(sample: Registry) -> None:
    found = await resolved(sample, "阿里巴巴")
    assert (found["resolved"], found["ambiguous"], found["candidates"], found["more"]) == (None, False, [], False)


async def test_a_name_that_two_bear_says_so(one_industry: Registry) -> None:
    await created(one_industry, "e1", "浙江天元机械有限公司")
    await created(one_industry, "e2", "天元机械（萧山）有限公司")
    found = await resolved(one_industry, "天元机械")
    assert (found["resolved"], found["ambiguous"]) == (None, True)
    assert [one["code"] for one in found["candidates"]] == ["e1", "e2"]


async def test_more_that_hold_a_name_than_are_shown_are_said(one_industry: Registry) -> None:
    for number in range(52):
        await created(one_industry, f"e{number:02}", f"杭州天元{number}有限公司")
    found = await resolved(one_industry, "天元")
    assert (len(found["candidates"]), found["more"]) == (50, True)


async def test_a_former_name_is_in_force_on_its_days(one_industry: Registry) -> None:
    former = {"name": "萧山电机厂", "kind": "former", "valid_to": "2015-12-31", "source": "变更登记"}
    await created(one_industry, "e1", "杭州电机有限公司", names=[former])
    then = (await resolved(one_industry, "萧山电机厂", as_of="2015-12-31"))["candidates"][0]
    now = (await resolved(one_industry, "萧山电机厂"))["candidates"][0]
    assert (then["kind"], then["in_force"], now["in_force"]) == ("former", True, False)
    assert await codes(one_industry, q="电机厂") == ["e1"]


@pytest.mark.parametrize("name", ["—", "%", "\\", "（）", "有限公司"])
async def test_a_name_of_nothing_but_marks_is_answered(sample: Registry, name: str) -> None:
    assert (await resolved(sample, name))["resolved"] is None


@pytest.mark.parametrize(
    "params", [{}, {"name": ""}, {"name": "a\u0000"}, {"name": "某", "as_of": "tomorrow"}], ids=str
)
async def test_a_name_that_is_none_is_refused(shared: Registry, params: dict[str, str]) -> None:
    assert (await shared.http.get("/v1/enterprises:resolve", params=params)).status_code == 422


async def test_enterprises_that_may_be_one_are_listed_with_the_name_they_share(one_industry: Registry) -> None:
    await created(one_industry, "e1", "浙江天元机械有限公司", credit_code=CODE)
    await created(one_industry, "e2", "天元机械股份有限公司", credit_code=OTHER_CODE)
    await created(one_industry, "e3", "杭州甲有限公司", aliases=["明星"])
    await created(one_industry, "e4", "杭州乙有限公司", names=[{"name": "明星集团", "kind": "brand"}])
    await created(one_industry, "e5", "杭州丙有限公司")
    page = (await one_industry.http.get("/v1/enterprises/duplicates", params={"total": True})).json()
    shared_names = {
        item["shared"]: (item["distinct"], [(one["code"], one["matched"], one["kind"]) for one in item["enterprises"]])
        for item in page["items"]
    }
    assert shared_names == {
        "天元机械": (
            True,
            [("e1", "浙江天元机械有限公司", "registered"), ("e2", "天元机械股份有限公司", "registered")],
        ),
        "明星": (False, [("e3", "明星", "alias"), ("e4", "明星集团", "brand")]),
    }
    assert page["total"] == 2
    first = (await one_industry.http.get("/v1/enterprises/duplicates", params={"limit": 1})).json()
    second = await one_industry.http.get("/v1/enterprises/duplicates", params={"limit": 1, "cursor": first["next"]})
    assert {first["items"][0]["shared"], second.json()["items"][0]["shared"]} == set(shared_names)


async def test_an_enterprise_is_read_by_its_id_too(one_industry: Registry) -> None:
    made = await created(one_industry, "e1")
    read = await one_industry.http.get(f"/v1/enterprises/{made['id']}")
    assert (read.status_code, read.json()) == (200, made)


async def test_a_reserved_code_of_a_plan_file_is_refused(registry: Registry) -> None:
    sent = part(industries=[industry()], enterprises=[enterprise("duplicates", "某公司")])
    answer = await registry.http.put("/v1/plans/plan-a", json=sent)
    assert (answer.status_code, faults(answer.json())) == (422, [("/body/enterprises/0/code", "reserved")])


async def test_an_enterprise_that_no_plan_lists_needs_neither_number_nor_direction(registry: Registry) -> None:
    await applied(registry, small_part())
    made = await registry.http.post(
        "/v1/enterprises", json={"code": "e90", "name": "某某公司", "industry": "information"}
    )
    assert made.status_code == 201, made.text
    assert (made.json()["number"], made.json()["direction"]) == (None, None)
    sheet = await registry.http.get("/v1/enterprises", headers={"Accept": "text/csv"})
    assert any(line.startswith("e90,,某某公司") for line in sheet.text.splitlines()), sheet.text
    row = "代码,名称,产业\ne91,另一公司,information\n"
    done = await registry.http.post(
        "/v1/enterprises:import", content=row.encode(), headers={"Content-Type": "text/csv"}
    )
    assert done.is_success, done.text
    assert (await registry.http.get("/v1/enterprises/e91")).json()["number"] is None
    body = {"duplicate": "e90", "duplicate_version": 1, "reason": "同一企业", "decisions": {}}
    merged = await registry.http.post("/v1/enterprises/e22/merge", json=body, headers={"If-Match": '"1"'})
    assert merged.status_code == 200, merged.text
