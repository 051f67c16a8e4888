"""The embedded mailbox on the wire."""

import uuid

from pydantic import AwareDatetime, BaseModel, Field

from services.kit.paging import Next

NOTE = "embedded mail sink, nothing left this machine; synthetic data"


class Mail(BaseModel):
    """A mail as it was handed over."""

    id: uuid.UUID = Field(description="key of the mail in the mailbox")
    received_at: AwareDatetime = Field(description="business instant at which it was taken")
    message_id: str = Field(
        description="the mail's own Message-ID: the id of its delivery at the sender's domain",
        examples=["<0198f3c2-7b1e-7c55-9d62-3f0c8a1b2c3d@duban.example>"],
    )
    sent_at: str = Field(description="the mail's own Date header", examples=["Mon, 16 Jul 2018 09:00:00 +0800"])
    from_: str = Field(alias="from", description="the sender as the envelope named it")
    to: str = Field(description="the mail's To: names and addresses of those it is addressed to (主送)")
    cc: str = Field(description="the mail's Cc: names and addresses of those in copy (抄送); empty: nobody")
    recipients: list[str] = Field(description="addresses to which it went, as the envelope named them")
    subject: str = Field(description="the mail's subject line", examples=["督办通知单：T01 新兴产业增加值翻番"])
    text: str = Field(description="the letter as plain text")


class Mailbox(BaseModel):
    """What the embedded mailbox holds."""

    note: str = Field(
        default=NOTE, description="that no mail left this machine, and that the data are synthetic", examples=[NOTE]
    )
    mails: int = Field(description="how many there are on all pages", examples=[22])
    items: list[Mail] = Field(description="mails in the order in which they came, a page of them")
    next: Next
