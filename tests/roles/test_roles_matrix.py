"""Every route, every role, own, child, sibling, foreign and missing object: as the tables in this folder say."""

from collections.abc import AsyncIterator, Iterable, Iterator

import pytest
import pytest_asyncio

from services.embedded.postgres import PostgresServer
from tests.databases import fresh_database
from tests.roles.kinds import (
    FOR_EVERYBODY,
    NAMED_IN_THE_BODY,
    NAMED_IN_THE_QUERY,
    OF_A_UNIT,
    OF_THE_REGION,
    RELATIONS,
    longest,
)
from tests.roles.matrix import CALLERS, HEADS, Call, Row, calls, kept, made, of_a_unit, path_to, text_of, walk
from tests.roles.running import with_a_provider
from tests.structure.house import SERVICES

pytestmark = pytest.mark.untraced

each_service = pytest.mark.parametrize("service", SERVICES)
SIGNS_IN = {"token_issue", "session_begin", "session_refresh", "session_end", "password_change", "key_renew"} | {
    "login_begin",
    "login_finish",
}
NOT_SEEN = {"key_create", "person_create", "grant_create", "outside_account_link", "objects_import"} | {
    "visits_import",
    "payments_import",
    "publicity_import",
    "prospects_import",
    "activities_import",
    "observations_submit",
    "observations_import",
    "milestones_import",
}
"""Calls that answer to whom a unit in what was sent is not visible, or not theirs, with a fault at its place."""
SENT_WRONG = {"token_issue", "login_begin", "plan_check"}
"""Calls that belong to no object and are sent something that they refuse: coming so far is all that is asked."""


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def walked(postgres_server: PostgresServer, template_database: str) -> AsyncIterator[dict[str, list[Row]]]:
    """The tables as the platform answers now."""
    async with fresh_database(postgres_server, template_database) as database, with_a_provider(database) as platform:
        yield await walk(await made(platform))


@each_service
def test_every_cell_is_as_the_table_says(walked: dict[str, list[Row]], service: str) -> None:
    """`python -m tests.roles` writes the tables anew; what changed in them is what changed for people."""
    before, after = kept(service), walked[service]
    assert [row[:3] for row in after] == [row[:3] for row in before]
    wrong = [
        f"{row[0]} {row[2]}, {HEADS[place]}: {cell}, the table says {old[place]}"
        for row, old in zip(after, before, strict=True)
        for place, cell in enumerate(row)
        if old[place] != cell
    ]
    assert wrong == []


@each_service
def test_every_operation_of_the_document_is_in_the_table(service: str) -> None:
    assert {row[0] for row in kept(service)} == {str(call) for call in calls(service)}
    assert path_to(service).read_text(encoding="utf-8") == text_of(kept(service))


@each_service
def test_of_every_call_with_an_object_it_is_said_whose_that_is(service: str) -> None:
    """Whoever adds a route says in `kinds.py` whose its objects are, or why they are nobody's."""
    assert [str(call) for call in calls(service) if "{" in call.template and len(call.entries) != 1] == []


def test_nothing_is_said_of_what_no_call_has() -> None:
    every = [call for service in SERVICES for call in calls(service)]
    used = {entry for call in every for entry in call.entries}
    paths = [f"{call.service}{call.template}" for call in every]
    assert {*OF_A_UNIT, *OF_THE_REGION, *NAMED_IN_THE_BODY, *NAMED_IN_THE_QUERY} - used == set()
    assert set(FOR_EVERYBODY) <= set(OF_A_UNIT)
    assert [entry for entry in FOR_EVERYBODY if not any(longest({entry: ""}, path) for path in paths)] == []


@each_service
def test_every_object_of_a_unit_is_asked_for_in_each_relation(service: str) -> None:
    """Else one missing is all that is known of a route, and whose objects somebody may change is not."""
    by_call = _by_call(service)
    for call in calls(service):
        rows = set(by_call[str(call)])
        for entry in call.entries:
            if entry in OF_THE_REGION:
                assert rows == {"any", "missing"}, call
            elif entry in NAMED_IN_THE_BODY:
                assert rows >= set(RELATIONS), call
            else:
                assert rows >= {*RELATIONS, "missing"}, call


