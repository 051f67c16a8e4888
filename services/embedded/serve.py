"""The web process of an embedded platform: the three apps on one port, each with its own role, key and settings."""

import os
from typing import Any

import uvicorn
from starlette.applications import Starlette

from services.embedded.web import mounted
from services.indicators import main as indicators
from services.indicators.settings import Settings as IndicatorsSettings
from services.kit import telemetry
from services.notifier import main as notifier
from services.notifier.settings import Settings as NotifierSettings
from services.registry import main as registry
from services.registry.settings import Settings as RegistrySettings

NOTES = {
    "mode": "embedded: one machine, the business clock can be moved, mail is kept and not sent",
    "clock": "/registry/v1/clock",
    "mailbox": "/notifier/v1/mailbox",
    "figures": "the sample's figures, contacts and mails are synthetic 样例数据均为虚构",
}


def app() -> Starlette:
    """The three apps over one; what differs between them comes from `DUBAN_<SERVICE>_…`."""
    return mounted(
        {
            "registry": registry.create(RegistrySettings(**_own("registry"))),
            "indicators": indicators.create(IndicatorsSettings(**_own("indicators"))),
            "notifier": notifier.create(NotifierSettings(**_own("notifier"))),
        },
        notes=NOTES,
    )


def _own(service: str) -> dict[str, Any]:
    prefix = f"DUBAN_{service.upper()}_"
    return {"database_url": os.environ[f"{prefix}DATABASE_URL"], "api_key": os.environ[f"{prefix}API_KEY"]}


def main() -> None:
    """Serve until SIGTERM."""
    telemetry.configure()
    uvicorn.run(
        app(),
        host=os.environ["DUBAN_HOST"],
        port=int(os.environ["DUBAN_PORT"]),
        loop="uvloop",
        http="httptools",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,  # nothing stands before it: who says X-Forwarded-For here would choose whose quota is used
        timeout_graceful_shutdown=5,
    )


if __name__ == "__main__":
    main()
