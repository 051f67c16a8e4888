"""What became of the rows of sheets that were imported later."""

import uuid

from sqlalchemy import ForeignKeyConstraint, Index
from sqlmodel import Field

from services.registry.schema import Table


class SheetRow(Table, table=True):
    """What became of one row; forgotten with its job."""

    __tablename__ = "sheet_row"
    __table_args__ = (
        ForeignKeyConstraint(["region", "job"], ["registry.job.region", "registry.job.id"], ondelete="CASCADE"),
        Index(None, "region", "job", "change", "line"),
    )

    region: str = Field(primary_key=True)
    job: uuid.UUID = Field(primary_key=True)
    line: int = Field(primary_key=True)
    code: str
    change: str
