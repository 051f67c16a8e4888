"""Databases whose content is brought back after each test: a tenth of what a new clone and a new start would take.

A service goes on running on such a database, with its routes built and its connections open. What a service keeps in
its own memory must therefore hold for any content; a test that changes more than rows takes a `fresh_database`.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import asyncpg

from services.embedded.postgres import PostgresServer
from tests.databases import TestDatabase, fresh_database

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
CREATE TABLE kept.content (name text PRIMARY KEY, columns text, copy text, rows bigint, newest bigint);
DO $$
DECLARE
    here record;
    number int := 0;
BEGIN
    FOR here IN
        SELECT c.oid::regclass::text AS name, string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum) AS columns
          FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
                                             AND a.attgenerated = ''
         WHERE c.relnamespace::regnamespace::text IN ('platform', 'registry', 'indicators', 'notifier')
           AND c.relkind = 'r' AND pg_relation_size(c.oid) > 0
         GROUP BY c.oid
    LOOP
        number := number + 1;
        EXECUTE format('CREATE TABLE kept.t%s AS SELECT %s FROM %s', number, here.columns, here.name);
        INSERT INTO kept.content VALUES (here.name, here.columns, format('kept.t%s', number));
    END LOOP;
END $$;
"""
# Deleted and not truncated: a table with new files makes every open connection plan its statements anew. What is as it
# was kept, by its number of rows and their newest transaction, stays.
_BRING_BACK = """
DO $$
DECLARE
    here record;
    found record;
BEGIN
    FOR here IN
        SELECT c.oid::regclass::text AS name, k.columns, k.copy, k.rows, k.newest
          FROM pg_class c LEFT JOIN kept.content k ON k.name = c.oid::regclass::text
         WHERE c.relnamespace::regnamespace::text IN ('platform', 'registry', 'indicators', 'notifier')
           AND c.relkind = 'r' AND pg_relation_size(c.oid) > 0
    LOOP
        EXECUTE format('SELECT count(*) AS rows, max(xmin::text::bigint) AS newest FROM %s', here.name) INTO found;
        CONTINUE WHEN found.rows = coalesce(here.rows, 0) AND found.newest IS NOT DISTINCT FROM here.newest;
        EXECUTE format('DELETE FROM %s', here.name);
        CONTINUE WHEN here.copy IS NULL;
        EXECUTE format('INSERT INTO %s (%s) OVERRIDING SYSTEM VALUE SELECT %s FROM %s',
                       here.name, here.columns, here.columns, here.copy);
        EXECUTE format('UPDATE kept.content AS k SET (rows, newest) = '
                       '(SELECT count(*), max(xmin::text::bigint) FROM %s) WHERE k.name = %L', here.name, here.name);
    END LOOP;
    PERFORM setval(name, last, called) FROM kept.sequence;
    IF EXISTS (TABLE kept.shape EXCEPT TABLE kept.shape_before) THEN
        RAISE EXCEPTION 'the test left a table, an index or a trigger otherwise than it found it';
    END IF;
END $$;
"""


@dataclass(frozen=True)
class KeptDatabase(TestDatabase):
    """A database that remembers the rows that it had when it was kept."""

    superuser: asyncpg.Connection

    async def keep(self) -> None:
        """Remember every row as it is now."""
        await self.superuser.execute(_KEEP)
        await self.bring_back()

    async def bring_back(self) -> None:
        """Let every table and sequence be as it was kept."""
        await self.superuser.execute(_BRING_BACK)


@asynccontextmanager
async def kept_database(server: PostgresServer, template: str) -> AsyncIterator[KeptDatabase]:
    """A clone of the template, for many tests one after another; `keep` it once what shall stay is in it."""
    async with fresh_database(server, template) as made:
        superuser = await server.connect("postgres", made.name)
        try:
            # No trigger, no foreign key: the superuser alone may delete what is never deleted.
            await superuser.execute("SET session_replication_role = replica; SET lock_timeout = '5s'")
            yield KeptDatabase(made.server, made.name, superuser)
        finally:
            await superuser.close()
