"""The embedded mailbox on the wire."""

import uuid

from pydantic import AwareDatetime, BaseModel, Field

NOTE = "embedded mail sink, nothing left this machine; synthetic data"


class Mail(BaseModel):
    """A mail as it was handed over."""

    id: uuid.UUID
    received_at: AwareDatetime = Field(description="business instant")
    message_id: str = Field(examples=["<0198f3c2-7b1e-7c55-9d62-3f0c8a1b2c3d@duban.example>"])
    sent_at: str = Field(description="the mail's own Date", examples=["Mon, 16 Jul 2018 09:00:00 +0800"])
    from_: str = Field(alias="from")
    to: str
    cc: str
    recipients: list[str] = Field(description="as the envelope named them")
    subject: str = Field(examples=["督办通知单：T01 新兴产业增加值翻番"])
    text: str


class Mailbox(BaseModel):
    """What the embedded mailbox holds."""

    note: str = Field(default=NOTE, examples=[NOTE])
    mails: int = Field(description="how many there are on all pages", examples=[22])
    items: list[Mail]
    next: str | None = Field(description="cursor of the next page; null on the last one")
