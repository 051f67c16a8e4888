"""People: accounts, passwords, sessions."""

import asyncio
import time
from datetime import timedelta
from typing import Any

import httpx
import jwt
import pytest

from services.kit.db import Database
from services.registry.people import jobs
from tests.registry.running import Registry
from tests.registry.samples import faults, unit

OWN = "seven copper lanterns"


async def made(registry: Registry, name: str = "zhang.san", **more: object) -> str:
    """A new person; their first password."""
    answer = await registry.http.post("/v1/people", json={"name": name, "display_name": "张三", **more})
    assert answer.status_code == 201, answer.text
    first: str = answer.json()["first_password"]
    return first


async def change(registry: Registry, old: str, new: str = OWN, name: str = "zhang.san") -> httpx.Response:
    body = {"name": name, "password": old, "new_password": new}
    return await registry.client(None).put("/v1/password", json=body)


async def grant(registry: Registry, role: str = "leading_group_office", name: str = "zhang.san", **more: object) -> str:
    answer = await registry.http.post("/v1/grants", json={"holder": f"person:{name}", "role": role, **more})
    assert answer.status_code == 201, answer.text
    found: str = answer.json()["id"]
    return found


async def sign_in(registry: Registry, password: str = OWN, name: str = "zhang.san", **more: object) -> httpx.Response:
    return await registry.client(None).post("/v1/sessions", json={"name": name, "password": password, **more})


async def ready(registry: Registry, name: str = "zhang.san", role: str = "leading_group_office") -> dict[str, Any]:
    """Somebody with a password of their own and a role, signed in."""
    assert (await change(registry, await made(registry, name), name=name)).status_code == 204
    await grant(registry, role, name)
    answer = await sign_in(registry, name=name)
    assert answer.status_code == 201, answer.text
    session: dict[str, Any] = answer.json()
    return session


def bearer(session: dict[str, Any]) -> dict[str, str]:
    return {"Authorization": f"Bearer {session['access_token']}"}


async def refreshed(registry: Registry, session: dict[str, Any]) -> httpx.Response:
    body = {"refresh_token": session["refresh_token"]}
    return await registry.client(None).post("/v1/sessions:refresh", json=body)


async def test_somebody_signs_in_and_works_under_their_own_name(registry: Registry) -> None:
    session = await ready(registry)
    claims = jwt.decode(session["access_token"], options={"verify_signature": False})
    assert (claims["sub"], claims["client_id"], claims["unit_path"]) == ("person:zhang.san", "duban-people", "")
    assert set(session["scope"].split()) == set(claims["scope"].split()) >= {"plans:apply"}
    assert (session["expires_in"], session["token_type"]) == (600, "Bearer")
    answer = await registry.client(None).post("/v1/units", json=unit("a", "甲"), headers=bearer(session))
    assert answer.status_code == 201
    (entry,) = (await registry.http.get("/v1/audit", params={"act": "unit.create"})).json()["items"]
    assert entry["client_id"] == "person:zhang.san"


async def test_the_first_password_must_be_changed(registry: Registry) -> None:
    first = await made(registry)
    await grant(registry)
    refused = await sign_in(registry, first)
    assert (refused.status_code, refused.json()["code"]) == (403, "password-to-change")
    assert (await change(registry, first)).status_code == 204
    assert (await sign_in(registry)).status_code == 201
    assert (await sign_in(registry, first)).status_code == 401


async def test_whoever_is_not_there_is_answered_in_the_same_words_and_as_late(registry: Registry) -> None:
    await ready(registry)
    await made(registry, "li.si", with_password=False)
    await ready(registry, "wang.wu")
    await registry.http.post("/v1/people/wang.wu:disable")
    answers, took = [], []
    for name, password in (("zhang.san", "wrong"), ("nobody", OWN), ("li.si", OWN), ("wang.wu", OWN)):
        began = time.perf_counter()
        answers.append(await sign_in(registry, password, name))
        took.append(time.perf_counter() - began)
    said = [{**answer.json(), "trace_id": ""} for answer in answers]
    assert {answer.status_code for answer in answers} == {401}
    assert said == [said[0]] * 4
    assert min(took) > 0.01  # each computed a hash


