"""What every test may ask for: real servers, a fresh database, the platform."""

import functools
import gc
import inspect
import os
import sys
import threading
from collections.abc import AsyncIterator, Callable, Generator
from typing import TYPE_CHECKING, Any

import coverage
import hypothesis
import pytest
import pytest_asyncio

from services.embedded.postgres import PostgresServer
from tests.databases import TestDatabase, migrate
from tests.kept import KeptDatabase, kept_database

if TYPE_CHECKING:
    from tests.platform import Platform

pytest_plugins = ["tests.servers"]

# The same examples at every run: a build must not fail for luck, nor because the machine was slow. `HYPOTHESIS_PROFILE`
# set to `default` looks for new ones.
hypothesis.settings.register_profile("duban", deadline=None, derandomize=True, database=None)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "duban"))


LONG = (
    "tests/roles/",
    "tests/cli/test_platform.py",
    "tests/embedded/test_up.py",
    "tests/indicators/gaps/",
    "tests/indicators/test_repeatable.py",
    "tests/notifier/test_history.py",
    "tests/notifier/test_on_the_platform.py",
    "tests/structure/",
    "tests/contracts/",
    "tests/registry/test_changes.py",
    "tests/registry/test_duties.py",
    "tests/audit/",
    "tests/migrations/",
)
"""Where files take long. They are begun first, so that no worker is left alone with one at the end."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long files first, in this order; with xdist's `--no-loadscope-reorder`."""
    items.sort(key=lambda item: next((n for n, part in enumerate(LONG) if item.nodeid.startswith(part)), len(LONG)))


def pytest_collection_finish() -> None:
    """Take what is imported for good out of the garbage collector's rounds: it walked all of it again and again."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, Any, Any]:
    """Let coverage, under which everything takes twice as long, see what only this test can show.

    Not what is marked `untraced`: others measure what it runs, and it runs it a thousand times. Nor how Hypothesis finds
    its examples, which takes longer than what they are found for.
    """
    test: Any = getattr(getattr(item, "obj", None), "hypothesis", None)
    untraced = item.get_closest_marker("untraced")
    examples = None if test is None or untraced or inspect.iscoroutinefunction(test.inner_test) else test.inner_test
    if coverage.Coverage.current() is None or not (untraced or examples):
        return (yield)
    # Not `stop` and `start`: each start walks through every module of the process.
    tracer, tracer_of_threads = sys.gettrace(), threading.gettrace()
    sys.settrace(None)
    threading.settrace(None)
    if examples:
        test.inner_test = _traced(examples, tracer)
    try:
        return (yield)
    finally:
        if examples:
            test.inner_test = examples
        threading.settrace(tracer_of_threads)
        sys.settrace(tracer)


def _traced(test: Callable[..., None], tracer: Any) -> Callable[..., None]:  # noqa: ANN401 - what sys.gettrace gives
    @functools.wraps(test)
    def traced(*arguments: object, **named: object) -> None:
        sys.settrace(tracer)
        try:
            test(*arguments, **named)
        finally:
            sys.settrace(None)

    return traced


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def template_database(postgres_server: PostgresServer) -> str:
    """The name of a migrated database that nobody writes to."""
    migrate(postgres_server.dsn("duban"))
    await _begun(postgres_server)
    return "duban"


async def _begun(server: PostgresServer) -> None:
    """Let the template hold what a registry makes at its first start, so that no clone waits for it."""
    # Servers' own tests must run without the services.
    from services.kit.db import Database  # noqa: PLC0415
    from services.registry.calendar.service import ensure_calendars  # noqa: PLC0415
    from services.registry.projects.kinds.service import ensure_kinds  # noqa: PLC0415
    from tests.platform import REGION  # noqa: PLC0415

    db = Database(server.dsn("duban_registry", "duban"))
    async with db.edge() as session:
        await ensure_calendars(session, REGION)
        await ensure_kinds(session, REGION)
    await db.close()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def kept(postgres_server: PostgresServer, template_database: str) -> AsyncIterator[KeptDatabase]:
    """A migrated database for many tests, one after another."""
    async with kept_database(postgres_server, template_database) as made:
        await made.keep()
        yield made


@pytest_asyncio.fixture(loop_scope="session")
async def database(kept: KeptDatabase) -> AsyncIterator[TestDatabase]:
    """A migrated database without an object; what a test writes to it is gone afterwards."""
    yield kept
    await kept.bring_back()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def empty_platform(
    postgres_server: PostgresServer, template_database: str
) -> "AsyncIterator[tuple[Platform, KeptDatabase]]":
    """The three services on a database without a plan, running for many tests."""
    from tests.platform import kept_platform  # noqa: PLC0415 - servers' own tests must run without the services

    async with kept_platform(postgres_server, template_database) as running:
        yield running


@pytest_asyncio.fixture(loop_scope="session")
async def platform(empty_platform: "tuple[Platform, KeptDatabase]") -> "AsyncIterator[Platform]":
    """The three services, without a plan."""
    from tests.platform import lent  # noqa: PLC0415 - as above

    async with lent(empty_platform) as running:
        yield running
