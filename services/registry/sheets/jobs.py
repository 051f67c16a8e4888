"""Sheets that are imported later."""

import tempfile
from collections.abc import Mapping
from typing import Any, Final

from services.kit.auth import Caller
from services.kit.db import Session
from services.kit.later.runner import File, Handler
from services.kit.office.cells import ROWS
from services.kit.office.upload import Upload
from services.kit.office.writing import CSV
from services.registry.keyring import Lock
from services.registry.sheets import service
from services.registry.sheets.intake import Kind
from services.registry.sheets.schemas import ImportedTotals

ROWS_OF_CSV: Final = 2_000_000
"""Of each row its key is held until the end."""


def imports(kinds: Mapping[str, Kind], addresses: Lock) -> Mapping[str, Handler]:
    """What is done by operation; `kinds` by the name of their objects."""
    return {service.operation(objects): _importing(kind, addresses) for objects, kind in kinds.items()}


def _importing(kind: Kind, addresses: Lock) -> Handler:
    async def take(session: Session, caller: Caller, file: File, asked: Mapping[str, Any]) -> ImportedTotals:
        with tempfile.TemporaryFile() as kept:  # its text is read more than once
            async for content in file.chunks():
                kept.write(content)
            upload = Upload(kept, file.media, file.sha256, ROWS_OF_CSV if file.media == CSV else ROWS)
            done = await service.take(session, addresses, caller, kind, upload, told=file.told, **asked)
        await service.keep_rows(session, caller, file.job, done)
        return done.totals

    return take
