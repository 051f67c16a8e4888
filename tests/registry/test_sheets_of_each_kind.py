"""Filled-in sheets of each kind of object: the tree of units, codes, addresses, what belongs to a plan."""

import pytest

from tests.registry.running import Registry
from tests.registry.samples import PLAN, applied, small_part
from tests.registry.sheets import ENTERPRISE, NEW, counts, done, refused, send, workbook


@pytest.fixture
async def planned(registry: Registry) -> Registry:
    await applied(registry, small_part())
    return registry


async def test_units_are_put_into_their_tree_and_those_below_move_with_them(planned: Registry) -> None:
    rows = "代码,名称,类型,上级单位\nke,科室,部门,jingxin\njingxin,区经信局,部门,keji\n"
    assert counts(await done(planned, "units", rows)) == (1, 1, 0)
    paths = {code: (await planned.http.get(f"/v1/units/{code}")).json()["path"] for code in ("ke", "jingxin")}
    assert paths == {"ke": "government.keji.jingxin.ke", "jingxin": "government.keji.jingxin"}
    assert counts(await done(planned, "units", rows)) == (0, 0, 2)
    circle = "代码,名称,类型,上级单位\nkeji,区科技局,部门,ke\n"
    assert await refused(planned, "units", circle) == [("D2", "circle")]
    twice = "代码,名称,类型,上级单位\nke2,区科技局,部门,nowhere\n"
    assert sorted(await refused(planned, "units", twice)) == [("B2", "name-taken"), ("D2", "unknown-reference")]


async def test_units_without_a_code_are_found_by_their_names(planned: Registry) -> None:
    rows = "代码,名称,类型\n,区科技局,办公机构\nxin,新单位,部门\n"
    said = await done(planned, "units", rows)
    assert [(item["code"], item["change"]) for item in said["items"]] == [("keji", "changed"), ("xin", "created")]
    assert counts(await done(planned, "units", "名称,类型\n区科技局,部门\n")) == (0, 1, 0)
    nobody = "代码,名称,类型\n,没有的单位,部门\n,,部门\nkeji,区科技局,部门\n,区科技局,部门\n"
    assert await refused(planned, "units", nobody) == [
        ("A2", "no-code"),
        ("A3", "no-code"),
        ("B3", "missing"),
        ("A5", "twice"),
    ]


async def test_what_the_registry_keeps_beside_a_plan_file_can_be_filled_in_too(planned: Registry) -> None:
    header = ("代码", "统一社会信用代码", "其他名称", "企业认定")
    row = (
        "e22",
        "９１１１００００６０００３７３４１l",
        "name=大数据中心；kind=short",
        "role=leading；level=district；valid_from=2018-01-01",
    )
    assert counts(await done(planned, "enterprises", workbook(header, row))) == (0, 1, 0)
    found = (await planned.http.get("/v1/enterprises/e22")).json()
    assert (found["credit_code"], found["names"][0]["kind"], found["roles"][0]["role"]) == (
        "91110000600037341L",
        "short",
        "leading",
    )
    assert counts(await done(planned, "enterprises", workbook(header, row))) == (0, 0, 1)
    by_credit_code = workbook(("统一社会信用代码", "培育方向"), ("91110000600037341L", "新方向"))
    assert counts(await done(planned, "enterprises", by_credit_code)) == (0, 1, 0)
    for wrong, place in (
        (("e22", "91110000600037341X", None, None), "企业!B2"),
        (("e22", None, None, "role=king"), "企业!D2"),
    ):
        assert [cell for cell, _ in await refused(planned, "enterprises", workbook(header, wrong))] == [place]
    taken = workbook((*ENTERPRISE, "统一社会信用代码"), (*NEW, "91110000600037341L"))
    assert await refused(planned, "enterprises", taken) == [("企业!H2", "not-unique")]


async def test_the_life_of_a_project_is_moved_by_steps_and_not_by_sheets(planned: Registry) -> None:
    project = (await planned.http.get("/v1/projects/P01")).json()
    rows = workbook(("代码", "项目代码", "全生命周期（life）"), ("P01", "2017-330109-36-03-012345", "stage=completed"))
    said = await done(planned, "projects", rows)
    assert said["columns_not_read"] == ["全生命周期（life）"]
    found = (await planned.http.get("/v1/projects/P01")).json()
    assert (found["national_code"], found["life"]) == ("2017-330109-36-03-012345", project["life"])
    wrong = workbook(("代码", "项目代码"), ("P02", "2017-33-1"))
    assert await refused(planned, "projects", wrong) == [("企业!B2", "national-code-form")]


async def test_carriers_are_judged_beside_each_other(planned: Registry) -> None:
    rows = "代码,名称,产业,上级载体\na1,甲园区,information,b1\nb1,乙园区,information,a1\n"
    assert await refused(planned, "carriers", rows) == [("D2", "circle"), ("D3", "circle")]
    assert counts(await done(planned, "carriers", rows.replace(",a1", ","))) == (2, 0, 0)


