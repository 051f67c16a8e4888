"""The registry service's own Postgres schema: every table of it stands on this base."""

from services.kit.db import table_base

Table = table_base("registry")
