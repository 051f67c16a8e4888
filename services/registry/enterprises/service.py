"""Enterprises: written with what the registry keeps of its own, found by any name, told apart from their doubles."""

from collections import Counter
from collections.abc import Collection
from typing import Any

import orjson

from services.kit.auth import Caller
from services.kit.clock import business_now, civil_date
from services.kit.db import Session, driver_of, knowledge_lock
from services.kit.errors import Faulty
from services.registry.enterprises import rules, store
from services.registry.enterprises.names import rules as names
from services.registry.enterprises.schemas import Asked
from services.registry.enterprises.store import ENTERPRISES
from services.registry.versions import service
from services.registry.versions.rules import Content, folded, wanted

ZONE = "Asia/Shanghai"
SHOWN = 50
"""As many candidates as an answer shows."""


async def create(session: Session, caller: Caller, enterprise: Content, *, own: bool = False) -> None:
    """Add an enterprise. The code of one that was merged is not given again. `own` as for any object that is made."""
    content = begun(enterprise)
    await service.create(
        session,
        ENTERPRISES,
        caller,
        content["code"],
        content,
        references=rules.references(content),
        faults=await found_under_lock(session, caller, content),
        own=own,
    )


def begun(enterprise: Content) -> Content:
    """A new enterprise as it is kept."""
    return rules.normalised({**enterprise, rules.MERGED: []})


async def replace(
    session: Session, caller: Caller, enterprise: Content, sent: Collection[str], *, if_match: str | None
) -> None:
    """Replace an enterprise. Of what the registry keeps beside a plan file, what was not `sent` stays as it is."""
    code = enterprise["code"]
    await knowledge_lock(session, caller.region)
    row = await ENTERPRISES.row(session, caller.region, code)
    present = rules.whole({} if row is None else row.content)
    kept = {name: present[name] for name in (*rules.OWN, rules.MERGED) if name not in sent}
    content = rules.normalised({**enterprise, **kept})
    faults = await found_under_lock(session, caller, content)
    await service.replace(
        session,
        ENTERPRISES,
        caller,
        code,
        content,
        if_match=if_match,
        references=rules.references(content),
        faults=faults,
    )


async def found_under_lock(session: Session, caller: Caller, enterprise: Content, at: str = "/body") -> list[Faulty]:
    """What is wrong with an enterprise by itself and beside the others, which nobody else writes until the commit."""
    await knowledge_lock(session, caller.region)
    code, credit_code = enterprise["code"], enterprise["credit_code"]
    into = (await store.merged(session, caller.region, [code])).get(code)
    if into is not None:
        raise rules.Merged(code, into)
    faults = list(rules.faults(enterprise, at))
    if credit_code is not None:
        by = await store.holder(session, caller.region, credit_code)
        if by is not None and by != code:
            faults.append(rules.taken(credit_code, by, at))
    return faults


async def resolve(session: Session, caller: Caller, asked: Asked) -> dict[str, Any]:
    """Whom a name may mean on a day, the nearest first; one is said to be meant only where nobody is as near."""
    driver = await driver_of(session)
    day = (asked.as_of or civil_date(await business_now(session), ZONE)).isoformat()
    core = names.core(asked.name)
    marks = [f"is:{folded(asked.name)}", f"like:{core}"]
    found = {row["id"]: row for row in await store.named(driver, caller.region, marks, SHOWN)}
    part = orjson.loads(await ENTERPRISES.page.fetch(driver, limit=SHOWN, given=wanted(core), region=caller.region))
    met = [(one["id"], one) for one in found.values()] + [(one["id"], one) for one in part["items"]]
    candidates = {}
    for id_, enterprise in met:
        match = names.match(enterprise, asked.name, day)
        if match is not None:
            candidates[id_] = (match, enterprise)
    ranked = sorted(candidates.values(), key=lambda one: (one[0].rank, one[1]["code"]))
    nearest = Counter(match.rank for match, _ in ranked)
    alone = bool(ranked) and nearest[ranked[0][0].rank] == 1
    return {
        "name": asked.name,
        "as_of": day,
        "resolved": ranked[0][1]["code"] if alone and ranked[0][0].how != "contained" else None,
        "ambiguous": bool(ranked) and not alone,
        "candidates": [
            {
                **{name: enterprise[name] for name in ("id", "code", "name", "credit_code", "industry")},
                "how": match.how,
                "matched": match.name,
                "kind": match.kind,
                "valid_from": match.valid_from,
                "valid_to": match.valid_to,
                "in_force": match.in_force,
            }
            for match, enterprise in ranked[:SHOWN]
        ],
        "more": part["next"] is not None or len(ranked) > SHOWN,
    }


def duplicate(item: Content) -> Content:
    """Enterprises that have the same name but for what registers add."""
    sharing = []
    for one in item["enterprises"]:
        enterprise = rules.whole(one["content"])
        called = next(name for name in names.names(enterprise) if names.core(name["name"]) == item["shared"])
        sharing.append(
            {
                "id": one["id"],
                **{name: enterprise[name] for name in ("code", "name", "credit_code")},
                "matched": called["name"],
                "kind": called["kind"],
            }
        )
    sharing.sort(key=lambda one: one["code"])
    return {
        "shared": item["shared"],
        "distinct": all(one["credit_code"] is not None for one in sharing),
        "enterprises": sharing,
    }
