"""The notifier's answers to its callers: who sees what, acknowledgement, plan apply, lists, the mailbox."""

import asyncio
import uuid
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
import pytest_asyncio

from services.embedded.postgres import PostgresServer
from services.plan_file.parts import split
from tests.databases import TestDatabase, fresh_database
from tests.notifier.others import START, Notifier, at, running, sample, with_mailbox
from tests.plan_file.samples import XIAOSHAN, plan_of


def path_of(name: str) -> str:
    """A unit's path, by its name."""
    units = {unit.code: unit for unit in sample().units}
    [unit] = [unit for unit in units.values() if unit.name == name]
    path = unit.code
    while unit.parent is not None:
        unit = units[unit.parent]
        path = f"{unit.code}.{path}"
    return path


async def decided(notifier: Notifier) -> Notifier:
    """T01 (区经信局) red, T05 (区科技局) yellow."""
    await notifier.load(sample(), matters={"T01", "T05"})
    notifier.others.show("T01", "red", START)
    notifier.others.show("T05", "yellow", START)
    notifier.others.show("T02", "green", START)
    await notifier.run(START)
    return notifier


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def seen(postgres_server: PostgresServer, template_database: str) -> AsyncIterator[Notifier]:
    """Decided once, for tests that only read."""
    async with fresh_database(postgres_server, template_database) as database, with_mailbox(database) as notifier:
        yield await decided(notifier)


NOBODY = uuid.UUID(int=0)
LISTS = ["/v1/notices", "/v1/digests", "/v1/deliveries", "/v1/decisions"]


@pytest.mark.parametrize("path", LISTS)
async def test_a_unit_sees_its_own_and_nothing_of_others(seen: Notifier, path: str) -> None:
    async with seen.as_("notices:read", unit_path=path_of("区科技局")) as caller:
        items = (await caller.get(path)).json()["items"]
    assert {item["unit_name"] for item in items} == {"区科技局"}


async def test_another_units_notice_looks_like_none(seen: Notifier) -> None:
    notice = await seen.notice("T01")
    async with seen.as_("notices:read", unit_path=path_of("区科技局")) as caller:
        answer = await caller.get(f"/v1/notices/{notice['id']}")
    assert (answer.status_code, answer.json()["code"]) == (404, "not-found")


async def test_another_units_delivery_looks_like_none(seen: Notifier) -> None:
    [delivery] = await seen.items("/v1/deliveries", unit="区经信局", kind="notice")
    async with seen.as_("notices:read", unit_path=path_of("区科技局")) as caller:
        answer = await caller.get(f"/v1/deliveries/{delivery['id']}")
    assert answer.status_code == httpx.codes.NOT_FOUND


@pytest.mark.parametrize(
    ("method", "path"),
    [
        *(("GET", path) for path in [*LISTS, "/v1/summary", "/v1/mailbox", "/v1/plans/x", f"/v1/notices/{NOBODY}"]),
        ("GET", f"/v1/deliveries/{NOBODY}"),
        ("PUT", "/v1/plans/x"),
        ("POST", "/v1/due:run"),
        ("POST", f"/v1/notices/{NOBODY}:acknowledge"),
    ],
)
async def test_every_route_needs_its_scope(seen: Notifier, method: str, path: str) -> None:
    async with seen.as_("registry:read") as caller:
        answer = await caller.request(method, path, json={})
    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")


@pytest.mark.parametrize(
    ("asked", "matters"),
    [
        ({"unit": "区经信局"}, ["T01"]),
        ({"light": "yellow"}, ["T05"]),
        ({"level": "orange"}, ["T01"]),
        ({"state": "closed"}, []),
        ({"matter": "T05"}, ["T05"]),
    ],
)
async def test_notices_are_filtered(seen: Notifier, asked: dict[str, Any], matters: list[str]) -> None:
    assert [notice["matter"] for notice in await seen.items("/v1/notices", **asked)] == matters


