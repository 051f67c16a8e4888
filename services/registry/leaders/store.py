"""Where leaders' contacts, visits and problems are kept, and who sees which problem."""

from typing import Any

from sqlalchemy import Boolean, Date, Select, any_, bindparam, func, or_, select

from services.kit.db import Session
from services.registry.cases.store import CaseShelf
from services.registry.leaders import rules
from services.registry.leaders.tables import LeaderContact, Problem, Visit
from services.registry.units.store import units_named, visible_to
from services.registry.versions.metrics import subject_standing
from services.registry.versions.rules import Content
from services.registry.versions.store import search_filters

_contacts = LeaderContact.__table__.c  # type: ignore[attr-defined]  # SQLAlchemy adds it
_visits = Visit.__table__.c  # type: ignore[attr-defined]  # as above
_problems = Problem.__table__.c  # type: ignore[attr-defined]  # as above
_on = bindparam("on", type_=Date)
_overdue_on = bindparam("overdue_on", type_=Date)

CONTACTS = CaseShelf(
    kind="leader_contact",
    table=LeaderContact,
    fields=("code", "leader", "subject", "valid_from", "valid_to", "liaison"),
    columns=rules.contact_columns,
    filters={
        "leader": _contacts.leader == bindparam("leader"),
        "subject": _contacts.subject == subject_standing("subject"),
        "kind": func.split_part(_contacts.subject, ":", 1) == bindparam("kind"),
        "on": (_contacts.valid_from <= _on) & or_(_contacts.valid_to.is_(None), _contacts.valid_to >= _on),
    },
    sorts={name: _contacts[name] for name in ("leader", "subject", "valid_from", "valid_to")},
)

VISITS = CaseShelf(
    kind="visit",
    table=Visit,
    fields=("code", "leader", "subject", "on", "place", "people", "seen", "files"),
    columns=rules.visit_columns,
    filters={
        **search_filters(Visit),
        "leader": _visits.leader == bindparam("leader"),
        "subject": _visits.subject == subject_standing("subject"),
        "on_or_after": _visits.happened_on >= bindparam("on_or_after", type_=Date),
        "on_or_before": _visits.happened_on <= bindparam("on_or_before", type_=Date),
    },
    sorts={**{name: _visits[name] for name in ("leader", "subject")}, "on": _visits.happened_on},
)


class ProblemShelf(CaseShelf):
    """Problems are seen by the units that they concern and those above: every reading takes the caller's `unit_path`."""

    def view(self) -> Select[Any]:
        """Today's problems of `:region` within `:unit_path`."""
        return super().view().where(visible_to(_problems.region, among=_problems.units))


PROBLEMS = ProblemShelf(
    kind="problem",
    table=Problem,
    fields=(
        "code",
        "subject",
        "title",
        "text",
        "leader",
        "raised_by",
        "visit",
        "unit",
        "former_units",
        "due",
        "decision",
        "result",
        "settled_on",
        "state",
        "acts",
    ),
    columns=rules.problem_columns,
    filters={
        **search_filters(Problem),
        **{name: _problems[name] == bindparam(name) for name in ("leader", "state")},
        "subject": _problems.subject == subject_standing("subject"),
        "unit": _problems.unit == any_(units_named()),
        "open": _problems.settled_on.is_(None) == bindparam("open", type_=Boolean),
        "overdue_on": (_problems.due < _overdue_on)
        & or_(_problems.settled_on.is_(None), _problems.settled_on > _overdue_on),
    },
    sorts={
        **{name: _problems[name] for name in ("subject", "state", "unit", "due", "settled_on")},
        "title": _problems.content["title"].astext,
    },
)


async def contacts_of(session: Session, region: str, leader: str, subject: str, *, but: str | None) -> list[Content]:
    """The contacts of a leader with a subject, without the one named."""
    found = select(_contacts.content).where(
        _contacts.region == region,
        _contacts.leader == leader,
        _contacts.subject == subject,
        _contacts.ended_at.is_(None),
        _contacts.code != (but or ""),
    )
    return list((await session.execute(found)).scalars())
