import ast
import re
from pathlib import Path

import pytest

from services.kit.claims import SCOPES
from tests.structure import house
from tests.structure.house import SERVICES, Route, operations, rooms, routes, tables

# What anybody may ask: whether it runs, and what a caller needs before there is a token.
OPEN = {
    "health_live",
    "health_ready",
    "token_issue",
    "jwks_read",
    "session_begin",
    "session_refresh",
    "session_end",
    "password_change",
    "key_renew",
    "providers_list",
    "login_begin",
    "login_finish",
}

each_service = pytest.mark.parametrize("service", SERVICES)


def names(service: str) -> list[str]:
    return [route.operation_id for route in routes() if route.service == service]


def test_every_route_asks_who_calls_and_names_a_scope() -> None:
    assert [str(route) for route in routes() if not route.scopes and route.operation_id not in OPEN] == []


def test_what_is_open_to_anybody_asks_for_no_caller() -> None:
    assert {route.operation_id for route in routes() if route.scopes is None} == OPEN


def test_every_scope_is_asked_for_somewhere() -> None:
    used = {scope for route in routes() for scope in route.scopes or ()}
    inside = {scope for scope in SCOPES if scope not in used and not named_in_code(scope)}
    assert inside == set()


def named_in_code(scope: str) -> bool:
    """Some scopes widen an answer instead of opening a route: they are asked of the caller inside."""
    text = "".join(path.read_text() for room in ("routes", "service", "store") for path in rooms(room))
    return f'"{scope}" in caller.scopes' in text


@each_service
def test_operation_ids_are_unique(service: str) -> None:
    assert len(names(service)) == len(set(names(service))) > 0


@each_service
def test_operation_ids_are_a_noun_and_a_verb(service: str) -> None:
    assert [name for name in names(service) if not re.fullmatch(r"[a-z]+(_[a-z]+)+", name)] == []


@each_service
@pytest.mark.parametrize("part", ["summary", "description", "tags", "operationId"])
def test_every_operation_is_described(service: str, part: str) -> None:
    assert [name for name, operation in operations(service).items() if not operation.get(part)] == []


@each_service
def test_every_operation_declares_the_problems_that_can_come(service: str) -> None:
    """Who needs a token may be refused it (401, 403); whoever says which one may name none (404)."""
    bare = []
    for name, operation in operations(service).items():
        answers = {
            status: house.answer_of(house.document(service), each) for status, each in operation["responses"].items()
        }
        declared = {status for status, answer in answers.items() if is_problem(answer)}
        needed = {"401", "403", "422", "500", "503"} if operation.get("security") else set()
        if not needed <= declared:
            bare.append(f"{name} lacks {sorted(needed - declared)}")
    assert bare == []


def is_problem(answer: dict[str, object]) -> bool:
    return "application/problem+json" in (answer.get("content") or {})  # type: ignore[operator]  # JSON


@each_service
def test_every_parameter_is_described(service: str) -> None:
    bare = [
        f"{name} {parameter['name']}"
        for name, operation in operations(service).items()
        for parameter in operation.get("parameters", [])
        if not parameter.get("description")
    ]
    assert bare == []


@each_service
def test_every_tag_of_an_operation_is_explained(service: str) -> None:
    explained = {tag["name"] for tag in house.document(service).get("tags", [])} | {"health"}
    used = {tag for operation in operations(service).values() for tag in operation["tags"]}
    assert used - explained == set()


@each_service
def test_every_job_is_in_its_worker(service: str) -> None:
    worker = house.tree(house.ROOT / "services" / service / "worker.py")
    mentioned = {node.attr for node in ast.walk(worker) if isinstance(node, ast.Attribute)}
    mentioned |= {node.id for node in ast.walk(worker) if isinstance(node, ast.Name)}
    defined = {
        (path, node.name)
        for path in rooms("jobs")
        if path.is_relative_to(house.ROOT / "services" / service)
        for node in house.tree(path).body
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and not node.name.startswith("_")
    }
    assert {name for _, name in defined} <= mentioned
    assert defined, f"{service} has no jobs"


@each_service
def test_every_bell_that_is_rung_is_a_job_of_the_worker(service: str) -> None:
    place = house.ROOT / "services" / service
    worker = house.tree(place / "worker.py")
    (listed,) = (node for node in worker.body if isinstance(node, ast.FunctionDef) and node.name == "jobs")
    jobs = {
        key.value
        for node in ast.walk(listed)
        if isinstance(node, ast.Dict)
        for key in node.keys
        if isinstance(key, ast.Constant)
    }
    assert rung(place) <= jobs
    assert jobs


def rung(place: Path) -> set[object]:
    return {
        node.args[0].value
        for path in place.rglob("*.py")
        for node in ast.walk(house.tree(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "ring"
        and isinstance(node.args[0], ast.Constant)
    }


@each_service
def test_every_table_has_the_region_first_in_its_key(service: str) -> None:
    keys = {table.name: [column.name for column in table.primary_key] for table in tables(service).sorted_tables}
    assert [name for name, key in keys.items() if key[:1] != ["region"]] == []
    assert keys


@each_service
def test_no_foreign_key_crosses_services(service: str) -> None:
    targets = {
        key.target_fullname.split(".")[0] for table in tables(service).sorted_tables for key in table.foreign_keys
    }
    assert targets <= {service}


@each_service
def test_no_column_holds_a_date_and_time_without_a_zone(service: str) -> None:
    naive = [
        f"{table.name}.{column.name}"
        for table in tables(service).sorted_tables
        for column in table.columns
        if "DATETIME" in str(column.type).upper() and not getattr(column.type, "timezone", False)
    ]
    assert naive == []


def test_a_route_without_a_caller_would_be_seen() -> None:
    """The check above rests on finding the scopes: it finds them where they are."""
    by_name = {(route.service, route.operation_id): route for route in routes()}
    found: Route = by_name["registry", "plan_apply"]
    assert found.scopes == {"plans:apply"}