async def test_what_a_caller_does_not_see_looks_like_what_is_not_there(seen: Notifier) -> None:
    notice = await seen.notice("T01")
    async with seen.as_("notices:read", unit_path=path_of("区科技局")) as caller:
        for path, name, values in (
            ("/v1/decisions", "notice", (notice["id"], str(NOBODY))),
            ("/v1/digests", "notice", (notice["id"], str(NOBODY))),
            ("/v1/notices", "matter", ("T01", "X999")),
        ):
            answers = [await caller.get(path, params={name: value}) for value in values]
            told = [each.json()["detail"].replace(value, "…") for each, value in zip(answers, values, strict=True)]
            assert told[0] == told[1]
            assert {(each.status_code, each.json()["errors"][0]["pointer"]) for each in answers} == {
                (422, f"/query/{name}")
            }
    assert (await seen.http.get("/v1/digests", params={"notice": notice["id"]})).status_code == httpx.codes.OK


async def test_a_filter_that_is_not_known_is_refused(seen: Notifier) -> None:
    assert (await seen.http.get("/v1/notices", params={"units": "x"})).status_code == httpx.codes.UNPROCESSABLE_ENTITY


@pytest.mark.parametrize("path", [*LISTS, "/v1/summary"])
async def test_a_filter_that_postgres_cannot_hold_is_refused(seen: Notifier, path: str) -> None:
    answer = await seen.http.get(path, params={"plan": "\0"})
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")


async def test_pages_follow_each_other_without_gap_or_repeat(seen: Notifier) -> None:
    first = (await seen.http.get("/v1/decisions", params={"limit": 2, "total": True})).json()
    second = (await seen.http.get("/v1/decisions", params={"limit": 2, "cursor": first["next"]})).json()
    ids = [decision["id"] for page in (first, second) for decision in page["items"]]
    assert (len(set(ids)), first["total"], second["next"]) == (3, 3, None)


async def test_the_summary_counts_what_was_decided_sent_and_accepted(seen: Notifier) -> None:
    summary = (await seen.http.get("/v1/summary", params={"plan": sample().plan.code})).json()
    assert {
        name: summary[name] for name in ("decided", "matters", "levels", "digests", "own_messages", "sent", "accepted")
    } == {
        "decided": 3,
        "matters": 2,
        "levels": {"blue": 1, "orange": 1},
        "digests": 2,
        "own_messages": 1,
        "sent": 3,
        "accepted": 3,
    }


async def test_a_decision_keeps_the_reason_why_nothing_is_due(seen: Notifier) -> None:
    [decision] = await seen.items("/v1/decisions", act="none")
    assert (decision["matter"], decision["reason"], decision["notice"]) == ("T02", "light_green", None)


async def test_a_delivery_shows_roles_and_attempts_but_no_address(seen: Notifier) -> None:
    [delivery] = await seen.items("/v1/deliveries", kind="notice")
    answer = await seen.http.get(f"/v1/deliveries/{delivery['id']}")
    assert [(one["as"], one["role"]) for one in answer.json()["recipients"]] == [
        ("to", "liaison"),
        ("to", "principal"),
        ("cc", "liaison"),
    ]
    assert "@" not in answer.text


async def test_addresses_are_not_in_the_database_in_clear(seen: Notifier) -> None:
    [email] = {
        contact.email for contact in sample().contacts if contact.role == "liaison" and contact.unit == unit("区经信局")
    }
    async with seen.database.owner() as connection:
        sealed = await connection.fetch("SELECT address FROM notifier.directory_contact")
    assert len(sealed) > 0
    assert all(email.encode() not in row["address"] for row in sealed)


def unit(name: str) -> str:
    return path_of(name).rpartition(".")[2]


async def test_the_mailbox_says_that_nothing_left_this_machine(seen: Notifier) -> None:
    mailbox = (await seen.http.get("/v1/mailbox")).json()
    assert (mailbox["note"], mailbox["mails"]) == ("embedded mail sink, nothing left this machine; synthetic data", 3)


