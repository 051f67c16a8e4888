"""Ending what was entered by mistake: gone from today, kept in what was known, refused while anything names it."""

import asyncio
from datetime import timedelta

import pytest
import pytest_asyncio
from sqlalchemy import ForeignKeyConstraint

from services.registry.endings.service import ENDABLE, REFERRERS
from services.registry.plans.service import NAMING, REFERENCES
from services.registry.schema import Table
from tests.registry.endable import (
    NAMINGS,
    SENT,
    UNITS,
    Naming,
    begun,
    code_of,
    done,
    end,
    listed,
    make,
    path_of,
)
from tests.registry.running import START, Registry, seen
from tests.registry.samples import PLAN, applied, enterprise, faults, small_part
from tests.roles import bodies

CODE = "91110000600037341L"
NOT_SAID = {
    ("enterprise", "merged_into"): "it leads from a code that is not given again",
    ("prospect_step", "prospect"): "the prospect's own steps, which go with it",
    ("roster", "unit"): "units end by a reorganisation",
}


@pytest_asyncio.fixture(loop_scope="session")
async def ready(registry: Registry) -> Registry:
    """A registry with a small plan, a day after it was applied."""
    await begun(registry)
    await registry.show(START + timedelta(days=1))
    return registry


async def listed_codes(registry: Registry, path: str) -> list[str]:
    collection = f"/v1/{path.split('/')[-2]}"
    return [one["code"] for one in (await done(registry.http.get(collection)))["items"]]


@pytest.mark.parametrize("kind", ENDABLE)
async def test_what_was_ended_is_gone_from_today_and_stays_in_what_was_known(ready: Registry, kind: str) -> None:
    http, path = ready.http, path_of(kind)
    await make(http, kind)
    before = await done(http.get(path))
    await ready.show(START + timedelta(days=2))
    missing = await http.delete(path)
    assert (missing.status_code, missing.json()["code"]) == (428, "if-match-missing")
    assert (await http.delete(path, headers={"If-Match": '"7"'})).status_code == 412
    answer = await end(http, path, reason="重复录入")
    assert (answer.status_code, answer.content) == (204, b""), answer.text
    assert (await http.get(path)).status_code == 404
    assert (await http.delete(path, headers={"If-Match": "*"})).status_code == 404
    if kind != "schedule":
        assert code_of(kind) not in await listed_codes(ready, path)
    history = (await done(http.get(f"{path}/history")))["items"]
    assert [one["content"] is None for one in history] == [False, True]
    if kind not in {"schedule", "prospect", "activity"}:
        then = await done(http.get(path, params={"known_at": (START + timedelta(days=1)).isoformat()}))
        assert (then["id"], then["version"]) == (before["id"], 1)
    ended = [one for one in await ready.feed() if one["id"] == before["id"]]
    assert [(one["kind"], one["version"], one["content"] is None) for one in ended] == [
        (kind, 1, False),
        (kind, 2, True),
    ]


@pytest.mark.parametrize("kind", ENDABLE)
async def test_its_code_can_be_taken_up_again(ready: Registry, kind: str) -> None:
    http, path = ready.http, path_of(kind)
    await make(http, kind)
    assert (await end(http, path)).status_code == 204
    await make(http, kind)
    if kind not in {"leader_contact", "visit"}:  # whose codes are numbers that go on
        assert (await done(http.get(path)))["version"] == 3


@pytest.mark.parametrize("naming", NAMINGS, ids=str)
async def test_what_something_in_force_names_is_not_ended_until_that_gives_it_up(
    ready: Registry, naming: Naming
) -> None:
    http, path = ready.http, path_of(naming.of)
    await make(http, naming.of)
    await naming.make(http)
    answer = await end(http, path)
    assert (answer.status_code, answer.json()["code"]) == (409, "still-referred-to"), answer.text
    assert any(f"{naming.kind}:" in one["detail"] for one in answer.json()["errors"]), answer.text
    assert (await http.get(path)).status_code == 200
    await naming.give_up(http)
    answer = await end(http, path)
    assert answer.status_code == 204, answer.text


def test_whatever_can_name_something_is_tried() -> None:
    pairs = {(one.shelf.kind, kind) for one in REFERRERS for kind in one.kinds}
    paid = {("payment", kind) for kind in ("instrument", "enterprise", "project")}
    shared = {("shared_project", "project")}  # below, with two plans
    assert {(naming.kind, naming.of) for naming in NAMINGS} | shared == pairs | paid
    assert {naming.of for naming in NAMINGS} <= set(ENDABLE)
    assert {*SENT, "industry", "enterprise_group"} == set(ENDABLE)


def test_who_declares_references_is_asked_for_them() -> None:
    declared = {*REFERENCES, *(shelf.kind for shelf, _ in NAMING)} - {"unit", "contact", "roster"}  # these name units
    assert declared <= {one.shelf.kind for one in REFERRERS}