async def test_contacts_keep_their_addresses_locked_and_a_masked_one_changes_nothing(planned: Registry) -> None:
    rows = "单位,角色,姓名,电子邮箱\nkeji,联络员,李四,li@example.com\njingxin,liaison,张三,z***@***\n"
    assert counts(await done(planned, "contacts", rows)) == (1, 0, 1)
    async with planned.database.owner() as connection:
        stored = await connection.fetchval(
            "SELECT string_agg(content::text, '') FROM registry.version WHERE kind = 'contact'"
        )
    assert "example.com" not in stored
    items = (await planned.http.get("/v1/contacts")).json()["items"]
    assert [item["email"] for item in items] == ["zhang.san@example.com", "li@example.com"]
    other = rows.replace("li@example.com", "x***@***")
    assert await refused(planned, "contacts", other) == [("D2", "email-shape")]


async def test_a_caller_of_a_unit_imports_contacts_of_its_own_only(planned: Registry) -> None:
    http = await planned.as_("registry:read", "registry:write", unit="keji")
    own = "单位,角色,姓名,电子邮箱\nkeji,联络员,李四,li@example.com\n"
    assert counts(await done(http, "contacts", own)) == (1, 0, 0)
    others = own + "jingxin,主要负责人,王五,wang@example.com\n"
    assert await refused(http, "contacts", others) == [("A3", "unknown-reference")]
    assert (await send(http, "industries", "代码,名称\nx,甲\n")).status_code == 403
    reader = await planned.as_("registry:read")
    assert (await send(reader, "contacts", own)).status_code == 403


async def test_tasks_and_owners_belong_to_their_plan(planned: Registry) -> None:
    tasks = (
        f"计划,代码,名称,对象,条款,原文\n{PLAN},C77,甲任务,plan:{PLAN},一,力争\nnowhere,C77,乙,plan:{PLAN},一,力争\n"
    )
    assert await refused(planned, "tasks", tasks) == [("A3", "unknown-reference")]
    assert counts(await done(planned, "tasks", tasks.rpartition("nowhere")[0])) == (1, 0, 0)
    owners = f"计划,事项代码,牵头单位,配合单位,依据,类型,名称,对象\n{PLAN},C77,keji,jingxin、keji,事后分派,任务,甲任务,plan:{PLAN}\n"
    assert await refused(planned, "responsibilities", owners) == [("D2", "unit-twice")]
    assert counts(await done(planned, "responsibilities", owners.replace("、keji", ""))) == (1, 0, 0)
    owner = f"/v1/plans/{PLAN}/responsibilities/C77"
    assert (await planned.http.get(owner)).json()["support"] == ["jingxin"]
    renamed = f"计划,代码,名称\n{PLAN},C77,乙任务\n"
    assert counts(await done(planned, "tasks", renamed, dry_run=True)) == (0, 1, 0)
    assert (await planned.http.get(owner)).json()["name"] == "甲任务"
    assert counts(await done(planned, "tasks", renamed)) == (0, 1, 0)
    assert (await planned.http.get(owner)).json()["name"] == "乙任务"


async def test_what_was_reported_of_a_milestone_stays_and_is_judged_by_its_states(planned: Registry) -> None:
    states = '"listed；已入库\nnamed；已命名"'
    told = f"代码,里程碑,对象,可达状态,计数状态,期限\nm1,合成里程碑,项目:P01,{states},named,2018-12-31\n"
    assert counts(await done(planned, "milestones", told)) == (1, 0, 0)
    sent = {"state": "listed", "on": "2018-06-20", "text": "合成", "files": []}
    assert (await planned.http.post("/v1/milestones/m1/reports", json=sent)).status_code == 200
    assert counts(await done(planned, "milestones", told)) == (0, 0, 1)
    assert counts(await done(planned, "milestones", "代码,计数状态\nm1,listed\n")) == (0, 1, 0)
    found = (await planned.http.get("/v1/milestones/m1")).json()
    assert (found["done_on"], len(found["reports"])) == ("2018-06-20", 1)
    assert await refused(planned, "milestones", "代码,计数状态\nm1,other\n") == [("B2", "unknown-state")]


async def test_an_instrument_carries_out_a_task_of_its_own_plan(planned: Registry) -> None:
    header = "计划,代码,名称,类型,落实任务,兑现单位,承诺金额,分年度承诺\n"
    right = f"{PLAN},fund,合成基金,基金,C01,keji,100,2018；100\n"
    assert counts(await done(planned, "instruments", header + right)) == (1, 0, 0)
    wrong = f"{PLAN},fund,合成基金,基金,C99,nobody,100,2018；90\n"
    assert sorted(await refused(planned, "instruments", header + wrong)) == [
        ("E2", "unknown-reference"),
        ("F2", "unknown-reference"),
        ("H2", "years-miss-the-whole"),
    ]
