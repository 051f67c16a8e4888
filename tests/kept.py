"""Databases whose content is brought back after each test: a tenth of what a new clone and a new start would take.

A service goes on running on such a database, with its routes built and its connections open. What a service keeps in
its own memory must therefore hold for any content; a test that changes more than rows takes a `fresh_database`.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from services.embedded.postgres import PostgresServer
from tests.databases import TestDatabase, fresh_database

# The superuser alone may empty tables whose triggers forbid it, and fill in what is always generated.
_KEEP = """
CREATE SCHEMA kept;
CREATE TABLE kept.sequence AS
    SELECT format('%I.%I', schemaname, sequencename) AS name, coalesce(last_value, start_value) AS last,
           last_value IS NOT NULL AS called
      FROM pg_sequences WHERE schemaname IN ('platform', 'registry', 'indicators', 'notifier');
CREATE VIEW kept.shape AS
    SELECT (SELECT count(*) FROM pg_class
             WHERE relnamespace::regnamespace::text IN ('platform', 'registry', 'indicators', 'notifier')) AS relations,
           (SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'O') AS triggers_off;
CREATE TABLE kept.shape_before AS TABLE kept.shape;
CREATE TABLE kept.content (name text, columns text, copy text);
DO $$
DECLARE
    here record;
    number int := 0;
BEGIN
    FOR here IN
        SELECT c.oid::regclass::text AS name, string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum) AS columns
          FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
                                             AND a.attgenerated = ''
         WHERE c.relnamespace::regnamespace::text IN ('platform', 'registry', 'indicators', 'notifier') AND c.relkind = 'r' AND pg_relation_size(c.oid) > 0
         GROUP BY c.oid
    LOOP
        number := number + 1;
        EXECUTE format('CREATE TABLE kept.t%s AS SELECT %s FROM %s', number, here.columns, here.name);
        INSERT INTO kept.content VALUES (here.name, here.columns, format('kept.t%s', number));
    END LOOP;
END $$;
"""
_BRING_BACK = """
SET client_min_messages = warning;
SET session_replication_role = replica;
SET lock_timeout = '5s';
DO $$
DECLARE
    written text;
    here record;
BEGIN
    SELECT string_agg(oid::regclass::text, ', ') INTO written
      FROM pg_class
     WHERE relnamespace::regnamespace::text IN ('platform', 'registry', 'indicators', 'notifier') AND relkind = 'r' AND pg_relation_size(oid) > 0;
    IF written IS NOT NULL THEN
        EXECUTE 'TRUNCATE ' || written || ' CASCADE';
    END IF;
    FOR here IN SELECT * FROM kept.content LOOP
        EXECUTE format('INSERT INTO %s (%s) OVERRIDING SYSTEM VALUE SELECT %s FROM %s',
                       here.name, here.columns, here.columns, here.copy);
    END LOOP;
    PERFORM setval(name, last, called) FROM kept.sequence;
    IF EXISTS (TABLE kept.shape EXCEPT TABLE kept.shape_before) THEN
        RAISE EXCEPTION 'the test left a table, an index or a trigger otherwise than it found it';
    END IF;
END $$;
"""


@dataclass(frozen=True)
class KeptDatabase(TestDatabase):
    """A database that remembers the rows that it had when it was made."""

    async def _as_superuser(self, statements: str) -> None:
        connection = await self.server.connect("postgres", self.name)
        try:
            await connection.execute(statements)
        finally:
            await connection.close()

    async def keep(self) -> None:
        """Remember every row as it is now."""
        await self._as_superuser(_KEEP)

    async def bring_back(self) -> None:
        """Let every table and sequence be as it was kept."""
        await self._as_superuser(_BRING_BACK)


@asynccontextmanager
async def kept_database(server: PostgresServer, template: str) -> AsyncIterator[KeptDatabase]:
    """A clone of the template, for many tests one after another; `keep` it once what shall stay is in it."""
    async with fresh_database(server, template) as made:
        yield KeptDatabase(made.server, made.name)
