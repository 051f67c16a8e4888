"""What a database consists of, as Postgres itself describes it: for comparing two of them line by line."""

# ruff: noqa: S608 - questions about the catalog, put together from our own fragments

import asyncpg

SCHEMAS = ("platform", "registry", "indicators", "notifier")
_OURS = "namespace.nspname = ANY($1) AND NOT (namespace.nspname = 'platform' AND relation.relname LIKE 'alembic%')"
_RELATIONS = f"pg_class relation JOIN pg_namespace namespace ON namespace.oid = relation.relnamespace AND {_OURS}"

TABLES = {
    "column": f"""
        SELECT namespace.nspname || '.' || relation.relname || '.' || attribute.attname,
               concat_ws(' ', format_type(attribute.atttypid, attribute.atttypmod),
                         CASE WHEN attribute.attnotnull THEN 'not null' END)
        FROM {_RELATIONS} JOIN pg_attribute attribute ON attribute.attrelid = relation.oid
        WHERE attribute.attnum > 0 AND NOT attribute.attisdropped AND relation.relkind IN ('r', 'p', 'v', 'm')""",
    # Postgres 18 keeps "not null" among the constraints too; the columns say it on every version.
    "constraint": f"""
        SELECT namespace.nspname || '.' || relation.relname || '.' || conname, pg_get_constraintdef(con.oid)
        FROM {_RELATIONS} JOIN pg_constraint con ON con.conrelid = relation.oid WHERE contype <> 'n'""",
    "index": f"""
        SELECT namespace.nspname || '.' || relation.relname, pg_get_indexdef(relation.oid)
        FROM {_RELATIONS} WHERE relation.relkind IN ('i', 'I')""",
}
BESIDES = {
    "default": f"""
        SELECT namespace.nspname || '.' || relation.relname || '.' || attribute.attname,
               pg_get_expr(def.adbin, def.adrelid)
        FROM {_RELATIONS} JOIN pg_attrdef def ON def.adrelid = relation.oid
        JOIN pg_attribute attribute ON attribute.attrelid = relation.oid AND attribute.attnum = def.adnum""",
    "grant": f"""
        SELECT namespace.nspname || '.' || relation.relname, array_to_string(array(SELECT unnest(relacl)::text ORDER BY 1), ' ')
        FROM {_RELATIONS} WHERE relation.relkind IN ('r', 'p', 'v', 'm', 'S')""",
    "trigger": f"""
        SELECT namespace.nspname || '.' || relation.relname || '.' || tgname, pg_get_triggerdef(trigger.oid)
        FROM {_RELATIONS} JOIN pg_trigger trigger ON trigger.tgrelid = relation.oid WHERE NOT tgisinternal""",
    "function": """
        SELECT proc.oid::regprocedure::text, CASE WHEN prokind = 'a'
               THEN (SELECT concat_ws(' ', aggtransfn, aggtranstype::regtype, agginitval)
                     FROM pg_aggregate WHERE aggfnoid = proc.oid)
               ELSE pg_get_functiondef(proc.oid) END || array_to_string(array(SELECT unnest(proacl)::text ORDER BY 1), ' ')
        FROM pg_proc proc JOIN pg_namespace namespace ON namespace.oid = proc.pronamespace
        WHERE namespace.nspname = ANY($1)""",
    "type": """
        SELECT namespace.nspname || '.' || typname, typtype::text FROM pg_type
        JOIN pg_namespace namespace ON namespace.oid = typnamespace
        WHERE namespace.nspname = ANY($1) AND typtype IN ('e', 'd')""",
    "schema": """
        SELECT nspname, array_to_string(array(SELECT unnest(nspacl)::text ORDER BY 1), ' ')
        FROM pg_namespace WHERE nspname = ANY($1)""",
    "granted by default": """
        SELECT nspname || '.' || defaclobjtype::text, array_to_string(array(SELECT unnest(defaclacl)::text ORDER BY 1), ' ')
        FROM pg_default_acl JOIN pg_namespace ON pg_namespace.oid = defaclnamespace WHERE nspname = ANY($1)""",
    "extension": "SELECT extname, nspname FROM pg_extension JOIN pg_namespace ON pg_namespace.oid = extnamespace "
    "WHERE extname <> 'plpgsql' AND $1::text[] IS NOT NULL",
}
EVERYTHING = {**TABLES, **BESIDES}


async def describe(connection: asyncpg.Connection, questions: dict[str, str] | None = None) -> dict[str, str]:
    """One entry per column, constraint, index, function, grant … of our schemas."""
    found = {}
    for kind, question in (questions or EVERYTHING).items():
        for name, definition in await connection.fetch(question, list(SCHEMAS)):
            found[f"{kind} {name}"] = definition or ""
    return found