async def test_five_failures_lock_the_name_for_a_quarter_of_an_hour(registry: Registry) -> None:
    await ready(registry)
    for _ in range(5):
        assert (await sign_in(registry, "wrong")).status_code == 401
    locked = await sign_in(registry)
    assert (locked.status_code, locked.json()["code"]) == (429, "too-many-failures")
    assert 800 < int(locked.headers["retry-after"]) <= 900
    assert (await change(registry, OWN)).status_code == 429

    async def later(by: timedelta) -> int:
        async with registry.database.owner() as connection:
            await connection.execute("UPDATE registry.login_failure SET at = at - $1::interval", by)
        return (await sign_in(registry)).status_code

    assert await later(timedelta(minutes=14)) == 429
    assert await later(timedelta(minutes=1)) == 201


async def test_a_name_that_nobody_has_is_locked_as_well(registry: Registry) -> None:
    statuses = [(await sign_in(registry, "wrong", "nobody")).status_code for _ in range(6)]
    assert statuses == [401] * 5 + [429]


async def test_so_many_attempts_at_once_are_no_more_than_five(registry: Registry) -> None:
    await ready(registry)
    answers = await asyncio.gather(*(sign_in(registry, f"guess {number}") for number in range(12)))
    assert sorted(answer.status_code for answer in answers) == [401] * 5 + [429] * 7


async def test_success_forgets_the_failures_before_it(registry: Registry) -> None:
    await ready(registry)
    for _ in range(3):
        for _ in range(4):
            assert (await sign_in(registry, "wrong")).status_code == 401
        assert (await sign_in(registry)).status_code == 201


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("short", "password-length"),
        ("x" * 129, "password-length"),
        ("my zhang.san 2018 words", "password-name"),
        ("张三的一串很长的密码", "password-name"),
        ("password2018!", "password-common"),
        ("12345678901", "password-common"),
    ],
)
async def test_a_weak_password_is_refused_with_the_reason(registry: Registry, password: str, code: str) -> None:
    answer = await change(registry, await made(registry), password)
    assert answer.status_code == 422
    assert ("/body/new_password", code) in faults(answer.json())


async def test_a_refresh_token_is_used_once_and_the_next_one_comes_with_the_answer(registry: Registry) -> None:
    first = await ready(registry)
    second = await refreshed(registry, first)
    assert second.status_code == 200
    assert second.headers["cache-control"] == "no-store"
    assert second.json()["refresh_token"] != first["refresh_token"]
    assert second.json()["refresh_expires_in"] <= first["refresh_expires_in"] <= 12 * 3600
    assert (await refreshed(registry, second.json())).status_code == 200


async def test_a_refresh_token_that_comes_twice_ends_the_session_for_both(registry: Registry) -> None:
    first = await ready(registry)
    second = (await refreshed(registry, first)).json()
    stolen = await refreshed(registry, first)
    assert (stolen.status_code, stolen.json()["code"]) == (401, "bad-session")
    assert (await refreshed(registry, second)).status_code == 401
    (entry,) = (await registry.http.get("/v1/audit", params={"act": "session.end"})).json()["items"]
    assert entry["details"]["reason"] == "reuse"


async def test_of_two_who_refresh_at_once_one_at_most_goes_on(registry: Registry) -> None:
    session = await ready(registry)
    answers = await asyncio.gather(*(refreshed(registry, session) for _ in range(2)))
    assert sorted(answer.status_code for answer in answers) == [200, 401]
    (went_on,) = [answer.json() for answer in answers if answer.status_code == 200]
    assert (await refreshed(registry, went_on)).status_code == 401


