"""How much a request may bring: a body is read into memory, so it has a bound whoever is in front of the service."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.kit.framework import BodyTooLarge

BODY_BYTES = 1024 * 1024
FILES = ":import"
"""How paths end that take a file: they stream it, and bound it themselves."""
FILE_BYTES = 20 * 1024 * 1024
UPLOADS = "/v1/files"
"""How the path ends that takes one evidence file in a form: of `FILE_BYTES`, and the form around it."""


class BodyLimit:
    """Refuses a body as soon as more of it came than its path takes, also one that does not say its length."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != "http" or scope["path"].endswith(FILES):
            await self.app(scope, receive, send)
            return
        taken, limit = 0, BODY_BYTES
        if scope["path"].endswith(UPLOADS):
            limit += FILE_BYTES

        async def bounded() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > limit:
                raise BodyTooLarge(limit)
            return message

        await self.app(scope, bounded, send)