@each_service
def test_what_is_sent_is_right_so_that_who_asks_decides_on_the_answer(service: str) -> None:
    """A body that nobody may send would hide behind its faults who may send one."""
    for row in kept(service):
        for caller, cell in zip(CALLERS, row[3:], strict=True):
            if cell == "invalid" and row[2] != "missing" and row[1] not in SENT_WRONG:
                assert row[1] in NOT_SEEN, f"{row[:3]} {caller}"
                assert of_a_unit(caller), f"{row[:3]} {caller}"
                assert row[2] in {"sibling", "foreign"}, f"{row[:3]} {caller}"


@each_service
def test_what_is_not_visible_looks_like_what_is_not_there(service: str) -> None:
    """For whoever sees a unit: an object beside or elsewhere is answered as one that is missing."""
    compared = 0
    for call, relation, cells in _of_units(service):
        missing = _by_call(service)[str(call)].get("missing")
        told = set(call.entries) & set(NAMED_IN_THE_BODY) or _read_by_everybody(call)
        if relation not in {"sibling", "foreign"} or missing is None or told:
            continue
        if call.method == "PUT":  # whoever puts what is not there makes it; what is there and not seen stays unseen
            missing = tuple("404" if cell == "allowed" else cell for cell in missing)
        for caller, cell, none in zip(CALLERS, cells, missing, strict=True):
            if of_a_unit(caller):
                assert cell == none, f"{call} {relation} {caller}: {cell}, missing: {none}"
                compared += 1
    assert compared


@each_service
def test_nobody_of_a_unit_changes_what_is_not_its_own(service: str) -> None:
    """Whoever reads what: a sibling's and a foreign unit's objects are changed by callers of the whole region only."""
    for call, relation, cells in _of_units(service):
        if relation in {"sibling", "foreign"} and call.method != "GET":
            for caller, cell in zip(CALLERS, cells, strict=True):
                assert not (of_a_unit(caller) and cell == "allowed"), f"{call} {relation} {caller}"


@each_service
def test_lists_hold_the_callers_unit_and_those_below_only(service: str) -> None:
    rows = [row for row in kept(service) if row[2].endswith("in the list")]
    lists = {str(call): call for call in calls(service)}
    for row in rows:
        if _listed_for_everybody(lists[row[0]]):
            continue
        for caller, cell in zip(CALLERS, row[3:], strict=True):
            if of_a_unit(caller):
                assert cell == "hidden" or row[2].startswith(("own", "child")), f"{row[0]} {row[2]} {caller}"
    assert rows


def test_an_auditor_is_allowed_nothing_that_changes_anything() -> None:
    asks_only = {"plan_check"}
    for role in ("auditor", "auditor@unit"):
        place = HEADS.index(role)
        for service in SERVICES:
            for row in kept(service):
                if not row[0].startswith("GET") and row[1] not in SIGNS_IN | asks_only:
                    assert row[place] == "403", row


def test_the_leading_group_office_comes_through_to_every_act_on_what_is_there() -> None:
    """But for what is another's: accounts, roles, the trail, reporting figures, their jobs, answering notices, the clock."""
    others = {"keys", "people", "grants", "outside-accounts", "audit", "clock", "due:run", "jobs"} | {
        "observations:batch",
        "observations:import",
        "milestones:import",
        "notices",
    }
    place = HEADS.index("leading_group_office")
    for service in SERVICES:
        for row in kept(service):
            about = row[0].split("/")[2].partition("{")[0] if row[0].count("/") > 1 else ""
            if row[2] in {"own", "child", "sibling", "foreign", "any"} and about.rstrip(":") not in others:
                assert row[place] in {"allowed", "shown"}, row


def _by_call(service: str) -> dict[str, dict[str, tuple[str, ...]]]:
    found: dict[str, dict[str, tuple[str, ...]]] = {}
    for row in kept(service):
        found.setdefault(row[0], {})[row[2]] = row[3:]
    return found


def _of_units(service: str) -> Iterator[tuple[Call, str, Iterable[str]]]:
    by_call = _by_call(service)
    for call in calls(service):
        if not set(call.entries) & set(OF_THE_REGION):
            for relation, cells in by_call[str(call)].items():
                yield call, relation, cells


def _read_by_everybody(call: Call) -> bool:
    """Whether it is seen by everybody that something is there: who may not change it is told so, with 403."""
    return longest(FOR_EVERYBODY, f"{call.service}{call.template}") is not None


def _listed_for_everybody(call: Call) -> bool:
    path = f"{call.service}{call.template}"
    kind = path.removeprefix(f"{call.service}/v1/")
    return kind == "changes" or any(f"/{kind}/" in f"{known}/" for known in FOR_EVERYBODY)