async def test_signing_out_ends_the_session(registry: Registry) -> None:
    session = await ready(registry)
    anyone = registry.client(None)
    for token in (session["refresh_token"], session["refresh_token"], "nonsense"):
        assert (await anyone.post("/v1/sessions:end", json={"refresh_token": token})).status_code == 204
    assert (await refreshed(registry, session)).status_code == 401
    assert (await refreshed(registry, {"refresh_token": "nonsense"})).status_code == 401


async def test_a_session_ends_with_the_working_day(registry: Registry) -> None:
    session = await ready(registry)
    async with registry.database.owner() as connection:
        await connection.execute("UPDATE registry.person_session SET expires_at = clock_timestamp()")
    assert (await refreshed(registry, session)).status_code == 401


async def test_a_role_that_is_revoked_is_gone_from_the_next_token(registry: Registry) -> None:
    session = await ready(registry)
    more = await grant(registry, "statistics_bureau")
    second = (await refreshed(registry, session)).json()
    assert "observations:submit" in second["scope"]
    await registry.http.post(f"/v1/grants/{more}:revoke")
    third = (await refreshed(registry, second)).json()
    assert "observations:submit" not in third["scope"]
    for item in (await registry.http.get("/v1/grants", params={"holder": "person:zhang.san"})).json()["items"]:
        await registry.http.post(f"/v1/grants/{item['id']}:revoke")
    assert (await refreshed(registry, third)).status_code == 401
    answer = await sign_in(registry)
    assert (answer.status_code, answer.json()["code"]) == (403, "no-role")


async def test_roles_hold_from_their_first_day_to_their_last(registry: Registry) -> None:
    await change(registry, await made(registry))
    await grant(registry, valid_from="2018-07-17")
    assert (await sign_in(registry)).status_code == 403
    await grant(registry, "statistics_bureau", valid_from="2018-07-01", valid_to="2018-07-16")
    assert "plans:apply" not in (await sign_in(registry)).json()["scope"]


async def test_who_has_roles_of_several_units_says_for_which_one(registry: Registry) -> None:
    for one in (unit("a", "甲"), unit("b", "乙", parent="a")):
        await registry.http.post("/v1/units", json=one)
    await change(registry, await made(registry, unit="a"))
    await grant(registry, "unit_liaison", unit="b")
    alone = (await sign_in(registry)).json()
    assert jwt.decode(alone["access_token"], options={"verify_signature": False})["unit_path"] == "a.b"
    await grant(registry, "unit_head", unit="a")
    which = await sign_in(registry)
    assert (which.status_code, which.json()["code"]) == (422, "which-unit")
    assert "registry:write" in (await sign_in(registry, unit="甲")).json()["scope"]
    head = (await sign_in(registry, unit="a")).json()
    assert "registry:write" in head["scope"]
    assert (await sign_in(registry, unit="-")).status_code == 422
    assert "registry:write" not in (await refreshed(registry, alone)).json()["scope"]


async def test_an_account_out_of_use_ends_its_sessions_and_may_come_back(registry: Registry) -> None:
    session = await ready(registry)
    for _ in range(2):
        assert (await registry.http.post("/v1/people/zhang.san:disable")).status_code == 204
    assert (await refreshed(registry, session)).status_code == 401
    assert (await sign_in(registry)).status_code == 401
    assert (await registry.http.post("/v1/people/zhang.san:enable")).status_code == 204
    assert (await sign_in(registry)).status_code == 201


async def test_a_reset_unlocks_ends_sessions_and_takes_away_administrations(registry: Registry) -> None:
    """Whoever resets a password knows it: the role of the security administrator must not come with it."""
    session = await ready(registry, role="security_administrator")
    for _ in range(5):
        await sign_in(registry, "wrong")
    system = await registry.as_("admin", "registry:read")
    answer = await system.post("/v1/people/zhang.san:reset-password")
    assert answer.status_code == 200
    assert (await refreshed(registry, session)).status_code == 401
    assert (await change(registry, answer.json()["first_password"], "another long sentence")).status_code == 204
    assert (await sign_in(registry, "another long sentence")).json()["code"] == "no-role"