def test_whatever_points_at_a_table_of_what_can_be_ended_is_asked() -> None:
    """Who adds a table with a foreign key to something that can be ended adds it to REFERRERS."""
    asked = {(one.shelf.table.__tablename__, kind) for one in REFERRERS for kind in one.kinds}
    asked |= {("payment", kind) for kind in ("instrument", "enterprise", "project")}
    tables = {shelf.table.__tablename__: kind for kind, (shelf, _) in ENDABLE.items()}
    pointing = set()
    for table in Table.metadata.tables.values():
        for constraint in table.constraints:
            if isinstance(constraint, ForeignKeyConstraint) and constraint.referred_table.name in tables:
                pair = (table.name, tables[constraint.referred_table.name])
                if (table.name, constraint.column_keys[-1]) not in NOT_SAID:
                    pointing.add(pair)
    assert pointing <= asked


async def test_a_project_that_another_plan_shares_is_not_ended(ready: Registry) -> None:
    http = ready.http
    await make(http, "project")
    await applied(ready, small_part("plan-b", projects=[], responsibilities=[]))
    path = "/v1/plans/plan-b/shared-projects/x"
    await done(http.put(path, json={"reason": "样例"}))
    answer = await end(http, "/v1/projects/x")
    assert (answer.status_code, answer.json()["code"]) == (409, "still-referred-to")
    assert (await http.delete(path, headers={"If-Match": "*"})).status_code == 204
    assert (await end(http, "/v1/projects/x")).status_code == 204


async def test_what_a_plan_file_lists_is_taken_out_of_the_file_first(ready: Registry) -> None:
    http = ready.http
    for path in ("/v1/projects/P02", "/v1/carriers/info-port"):
        answer = await end(http, path)
        assert (answer.status_code, answer.json()["code"]) == (409, "still-referred-to")
        assert ("/path/code", "in-plan-file") in faults(answer.json())
        assert PLAN in answer.json()["detail"]
    await applied(ready, small_part(version="fedcba9876543210", projects=[], units=UNITS))
    assert (await http.get("/v1/projects/P02")).status_code == 200
    assert (await end(http, "/v1/projects/P02")).status_code == 204


async def test_an_export_and_an_import_know_nothing_of_what_was_ended(ready: Registry) -> None:
    http = ready.http
    await make(http, "carrier")
    assert (await end(http, "/v1/carriers/x")).status_code == 204
    sheet = await http.get("/v1/carriers", headers={"Accept": "text/csv"})
    assert "小镇x" not in sheet.text
    row = "code,name,name_en,industry\nx,另一小镇,,information\n".encode()
    answer = await http.post("/v1/carriers:import", content=row, headers={"Content-Type": "text/csv"})
    assert answer.status_code == 200, answer.text
    assert answer.json()["created"] == 1
    found = await done(http.get("/v1/carriers/x"))
    assert (found["name"], found["version"]) == ("另一小镇", 3)


async def test_what_was_unique_to_it_is_free_again(ready: Registry) -> None:
    http = ready.http
    await done(http.post("/v1/enterprises", json=enterprise("x", "某企业", credit_code=CODE)))
    assert (await end(http, "/v1/enterprises/x")).status_code == 204
    await done(http.post("/v1/enterprises", json=enterprise("y", "某企业", credit_code=CODE)))
    found = await done(http.get("/v1/enterprises:resolve", params={"name": "某企业"}))
    assert found["resolved"] == "y"
    number = "2017-330109-36-03-012345"
    await done(http.post("/v1/projects", json=listed("x", national_code=number)))
    assert (await end(http, "/v1/projects/x")).status_code == 204
    await done(http.post("/v1/projects", json=listed("y", national_code=number)))


async def test_a_project_comes_of_another_prospect_after_the_first_was_ended(ready: Registry) -> None:
    http = ready.http
    await make(http, "enterprise")
    await done(http.post("/v1/projects", json=listed("x", enterprise="x", enterprise_name=None)))
    for code in ("one", "two"):
        path = f"/v1/prospects/{code}"
        await done(http.put(path, json=bodies.prospect(code, "keji")))
        for to in ("contact", "talks", "visit", "signed"):
            await done(http.post(f"{path}/steps", json={"to": to, "on": "2018-06-01"}))
        landing = {"on": "2018-07-01", "enterprise": "x", "project": "x"}
        await done(http.post(f"{path}/landing", json=landing))
        assert (await end(http, path)).status_code == 204
    funnel = (await done(http.get("/v1/prospect-funnel")))["items"]
    assert {stage["here"] for stage in funnel} == {0}
    await done(http.put("/v1/prospects/one", json={**bodies.prospect("one", "keji"), "since": "2018-05-01"}))
    funnel = (await done(http.get("/v1/prospect-funnel")))["items"]
    assert {stage["stage"]: stage["reached"] for stage in funnel if stage["reached"]} == {"lead": 1}


async def test_the_trail_says_who_ended_what_and_why_and_nothing_of_what_was_refused(ready: Registry) -> None:
    http = ready.http
    await make(http, "carrier")
    assert (await end(http, "/v1/carriers/info-port")).status_code == 409
    assert (await end(http, "/v1/carriers/x", reason="重复录入")).status_code == 204
    told = (await done(http.get("/v1/audit", params={"act": "carrier.end"})))["items"]
    (entry,) = told
    assert entry["subject"] == "carrier:x"
    assert (entry["details"]["reason"], entry["details"]["version"]) == ("重复录入", 2)
    assert entry["details"]["changes"]["name"] == ["小镇x", None]


