"""A mail server that misbehaves as it is told, over a real socket, and remembers what it was given."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

HANG = "hang"
DROP = "drop"


@dataclass
class Sink:
    """Answers by verb (`MAIL`, `RCPT`, `DATA`, `.`); `DROP` closes the connection, `HANG` never answers."""

    answers: dict[str, str] = field(default_factory=dict)
    refuse_recipient: str | None = None
    taken: list[str] = field(default_factory=list)
    connections: int = 0
    asked: asyncio.Event = field(default_factory=asyncio.Event)
    port: int = 0

    async def _answer(self, verb: str, usual: str, writer: asyncio.StreamWriter) -> bool:
        answer = self.answers.get(verb, usual)
        if answer == HANG:
            self.asked.set()
            await asyncio.sleep(3600)
        if answer == DROP:
            writer.close()
            return False
        writer.write(f"{answer}\r\n".encode())
        await writer.drain()
        return True

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection."""
        self.connections += 1
        going = await self._answer("greeting", "220 sink", writer)
        while going and (line := await reader.readline()):
            verb = line.decode().split(maxsplit=1)[0].upper().strip()
            if verb == "DATA":
                going = await self._answer("DATA", "354 go on", writer)
                if going and self.answers.get("DATA", "354").startswith("354"):
                    mail = (await reader.readuntil(b"\r\n.\r\n")).decode()
                    self.taken.append(mail)
                    going = await self._answer(".", "250 taken", writer)
            elif verb == "RCPT" and self.refuse_recipient and self.refuse_recipient in line.decode():
                going = await self._answer("refused", "550 nobody here <someone@example.gov.cn>", writer)
            else:
                going = await self._answer(verb, "250 fine", writer)


@asynccontextmanager
async def sink(**answers: str) -> AsyncIterator[Sink]:
    """A running sink."""
    made = Sink(answers={{"dot": "."}.get(verb, verb): answer for verb, answer in answers.items()})
    tasks: set[asyncio.Task[None]] = set()

    async def connection(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        try:
            await made.serve(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            tasks.discard(task)
            writer.close()

    server = await asyncio.start_server(connection, "127.0.0.1", 0)
    made.port = server.sockets[0].getsockname()[1]
    try:
        yield made
    finally:
        server.close()
        for task in list(tasks):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
