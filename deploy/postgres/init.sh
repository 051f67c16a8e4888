#!/bin/sh
# For the official Postgres image (/docker-entrypoint-initdb.d): roles and database, passwords from the environment.
set -eu
here="${DUBAN_SQL:-/duban}"
psql -X -v ON_ERROR_STOP=1 --username "${POSTGRES_USER:-postgres}" --dbname postgres \
    -v duban_password="$DUBAN_PASSWORD" \
    -v duban_registry_password="$DUBAN_REGISTRY_PASSWORD" \
    -v duban_indicators_password="$DUBAN_INDICATORS_PASSWORD" \
    -v duban_notifier_password="$DUBAN_NOTIFIER_PASSWORD" \
    -f "$here/roles.sql" -f "$here/database.sql"
