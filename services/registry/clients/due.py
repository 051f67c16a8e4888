"""What the registry asks of the services that have work to do at certain instants: do it, and say when there is more."""

from datetime import datetime

from pydantic import AwareDatetime, BaseModel

from services.kit.http import Service


class DueDone(BaseModel):
    """How far a service is."""

    done_to: AwareDatetime
    next: AwareDatetime | None


class DueClient:
    """`POST /v1/due:run` of one service."""

    def __init__(self, service: Service) -> None:
        self.service = service

    async def run_due(self, until: datetime) -> datetime | None:
        """Do what is due up to `until`; the instant at which more is due. `CallFailed` where it does not answer."""
        answer = await self.service.post("/v1/due:run", {"until": until.isoformat()})
        return DueDone.model_validate(answer).next