async def test_people_are_seen_by_administrators_of_their_unit_and_above(registry: Registry) -> None:
    for one in (unit("a", "甲"), unit("b", "乙", parent="a"), unit("c", "丙")):
        await registry.http.post("/v1/units", json=one)
    await made(registry, "in.b", unit="乙")
    await made(registry, "in.c", unit="c")
    await made(registry, "anywhere")
    of_a = await registry.as_("admin", "registry:read", unit="a")
    assert [one["name"] for one in (await of_a.get("/v1/people")).json()["items"]] == ["in.b"]
    assert (await of_a.get("/v1/people/in.b")).json()["unit"] == "b"
    for path in ("in.c:disable", "in.c:enable", "anywhere:reset-password"):
        assert (await of_a.post(f"/v1/people/{path}")).status_code == 404
    assert (await of_a.get("/v1/people/in.c")).status_code == 404
    for of in ("c", None):
        body = {"name": "new", "display_name": "新", "unit": of}
        assert (await of_a.post("/v1/people", json=body)).status_code == 422
    everybody = (await registry.http.get("/v1/people", params={"total": True, "disabled": False})).json()
    assert everybody["total"] == 3
    assert [
        one["name"] for one in (await registry.http.get("/v1/people", params={"of_unit": "c"})).json()["items"]
    ] == ["in.c"]


async def test_a_name_is_taken_once(registry: Registry) -> None:
    await made(registry)
    answer = await registry.http.post("/v1/people", json={"name": "zhang.san", "display_name": "张三"})
    assert (answer.status_code, answer.json()["code"]) == (409, "exists")
    assert answer.json()["errors"][0]["pointer"] == "/body/name"
    assert answer.json()["detail"] == ("人员 zhang.san 已存在；更正显示名称或单位请用 PUT；如为另一人，请换一个用户名")


async def test_the_database_knows_no_password_and_no_refresh_token(registry: Registry) -> None:
    session = await ready(registry)
    await sign_in(registry, OWN, OWN)  # the password in the wrong field
    async with registry.database.owner() as connection:
        rows = []
        for table in ("person", "person_session", "refresh_token", "login_failure", "audit"):
            rows += await connection.fetch(f"SELECT to_jsonb(t)::text AS said FROM registry.{table} AS t")  # noqa: S608
    assert len(rows) > 5
    assert not [row for row in rows if OWN in row["said"] or session["refresh_token"] in row["said"]]
    assert any("$argon2id$" in row["said"] for row in rows)


async def test_a_weaker_hash_is_replaced_at_the_next_sign_in(registry: Registry) -> None:
    from argon2 import PasswordHasher  # noqa: PLC0415 - only here

    await ready(registry)
    weak = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(OWN)
    async with registry.database.owner() as connection:
        await connection.execute("UPDATE registry.person SET password = $1", weak)
        assert (await sign_in(registry)).status_code == 201
        assert await connection.fetchval("SELECT password FROM registry.person") != weak
    assert (await sign_in(registry)).status_code == 201


async def test_failures_and_sessions_that_count_no_more_are_dropped(registry: Registry) -> None:
    session = await ready(registry)
    await refreshed(registry, session)
    await sign_in(registry, "wrong", "nobody")
    db = Database(registry.database.url("registry"))

    async def left() -> list[int]:
        async with registry.database.owner() as connection:
            tables = ("login_failure", "person_session", "refresh_token")
            return [await connection.fetchval(f"SELECT count(*) FROM registry.{table}") for table in tables]  # noqa: S608

    await jobs.forget_old(db)()
    assert await left() == [1, 1, 2]
    async with registry.database.owner() as connection:
        await connection.execute("UPDATE registry.login_failure SET at = at - interval '25 hours'")
        await connection.execute("UPDATE registry.person_session SET expires_at = expires_at - interval '31 days'")
    look = jobs.forget_old(db)
    for _ in range(2):
        await look()
    assert await left() == [0, 0, 0]
    await db.close()
