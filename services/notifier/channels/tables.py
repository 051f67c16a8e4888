"""What the embedded mailbox was given."""

import uuid
from datetime import datetime

from sqlalchemy import ARRAY, Text
from sqlmodel import Field

from services.kit.db import uuid7
from services.notifier.schema import Instant, Table


class KeptMail(Table, table=True):
    """A mail that the embedded SMTP server took and kept; nothing of it left this machine."""

    __tablename__ = "kept_mail"

    region: str = Field(primary_key=True)
    id: uuid.UUID = Field(primary_key=True, default_factory=uuid7)
    received_at: datetime = Field(sa_type=Instant)
    """Business instant."""
    message_id: str = Field(index=True)
    sender: str
    recipients: list[str] = Field(sa_type=ARRAY(Text))
    """As the envelope named them."""
    to: str
    cc: str = ""
    subject: str
    sent_at: str = ""
    """The mail's own Date."""
    text: str
    raw: bytes
