"""`python -m tests.roles`: write the tables of who may do what anew. What changed is reviewed as a diff."""

import asyncio
import tempfile
from pathlib import Path

from services.embedded import postgres
from services.embedded.directory import DataDirectory, hold
from services.embedded.process import Supervisor
from tests.databases import fresh_database, migrate
from tests.roles.matrix import Row, made, path_to, text_of, walk
from tests.roles.running import with_a_provider


async def answers(directory: DataDirectory) -> dict[str, list[Row]]:
    """Start servers, walk over every route as every role, stop."""
    async with Supervisor(directory.logs) as supervisor:
        server = await postgres.start(directory, supervisor, durable=False)
        migrate(server.dsn("duban"))
        async with fresh_database(server, "duban") as database, with_a_provider(database) as platform:
            rows = await walk(await made(platform), everybody=True)
        await supervisor.stop(postgres.NAME)
    return rows


def main() -> None:
    """Write the tables."""
    with tempfile.TemporaryDirectory(prefix="duban-roles-") as place:
        Path(place).chmod(0o711)  # root's servers run as another user
        with hold(Path(place) / "data") as directory:
            rows = asyncio.run(answers(directory))
            postgres.remove(directory)
    for service, each in rows.items():
        path_to(service).write_text(text_of(each), encoding="utf-8")


if __name__ == "__main__":
    main()
