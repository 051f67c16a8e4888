"""The mailbox's SQL."""

from sqlalchemy import bindparam, func, select

from services.kit.reads import One, Page
from services.notifier.channels.tables import KeptMail
from services.notifier.schema import columns

_mail = columns(KeptMail)
_kept = select(
    _mail.id,
    _mail.received_at,
    _mail.message_id,
    _mail.sent_at,
    _mail.sender.label("from"),
    _mail.to,
    _mail.cc,
    _mail.recipients,
    _mail.subject,
    _mail.text,
).where(_mail.region == bindparam("region"))

mails = Page(
    _kept,
    sort=_mail.received_at,
    identity=_mail.id,
    filters={"message_id": _mail.message_id == bindparam("message_id")},
)
count = One(
    select(func.count().label("mails")).select_from(KeptMail).where(_mail.region == bindparam("region")),
    what="mailbox",
)
