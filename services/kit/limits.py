"""How much a request may bring: a body is read into memory, so it has a bound whoever is in front of the service."""

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

BODY_BYTES = 1024 * 1024
FILES = ":import"
"""How paths end that take a file: they stream it, and bound it themselves."""


class BodyLimit:
    """Refuses a body as soon as more of it came than `BODY_BYTES`, also one that does not say its length."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != "http" or scope["path"].endswith(FILES):
            await self.app(scope, receive, send)
            return
        taken = 0

        async def bounded() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > BODY_BYTES:
                raise HTTPException(413, f"a body of at most {BODY_BYTES} bytes is taken")
            return message

        await self.app(scope, bounded, send)
