"""What an import answers."""

from datetime import datetime
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from services.kit.codes import code_list
from services.kit.later.schemas import Job
from services.kit.office.form import FILE_FORMATS, FileFormat
from services.kit.paging import By, Sort
from services.registry.instruments.schemas import Finding
from services.registry.sheets.sentences import KINDS
from services.registry.versions.schemas import Paging

Objects = Literal[
    "units",
    "contacts",
    "industries",
    "carriers",
    "enterprises",
    "enterprise-groups",
    "rosters",
    "roster-items",
    "projects",
    "tasks",
    "responsibilities",
    "milestones",
    "instruments",
    "leader-contacts",
]
"""What has templates and imports for those who keep the registry."""
OfTheirOwn = Literal["visits", "payments", "publicity", "prospects", "activities"]
"""What has them under scopes of its own, at paths of its own."""
Change = Literal["created", "changed", "unchanged"]
LISTS: Final = (
    code_list(
        "import-objects",
        "可导入对象",
        "objects of which those who keep the registry have templates and imports; "
        "visits, payments, publicity, prospects and activities have theirs at paths of their own",
        {
            "units": (KINDS["unit"], "units"),
            "contacts": (KINDS["contact"], "contacts"),
            "industries": (KINDS["industry"], "industries"),
            "carriers": (KINDS["carrier"], "carriers"),
            "enterprises": (KINDS["enterprise"], "enterprises"),
            "enterprise-groups": (KINDS["enterprise_group"], "groups of enterprises"),
            "rosters": (KINDS["roster"], "rosters"),
            "roster-items": (KINDS["roster_item"], "items of rosters"),
            "projects": (KINDS["project"], "projects"),
            "tasks": (KINDS["task"], "tasks"),
            "responsibilities": (KINDS["responsibility"], "responsibilities"),
            "milestones": (KINDS["milestone"], "milestones"),
            "instruments": (KINDS["instrument"], "instruments of support"),
            "leader-contacts": (KINDS["leader_contact"], "leaders' contacts"),
        },
        Objects,
    ),
    FILE_FORMATS,
    code_list(
        "row-changes",
        "导入结果",
        "what became of an imported row",
        {"created": ("新建", "created"), "changed": ("更新", "changed"), "unchanged": ("未变", "unchanged")},
        Change,
    ),
)
"""What values of these types are called."""


class ImportedRow(BaseModel):
    """What became of one row."""

    row: int = Field(description="its number in the file, as a spreadsheet shows it", examples=[2])
    code: str = Field(
        description="business key of the object; of an entry of a log what it is of: plan/instrument, plan",
        examples=["e01"],
    )
    change: Change = Field(description="created 新建, changed 更新, unchanged 未变")


class ImportedTotals(BaseModel):
    """What an import did, or with `dry_run` would do, all in all."""

    sheet: str = Field(description="the sheet that was read; empty for a CSV", examples=["企业"])
    rows: int = Field(description="rows with something in them, below the header", examples=[30])
    created: int = Field(description="objects that were not there", examples=[2])
    changed: int = Field(description="objects that have a new version", examples=[1])
    unchanged: int = Field(description="rows that say what is there already: no version", examples=[27])
    dry_run: bool = Field(description="nothing was written")
    recorded_at: datetime | None = Field(description="from when the new versions count; null in a dry run")
    sheets_not_read: list[str] = Field(description="other sheets of the workbook, which were left aside")
    columns_not_read: list[str] = Field(description="columns of an export that the platform gives itself, left aside")


class Imported(ImportedTotals):
    """What an import did, or with `dry_run` would do, row by row."""

    items: list[ImportedRow] = Field(description="what became of each row, in their order")


class EntriesImported(Imported):
    """What became of the rows of a log (payments, publicity): entries are added, never changed."""

    findings: list[Finding] = Field(
        description="what does not add up since, of the instruments of which something was paid; nothing is refused for it"
    )


class ImportJob(Job):
    """An import of objects that is done later."""

    result: ImportedTotals | None = Field(
        description="what it did; null until the job is done. Row by row: `/v1/jobs/{job}/rows`"
    )


class RowFilter(Paging):
    """Which rows of a job."""

    sort: Annotated[Sort, By("row")] = None
    change: Change | None = Field(default=None, description="what became of them")


class Importing(BaseModel):
    """How a file is taken."""

    model_config = ConfigDict(extra="forbid")

    dry_run: bool = Field(default=False, description="check everything, say what would happen, write nothing")


class Templating(BaseModel):
    """Which template."""

    model_config = ConfigDict(extra="forbid")

    format: FileFormat | None = Field(
        default=None, description="instead of Accept, for links; xlsx unless CSV is asked"
    )