async def test_the_mailbox_is_a_page_for_people(seen: Notifier) -> None:
    page = await seen.http.get("/v1/mailbox", headers={"Accept": "text/html"})
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert "nothing left this machine" in page.text
    assert "督办通知单：T01" in page.text


async def test_the_mailbox_is_only_for_who_sees_the_whole_region(seen: Notifier) -> None:
    async with seen.as_("notices:read", unit_path=path_of("区科技局")) as caller:
        assert (await caller.get("/v1/mailbox")).status_code == httpx.codes.FORBIDDEN


async def test_there_is_no_mailbox_where_mail_is_really_sent(database: TestDatabase) -> None:
    async with running(database, embedded=False) as notifier:
        assert (await notifier.http.get("/v1/mailbox")).status_code == httpx.codes.NOT_FOUND


async def test_readiness_says_how_many_lights_wait(seen: Notifier) -> None:
    assert (await seen.http.get("/readyz")).json() == {"ready": True, "lags": {"undecided_lights": 0}}


async def test_an_acknowledgement_answers_a_reminder(notifier: Notifier) -> None:
    await decided(notifier)
    notice = await notifier.notice("T05")
    await notifier.set_clock(at("2018-07-17 10:00"))
    async with notifier.as_("notices:reply", unit_path=path_of("区科技局")) as caller:
        answer = await caller.post(
            f"/v1/notices/{notice['id']}:acknowledge", json={"person": "王联络", "reason": "正在核实"}
        )
    body = answer.json()
    assert (body["state"], body["answered_at"]) == ("acknowledged", "2018-07-17T02:00:00+00:00")
    assert [body["steps"][-1][name] for name in ("by", "person", "reason")] == ["test", "王联络", "正在核实"]


async def test_an_acknowledgement_does_not_answer_a_supervised_notice(notifier: Notifier) -> None:
    await decided(notifier)
    notice = await notifier.notice("T01")
    await notifier.http.post(f"/v1/notices/{notice['id']}:acknowledge", json={})
    [later] = await notifier.items("/v1/notices", matter="T01", at=at("2018-08-01 09:00").isoformat())
    assert (later["state"], later["overdue"]) == ("acknowledged", True)


