"""HEAD is answered as GET is, without the body (RFC 9110, 9.3.2): monitors and caches ask so."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send


class BodyKeptBack:
    """Asks the app for what GET answers and keeps the body back."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self.app(scope, receive, send)
            return

        async def without_body(message: Message) -> None:
            if message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        await self.app({**scope, "method": "GET"}, receive, without_body)
