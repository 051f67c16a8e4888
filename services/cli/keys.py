"""API keys of callers."""

import sys
from collections.abc import Sequence

from services.cli.connection import Api


async def create(api: Api, client_id: str, scopes: Sequence[str], unit: str | None) -> None:
    """Make a key and print it, once and alone on stdout, so that a script can take it."""
    body = {"client_id": client_id, "scopes": list(scopes)} | ({"unit": unit} if unit else {})
    made = await api.send("POST", "/registry/v1/keys", body)
    print(f"a key for {client_id}, which is shown only now: {', '.join(scopes)}", file=sys.stderr)
    for one in made["lapsed"]:
        of = "the whole region" if one["unit"] is None else one["unit"]
        print(f"its role {one['role']} for {of} ended: the security administration grants it again", file=sys.stderr)
    print(made["key"])