async def test_a_second_acknowledgement_is_a_conflict(notifier: Notifier) -> None:
    await decided(notifier)
    notice = await notifier.notice("T05")
    answers = [await notifier.http.post(f"/v1/notices/{notice['id']}:acknowledge", json={}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 409]


async def test_an_acknowledgement_that_postgres_cannot_hold_is_refused(notifier: Notifier) -> None:
    await decided(notifier)
    notice = await notifier.notice("T05")
    answer = await notifier.http.post(f"/v1/notices/{notice['id']}:acknowledge", json={"reason": "a\0b"})
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    assert (await notifier.notice("T05"))["state"] == "open"


async def test_nobody_acknowledges_for_another_unit(notifier: Notifier) -> None:
    await decided(notifier)
    notice = await notifier.notice("T01")
    async with notifier.as_("notices:reply", unit_path=path_of("区科技局")) as caller:
        answer = await caller.post(f"/v1/notices/{notice['id']}:acknowledge", json={})
    assert answer.status_code == httpx.codes.NOT_FOUND
    assert (await notifier.notice("T01"))["state"] == "open"


async def test_an_acknowledged_reminder_stays_in_digests_until_its_light_is_green(notifier: Notifier) -> None:
    await decided(notifier)
    notice = await notifier.notice("T05")
    await notifier.http.post(f"/v1/notices/{notice['id']}:acknowledge", json={})
    await notifier.advance(at("2018-07-23 09:00"))
    assert len(await notifier.items("/v1/digests", notice=notice["id"])) == 2


async def applied(notifier: Notifier, text: str, **params: bool) -> dict[str, Any]:
    body = split(plan_of(text)).notifier.model_dump(mode="json")
    answer = await notifier.http.put(f"/v1/plans/{sample().plan.code}", json=body, params=params)
    assert answer.status_code == httpx.codes.OK, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_applying_twice_changes_nothing(notifier: Notifier) -> None:
    changes = [[change["change"] for change in (await applied(notifier, XIAOSHAN))["changes"]] for _ in range(2)]
    assert changes == [["create"] * 3, []]


async def test_changes_sent_at_once_become_versions_one_after_another(notifier: Notifier) -> None:
    await applied(notifier, XIAOSHAN)
    hours = [XIAOSHAN.replace('closes: "17:30"', f'closes: "17:3{minute}"') for minute in range(1, 6)]
    assert XIAOSHAN not in hours
    await asyncio.gather(*(applied(notifier, text) for text in hours))
    plan = (await notifier.http.get(f"/v1/plans/{sample().plan.code}")).json()
    assert plan["ladder_version"] == 6


async def test_a_caller_of_a_unit_cannot_apply_a_plan(notifier: Notifier) -> None:
    body = split(plan_of(XIAOSHAN)).notifier.model_dump(mode="json")
    async with notifier.as_("plans:apply", unit_path=path_of("区科技局")) as caller:
        answer = await caller.put(f"/v1/plans/{sample().plan.code}", json=body)
    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")


async def test_a_dry_run_says_what_would_change_and_changes_nothing(notifier: Notifier) -> None:
    would = await applied(notifier, XIAOSHAN, dry_run=True)
    answer = await notifier.http.get(f"/v1/plans/{sample().plan.code}")
    assert ([change["kind"] for change in would["changes"]], answer.status_code) == (
        ["ladder", "sending", "digest"],
        404,
    )


async def test_a_digest_that_is_not_named_any_more_stays_unless_pruned(notifier: Notifier) -> None:
    renamed = XIAOSHAN.replace("{code: weekly,", "{code: every-monday,")
    await applied(notifier, XIAOSHAN)
    kept = await applied(notifier, renamed)
    pruned = await applied(notifier, renamed, prune=True)
    plan = (await notifier.http.get(f"/v1/plans/{sample().plan.code}")).json()
    assert [[change["change"] for change in one["changes"]] for one in (kept, pruned)] == [["create"], ["delete"]]
    assert ([digest["code"] for digest in plan["digests"]], plan["ladder_version"]) == (["every-monday"], 3)


async def test_a_plan_is_shown_with_the_version_of_its_file(notifier: Notifier) -> None:
    version = (await applied(notifier, XIAOSHAN))["version"]
    answer = await notifier.http.get(f"/v1/plans/{sample().plan.code}")
    again = await notifier.http.get(
        f"/v1/plans/{sample().plan.code}", headers={"If-None-Match": answer.headers["etag"]}
    )
    assert (answer.json()["version"], again.status_code) == (version, httpx.codes.NOT_MODIFIED)


@pytest.mark.parametrize(
    ("old", "new"), [('region: "330109"', 'region: "330110"'), ("code: xiaoshan-2017-2019", "code: other-plan")]
)
async def test_a_part_of_another_plan_or_region_is_refused(notifier: Notifier, old: str, new: str) -> None:
    body = split(plan_of(XIAOSHAN.replace(old, new, 1))).notifier.model_dump(mode="json")
    answer = await notifier.http.put(f"/v1/plans/{sample().plan.code}", json=body)
    assert (answer.status_code, answer.json()["code"]) == (422, "wrong-plan")


async def test_every_operation_is_named_and_every_answer_described(seen: Notifier) -> None:
    document = (await seen.http.get("/openapi.json")).json()
    operations = [operation for path in document["paths"].values() for operation in path.values()]
    assert all(operation["operationId"] and operation["summary"] for operation in operations)
    assert len({operation["operationId"] for operation in operations}) == len(operations)
