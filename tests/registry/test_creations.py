"""Whoever makes something is told where it is: every `Location` of a 201 is read with 200."""

import json
from collections.abc import Callable
from typing import Any

import httpx

from tests.contracts.openapi.frozen import frozen
from tests.registry.lives import People, people
from tests.registry.reforms import reform, renamed
from tests.registry.running import BASE, Registry
from tests.registry.samples import PLAN, enterprise, industry, project, unit
from tests.roles import bodies

Json = dict[str, Any]
KEY = {"client_id": "somebody", "scopes": ["registry:read"]}
STEP = {"step": "enlist", "on": "2017-01-10", "text": "情况属实", "evidence": [], "reviewers": []}
MADE: dict[str, tuple[str, Callable[[], Json]]] = {
    "unit_create": ("/v1/units", lambda: unit("another", "某局")),
    "industry_create": ("/v1/industries", lambda: industry("bio", name="生物")),
    "carrier_create": ("/v1/carriers", lambda: {"code": "park", "name": "某园", "industry": "information"}),
    "enterprise_create": ("/v1/enterprises", lambda: enterprise("e90", "某某公司")),
    "enterprise_group_create": ("/v1/enterprise-groups", lambda: {"code": "group", "name": "某集团"}),
    "project_create": ("/v1/projects", lambda: {**project("P98"), "plan": PLAN}),
    "roster_create": ("/v1/rosters", lambda: bodies.roster("leading", "keji")),
    "roster_item_propose": ("/v1/rosters/leading/items", lambda: {**bodies.ITEM, "thing": "enterprise:e22"}),
    "leader_contact_create": ("/v1/leader-contacts", lambda: bodies.contact("deputy_li", "project:P01")),
    "visit_record": ("/v1/visits", lambda: bodies.visit("deputy_li", "project:P01")),
    "problem_raise": ("/v1/problems", lambda: bodies.problem("keji", "project:P01")),
    "project_step_propose": ("/v1/projects/P01/steps", lambda: STEP),
    "suspension_propose": ("/v1/projects/P01/suspensions", lambda: bodies.pause("2018-03-01", "2018-05-31")),
    "project_change_request": ("/v1/projects/P01/change-requests", lambda: bodies.change("keji")),
    "target_change_request": (
        f"/v1/plans/{PLAN}/targets/T01/change-requests",
        lambda: bodies.change_of_target("keji", "100"),
    ),
    "reorganisation_carry_out": (
        "/v1/reorganisations",
        lambda: reform(renamed("jingxin", "某新局"), code="reform", effective_on="2018-07-16"),
    ),
    "key_create": ("/v1/keys", lambda: KEY),
    "person_create": ("/v1/people", lambda: {"name": "some.body", "display_name": "某人", "unit": None}),
    "grant_create": ("/v1/grants", lambda: {"holder": "person:some.body", "role": "auditor", "unit": None}),
}
"""By operation what is sent where, in an order in which each may name those before."""

ELSEWHERE = {
    "key_renew": "whoever renews its key may not read keys",
    "file_keep": "sent as a form; tests/registry/test_evidence_files.py",
    "key_rotate": "below",
    "prospect_replace": "it was sent to where it is",
    "activity_replace": "the same",
    "prospect_step": "the prospect is where it was",
    "prospect_land": "the same",
    "task_step": "an entry of a log, which has no address of its own",
    "task_progress_add": "the same",
    "publicity_add": "the same",
    "payment_add": "the same",
    "payment_reverse": "the same",
    "outside_account_link": "listed only",
    "session_begin": "a session is not read",
    "login_begin": "the same",
    "login_finish": "the same",
}


def creations() -> set[str]:
    """The operations of the registry's document that answer 201."""
    paths = frozen("registry")["paths"]
    return {one["operationId"] for path in paths.values() for one in path.values() if "201" in one.get("responses", {})}


def test_every_creation_of_the_document_is_made_here_or_has_a_reason_not_to_be() -> None:
    assert creations() == MADE.keys() | ELSEWHERE.keys()


async def read_where(http: httpx.AsyncClient, made: httpx.Response) -> httpx.Response:
    """What is where the answer says, by the address as anybody would take it."""
    return await http.get(httpx.URL(BASE).join(made.headers["Location"]))


async def test_what_was_made_is_where_its_location_says_as_its_etag_says(registry: Registry) -> None:
    who: People = await people(registry)
    wrong = {}
    for operation, (path, body) in MADE.items():
        made = await who.registry.http.post(path, json=body())
        assert made.status_code == 201, (operation, made.text)
        read = await read_where(who.registry.http, made)
        if read.status_code != 200 or made.headers.get("ETag", read.headers["ETag"]) != read.headers["ETag"]:
            wrong[operation] = (made.headers["Location"], read.status_code, dict(made.headers))
    assert wrong == {}, json.dumps(wrong, ensure_ascii=False, indent=1)


async def test_keys_grants_and_people_have_an_etag_which_acts_on_them_heed(registry: Registry) -> None:
    http, stale = registry.http, {"If-Match": '"other"'}
    key = await http.post("/v1/keys", json=KEY)
    person = await http.post("/v1/people", json={"name": "some.body", "display_name": "某人", "unit": None})
    grant = await http.post("/v1/grants", json={"holder": "person:some.body", "role": "auditor", "unit": None})
    acts: dict[str, tuple[httpx.Response, Json | None]] = {
        f"/v1/keys/{key.json()['id']}:rotate": (key, {}),
        f"/v1/grants/{grant.json()['id']}:revoke": (grant, None),
        "/v1/people/some.body:reset-password": (person, None),
        "/v1/people/some.body:disable": (person, None),
        "/v1/people/some.body:enable": (person, None),
    }
    for path, (made, body) in acts.items():
        refused = await http.post(path, json=body, headers=stale)
        assert (refused.status_code, refused.json()["code"]) == (412, "stale"), path
        read = await read_where(http, made)
        done = await http.post(path, json=body, headers={"If-Match": read.headers["ETag"]})
        assert done.is_success, done.text
        if made is key:
            assert (await read_where(http, done)).json()["id"] == done.json()["id"] != key.json()["id"]
    assert (await http.get("/v1/keys/01900000-0000-7000-8000-000000000000")).status_code == 404
