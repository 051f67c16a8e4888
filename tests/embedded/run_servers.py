"""Start the servers on a data directory in a process of its own: print `ready POSTGRES REDIS`, then sleep."""

import asyncio
import sys
from pathlib import Path

from services.embedded import postgres, valkey
from services.embedded.directory import hold
from services.embedded.errors import CannotStart
from services.embedded.process import Supervisor


def say(*words: object) -> None:
    print(*words, flush=True)  # noqa: T201  (it is read by the test)


async def main(path: Path, question: str) -> None:
    with hold(path) as directory:
        async with Supervisor(directory.logs) as supervisor:
            server = await postgres.start(directory, supervisor, durable=False)
            redis = await valkey.start(directory, supervisor)
            if question:
                connection = await server.connect()
                say(await connection.fetchval(question))
                await connection.close()
                return
            say("ready", supervisor.pid("postgres"), supervisor.pid("redis") if redis else "")
            await asyncio.sleep(600)


if __name__ == "__main__":
    try:
        asyncio.run(main(Path(sys.argv[1]), "".join(sys.argv[2:])))
    except CannotStart as sentence:
        sys.exit(str(sentence))
