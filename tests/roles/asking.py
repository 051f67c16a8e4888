"""What is sent to each route, so that nothing but who asks decides on the answer."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import httpx

from services.plan_file.parts import split
from tests.notifier.others import sample
from tests.platform import START, Platform
from tests.registry.samples import unit
from tests.roles.world import ITEM, PLAN, ROSTER, UNITS, Values
from tests.structure.house import document

Json = dict[str, Any]


@dataclass
class Asked:
    """A request without its path and its caller."""

    json: Any = None
    content: bytes | None = None
    params: dict[str, Any] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)


def _figures(_values: Values) -> Asked:
    """One of the caller's own unit, and nothing recorded."""
    report = {"indicator": "tech_breakthroughs", "subject": "plan", "period": "2018-05", "value": "249", "unit": "项"}
    report |= {"reporter": UNITS["own"]}
    return Asked(json={"reports": [report]}, params={"plan": PLAN, "dry_run": True})


def _csv(heads: str) -> Callable[[Values], Asked]:
    return lambda _values: Asked(
        content=heads.encode(), params={"plan": PLAN, "dry_run": True}, headers={"Content-Type": "text/csv"}
    )


def _part(service: str) -> Callable[[Values], Asked]:
    """The plan as it is, tried out only."""

    def asked(values: Values) -> Asked:
        body = getattr(split(sample()), service).model_dump(mode="json")
        body["header"]["plan"] = values.get("code", PLAN)
        return Asked(json=body, params={"dry_run": True})

    return asked


def _json(body: Json) -> Callable[[Values], Asked]:
    return lambda _values: Asked(json=body)


GRANT = {"holder": "person:somebody.own", "role": "unit_liaison", "unit": UNITS["own"]}
BODIES: dict[str, Callable[[Values], Asked]] = {
    "registry plan_apply": _part("registry"),
    "indicators plan_apply": _part("indicators"),
    "notifier plan_apply": _part("notifier"),
    "plan_set_state": _json({"state": "active"}),
    "clock_move": _json({"to": START.isoformat()}),
    "due_run": _json({"until": START.isoformat()}),
    "observations_submit": _figures,
    "observations_import": _csv("indicator,subject,period,value,unit,recorded_at,status,reporter,note\n"),
    "milestones_import": _csv("target,done_on,recorded_at,evidence\n"),
    "observation_reject": _json({"note": "复核有误"}),
    "notice_acknowledge": _json({"person": "某人"}),
    "roster_create": _json(ROSTER),
    "roster_count": lambda _values: Asked(params={"as_of": "2018-06-30"}),
    "roster_item_propose": _json(ITEM),
    "roster_item_replace": lambda values: Asked(json={**ITEM, "code": values["item"]}, headers={"If-Match": '"1"'}),
    "roster_item_recognise": _json(
        {"on": "2018-05-31", "evidence": [{"title": "认定文件", "document_number": "〔2018〕1号"}]}
    ),
    "roster_item_withdraw": _json({"on": "2018-07-01", "reason": "迁出本区"}),
    "unit_create": _json(unit("economy_information", "区经信局")),
    "key_create": _json({"client_id": "somebody", "scopes": [], "unit": UNITS["own"]}),
    "key_rotate": _json({}),
    "person_create": _json({"name": "somebody.own", "display_name": "某人", "unit": UNITS["own"]}),
    "grant_create": _json(GRANT),
    "outside_account_link": _json({"provider": "district", "outside_id": "GO_own", "unit": UNITS["own"]}),
    "session_begin": _json({"name": "nobody", "password": "nothing"}),
    "session_refresh": _json({"refresh_token": "nothing"}),
    "session_end": _json({"refresh_token": "nothing"}),
    "password_change": _json({"name": "nobody", "password": "nothing", "new_password": "nothing"}),
    "login_begin": _json({"provider": "nobody"}),
    "login_finish": _json({"login": "nothing", "state": "nothing", "code": "nothing"}),
    "token_issue": lambda _values: Asked(params={}),
}
"""By operation, with the service before it where several have it. What is not here is made of what can be read."""


async def request_for(
    platform: Platform, service: str, operation: Json, *, method: str, template: str, values: Values
) -> Asked:
    """What to send: what the table says; else, to replace something, itself; else nothing."""
    name = operation["operationId"]
    for known in (f"{service} {name}", name):
        if known in BODIES:
            return BODIES[known](values)
    admin: httpx.AsyncClient = getattr(platform, service)
    taken = fields(service, operation)
    if method == "PUT":
        return await _itself(admin, template, values, taken)
    if method == "POST" and "{" not in template:
        return Asked(json=_sent(_first(await admin.get(template)), taken))
    return Asked(json={} if method == "POST" and "requestBody" in operation else None)


def fields(service: str, operation: Json) -> set[str]:
    """The fields of the body that an operation takes."""
    content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    name = content.get("schema", {}).get("$ref", "").rpartition("/")[2]
    return set(document(service)["components"]["schemas"].get(name, {}).get("properties", ()))


async def _itself(admin: httpx.AsyncClient, template: str, values: Values, taken: set[str]) -> Asked:
    """An object as it is, with its ETag; in place of one that is missing, one of its kind under its name."""
    found = await admin.get(path_of(template, values))
    if found.is_success:
        return Asked(json=_sent(found.json(), taken), headers={"If-Match": found.headers.get("etag", '"1"')})
    listing = re.sub(r"/\{[^}]+\}$", "", template)
    example = await admin.get(listing if "{" not in listing else f"/v1/{listing.rsplit('/', 1)[1]}")
    body = {**_first(example), **path_values(values)}
    return Asked(json=_sent(body, taken), headers={"If-Match": '"1"'})


def _first(answer: httpx.Response) -> Json:
    """The first item of a list; nothing where there is none, or no list."""
    items = answer.json().get("items") if answer.is_success else None
    return items[0] if items else {}


def _sent(shown: Json, taken: set[str]) -> Json:
    """Of what is answered, what is taken."""
    return {name: value for name, value in shown.items() if name in taken}


def path_values(values: Values) -> Values:
    """Those of the path."""
    return {name: value for name, value in values.items() if not name.startswith("?")}


def query_values(values: Values) -> Values:
    """Those of the query."""
    return {name[1:]: value for name, value in values.items() if name.startswith("?")}


def path_of(template: str, values: Values) -> str:
    """The path of a route with these values."""
    for name, value in path_values(values).items():
        template = template.replace(f"{{{name}}}", value)
    return template


Send = Callable[[httpx.AsyncClient], Awaitable[httpx.Response]]


def sending(method: str, template: str, values: Values, asked: Asked) -> Send:
    """The request, to be sent by whoever calls."""

    async def send(client: httpx.AsyncClient) -> httpx.Response:
        return await client.request(
            method,
            path_of(template, values),
            json=asked.json,
            content=asked.content,
            params={
                name: str(value).lower() if isinstance(value, bool) else value
                for name, value in {**asked.params, **query_values(values)}.items()
            },
            headers=asked.headers,
            timeout=60,
        )

    return send
