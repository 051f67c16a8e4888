"""What goes over the wire about jobs."""

from datetime import datetime
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from services.kit.codes import CodeLists, code_list
from services.kit.errors import Problem
from services.kit.heads import offered
from services.kit.paging import By, Counted, Next, Sort
from services.kit.reads import LIMIT

State = Literal["waiting", "running", "done", "failed", "cancelled"]
STATES: Final = code_list(
    "job-states",
    "作业状态",
    "states of jobs",
    {
        "waiting": ("排队", "waiting"),
        "running": ("进行中", "running"),
        "done": ("完成", "done"),
        "failed": ("失败", "failed", "nothing was written"),
        "cancelled": ("已取消", "cancelled"),
    },
    State,
)


class JobSummary(BaseModel):
    """Long work and how far it is."""

    id: str = Field(description="key of the job, a UUIDv7", examples=["0197f3a0-5b1c-7c3e-8f5a-0d9b4a1c2e3f"])
    operation: str = Field(description="what is done with the file", examples=["observations.import"])
    arguments: dict[str, str | bool | None] = Field(
        description="what the request said beside the file", examples=[{"plan": "xiaoshan-2017-2019", "dry_run": False}]
    )
    client_id: str = Field(description="who sent it", examples=["statistics-desk"])
    state: State = Field(
        description="waiting 排队, running 进行中; done 完成, failed 失败 (nothing was written), cancelled 已取消"
    )
    media: str = Field(description="what the file was declared to be", examples=["text/csv"])
    bytes: int = Field(description="bytes of the file", examples=[73400320])
    read_bytes: int = Field(description="bytes of it that were read so far", examples=[20971520])
    read_rows: int = Field(
        description="rows that were read so far; no more are read while they are compared and written",
        examples=[305000],
    )
    sha256: str = Field(description="of the file, in hex digits")
    submitted_at: datetime = Field(description="when the file was there, by the database's own clock")
    started_at: datetime | None = Field(description="when the worker began with it, by the same clock")
    ended_at: datetime | None = Field(description="when it was done, failed or cancelled, by the same clock")


class Job(JobSummary):
    """Long work, how far it is, and what came of it."""

    problem: Problem | None = Field(description="why it failed, as the import would have answered at once")


class JobPage(BaseModel):
    """One page of jobs, the latest first."""

    items: list[JobSummary] = Field(description="jobs, the latest first unless `sort` says otherwise")
    next: Next
    total: Counted = None


OFFER = offered(
    "后台任务",
    JobPage,
    {
        "id": "任务编号（id）",
        "operation": "操作（operation）",
        "arguments": "参数（arguments）",
        "client_id": "账号（client_id）",
        "state": "状态（state）",
        "media": "文件类型（media）",
        "bytes": "字节数（bytes）",
        "read_bytes": "已读字节（read_bytes）",
        "read_rows": "已读行数（read_rows）",
        "sha256": "文件摘要（sha256）",
        "submitted_at": "提交时间（submitted_at）",
        "started_at": "开始时间（started_at）",
        "ended_at": "结束时间（ended_at）",
    },
    codes=CodeLists(STATES),
)
"""Jobs as a file."""


class JobFilter(BaseModel):
    """Which jobs."""

    model_config = ConfigDict(extra="forbid")

    state: State | None = Field(default=None, description="in this state")
    operation: str | None = Field(default=None, max_length=100, description="of this operation")
    limit: int = Field(default=50, ge=1, le=LIMIT, description="jobs on a page")
    cursor: str | None = Field(default=None, max_length=2000, description="`next` of the page before, unchanged")
    total: bool = Field(default=False, description="count all pages too")
    sort: Annotated[Sort, By("submitted_at", "operation", "state", "bytes", "ended_at")] = None