async def test_a_refusal_counts_all_that_names_it_and_shows_the_first_twenty(ready: Registry) -> None:
    http = ready.http
    await make(http, "enterprise")
    for number in range(22):
        sent = listed(f"n{number:02}", enterprise="x", enterprise_name=None)
        await done(http.post("/v1/projects", json=sent))
    answer = await http.delete("/v1/enterprises/x", headers={"If-Match": "*", "Accept-Language": "en"})
    told = answer.json()
    assert told["detail"].startswith("enterprise:x cannot be ended: 22 object(s) name it: project:n00, ")
    assert "and 2 more" in told["detail"]
    assert "/registry/v1/enterprises/{code}/merge" in told["detail"]
    assert len(told["errors"]) == 20
    chinese = await http.delete("/v1/enterprises/x", headers={"If-Match": "*"})
    assert "仍有 22 项引用它" in chinese.json()["detail"]
    assert "合并" in chinese.json()["detail"]


async def test_which_prospect_names_it_is_told_only_to_who_sees_prospects(ready: Registry) -> None:
    http = ready.http
    await make(http, "industry")
    await done(http.put("/v1/prospects/y", json={**bodies.prospect("y", "keji"), "industry": "x"}))
    blind = await ready.as_("registry:read", "registry:write")
    answer = await end(blind, "/v1/industries/x")
    assert answer.status_code == 409
    assert "prospect:y" not in answer.text
    assert "prospect" in answer.text
    assert "prospect:y" in (await end(http, "/v1/industries/x")).text


async def test_an_enterprise_that_was_merged_is_not_ended_again(ready: Registry) -> None:
    http = ready.http
    await make(http, "enterprise")
    await done(http.post("/v1/enterprises", json=enterprise("y", "另一企业")))
    body = {"duplicate": "x", "duplicate_version": 1, "reason": "同一企业"}
    await done(http.post("/v1/enterprises/y/merge", json=body, headers={"If-Match": "*"}))
    answer = await http.delete("/v1/enterprises/x", headers={"If-Match": "*"})
    assert (answer.status_code, answer.json()["code"]) == (409, "merged")


async def test_a_payment_to_what_was_merged_into_it_keeps_an_enterprise(ready: Registry) -> None:
    http = ready.http
    await make(http, "enterprise")
    await make(http, "instrument")
    payment = {**bodies.PAYMENT, "receiver": None, "enterprise": "x"}
    await done(http.post(f"{path_of('instrument')}/payments", json=payment))
    await done(http.post("/v1/enterprises", json=enterprise("y", "另一企业")))
    body = {"duplicate": "x", "duplicate_version": 1, "reason": "同一企业"}
    await done(http.post("/v1/enterprises/y/merge", json=body, headers={"If-Match": "*"}))
    answer = await end(http, "/v1/enterprises/y")
    assert (answer.status_code, answer.json()["code"]) == (409, "still-referred-to")
    assert "payment:" in answer.text


async def test_kinds_of_projects_that_come_with_the_software_stay(ready: Registry) -> None:
    answer = await end(ready.http, "/v1/project-kinds/standard")
    assert (answer.status_code, answer.json()["code"]) == (409, "built-in")


async def test_only_who_may_replace_it_ends_it(ready: Registry) -> None:
    http = ready.http
    for kind in ("carrier", "prospect", "visit"):
        await make(http, kind)
    keji = await ready.as_("registry:read", "registry:write", "prospects:read", "prospects:write", unit="keji")
    other = await ready.as_("prospects:read", "prospects:write", "problems:raise", "registry:read", unit="jingxin")
    anyway = {"If-Match": "*"}
    assert (await keji.delete("/v1/carriers/x", headers=anyway)).status_code == 403
    assert (await other.delete("/v1/prospects/x", headers=anyway)).status_code == 404
    assert (await other.delete("/v1/visits/V0001", headers=anyway)).status_code == 403
    assert (await keji.delete("/v1/prospects/x", headers=await seen(keji, "/v1/prospects/x"))).status_code == 204


async def test_a_plan_exports_the_same_and_applies_without_difference_after_an_ending(ready: Registry) -> None:
    http = ready.http
    part = f"/v1/plans/{PLAN}/part"
    before = await http.get(part)
    await make(http, "carrier")
    assert (await end(http, "/v1/carriers/x")).status_code == 204
    assert (await http.get(part)).content == before.content


async def test_of_an_ending_and_a_new_name_at_once_one_is_refused(ready: Registry) -> None:
    http = ready.http
    await make(http, "carrier")
    ended, named = await asyncio.gather(
        http.delete("/v1/carriers/x", headers={"If-Match": '"1"'}),
        http.post("/v1/projects", json=listed("y", carrier="x")),
    )
    assert (ended.status_code, named.status_code) in {(204, 422), (409, 201)}
